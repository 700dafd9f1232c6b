"""The studio: the whole tool in a browser tab, as a folder that any static server serves.

sources     from what is typed to a graph: an expression, or a program
answers     what the page asks, answered by Python; in the page itself, and elsewhere too
known       what the page knows before Python has started: the gallery's examples, and words to complete
runtime     Pyodide, which npm fetches once
packages    the installed packages as an archive
snapshot    the memory of a Python that has imported them
folder      `studio(folder)`: writes the page and all that it needs
serving     a server for this machine alone
assets      its scripts and style
"""
