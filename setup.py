"""Compiles the engine where a C compiler is. All metadata is in setup.cfg.

Installing goes on without the compiled engine, and says why in one line, if there is no compiler, or it fails, or
MICROGRAD_PURE=1 is set. An editable install stays Python, so that what is edited is what runs; to compile there,
`python setup.py build_ext --inplace`.
"""

import os
import runpy
import sys
import textwrap
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

NATIVE = Path("microgrAD/native")
PURE = os.environ.get("MICROGRAD_PURE", "0") not in ("", "0")
REASON = {}  # why nothing was compiled


class Build(build_py):
    """Compiles first, so that the reason for Python is among the files."""

    def run(self):
        super().run()
        if not self.editable_mode:
            for left in Path(self.build_lib, NATIVE).glob("_engine.*"):  # by an earlier build in this folder
                left.unlink()
            Path(self.build_lib, NATIVE, "reason.txt").unlink(missing_ok=True)
            self.run_command("build_ext")
            if said := REASON.get("why", PURE and "MICROGRAD_PURE was set when it was installed"):
                Path(self.build_lib, NATIVE, "reason.txt").write_text(said + "\n", encoding="utf-8")


class Compile(build_ext):
    """Compiles the engine, or says why not."""

    def run(self):
        if self.editable_mode:
            return
        self.force = True  # what is compiled holds a checksum of files that are not C
        try:
            super().run()
        except Exception as error:  # of any kind: a compiler that is missing or broken is no reason not to install
            first = textwrap.shorten(str(error) or type(error).__name__, 100)
            REASON["why"] = f"compiling it failed when it was installed: {first}"
            print(f"microgrAD: the engine is installed as Python; compiling it failed: {first}", file=sys.stderr)

    def build_extension(self, extension):
        if self.compiler.compiler_type == "unix":  # results are those of Python, to the last bit
            extension.extra_compile_args = ["-O2", "-ffp-contract=off", "-fno-fast-math"]
        super().build_extension(extension)

    def get_outputs(self):
        return [path for path in super().get_outputs() if Path(path).exists()]


def extensions():
    found = runpy.run_path(str(NATIVE / "fingerprint.py"))
    return [
        Extension(
            "microgrAD.native._engine",
            sources=[str(NATIVE / name) for name in found["C_FILES"]],
            depends=[str(NATIVE / "engine.h")],
            define_macros=[("FINGERPRINT", f'"{found["fingerprint"]()}"')],
        )
    ]


setup(ext_modules=[] if PURE else extensions(), cmdclass={"build_py": Build, "build_ext": Compile})
