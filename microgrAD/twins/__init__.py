"""Twins: a graph as plain code for another library, and graphs of other libraries as Values.

vocabulary     what operations are called in each library
wording        an operation or a formula in the words of a library
identifiers    names of nodes as names of Python
pages          lines of code, with long ones wrapped
graphs         a graph as lines of code, one a node
sweep          the backward pass of a graph as lines of code
tables         the arrays of a compiled program, and how an operand is taken out of them
matrices       a compiled program as lines of code
programs       a whole script of a compiled program
scripts        a whole script in each library
exporting      writes a graph or a program for a library
sympy_trees    reads an expression of SymPy
torch_nodes    one node of PyTorch's graph: its operands and what it has kept
torch_losses   PyTorch's losses, number by number
torch_rules    what each kind of node computes
torch_walks    reads a graph of PyTorch
"""

from microgrAD.twins.exporting import TARGETS as TARGETS
from microgrAD.twins.exporting import export as export


