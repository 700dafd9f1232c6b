"""The lesson: a page in which a reader steps through a pass, changes inputs, uses the gradient, and does an exercise.

said        the sentences and formulas of each step
drawings    the drawing in the shapes that screens need
exploring   a nudge, and a step down the slope
questions   the exercise, in groups
body        the HTML of its body
run         the page of a run of training
page        `page(root, path)`
assets      its scripts and styles
"""
