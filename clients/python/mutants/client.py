"""One mutant as a client of the line protocol of vectors/README.md, for a conformance runner to convict."""

import argparse

from .catalogue import all_mutants
from .mutant import load


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run client", description=__doc__)
    parser.add_argument("name", help="of a mutant; `run --list` names them")
    name = parser.parse_args(arguments).name
    found = [mutant for mutant in all_mutants() if mutant.name == name]
    if not found:
        parser.error(f"no such mutant: {name}")
    load(found[0]).main()
    return 0
