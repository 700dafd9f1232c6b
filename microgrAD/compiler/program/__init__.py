"""The tensor program: what the scalar graph of one row becomes.

lookups      what the NumPy code of a lookup calls
functions    what the NumPy reading of a formula calls
simplify     a formula with some arguments known
tensors      the steps
chains       additions, differences and products that form one sum
sums         flattens them into sums of many terms
blocks       packs forms of one kind at one depth
layout       where every number stands in the tables
constants    a pass: constants become plain numbers
passes       the passes over a tensor program, in order
adjoint      the backward pass as steps of the same kinds
sections     what has to be computed when
lineage      which scalar operation went into which step
equations    a program as a paper would write it
"""
