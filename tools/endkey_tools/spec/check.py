"""Checks the specification: it renders, its structs and grammars say what the implementation does, and registry,
tables, examples, requirement ids and vectors hold together.

spec/least.json says how many things each check must find at least: finding fewer is a failure. `--renew` raises
those numbers to what is found now.
tools/tests/test_spec.py plants a fault for each check and demands that the check finds it.
Exits 1 when a check fails, 2 when a tool is missing.
"""

import argparse
import json
import sys
from pathlib import Path

from ..repository import ROOT
from . import checks
from .document import MissingTool
from .repository import Repository

LEAST = ROOT / "spec/least.json"


def look(repository, name):
    """(count, faults) of one check; a document that cannot be read is a fault."""
    try:
        return checks.ALL[name](repository)
    except MissingTool:
        raise
    except Exception as error:  # any damage to the document may surface anywhere
        return 0, [f"{type(error).__name__}: {error}"]


def miscounted(count, least):
    if least is None:
        return [f"found {count}; spec/least.json does not say how many there must be: --renew"]
    return [f"found {count}, expected at least {least} (spec/least.json)"] if count < least else []


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run spec", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", choices=checks.ALL, metavar="NAME", action="append", help="one of: " + ", ".join(checks.ALL)
    )
    parser.add_argument(
        "--endkey",
        type=Path,
        default=ROOT / ".build/debug/endkey",
        metavar="PATH",
        help="the implementation to compare with",
    )
    parser.add_argument("--all", action="store_true", help="print every fault, not only the first 20 of a check")
    parser.add_argument("--renew", action="store_true", help="write to spec/least.json what is found now")
    given = parser.parse_args(arguments)
    names = given.only or list(checks.ALL)
    passed = failed = 0
    try:
        repository = Repository(ROOT)
        repository.endkey = [str(given.endkey)]
        if set(names) & checks.NEED_ENDKEY and not given.endkey.exists():
            raise MissingTool(f"no {given.endkey}: swift build, or --endkey PATH")
        least = json.loads(LEAST.read_text(encoding="utf-8"))
        for name in names:
            count, faults = look(repository, name)
            if given.renew and not faults:
                least[name] = count
            faults = faults + miscounted(count, least.get(name))
            passed, failed = passed + (not faults), failed + bool(faults)
            print(
                f"{'FAIL' if faults else 'ok'}  {name}: {count}, at least {least.get(name, '?')}. "
                f"{checks.ALL[name].__doc__}",
                flush=True,
            )
            for fault in faults if given.all else faults[:20]:
                print(f"      {fault}")
            if len(faults) > 20 and not given.all:
                print(f"      and {len(faults) - 20} more (--all)")
        if given.renew:
            LEAST.write_text(json.dumps(least, indent=2) + "\n", encoding="utf-8")
    except MissingTool as missing:
        print(missing, file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
