"""Fails when a test was skipped in every run given that CI is able to run: `skipped.py RESULTS.xml ...`."""

import re
import sys
import xml.etree.ElementTree as ElementTree

# patterns of reasons that may stay, each with why CI is not able to run the test
ALLOWED: dict[str, str] = {}


def outcomes(path: str) -> dict[str, str]:
    """For each test why it was skipped or expected to fail; empty where it ran and passed."""
    found = {}
    for case in ElementTree.parse(path).iter("testcase"):
        skipped = case.find("skipped")
        reason = "" if skipped is None else f"{skipped.get('message')} {skipped.text}"
        found[f"{case.get('classname')}::{case.get('name')}"] = reason
    return found


def never_run(paths: list[str]) -> dict[str, str]:
    """The tests that were skipped in each of the runs that knew them, with the reason."""
    runs = [outcomes(path) for path in paths]
    skipped = {test: reason for run in runs for test, reason in run.items() if reason}
    return {test: reason for test, reason in skipped.items() if all(run.get(test, reason) for run in runs)}


def main(paths: list[str]) -> int:
    hidden = {
        test: reason
        for test, reason in never_run(paths).items()
        if not any(re.search(pattern, reason) for pattern in ALLOWED)
    }
    for test, reason in hidden.items():
        print(f"skipped, though CI is able to run it: {test}: {reason}", file=sys.stderr)
    return 1 if hidden or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
