"""A program as a module of WebAssembly.

tables        the tables that functions look numbers up in
primitives    what formulas are made of
functions     the functions that WebAssembly lacks, as formulas
encoding      instructions and modules as bytes
body          a function while it is written
library       the functions that a module calls
memory        where numbers stand
operands      where the numbers of straight code are
lookups       lookups as straight code
straight      steps as straight code
moving        numbers in memory, and loops in which they move on
loops         steps as loops over their elements
records       the loop that runs a graph written down as numbers
modules       a program's functions: values, gradient, training
listing       a module as text
"""
