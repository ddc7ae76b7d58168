"""Builds the clients of clients/beginnings in copies, and judges each by `endkey conform`.

A beginning passes when nothing that it claims fails, and when it claims all of the first operations. What has no
compiler here is an error, but for the languages that beginnings.json calls optional: these are named and left out. The
vectors that the traps of clients/beginnings/README.md name must exist. Ends with `N passed, 0 failed`.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from ..processes import Failed, run
from ..repository import ENDKEY, ROOT
from ..suite import vector_files

FOLDER = ROOT / "clients/beginnings"
# What each of them answers: what stands first in the guide.
FIRST = {"account-id", "agent-id", "derive", "hash", "hmac", "pbkdf2"}
# A row of a table of traps: its last column names a vector or several.
TRAP = re.compile(r"^\|.*\|([^|\n]*)\|$", re.M)


def missing(beginning: dict[str, Any]) -> list[str]:
    """Its programs that are not on PATH."""
    return [tool for tool in beginning["tools"] if shutil.which(tool) is None]


def judge(beginning: dict[str, Any], endkey: Path) -> int:
    """Builds a copy of it and asks it; gives how many questions it answered."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / beginning["name"]
        shutil.copytree(FOLDER / beginning["name"], folder, ignore=shutil.ignore_patterns("target", "Cargo.lock"))
        # Go wants a folder for its cache.
        environment = {**os.environ, "GOCACHE": str(Path(scratch) / "cache"), "GOFLAGS": "-mod=mod"}
        for command in beginning.get("build", []):
            run(*command, cwd=folder, env=environment)
        run(endkey.resolve(), "conform", "--vectors", ROOT / "vectors", "--seed", "1", "--report", "report", "--",
            *beginning["command"], cwd=folder)
        report = json.loads((folder / "report/report.json").read_text(encoding="utf-8"))
        if unclaimed := sorted(FIRST.intersection(report["unsupported_ops"])):
            raise Failed(f"{beginning['name']} does not claim {', '.join(unclaimed)}")
        return int(report["counts"]["pass"])


def traps(text: str) -> list[str]:
    """The ids of vectors that the guide names for a trap: in the last columns of its tables, as code."""
    table = text[text.index("## Traps"):]
    return re.findall(r"`([a-z0-9-]+)`", " ".join(TRAP.findall(table)))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run beginnings", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="NAME", help="only this language")
    parser.add_argument("--endkey", type=Path, default=ENDKEY, metavar="PATH", help="the runner")
    given = parser.parse_args(arguments)
    beginnings = json.loads((FOLDER / "beginnings.json").read_text(encoding="utf-8"))
    unknown = set(given.only or []) - {one["name"] for one in beginnings}
    if unknown:
        print(f"beginnings.json has no {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    passed = failed = 0
    ids = {vector["id"] for file in vector_files() for vector in file["tests"]}
    for name in sorted(set(traps((FOLDER / "README.md").read_text(encoding="utf-8"))) - ids):
        print(f"FAIL  README.md names {name}, which is no vector")
        failed += 1
    for beginning in beginnings:
        if given.only and beginning["name"] not in given.only:
            continue
        absent = missing(beginning)
        if absent and "optional" in beginning and not given.only:
            print(f"not here: {beginning['title']} ({', '.join(absent)}; {beginning['optional']})")
            continue
        try:
            if absent:
                raise Failed(f"no {', '.join(absent)} on PATH: .ci/setup installs what CI needs")
            count = judge(beginning, given.endkey)
        except Failed as error:
            print(f"FAIL  {beginning['title']}: {error}", flush=True)
            failed += 1
        else:
            print(f"ok    {beginning['title']}: {count}", flush=True)
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
