"""The compiled engine, where installing found a C compiler: the same results as the Python files, sooner.

Only usual cases run compiled: Values of our own two classes, plain finite numbers, no error. For all others the
methods of operators.py run, as they do without it. So nothing but the speed depends on it.

fingerprint    what tells whether a compiled engine belongs to these files
choice         which engine runs here, and why

The other files are C: engine.h is their map. `operations.c` is generated from the table.
"""
