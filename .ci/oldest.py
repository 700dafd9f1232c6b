"""Prints the oldest dependencies that setup.cfg allows, one pinned requirement a line: `oldest.py EXTRA ...`.

These are all of `install_requires`, and those of the extras that are named. `pip install -r` takes the lines.
"""

import configparser
import re
import sys

# a name with its extras in brackets, then the bounds, then where it is needed
REQUIREMENT = re.compile(r"([\w.-]+(?:\[[\w.,-]+\])?)\s*([^;]*)(;.*)?")
LOWER = re.compile(r"(?:>=|==|~=)\s*([\w.]+)")


def lines(text: str) -> list[str]:
    """The requirements of a setting, without comments."""
    return [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]


def oldest(requirement: str) -> str | None:
    """The requirement pinned at its lower bound, or nothing where it has none."""
    parts = re.fullmatch(REQUIREMENT, requirement)
    bound = parts and LOWER.search(parts[2])
    return f"{parts[1]}=={bound[1]}{parts[3] or ''}" if parts and bound else None


def main(extras: list[str]) -> int:
    """Print the pinned requirements, and return whether something is wrong."""
    settings = configparser.ConfigParser()
    settings.read("setup.cfg", "utf-8")
    known = settings["options.extras_require"]
    for extra in extras:
        if extra not in known:
            print(f"setup.cfg has no extra {extra}; it has {', '.join(known)}", file=sys.stderr)
            return 1
    required = lines("\n".join([settings["options"]["install_requires"], *(known[extra] for extra in extras)]))
    pinned = {requirement: oldest(requirement) for requirement in required}
    for requirement, pin in pinned.items():
        print(pin if pin else f"setup.cfg gives no lower bound to {requirement}", file=None if pin else sys.stderr)
    return int(None in pinned.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
