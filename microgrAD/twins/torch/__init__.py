"""Reads a graph of PyTorch.

nodes        one node: its operands and what it has kept
sums         sums, products and reductions
extremes     the largest, the smallest, and choices
losses       losses, number by number
layers       convolution and pooling
shapes       the same numbers in another shape or order
rules        what each kind of node computes
walk         reads the graph behind a tensor
"""
