"""A program as calls of NumPy.

conditions    tests in a formula
tails         the branch of a formula for numbers far out
source        the text of a program while it is written
ufuncs        a formula as calls of NumPy's functions
kinds         each kind of step as code
binding       that code bound to tables
kernel        a program as NumPy code
"""
