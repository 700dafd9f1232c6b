"""Writing the table out as Python: `python -m microgrAD.generate`, after each change of ops.py.

floats      floats.py: value and partial derivatives over floats
operators   operators.py: the class `Value`, the functions of the package, derivatives of derivatives
methods     the methods of `Value` for one operation
functions   the function of the package for one operation, and its partial derivatives over Values
words       what they share: docstrings, tuples, imports
__main__    writes both files

It imports nothing of what it writes, so that it works on a table whose files are behind.
"""

from microgrAD.generate import floats, operators

FILES = {"floats.py": floats.module, "operators.py": operators.module}  # in the package -> what writes its text
