"""The playground: a page that trains a network, in which every number can be opened.

formulas    activations and losses as JavaScript over typed arrays
engine      the script that trains
sets        the data sets, and the settings that each begins with
body        the HTML of the page
page        `playground(data, path)`
assets      its scripts and style
"""
