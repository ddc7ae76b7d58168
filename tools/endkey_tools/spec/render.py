"""Renders spec/endkey.md: endkey.html, endkey.txt, endkey.xml, structs.txt (all structs) and grammar.abnf.

The same source gives the same bytes. Exits 1 on any warning.
"""

import argparse
import sys
from pathlib import Path

from ..repository import ROOT
from .document import Document, MissingTool, render


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run render", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("outdir", type=Path)
    given = parser.parse_args(arguments)
    given.outdir.mkdir(parents=True, exist_ok=True)
    try:
        warnings = render(ROOT / "spec/endkey.md", given.outdir)
    except MissingTool as missing:
        print(missing, file=sys.stderr)
        return 2
    for warning in warnings:
        print(warning, file=sys.stderr)
    prepared = given.outdir / "endkey.prepped.xml"
    if prepared.exists():
        document = Document(prepared)
        prepared.unlink()
        (given.outdir / "structs.txt").write_text(document.structs())
        (given.outdir / "grammar.abnf").write_text(document.abnf())
    return 1 if warnings else 0
