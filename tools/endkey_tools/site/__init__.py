"""Makes the two documents into pages that need nothing: numbered, searched, light and dark, on a desk and on a phone.

There is an anchor at each section (`#section-14.2`), requirement (`#R-14.1-2`) and error code (`#error-chain_broken`).
Blocks of grammar and structs can be copied. The same source gives the same bytes.
"""

import argparse
import sys
from pathlib import Path

from ..repository import ROOT
from ..spec.document import MissingTool
from .page import Page

OUT = ROOT / ".build/site"
# The source of each page, and its file.
PAGES = {"endkey.md": "index.html", "http.md": "http.html"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run site", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="where the pages go")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        for source, name in PAGES.items():
            page = Page(ROOT / "spec" / source)
            (options.out / name).write_text(page.text(), encoding="utf-8")
            print(f"{options.out / name}: {len(page.sections)} sections, {len(page.requirements)} requirements, "
                  f"{len(page.codes)} error codes")
    except MissingTool as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0
