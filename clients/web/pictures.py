#!/usr/bin/env python3
"""Renews the pictures of the dashboard, before and after unlocking, from the demonstration's data."""

import argparse
import sys
import tempfile
from pathlib import Path

from browser import new_page, open_and_unlock, open_page
from chromium import chromium
from demo_service import HERE, ROOT, Demo, Server

FOLDER = HERE / "pictures"
SIZE = {"width": 1280, "height": 800}
SIZE_MAX = 120_000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endkey", type=Path, default=ROOT / ".build/debug/endkey",
                        help="the command line that makes the account (default: .build/debug/endkey)")
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder of the pictures")
    parser.add_argument("--width", type=int, default=SIZE["width"])
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        address = Server().offer("report.json", Demo(options.endkey.resolve(), Path(folder)).report())
        page = new_page(browser, options.width, SIZE["height"])
        for state, show in (("locked", open_page), ("open", open_and_unlock)):
            show(page, address)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                path = options.out / f"dashboard-{state}-{scheme}.png"
                page.screenshot(path=path)
                if path.stat().st_size > SIZE_MAX:
                    sys.exit(f"failed: {path} has {path.stat().st_size} bytes, more than {SIZE_MAX}")
                print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
