"""A graph as plain code for another library, and graphs of other libraries as Values.

write        a graph or a compiled program in the words of a library
exporting    what is exported, and to where
sympy        reads an expression of SymPy
torch        reads a graph of PyTorch
"""

from microgrAD.twins.exporting import TARGETS as TARGETS
from microgrAD.twins.exporting import export as export
from microgrAD.twins.sympy.reader import from_sympy as from_sympy
from microgrAD.twins.torch.walk import from_torch as from_torch
