"""The worksheet: a pass to be worked out on paper, and its key.

sheet     the picture with blanks, the questions, the answers
runs      the same for a run of training, with a section for each row
paper     a PDF with A4 pages
html      an HTML page to be printed
latex     a LaTeX document with the same pages
files     `worksheet(root, path)`: the sheet and its key
assets    its style
"""
