"""Write a scene in a medium: one file for each.

svg    SVG
mpl    matplotlib's Axes, and through them PNG and PDF
tex    TikZ
dot    the graph in Graphviz's DOT language
gif    frames as an animated GIF
mp4    frames as a video
"""

# the ending of a picture's name -> the file that writes it, by its function `file(graph, scene, *, ending, dpi)`
MEDIA = {".png": "mpl", ".svg": "svg", ".pdf": "mpl", ".dot": "dot", ".tex": "tex"}
