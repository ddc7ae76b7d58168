"""Runs every mutant of the Python client against the vectors, and writes which vector finds which.

Without options, kills.json, kills.md and conformance/answers.json in vectors are written anew, and ran.json, which says
of what. --check fails where one of these, the client, the catalogue or a vector has changed since, where a mutant is
not found by a vector that kills.json names or survives unnamed by survivors.json, and where a negative vector finds
nothing and has no excuse in excuses.json. It asks each mutant one vector, and those negative ones that no mutant before
it showed to find something; --check --all asks all of them again. Ends with `N passed, 0 failed`: mutants found, and
negative vectors that find one.
"""

import argparse
import os
import sys
import time

from . import record, report
from .catalogue import TOPICS, all_mutants, topic
from .mutant import BadMutant, Mutant
from .pool import Pool, Run
from .suite import Vector, read_vectors


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="`run freeze`, `run explore` and `run client NAME` are commands of their own.")
    parser.add_argument("--only", metavar="NAME", action="append", help="run this mutant or topic, and write nothing")
    parser.add_argument("--check", action="store_true", help="write nothing, and see whether what is there is right")
    parser.add_argument("--all", action="store_true", help="with --check: ask every mutant every vector")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 8), help="mutants at a time")
    parser.add_argument("--list", action="store_true", help="name the mutants")
    parser.add_argument("--shown", type=int, default=3, help="wrong answers that --only prints of each mutant")
    return parser.parse_args(arguments)


def chosen(mutants: list[Mutant], names: list[str]) -> list[Mutant]:
    known = {mutant.name: [mutant] for mutant in mutants} | {name: topic(name) for name in TOPICS}
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no such mutant or topic: {', '.join(unknown)}; --list names them")
    return [mutant for name in names for mutant in known[name]]


def show(runs: list[Run], shown: int) -> None:
    for run in runs:
        print(f"{run.mutant.name}: {run.mutant.fault}")
        print(f"  {len(run.wrong)} wrong answers to {len(run.vectors)} vectors that call what it touches")
        for id, wrong in list(run.wrong.items())[:shown]:
            print(f"    {id}: {wrong.answer}{' (offset)' if wrong.is_offset else ''} {wrong.note}".rstrip())


def main(arguments: list[str]) -> int:
    options = parsed(arguments)
    start = time.monotonic()
    mutants = all_mutants()
    if options.list:
        for mutant in mutants:
            print(f"{mutant.name}: {mutant.fault}")
        return 0
    if options.only:
        mutants = chosen(mutants, options.only)
    try:
        for mutant in mutants:
            mutant.code()
    except BadMutant as error:
        sys.exit(f"failed: {error}")
    vectors = read_vectors()
    if options.check and not options.all and not options.only:
        return check(mutants, vectors, options.jobs)
    pool = Pool(vectors, options.jobs)
    if pool.coverage.failed:
        sys.exit(f"failed: the frozen client, without a fault, fails {', '.join(pool.coverage.failed[:10])}; kills say "
                 "nothing then. Has a vector changed? `run freeze` renews it from the live client")
    print(f"{len(mutants)} mutants, {len(vectors)} vectors; warm in {time.monotonic() - start:.1f} s", flush=True)
    runs = pool.run(mutants)
    print(f"ran in {time.monotonic() - start:.1f} s", flush=True)
    if options.only:
        show(runs, options.shown)
        return 1 if any(not run.wrong for run in runs) else 0
    matrix = report.Matrix(vectors, runs, report.read_excuses(), known=report.read_survivors())
    faults = matrix.faults()
    if options.check:
        faults += matrix.drift()
    else:
        matrix.write()
        record.write(mutants, matrix)
    return said(matrix, faults)


def check(mutants: list[Mutant], vectors: list[Vector], jobs: int) -> int:
    runs = record.recorded(mutants, vectors)
    matrix = report.Matrix(vectors, runs, report.read_excuses(), known=report.read_survivors())
    return said(matrix, record.drift(mutants, vectors) + matrix.faults() + record.ask(record.least(runs), jobs))


def said(matrix: report.Matrix, faults: list[str]) -> int:
    for fault in faults:
        print(f"FAILED {fault}")
    print(f"{matrix.count()} passed, {len(faults)} failed")
    return 1 if faults else 0
