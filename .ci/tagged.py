"""Fails unless a tag is the version of the package, and CHANGELOG.md and CITATION.cff have it: `tagged.py v0.1.0`."""

import re
import sys
from pathlib import Path


def main(tag: str) -> int:
    """Print what does not fit, and return whether anything does not."""
    version = re.search(r'^__version__ = "(.+)"$', Path("microgrAD/__init__.py").read_text("utf-8"), re.MULTILINE)
    wanted = version[1] if version else "?"
    wrong = []
    if tag != f"v{wanted}":
        wrong.append(f"the tag is {tag}, and microgrAD/__init__.py says {wanted}")
    if f"\n## {wanted}" not in Path("CHANGELOG.md").read_text("utf-8"):
        wrong.append(f"CHANGELOG.md has no section {wanted}; give Unreleased its number")
    if f"\nversion: {wanted}\n" not in Path("CITATION.cff").read_text("utf-8"):
        wrong.append(f"CITATION.cff has another version than {wanted}")
    print(*wrong, sep="\n", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
