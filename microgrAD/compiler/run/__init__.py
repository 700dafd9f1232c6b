"""Running programs: rows in, values, gradients and trained parameters out.

rows          checks parameters and rows
faults        finds the row and the operation of a number that is not finite
scalars       runs small graphs on few rows as plain Python numbers
walker        computes a very deep graph node by node
runner        runs a kernel
training      many steps in one call
collecting    keeps the garbage collector away while a graph is compiled
programs      the programs that users see
"""
