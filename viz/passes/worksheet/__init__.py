"""The worksheet: a pass to be worked out on paper, and its key.

sheet     the picture with blanks, the questions, the answers
paper     as pages of A4
html      as a page to be printed
files     `worksheet(root, path)`: the sheet and its key
assets    its style
"""
