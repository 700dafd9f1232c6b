"""Writes the front page of the published documentation, which lists its versions: `versions.py FOLDER`.

The newest release comes first, and the page goes there by itself. Without a release it goes to `latest`.
"""

import re
import sys
from pathlib import Path

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="0; url={first}/">
<title>microgrAD</title>
<h1>microgrAD</h1>
<p>The documentation of each version:</p>
<ul>
{items}
</ul>
</html>
"""


def versions(folder: Path) -> list[str]:
    """Return the folders of versions: releases from the newest on, then `latest`."""
    names = [path.name for path in folder.iterdir() if (path / "index.html").is_file()]
    releases = [name for name in names if re.fullmatch(r"v\d+(\.\d+)*", name)]
    releases.sort(key=lambda name: [int(part) for part in name[1:].split(".")], reverse=True)
    return [*releases, *(name for name in names if name == "latest")]


def main(folder: str) -> int:
    """Write the page."""
    found = versions(Path(folder))
    if not found:
        print(f"{folder} has no version", file=sys.stderr)
        return 1
    items = "\n".join(f'<li><a href="{name}/">{name}</a></li>' for name in found)
    Path(folder, "index.html").write_text(PAGE.format(first=found[0], items=items), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
