"""Runs the formal models and compares every outcome with the one expected, both ways.

A model as specified must hold; a model with a rule weakened must break exactly the properties listed here; the honest
run and each attempted attack must be reachable. ProVerif's models are not run: their records in results.json must be
of the files as they are. Works in a temporary directory. Needs spin, gcc and maude.

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
TOOLS = ("spin", "gcc", "maude")
LIMIT = 300  # seconds for one tool

# Model: variant (its -D flags) -> the claims that break. A claim named limit_* is a stated limit; reach_* must break,
# which is how Spin says "reached", and is checked in the variant "" or in the one that REACHED_IN names.
SPIN = {
    "enrolment": {
        "": [],
        "NO_CODE_CHECK": ["secret", "knew_code"],
        "MAC_SKIPS_KEYS": ["secret", "knew_code"],
        "NO_SIGNATURE_CHECK": ["agreement"],
        "NO_CODE_CHECK NO_SIGNATURE_CHECK": ["secret", "knew_code", "agreement"],
        "NO_ACCOUNT_PIN": ["agreement", "origin"],
        "NO_INNER_HASH": ["origin"],
    },
    "code": {
        "": [],
        "NO_USE_LIMIT": ["knew_code", "bounded"],
        "NO_EXPIRY": ["knew_code"],
        "NO_NONCE_CHECK": ["once"],
        "COUNT_BEFORE_MAC": ["not_burned"],
        "NO_REQUEST_SIGNATURE": [],
        "NO_VAULT_COUNTER": ["knew_code", "once", "bounded"],
        "LEAK_WHILE_LIVE": ["knew_code"],
        "LEAK_WHILE_LIVE NO_REQUEST_SIGNATURE": ["knew_code", "possession"],
        "FRESH_END": ["knew_code", "once", "bounded"],
    },
    "grant": {
        "": [],
        "NO_SIGNATURE_CHECK": ["genuine", "no_oracle"],
        "NO_RECIPIENT_CHECK": ["no_oracle"],
        "NO_EPOCH_CHECK": ["current", "no_oracle"],
        "NO_COUNTER_CHECK": ["once", "only_up", "one_counter", "no_oracle"],
        "NO_FORK_CHECK": ["once", "one_counter", "no_oracle"],
        "RSA_FIRST": ["no_oracle"],
        "NO_PERSIST": ["once", "only_up", "one_counter", "no_oracle"],
        "WRITE_LATE": ["once", "only_up", "one_counter", "no_oracle"],
        "MASTER": [],
        "MASTER NO_SIGNATURE_CHECK": ["no_oracle"],
        "RACE": ["one_lineage"],
        "RACE MASTER": [],
        "RACE MASTER NO_COMMITMENT_CHECK": ["one_lineage"],
    },
    "rotation": {
        "": [],
        "GRANT_REVOKED": ["no_later_key"],
        "NO_ROTATION_DUE": ["no_late_grant"],
        "SEND_EARLY": ["whole_or_nothing"],
        "OLD_KEYS": ["no_old_send"],
        "LIVE_CODE": ["no_later_key"],
        "LIVE_CODE CODES_DROPPED": [],
        "LIVE_CODE SAME_ID": [],
        "LIVE_CODE SAME_ID NO_REVOKED_CHECK": ["no_later_key"],
    },
    "password": {
        "": ["limit_new_head", "limit_all_old"],
        "NO_COUNTER_CHECK": ["no_rollback", "limit_new_head", "limit_all_old"],
        "NO_EPOCH_CHECK": ["limit_new_head", "limit_all_old"],
        "NO_COUNTER_CHECK NO_EPOCH_CHECK": ["no_rollback", "limit_new_head", "limit_all_old"],
        "NO_ITERATION_BOUND": ["bounded_price", "limit_new_head", "limit_all_old"],
        "NO_SALT_PIN": ["pinned_salt", "limit_new_head", "limit_all_old"],
        "NO_HEAD_CONTEXT": ["no_rollback", "no_mix", "limit_new_head", "limit_all_old"],
        "NO_VAULT_CHECK": ["no_mix", "limit_new_head", "limit_all_old"],
        "NO_VAULT_EPOCH_CHECK": ["limit_new_head", "limit_all_old"],
        "FRESH": ["limit_new_head", "limit_all_old"],
        "FRESH NO_VAULT_CHECK": ["no_mix", "limit_new_head", "limit_all_old"],
    },
    "latch": {
        "": [],
        "NO_LATCH": ["no_plaintext"],
        "PLAINTEXT_BEFORE_KEYS": ["no_plaintext"],
        "NO_MARK": ["same_account"],
        "MARK_LATE": ["same_account"],
        "MARK_LATE MARK_ON_START": ["same_account"],
        "REPIN": ["same_account", "revoked_silent"],
        "OLD_KEYS": ["current_keys"],
        "REVOKED_SENDS": ["revoked_silent"],
        "UNREVOKE": ["revoked_silent"],
    },
    "state": {
        "": ["limit_one_line"],
        "NO_SIGNATURE_CHECK": ["signed", "limit_one_line"],
        "NO_COUNTER_CHECK": ["counter_up", "no_fork", "limit_one_line"],
        "NO_EPOCH_CHECK": ["epoch_up", "limit_one_line"],
        "NO_FORK_CHECK": ["no_fork", "limit_one_line"],
        "NO_PREV_CHECK": ["linked", "limit_one_line"],
        "NO_PERSIST": ["counter_up", "epoch_up", "no_fork", "linked", "limit_one_line"],
    },
}
REACHED_IN = {"reach_reenrol": "LIVE_CODE SAME_ID"}

# Model: variant (its flags) -> the goals that the search finds. REACHED lists the goals that are no attack and must be
# found in "safe".
MAUDE = {
    "enrolment": {
        "safe": [],
        "noCode": ["leaked", "stranger"],
        "macSkipsKeys": ["leaked", "stranger"],
        "noSig": ["planted"],
        "noCode & noSig": ["leaked", "stranger", "planted"],
        "noPin": ["planted"],
        "noInner": [],
        "reuse": [],
        "noInner & reuse": ["forwarded"],
        "weakCode": ["leaked", "stranger"],
        "weakId": ["planted"],
    },
    "grant": {
        "safe": [],
        "noSig": ["planted", "decrypts"],
        "noRecipient": ["decrypts"],
        "noEpoch": ["old", "decrypts"],
        "noCounter": ["twice", "rollback", "fork", "decrypts"],
        "noFork": ["twice", "fork", "decrypts"],
        "noPersist": ["twice", "rollback", "fork", "decrypts"],
        "rsaFirst": ["decrypts"],
    },
    "rotation": {
        "safe": [],
        "grantRevoked": ["laterKey"],
        "keyFromOld": [],
        "keyFromOld & masterB": ["laterKey", "earlierKey", "readsPicture", "plants"],
        "oldKeys": ["readsOld"],
        "agentKeyFromToken": ["readsPicture"],
        "masterB": ["earlierKey", "readsPicture", "plants"],
        "masterB & rekey": ["earlierKey", "readsPicture"],
        "lateMaster": ["laterKey", "earlierKey", "readsPicture", "plants"],
    },
    "password": {
        "safe": [],
        "sameLabel": ["masterKey", "newest", "signing"],
        "noHeadContext": ["rollback"],
        "noCounter": ["rollback"],
        "fresh": ["rollback"],
        "guessing": ["masterKey", "newest", "signing", "rollback"],
        "guessing & accountSecret": [],
        "stolen": ["masterKey", "signing", "rollback"],
        "stolen & changeOnly": ["masterKey", "newest", "signing", "rollback"],
        "stolen & accountSecret": [],
    },
    "state": {
        "safe": ["changesLine"],
        "noSig": ["forged", "changesLine"],
        "noPin": ["forged", "changesLine"],
        "noCounter": ["counterBack", "fork", "changesLine"],
        "noFork": ["fork", "changesLine"],
        "noEpoch": ["epochBack", "changesLine"],
        "noChain": ["unlinked", "changesLine"],
        "noPersist": ["counterBack", "epochBack", "fork", "unlinked", "changesLine"],
    },
    "latch": {
        "safe": [],
        "noLatch": ["reads"],
        "plainEarly": ["reads"],
        "noMark": ["reads", "changes"],
        "repin": ["reads", "changes"],
        "oldKeys": ["readsLate"],
        "revokedSends": ["readsRevoked"],
    },
}
REACHED = {"honest", "readsValue", "attempt", "halts"}

PROVERIF = ["enrolment.pv", "grant.pv", "latch.pv", "password.pv", "rotation.pv", "state.pv"]

# How many checks there are: a list that got shorter is a failure.
COUNTS = {"spin": 120, "maude": 74, "proverif": 7}

# The second cut's tables are beside its models; its models are named with their folder.
SECOND = "second-cut"
EXPECTED = tomllib.loads((HERE / SECOND / "expected.toml").read_text())


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


def place(root, tool, name, ending):
    """The file of a model, whose name has its folder before it if it is of the second cut."""
    folder, _, stem = name.rpartition("/")
    return root / folder / tool / f"{stem}.{ending}"


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


def broken_claims(model, variant, claims, scratch):
    """Compiles one variant and returns which of its claims are violated."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    command("spin", "-a", *(f"-D{flag}" for flag in variant.split()), str(model), cwd=folder)
    command("gcc", "-O0", "-w", "-DNOREDUCE", "-o", "pan", "pan.c", cwd=folder)
    broken = []
    for claim in claims:
        output = command("./pan", "-a", "-m50000", "-w16", "-N", claim, cwd=folder).stdout
        errors = re.search(r"errors: (\d+)$", output, re.M)
        if not errors or f"ltl formula {claim}" not in output or "too small" in output or "aborted" in output:
            raise Failure(f"pan gave no verdict on {claim}: {output.strip()[-300:]}")
        if int(errors[1]):
            broken.append(claim)
            if not any(folder.glob("*.trail")):
                raise Failure(f"no trail beside the violation of {claim}")
    shutil.rmtree(folder)
    return broken


