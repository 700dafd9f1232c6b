"""`python -m microgrAD`: the command line."""

import sys

from microgrAD.cli import main

if __name__ == "__main__":
    sys.exit(main())
