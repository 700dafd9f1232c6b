"""The same graph elsewhere: as plain code of another library, and from an expression of SymPy.

vocabulary   what each library calls the operations of the table
writing      a formula in a library's words
export       a graph as a script of a library
symbolic     a graph from an expression of SymPy
"""
