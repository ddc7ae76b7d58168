"""Writes what is made from the specification's sources, or says with --check what is not as it would be written.

A generator is a module of this package with a function `outputs()`, which gives the whole text of each file by its path
from the root of the repository. What is generated is committed, so that nobody needs Python to build.
"""

import argparse
import importlib
from pathlib import PurePosixPath

from endkey_tools.repository import ROOT

# The modules, in the order in which they run.
GENERATORS: list[str] = ["registry", "c", "wire", "operations", "properties", "unicode_swift", "unicode_python",
                         "unicode_web", "unicode_vectors"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/run generate", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="GENERATOR",
                        help="which; all if none is named: " + ", ".join(GENERATORS))
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in GENERATORS:
            parser.error(f"no generator {name}")
    checked, stale = 0, 0
    for name in options.names or GENERATORS:
        outputs: dict[PurePosixPath, str] = importlib.import_module(f"{__name__}.{name}").outputs()
        for path, text in outputs.items():
            file = ROOT / path
            checked += 1
            if file.exists() and file.read_text(encoding="utf-8") == text:
                continue
            stale += 1
            if options.check:
                print(f"{path}: not what `tools/run generate {name}` writes; run it, and commit the file")
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
                print(f"wrote {path}")
    if options.check:
        print(f"{checked - stale} passed, {stale} failed")
    return 1 if options.check and stale else 0
