"""A scene into a medium: one file each.

svg    SVG
mpl    matplotlib's Axes, and so PNG and PDF
tex    TikZ
dot    the graph in Graphviz's DOT
gif    frames as an animated GIF
"""
