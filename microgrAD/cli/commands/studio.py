"""`microgrAD studio`: the whole tool in a browser tab.

Serve the studio to this machine alone, and open it; Ctrl-C ends it. Python runs in the page itself. With
-o, write it to a folder instead, which any static server serves. The first time, npm fetches Pyodide.

  microgrAD studio
  microgrAD studio -o site/studio
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import webbrowser
from pathlib import Path

from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder, the port, and whether a browser opens."""
    parser.add_argument("-o", "--output", metavar="FOLDER", type=path, help="write the studio's files to a folder")
    parser.add_argument("--port", metavar="N", type=int, default=0, help="the port of the server (one that is free)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def run(args: argparse.Namespace) -> None:
    """Write the folder, or serve it until Ctrl-C."""
    if args.output:
        _write(args.output)
        print(f"wrote {args.output}")
        return
    if not 0 <= args.port <= 65535:
        raise Refusal(f"--port takes 0 to 65535, got {args.port}")
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        _serve(Path(folder), args.port, opens=not args.no_browser)


def _write(folder: Path) -> None:
    from viz.studio.folder import studio
    from viz.studio.packages import has_slides
    from viz.studio.runtime import RuntimeMissingError

    if not has_slides():
        print("without python-pptx the studio saves no slides for PowerPoint: pip install python-pptx", file=sys.stderr)

    try:
        with writing(folder):
            studio(folder)
    except RuntimeMissingError as error:
        raise Refusal(str(error)) from None


def _serve(folder: Path, port: int, *, opens: bool) -> None:
    from viz.studio import serving

    try:
        running = serving.server(folder, port)
    except OSError as error:
        raise Refusal(f"can't use port {port}: {error.strerror or error}; choose another --port") from None
    with running:
        print(f"the studio is at {serving.address(running)}; Ctrl-C ends it", flush=True)
        if opens:
            webbrowser.open(serving.address(running))
        running.serve_forever()
