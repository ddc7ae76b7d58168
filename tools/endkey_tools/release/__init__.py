"""Makes a release from a clean checkout: programs, packages, archives, and what says what they are.

It works in a copy of the commit, and dates everything with it, so that the same commit gives the same bytes; --twice
shows that. --program takes a program that was built instead of building: CI does so, to see each package installed in
an empty place and doing its main job (--test). CHANGELOG.md says what the
versions mean.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from ..processes import Failed, run
from ..repository import ROOT
from . import install, packages, programs, statements
from .source import Source

OUT = ROOT / ".build/distribution"


def make(source: Source, out: Path, program: Path | None) -> None:
    """Everything into `out`, which is emptied first."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    built = programs.given(source, program) if program else programs.build(source)
    packages.write(source, built, out)
    statements.write(source, built, out)
    for file in sorted(out.iterdir()):
        print(f"{file.stat().st_size:>10}  {file.name}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run release", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="where everything goes")
    parser.add_argument("--program", type=Path, metavar="PATH", help="a program that was built, which is not portable")
    parser.add_argument("--twice", action="store_true", help="make it again from another copy, and compare")
    parser.add_argument("--test", action="store_true", help="install each into an empty place and use it")
    options = parser.parse_args(arguments)
    out, passed = options.out.resolve(), 0
    try:
        with tempfile.TemporaryDirectory() as scratch:
            # Both copies now: whoever goes on working meanwhile changes neither.
            names = ("source", "another-copy") if options.twice else ("source",)
            source, *others = (Source(Path(scratch) / name) for name in names)
            make(source, out, options.program)
            passed += len(list(out.iterdir()))
            for other in others:
                again = out.with_name(f"{out.name}-again")
                make(other, again, options.program)
                run("diff", "--recursive", "--brief", out, again)
                print("made twice: the same bytes")
                passed += 1
            if options.test:
                passed += install.test(source, out, is_portable=options.program is None)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{passed} passed, 0 failed")
    return 0
