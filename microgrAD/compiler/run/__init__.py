"""Running programs: rows in, values, gradients and trained parameters out.

rows          checks parameters and rows
faults        finds the row and the operation of a number that is not finite
host          a module of WebAssembly in this process
choice        which code runs a program
rule          an optimiser's rule as a program
machine       a program as machine code
walker        computes a very deep graph node by node
runner        runs a program
training      many steps in one call
collecting    keeps the garbage collector away while a graph is compiled
programs      the programs that users see
"""
