"""The commands: one file each, with `arguments(parser)` and `run(args)`.

draw        an expression's graph as a picture
grad        value and gradient of every node, as a table
step        backpropagation, one step at a time
compile     a function of one row as a program for many
exercise    questions in a terminal, on a page, on paper
gallery     published worked examples
train       a small network learns
predict     a saved model answers for the rows of a table
play        a page that trains a network
demo        a first look
doctor      what is installed, and whether it works
"""
