"""Running programs: rows in, values, gradients and trained parameters out.

rows          checks parameters and rows
faults        finds the row and the operation of a number that is not finite
host          a module of WebAssembly in this process
choice        NumPy or WebAssembly
rule          an optimiser's rule as a program
machine       a program as machine code
walker        computes a very deep graph node by node, where wasmtime does not run
kinds         the kinds of operations of a graph, in the order in which a loop runs them
records       runs a large graph without matrices, or a very deep one, by one loop of machine code
sides         rows of which a side that is not taken is not finite
counted       rows that are some of all rows
runner        runs a program
training      many steps in one call
proof         compares a recorded function with itself, and with the engine
collecting    keeps the garbage collector away while a graph is compiled
programs      what all programs have in common, and a compiled graph
shaped        a function recorded for rows of one shape
batches       the rows of a call, and the batches that steps take in turn
recorded      a compiled function
"""
