"""The commands: one file each, with `arguments(parser)` and `run(args)`.

draw        draws an expression's graph
grad        prints the value and gradient of every node
derive      writes a derivative in letters
step        shows backpropagation, one step at a time
compile     compiles a function of one row for many rows
exercise    asks questions in a terminal, on a page, on paper
gallery     shows published worked examples
train       trains a small network
predict     answers for the rows of a table with a saved model
play        writes a page that trains a network
demo        draws and trains, as a first look
doctor      says what is installed, and whether it works
"""
