"""The lesson: a page in which a reader steps through a pass, changes inputs, and does an exercise.

said      sentences and formulas for each step
body      what stands in it
page      `page(root, path)`
assets    its script and style
"""
