"""The studio: the whole tool in a browser tab, as a folder that any static server serves.

answers     what the page asks, answered by Python; in the page itself, and elsewhere too
runtime     Pyodide, which npm fetches once
packages    the installed packages as an archive
folder      `studio(folder)`: writes the page and all that it needs
serving     a server for this machine alone
assets      its scripts and style
"""
