"""The command line: `microgrAD` and `python -m microgrAD`.

errors      what a command refuses, in one line
inputs      an expression, NAME=VALUE, a gradient, a path: what several commands take
dispatch    finds a command, runs it, and says what went wrong
lesson      writes a pass as a file, by the ending of its name
descent     gradient descent on an expression, step by step
learning    progress of training, a line every few epochs
pictures    saves a matplotlib figure
tables      tables in a terminal
outcome     what training led to: a verdict, some answers, a picture
keys        single key presses
commands    one file a command
"""

from microgrAD.cli.dispatch import COMMANDS as COMMANDS
from microgrAD.cli.dispatch import main as main
