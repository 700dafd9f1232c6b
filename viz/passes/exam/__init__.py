"""An exam for a class: the sheets of all students, and the same questions for learning platforms.

sheets     the worksheets of all students, in one file
asked      the questions of a quiz: right numbers, margins, usual mistakes, choices
moodle     a quiz in Moodle's XML
qti        a quiz in QTI 1.2, as Canvas imports it
"""
