"""Where things go: Graphviz places boxes, and routes the wires between them.

plan        the input and the output of a layout
embedded    Graphviz as WebAssembly inside this process
browser     the same, inside a page
graphviz    runs the native `dot`, or the embedded Graphviz
placer      the time limit that all layouts of a picture share
curves      arithmetic of Bézier curves: points, and the boxes that a wire touches
refine      better positions within the ranks
arrange     frames within frames
wrap        a long graph in several rows
"""
