"""Runs the formal models and compares every outcome with the one expected, both ways.

A model as specified must hold; a model with a rule weakened must break exactly what spec/formal/expected.toml lists (a
claim that begins with reach_ must break: so says Spin "reached"); the honest run and each attempted attack must be
reachable. ProVerif's models are not run: their records in results.json must be of the programs as they are. Works in a
temporary directory. Needs spin, with the gcc that it preprocesses with, clang and maude.

Exit code: 0 if all passed, 1 if one failed, 2 if a tool is missing.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import formal_search
from .repository import ROOT

HERE = ROOT / "spec/formal"
TOOLS = ("spin", "gcc", "clang", "maude")
LIMIT = 300  # seconds for one tool

# Variants, claims, goals and counts: see the head of the file.
EXPECTED = tomllib.loads((HERE / "expected.toml").read_text())


class Failure(Exception):
    """A tool did not do what it was asked to."""


def command(*words, cwd):
    try:
        done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        raise Failure(f"{words[0]} took longer than {LIMIT} s") from None
    if done.returncode != 0:
        raise Failure(f"{words[0]}: {(done.stdout + done.stderr).strip()[-400:]}")
    return done


def differences(expected, found):
    """What is wrong, in words; empty if nothing is."""
    missing = [name for name in expected if name not in found]
    surplus = [name for name in found if name not in expected]
    return "; ".join(
        [f"expected to break, holds: {name}" for name in missing]
        + [f"expected to hold, breaks: {name}" for name in surplus]
    )


def listing(kind, inside, listed):
    """A check that the lists in this file and in the model are the same."""
    inside, listed = set(inside), set(listed)
    wrong = [f"{kind} not listed: {name}" for name in sorted(inside - listed)]
    wrong += [f"{kind} not in the model: {name}" for name in sorted(listed - inside)]
    return "; ".join(wrong), f"{len(inside)} {kind}s of the model are all in use"


# Spin


# What was found of each program that Spin made: the tests of this runner ask for many of them again.
VERDICTS: dict[bytes, list[str]] = {}


def broken_claims(model, variant, claims, scratch):
    """Compiles one variant and returns which of its claims are violated."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    shutil.copy(model, folder)
    command("spin", "-a", *(f"-D{flag}" for flag in variant.split()), model.name, cwd=folder)
    made = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.glob("pan.?")))).digest()
    if made not in VERDICTS:
        # Half of the time goes into compiling: clang takes half as long as gcc.
        command("clang", "-O0", "-w", "-DNOREDUCE", "-o", "pan", "pan.c", cwd=folder)
        VERDICTS[made] = [claim for claim in claims if is_broken(claim, folder)]
    shutil.rmtree(folder)
    return VERDICTS[made]


def is_broken(claim, folder):
    """Whether the compiled model of a folder violates a claim."""
    output = command("./pan", "-a", "-m50000", "-w16", "-N", claim, cwd=folder).stdout
    errors = re.search(r"errors: (\d+)$", output, re.M)
    if not errors or f"ltl formula {claim}" not in output or "too small" in output or "aborted" in output:
        raise Failure(f"pan gave no verdict on {claim}: {output.strip()[-300:]}")
    if int(errors[1]) and not any(folder.glob("*.trail")):
        raise Failure(f"no trail beside the violation of {claim}")
    return bool(int(errors[1]))


def spin_checks(root, tables, pool, scratch):
    for name, variants in tables["spin"].items():
        model = root / "spin" / f"{name}.pml"
        text = model.read_text()
        claims = re.findall(r"^ltl (\w+)", text, re.M)
        flags = set(re.findall(r"\b(?:ifn?def\s+|defined\()(\w+)", text))
        wrong, right = listing("flag", flags, {flag for variant in variants for flag in variant.split()})
        yield f"spin {name}: flags", wrong, right
        wrong, right = listing("claim", (c for c in claims if not c.startswith("reach_")), tables["claims"][name])
        yield f"spin {name}: claims", wrong, right

        jobs = {v: pool.submit(broken_claims, model, v, claims, scratch) for v in variants}
        for variant, expected in variants.items():
            title = f"spin {name}: {variant or 'as specified'}"
            try:
                broken = jobs[variant].result()
            except (Failure, OSError) as failure:
                yield title, str(failure), ""
                continue
            found = [claim for claim in broken if not claim.startswith("reach_")]
            holds = sum(not c.startswith("reach_") for c in claims) - len(found)
            yield title, differences(expected, found), f"breaks {', '.join(found) or 'nothing'}; {holds} hold"
            for claim in claims:
                if claim.startswith("reach_") and not variant:
                    yield f"spin {name}: {claim}", "" if claim in broken else "not reached", "reached"


# Maude


