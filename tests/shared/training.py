"""The page's engine run outside of the page: in a real Chromium, and in Node where there is one."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page as Browser

from viz.trainer import engine

Run = Callable[[str, Any], Any]

# trains as a spec says, and gives weights, losses and what else the tests compare
DRIVER = """
function plain(found) {
  return JSON.parse(JSON.stringify(found, (key, value) => ArrayBuffer.isView(value) ? Array.from(value) : value));
}

function taught({learn, held, ids, build, tune, epochs, quantity}) {
  const trainer = new Trainer();
  trainer.tune(tune);
  trainer.load({learn: matrix(learn, ids, null, quantity), held: matrix(held ?? [], ids, null, quantity)});
  const first = trainer.build(build);
  const run = trainer.run({epochs, ms: 1e9, memory: false});
  return plain({first, records: run.records.slice(-1), losses: run.records.map((r) => r.loss), fault: run.fault});
}

"""


def in_node(folder: Path) -> Run:
    """Runs a function of the engine's script in Node: run("(x) => ...", argument)."""
    node = shutil.which("node")
    assert node

    def run(function: str, argument: Any) -> Any:
        file = folder / "run.js"
        call = f"console.log(JSON.stringify(plain(({function})({json.dumps(argument)})) ?? null));"
        file.write_text(f"{engine.script()}{DRIVER}{call}", "utf-8")
        done = subprocess.run([node, file], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


def in_browser(page: Browser) -> Run:
    """The same in a browser's page."""
    page.goto("about:blank")
    page.add_script_tag(content=engine.script() + DRIVER)
    return lambda function, argument: page.evaluate(f"(argument) => plain(({function})(argument))", argument)


PLACES = ["chromium", *(["node"] if shutil.which("node") else [])]