def spin_checks(root, tables, pool, scratch):
    for name, variants in tables["spin"].items():
        model = place(root, "spin", name, "pml")
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
                if claim.startswith("reach_") and REACHED_IN.get(claim, "") == variant:
                    yield f"spin {name}: {claim}", "" if claim in broken else "not reached", "reached"


# Maude


def searches(root, name, variants, goals, scratch):
    """Runs every search of one model in one process; returns the goals found by each variant."""
    model = place(root, "maude", name, "maude")
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


def is_reached(goal):
    """Whether a goal is no attack: an honest run, or one that is attempted; those of the second cut say so by their
    name.
    """
    return goal in REACHED or goal.startswith("reach")


def maude_checks(root, tables, pool, scratch):
    jobs = {}
    for name, variants in tables["maude"].items():
        text = place(root, "maude", name, "maude").read_text()
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


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record_fault(record, path):
    """What is wrong with the record of one model."""
    if record is None:
        return "no record in results.json"
    if record.get("sha256") != digest(path):
        return "the model changed since its record was made; run it, or renew the record (--renew)"
    if set(record) != {"sha256", "tool", "verdict", "date"}:
        return "the record has other fields than sha256, tool, verdict, date"
    unrun = record["verdict"] == "not run"
    if unrun != (record["tool"] is None) or unrun != (record["date"] is None):
        return "a record has tool and date exactly if the model was run"
    return "" if unrun or record["verdict"] == "as expected" else f"verdict: {record['verdict']}"


