"""Write the table as Python code: `python -m microgrAD.generate`, after each change of ops.py.

    words        parts that the writers share: docstrings, tuples, imports
    floats       writes floats.py: values and partial derivatives over floats
    methods      writes the methods of `Value` for one operation
    functions    writes the package's function for one operation, and its partial derivatives over `Value`s
    native       writes native/operations.c: the numbers of the methods, in C
    operators    writes operators.py: the class `Value`, the functions, derivatives of derivatives

It does not import the files that it writes, so it works even if they are out of date.
"""

from microgrAD.generate import floats, native, operators

# a file of the package -> the function that returns its text
FILES = {"floats.py": floats.module, "operators.py": operators.module, "native/operations.c": native.module}
