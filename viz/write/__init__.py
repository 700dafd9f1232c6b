"""Write a scene in a medium: one file for each.

svg    SVG
mpl    matplotlib's Axes, and through them PNG and PDF
tex    TikZ
dot    the graph in Graphviz's DOT language
gif    frames as an animated GIF
"""