def proverif_checks(root, tables):
    folder = root / "proverif"
    records = json.loads((folder / "results.json").read_text())
    wrong, right = listing("model", {p.name for p in folder.glob("*.pv")}, tables["proverif"])
    surplus = sorted(set(records) - set(tables["proverif"]))
    yield "proverif: models", wrong or (f"records without a model: {', '.join(surplus)}" if surplus else ""), right
    for name in tables["proverif"]:
        record = records.get(name)
        path = folder / name
        fault = record_fault(record, path) if path.exists() else "no such file"
        text = "" if fault else "never run; record is of this file" if record["tool"] is None else record["verdict"]
        yield f"proverif {name}: record", fault, text


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
        r"^\| .+ \|$", (root / SECOND / "README.md").read_text().partition("## What each lost key costs")[2], re.M
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
    section = (root / SECOND / "README.md").read_text().partition("## What is modelled")[2].partition("\n## ")[0]
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
    """The second cut's records: what ProVerif said of each variant, and the digest of the program that it was given."""
    folder = root / SECOND / "proverif"
    records = json.loads((folder / "results.json").read_text())
    wrong, right = listing("model", {path.stem for path in folder.glob("*.pv")}, records)
    yield f"records {SECOND}: models", wrong, right
    yield f"records {SECOND}: coverage", *coverage_fault(root, records)
    yield f"records {SECOND}: lost keys", *losses_fault(root, EXPECTED["maude"]["loss"])
    for model, record in records.items():
        try:
            digests = variants_digests(folder, model, record)
        except (Failure, OSError) as failure:
            yield f"records {SECOND}/{model}", str(failure), ""
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
            f"records {SECOND}/{model}",
            "; ".join(faults + [unused] * bool(unused)),
            f"{len(record) - unrun} variants were run as they are; {unrun} not run since changed",
        )


