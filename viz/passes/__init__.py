"""Show a trace in a medium. Every medium shows the same stages on the same board.

board        the picture of a trace, laid out once for all stages
stages       what each event adds to the picture
captions     a line below each frame
film         a GIF, or a numbered picture for each step
slides       TikZ, and beamer overlays
lesson       a page to step through
worksheet    a sheet of paper, and its key
"""
