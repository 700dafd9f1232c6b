"""An exam for a class: an expression with other numbers for each student, and the marks.

rules      which numbers an input may have
draws      draws numbers until all that is asked for is pleasant
record     the exam as a file: who has which numbers, and what is asked
grading    marks typed answers, with follow-through
"""
