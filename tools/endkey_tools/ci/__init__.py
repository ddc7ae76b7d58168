"""Runs every check of the project, two steps at a time, and ends with a count of tests run.

The steps are in tools/endkey_tools/ci/steps.py. --list names them, --only NAME runs one and what it needs. The output
of each step is shown whole when it has ended, and stays in .build/ci/NAME.log; failures are shown again at the end.
"""

import argparse
import os
import shutil
import sys

from ..processes import Failed
from .schedule import Schedule
from .steps import STEPS


def one(name: str) -> int:
    """A single step, in this process."""
    try:
        count = STEPS[name].run()
    except Failed as failure:
        print(f"failed: {failure}", flush=True)
        return 1
    print(f"{count} passed, 0 failed", flush=True)
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=".ci/test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=STEPS, metavar="NAME", action="append", help="one of: " + ", ".join(STEPS))
    parser.add_argument("--list", action="store_true", help="name the steps")
    parser.add_argument("--elsewhere", action="append_const", const="elsewhere", dest="only",
                        help="the quick steps on another day, in another place, as another user")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="steps at a time (2)")
    parser.add_argument("--no-needs", action="store_true", help="do not run what the steps of --only need: it is built")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)  # for the scheduler
    given = parser.parse_args(arguments)
    if given.list:
        print("\n".join(STEPS))
        return 0
    if given.step:
        return one(given.step)
    if shutil.which("swift") is None:
        print("failed: no `swift` on PATH; install a Swift 6.2 or later toolchain (swift.org/install)", file=sys.stderr)
        return 1
    return Schedule(STEPS, given.only or list(STEPS), given.jobs, with_needs=not given.no_needs).run()
