"""Writing the table out as Python: `python -m microgrAD.generate`, after each change of ops.py.

    words        what the writers share: docstrings, tuples, imports
    floats       floats.py: value and partial derivatives over floats
    methods      the methods of `Value` for one operation
    functions    the function of the package for one operation, and its partial derivatives over Values
    operators    operators.py: the class `Value`, the functions of the package, derivatives of derivatives

It imports nothing of what it writes, so that it works on a table whose files are behind.
"""

from microgrAD.generate import floats, operators

FILES = {"floats.py": floats.module, "operators.py": operators.module}  # in the package -> what writes its text