def searches(root, name, variants, goals, scratch):
    """Runs every search of one model in one process; returns the goals found by each variant."""
    model = root / "maude" / f"{name}.maude"
    file = Path(tempfile.mkdtemp(dir=scratch)) / model.name
    lines = [f"load {root}/maude/terms.maude", f"load {model}"]
    asked = [(variant, goal) for variant in variants for goal in goals]
    lines += [
        f"search [1] in {model.stem.upper()} : init({variant}) =>* C:Config such that {goal}(C:Config) ."
        for variant, goal in asked
    ]
    file.write_text("\n".join(lines) + "\n")
    done = command("maude", "-no-banner", "-no-wrap", "-batch", str(file), cwd=scratch)
    if done.stderr.strip():
        raise Failure(f"maude warns: {done.stderr.strip()[:400]}")
    answers = re.findall(r"^(No solution\.|Solution 1 )", done.stdout, re.M)
    if len(answers) != len(asked):
        raise Failure(f"{len(answers)} answers to {len(asked)} searches")
    found: dict[str, list[str]] = {variant: [] for variant in variants}
    for (variant, goal), answer in zip(asked, answers):
        if answer.startswith("Solution"):
            found[variant].append(goal)
    return found


# Goals that are no attack and must be found in "safe", beside those that begin with "reach".
REACHED = {"honest", "readsValue", "attempt", "halts"}


def is_reached(goal):
    """Whether a goal is no attack: an honest run, or one that is attempted."""
    return goal in REACHED or goal.startswith("reach")


def maude_checks(root, tables, pool, scratch):
    jobs = {}
    for name, variants in tables["maude"].items():
        text = (root / "maude" / f"{name}.maude").read_text()
        goals = re.findall(r"^  ops ([\w ]+) : Config -> Bool \.", text, re.M)[0].split()
        flags = re.findall(r"^  ops ([\w ]+) : -> Flag \.", text, re.M)[0].split()
        jobs[name] = goals, flags, pool.submit(searches, root, name, list(variants), goals, scratch)
    for name, (goals, flags, job) in jobs.items():
        variants = tables["maude"][name]
        wrong, right = listing("flag", flags, {flag for v in variants if v != "safe" for flag in v.split(" & ")})
        yield f"maude {name}: flags", wrong, right
        try:
            results = job.result()
        except (Failure, OSError) as failure:
            yield f"maude {name}", str(failure), ""
            continue
        for variant, expected in variants.items():
            found = [goal for goal in results[variant] if not is_reached(goal)]
            holds = sum(not is_reached(goal) for goal in goals) - len(found)
            title = f"maude {name}: {'as specified' if variant == 'safe' else variant}"
            yield title, differences(expected, found), f"finds {', '.join(found) or 'nothing'}; {holds} not found"
        for goal in goals:
            if is_reached(goal):
                yield f"maude {name}: {goal}", "" if goal in results["safe"] else "not reached", "reached"
        # A goal that no variant ever finds may be one that cannot be found.
        idle = [goal for goal in goals if not any(goal in found for found in results.values())]
        yield (
            f"maude {name}: goals",
            f"found by no variant: {', '.join(idle)}" if idle else "",
            "each is found by some variant",
        )


# ProVerif


def program(text, flags):
    """The model that a variant's flags select of a file: lines between "#if FLAG" or "#ifnot FLAG" and "#end"."""
    keep, lines = [True], []
    for line in text.splitlines():
        if condition := re.fullmatch(r"\s*#(if|ifnot) (\w+)\s*", line):
            keep.append(keep[-1] and (condition[2] in flags) == (condition[1] == "if"))
        elif line.strip() == "#end":
            keep.pop()
        elif keep[-1]:
            lines.append(line)
    if len(keep) != 1:
        raise Failure("#if without #end")
    return "\n".join(lines)


def program_digest(text):
    """Over the program without comments, each run of white space as one space."""
    depth, kept = 0, []
    for part in re.split(r"(\(\*|\*\))", text):
        if part == "(*":
            depth += 1
            kept.append(" ")
        elif part == "*)" and depth:
            depth -= 1
        elif not depth:
            kept.append(part)
    return hashlib.sha256(" ".join("".join(kept).split()).encode()).hexdigest()


def losses_fault(root, expected):
    """What is wrong with the table of lost keys: a cell's goals are those that its variant must find."""
    rows = re.findall(
        r"^\| .+ \|$", (root / "README.md").read_text().partition("## What each lost key costs")[2], re.M
    )
    faults, named = [], set()
    for row in rows[1:]:
        _, _, falls, after, *_ = (cell.strip() for cell in row.split("|"))
        for late, cell in ((False, falls), (True, after)):
            for variant, words in re.findall(r"`([^`]+)` ([^;|]+)", cell):
                named.add(variant)
                goals = [] if words.strip() == "nothing" else words.strip().split(", ")
                found = [goal for goal in expected.get(variant, ["no such variant"]) if goal.endswith("2") == late]
                if goals != found:
                    faults.append(f"{variant}: {', '.join(goals) or 'nothing'} in the table, found: {', '.join(found)}")
    lost = {flag for variant in expected for flag in variant.split(" & ") if flag.startswith("lost")}
    faults += [f"{flag}: not in the table" for flag in sorted(lost - {flag for v in named for flag in v.split(" & ")})]
    return "; ".join(faults), f"{len(rows) - 1} lost keys; {len(named)} variants say what they cost"


