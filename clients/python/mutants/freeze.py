"""Renews the frozen copy of the client from the live one, unless a mutant would no longer apply to it."""

import argparse
import shutil
from pathlib import Path

from .catalogue import all_mutants
from .mutant import FROZEN, PACKAGE, BadMutant, Mutant, read_sources

LIVE = Path(__file__).resolve().parent.parent / PACKAGE


def inapplicable(mutants: list[Mutant], sources: dict[str, str]) -> list[str]:
    """What is wrong with each mutant that is not an edit of these sources, a sentence each."""
    faults = []
    for mutant in mutants:
        try:
            mutant.code(sources)
        except BadMutant as error:
            faults.append(str(error))
    return faults


def copy(live: Path, frozen: Path) -> None:
    """Replaces the frozen package by the sources of the live one."""
    shutil.rmtree(frozen, ignore_errors=True)
    for file, text in read_sources(live).items():
        path = frozen / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run freeze", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="say what would no longer apply, and copy nothing")
    options = parser.parse_args(arguments)
    mutants = all_mutants()
    faults = inapplicable(mutants, read_sources(LIVE))
    for fault in faults:
        print(f"FAILED {fault}")
    if faults:
        print(f"{len(faults)} of {len(mutants)} mutants do not apply to the live client. Nothing was copied: mend them "
              "in catalogue/, and freeze again.")
        return 1
    if options.dry_run:
        print(f"all {len(mutants)} mutants apply to the live client")
        return 0
    copy(LIVE, FROZEN / PACKAGE)
    print(f"renewed {FROZEN / PACKAGE}; `run` writes what the vectors find now")
    return 0
