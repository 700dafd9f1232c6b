"""Recording a function of one row onto a tape.

numbers       arrays of numbers and of whole numbers
traced        stands for a number of every row while a function is recorded
rules         what an operation's formula says: a sum, a product, a hidden overflow
tape          the scalar graph as flat columns of numbers
lowered       what the roots need, with sums and dot products taken apart
derivatives   derivatives taken inside a recorded function
recording     records a function of one row onto a tape
surroundings  what a recorded function reads besides its arguments
"""
