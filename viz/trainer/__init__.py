"""The playground: a page that trains a network, in which every number can be opened.

formulas    activations and losses as JavaScript over typed arrays
engine      what trains, as one script
sets        the data sets, and what each begins with
body        what stands in the page
page        `playground(data, path)`
assets      its scripts and style
"""
