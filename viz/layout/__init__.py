"""Where things go: Graphviz places boxes, and routes the wires between them.

plan        what is asked, and what comes back
embedded    Graphviz as WebAssembly inside this process
graphviz    asks the native `dot`, or the embedded one
placer      the time that all layouts of a picture share
curves      the curve of a wire: points along it, what it touches
refine      a finer placing within the ranks
arrange     frames within frames
wrap        a long graph in several rows
"""
