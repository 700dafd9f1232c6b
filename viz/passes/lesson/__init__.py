"""The lesson: a page in which a reader steps through a pass, changes inputs, and does an exercise.

said      the sentences and formulas of each step
body      the HTML of its body
page      `page(root, path)`
assets    its script and style
"""
