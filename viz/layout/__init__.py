"""Where things go: Graphviz places boxes, and routes the wires between them.

plan        the input and the output of a layout
embedded    Graphviz as WebAssembly inside this process
graphviz    runs the native `dot`, or the embedded Graphviz
placer      the time limit that all layouts of a picture share
curves      the curve of a wire: points on it, and the boxes that it touches
refine      better positions within the ranks
arrange     frames within frames
wrap        a long graph in several rows
"""
