"""A graph or a compiled program in the words of a library.

pages          lines of code, with long ones wrapped
vocabulary     what operations are called in each library
wording        an operation or a formula in the words of a library
identifiers    names of nodes as names of Python
graphs         a graph as lines of code, one a node
expressions    a graph as text for `parse`
sweep          the backward pass of a graph as lines of code
scripts        a whole script of a graph, in each library
tables         the arrays of a compiled program, and how an operand is taken out of them
matrices       a compiled program as lines of code
programs       a whole script of a compiled program
"""
