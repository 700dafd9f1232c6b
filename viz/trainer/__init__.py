"""The playground: a page that trains a network, in which every number can be opened.

formulas    activations and losses as JavaScript over typed arrays
engine      what trains, as one script
assets      its scripts and style
"""
