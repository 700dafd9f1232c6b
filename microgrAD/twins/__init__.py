"""A graph as plain code for another library, and graphs of other libraries as Values.

write        a graph or a compiled program in the words of a library
exporting    what is exported, and to where
sympy        reads an expression of SymPy
torch        reads a graph of PyTorch
"""