def renew_records(root):
    """Records variants that changed as not run."""
    file = root / SECOND / "proverif/results.json"
    records = json.loads(file.read_text())
    for model, record in records.items():
        for variant, now in variants_digests(file.parent, model, record).items():
            if record[variant]["program"] != now:
                record[variant] = {"program": now, "run": None, "outcome": None}
    file.write_text(json.dumps(records, indent=1) + "\n")


def renew(root):
    """Records models that changed as not run."""
    renew_records(root)
    file = root / "proverif/results.json"
    old = json.loads(file.read_text()) if file.exists() else {}
    new = {}
    for name in PROVERIF:
        sha256 = digest(root / "proverif" / name)
        same = old.get(name, {}).get("sha256") == sha256
        new[name] = old[name] if same else {"sha256": sha256, "tool": None, "verdict": "not run", "date": None}
    file.write_text(json.dumps(new, indent=2) + "\n")


def search_checks(tables):
    wrong, right = listing("case", formal_search.CASES, EXPECTED["search"])
    yield f"search {SECOND}: cases", wrong, right
    for case, expected in tables["search"].items():
        found = formal_search.CASES[case]() if case in formal_search.CASES else "no such case"
        yield f"search {SECOND}: {case}", "" if found == expected else f"expected: {expected}; found: {found}", found


# All of it

CLAIMS = {
    "enrolment": ["secret", "knew_code", "agreement", "origin"],
    "code": ["knew_code", "once", "bounded", "possession", "not_burned"],
    "grant": ["once", "only_up", "one_counter", "current", "genuine", "no_oracle", "one_lineage"],
    "rotation": ["no_later_key", "no_late_grant", "no_old_send", "whole_or_nothing"],
    "password": ["no_rollback", "no_mix", "bounded_price", "pinned_salt", "limit_new_head", "limit_all_old"],
    "latch": ["no_plaintext", "same_account", "current_keys", "revoked_silent"],
    "state": ["signed", "counter_up", "epoch_up", "no_fork", "linked", "limit_one_line"],
}
TABLES = {
    "spin": SPIN,
    "claims": CLAIMS,
    "maude": MAUDE,
    "proverif": PROVERIF,
    "records": True,
    "search": EXPECTED["search"],
}
for tool in ("spin", "claims", "maude"):
    TABLES[tool] |= {f"{SECOND}/{name}": expected for name, expected in EXPECTED.get(tool, {}).items()}
COUNTS = {tool: COUNTS.get(tool, 0) + EXPECTED["counts"].get(tool, 0) for tool in COUNTS | EXPECTED["counts"]}


def checks(root, tables):
    """Yields (title, fault or "", what was seen) for each check."""
    with tempfile.TemporaryDirectory(prefix="endkey-formal-") as scratch, ThreadPoolExecutor(2) as pool:
        yield from maude_checks(root, tables, pool, scratch)
        yield from spin_checks(root, tables, pool, scratch)
        if tables["proverif"]:
            yield from proverif_checks(root, tables)
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
