"""A trace in a medium: each tells the same stages on the same board.

board        the picture that a trace is told on, laid out once
stages       what each event adds to the picture
captions     a line below each frame
film         a GIF, or a numbered picture a step
slides       TikZ, and beamer's overlays
lesson       a page to step through
worksheet    a sheet of paper, and its key
"""
