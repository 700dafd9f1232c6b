"""Write a scene in a medium: one file for each.

svg        SVG
mpl        matplotlib's Axes, and through them PNG and PDF
tex        TikZ
dot        the graph in Graphviz's DOT language
gif        frames as an animated GIF
mp4        frames as a video
pptx       slides to edit, for PowerPoint and others
drawio     a drawing to edit in diagrams.net
mermaid    the graph as Mermaid, which GitHub draws
"""

SLIDES = ".pptx"
# the ending of a picture's name -> the file that writes it, by its function `file(graph, scene, *, ending, dpi)`
MEDIA = {
    ".png": "mpl",
    ".svg": "svg",
    ".pdf": "mpl",
    ".dot": "dot",
    ".tex": "tex",
    ".pptx": "pptx",
    ".drawio": "drawio",
    ".mmd": "mermaid",
    ".md": "mermaid",
}
