"""The command line: `microgrAD` and `python -m microgrAD`.

errors      what a command refuses, in one line
choices     what may be chosen in several commands, such as --theme
inputs      an expression, NAME=VALUE, a gradient, a path: what several commands take
dispatch    finds a command, runs it, and says what went wrong
lesson      writes a pass as a file, by the ending of its name
descent     gradient descent on an expression, step by step
classroom   an exam for a class: rules, the class list, sheets and quizzes
learning    progress of training, a line every few epochs
tables      tables in a terminal
problems    what is learned: a data set or a table, and how it is read and split
outcome     what training led to: a verdict, some answers, a picture
keys        single key presses
commands    one file a command
"""

from microgrAD.cli.dispatch import COMMANDS as COMMANDS
from microgrAD.cli.dispatch import main as main