def coverage_fault(root, records):
    """What is wrong with the table of what is modelled: it names every model of each tool, and no other."""
    section = (root / "README.md").read_text().partition("## What is modelled")[2].partition("\n## ")[0]
    faults, count = [], 0
    for tool, models in (("Spin", EXPECTED["spin"]), ("Maude", EXPECTED["maude"]), ("ProVerif", records)):
        cells = [cell for row in re.findall(r"^\|.+$", section, re.M) for cell in row.split("|")[3:4]]
        named = {
            name
            for cell in cells
            for part in re.findall(rf"{tool} ([^;|]+)", cell)
            for name in re.findall(r"\w+", re.sub(r"\(.*?\)", "", part))
        }
        faults += [listing(f"{tool} model", models, named)[0]]
        count += len(named)
    return "; ".join(filter(None, faults)), f"{count} models are in the table of what is modelled"


def variants_digests(folder, model, variants):
    text, base = (folder / f"{model}.pv").read_text(), (folder / "base.pvl").read_text()
    return {variant: program_digest(base + program(text, variant.split())) for variant in variants}


def records_checks(root, tables):
    """The records: what ProVerif said of each variant, and the digest of the program that it was given."""
    folder = root / "proverif"
    records = json.loads((folder / "results.json").read_text())
    wrong, right = listing("model", {path.stem for path in folder.glob("*.pv")}, records)
    yield "records: models", wrong, right
    yield "records: coverage", *coverage_fault(root, records)
    yield "records: lost keys", *losses_fault(root, EXPECTED["maude"]["loss"])
    for model, record in records.items():
        try:
            digests = variants_digests(folder, model, record)
        except (Failure, OSError) as failure:
            yield f"records {model}", str(failure), ""
            continue
        faults = [
            f"{v or 'as it stands'}: the program changed since its record was made (--renew)"
            for v in record
            if record[v]["program"] != digests[v]
        ]
        faults += [
            f"{v or 'as it stands'}: a run and an outcome belong together"
            for v in record
            if set(record[v]) != {"program", "run", "outcome"}
            or (record[v]["run"] is None) != (record[v]["outcome"] is None)
        ]
        text = (folder / f"{model}.pv").read_text()
        flags = set(re.findall(r"^\s*#(?:if|ifnot) (\w+)", text, re.M))
        unused = listing("flag", flags, {flag for variant in record for flag in variant.split()})[0]
        unrun = sum(entry["run"] is None for entry in record.values())
        yield (
            f"records {model}",
            "; ".join(faults + [unused] * bool(unused)),
            f"{len(record) - unrun} variants were run as they are; {unrun} not run since changed",
        )


def renew(root):
    """Records variants that changed as not run."""
    file = root / "proverif/results.json"
    records = json.loads(file.read_text())
    for model, record in records.items():
        for variant, now in variants_digests(file.parent, model, record).items():
            if record[variant]["program"] != now:
                record[variant] = {"program": now, "run": None, "outcome": None}
    file.write_text(json.dumps(records, indent=1) + "\n")


def search_checks(tables):
    wrong, right = listing("case", formal_search.CASES, EXPECTED["search"])
    yield "search: cases", wrong, right
    for case, expected in tables["search"].items():
        found = formal_search.CASES[case]() if case in formal_search.CASES else "no such case"
        yield f"search: {case}", "" if found == expected else f"expected: {expected}; found: {found}", found


# All of it

TABLES = {**{tool: EXPECTED[tool] for tool in ("spin", "claims", "maude", "search")}, "records": True}
COUNTS = EXPECTED["counts"]


def checks(root, tables):
    """Yields (title, fault or "", what was seen) for each check."""
    with tempfile.TemporaryDirectory(prefix="endkey-formal-") as scratch, ThreadPoolExecutor(2) as pool:
        yield from maude_checks(root, tables, pool, scratch)
        yield from spin_checks(root, tables, pool, scratch)
        if tables.get("records"):
            yield from records_checks(root, tables)
        if tables.get("search"):
            yield from search_checks(tables)


def report(root, tables, counts, show=print):
    """Runs all checks; returns how many passed and the titles of those that failed."""
    done, failed = dict.fromkeys(counts, 0), []
    for title, fault, seen in checks(root, tables):
        done[title.split()[0].rstrip(":")] += 1
        if fault:
            failed.append(title)
        show(f"{'FAIL' if fault else 'ok  '} {title}: {fault or seen}")
    title = "number of checks"
    if done != counts:
        failed.append(title)
    show(f"{'FAIL' if done != counts else 'ok  '} {title}: {done}" + (f", expected {counts}" if done != counts else ""))
    return sum(done.values()) + 1 - len(failed), failed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run formal", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--renew", action="store_true", help="record ProVerif models that changed as not run, and stop")
    given = parser.parse_args(arguments)
    if given.renew:
        renew(HERE)
        return 0
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
        return 2
    passed, failed = report(HERE, TABLES, COUNTS, show=lambda line: print(line, flush=True))
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0
