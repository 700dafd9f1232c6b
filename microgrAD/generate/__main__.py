"""`python -m microgrAD.generate` writes all files of `FILES`; with --check it only says which are out of date."""

import sys
from pathlib import Path

from microgrAD.generate import FILES


def main(arguments: list[str]) -> int:
    """Write or check the files, and return the exit status."""
    folder = Path(__file__).parent.parent
    # all texts before the first file is written, so that an error changes no file
    texts = {folder / name: module() for name, module in FILES.items()}
    if arguments == ["--check"]:
        behind = [file.name for file, text in texts.items() if file.read_text("utf-8") != text]
        print(
            *(f"{name} is not what ops.py says: run python -m microgrAD.generate" for name in behind), sep="\n", end=""
        )
        return 1 if behind else 0
    if arguments:
        print(f"takes --check or nothing, got {' '.join(arguments)}", file=sys.stderr)
        return 2
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
