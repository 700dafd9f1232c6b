"""A scene into a medium: one file each.

svg    SVG
mpl    matplotlib's Axes, and so PNG and PDF
tex    TikZ
dot    the graph in Graphviz's DOT
gif    frames as an animated GIF
"""

# the ending of a picture's name -> the file that writes it, by its function `file(graph, scene, *, ending, dpi)`
MEDIA = {".png": "mpl", ".svg": "svg", ".pdf": "mpl", ".dot": "dot", ".tex": "tex"}
