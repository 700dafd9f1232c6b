"""The commands: one file each, with `arguments(parser)` and `run(args)`. `microgrAD --help` shows these lines.

draw        draw the graph of an expression, with values and gradients
grad        list the value and the gradient of every node
derive      write a derivative in letters, factor by factor; show its paths
export      write the same graph as a script of torch, jax, numpy, sympy or micrograd
step        go through both passes of an expression step by step
compile     compile a function of one row for many rows; show its equations, code and picture
exercise    work out the numbers yourself: in the terminal, on a page, or on paper with solutions
grade       mark the answers of a class, with points and a reason for each
gallery     show published worked examples, their printed numbers and ours
train       train a small network and look at what it learned
predict     predict the rows of a table with a saved model
play        train a network on a page, in a browser
studio      open the whole tool in a browser tab, or write it to a folder
demo        see a graph, a network that learns XOR, and its decision boundary
doctor      show which layout engine and which versions are in use
"""
