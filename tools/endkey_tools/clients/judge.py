"""Judges every client of clients.json by `endkey conform --profile all`, checks the reports, and shows one table.

Reports go to .build/artifacts/conform/NAME. Other files there, such as those of a client that is gone, are removed.
Ends with `N passed, 0 failed`; exits with 1 when a client fails, 2 when something is missing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema

from ..repository import ROOT

OUT = ROOT / ".build/artifacts/conform"


def judge(client, endkey, arguments):
    """The report of one client; its summary if it fails."""
    folder = OUT / client["name"]
    command = [endkey, "conform", "--profile", "all", "--report", folder, *arguments, "--", *client["command"]]
    paths = {
        key: os.pathsep.join(str(ROOT / path) for path in value.split(":"))
        for key, value in client.get("environment", {}).items()
    }
    process = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        text=True,
        env={**os.environ, **paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if process.returncode:
        print(process.stdout)
    report = folder / "report.json"
    return process.returncode, json.loads(report.read_text()) if report.exists() else None


def faults_of(report):
    """What is wrong with a report itself."""
    schema = json.loads((ROOT / "vectors/schema/report.schema.json").read_text())
    faults = [
        f"{error.json_path}: {error.message[:200]}"
        for error in jsonschema.Draft202012Validator(schema).iter_errors(report)
    ]
    counts = report["counts"]
    if counts["planned"] != counts["executed"] + counts["unsupported"] + counts["skipped"]:
        faults.append(f"{counts} do not add up")
    if counts["planned"] != len(report["cases"]):
        faults.append(f"{len(report['cases'])} cases, {counts['planned']} planned")
    return faults


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="clients/judge", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", metavar="NAME", help="only this client")
    parser.add_argument("--endkey", type=Path, default=ROOT / ".build/debug/endkey", metavar="PATH", help="the runner")
    parser.add_argument("--seed", default="1", help="order of the prompts, 1 unless given: the same for all clients")
    given = parser.parse_args(arguments)
    if not given.endkey.exists():
        print(f"no {given.endkey}: swift build, or --endkey PATH", file=sys.stderr)
        return 2
    clients = json.loads((ROOT / "clients/clients.json").read_text())
    unknown = set(given.only or []) - {client["name"] for client in clients}
    if unknown:
        print(f"clients.json has no {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    shutil.rmtree(OUT, ignore_errors=True)
    passed = failed = 0
    print(f"{'client':<20} {'version':<9} {'pass':>6} {'fail':>6} {'unsup.':>6} {'skip':>6}  seconds")
    for client in clients:
        if given.only and client["name"] not in given.only:
            continue
        if not (ROOT / client["needs"]).exists():
            print(f"{client['title']:<20} is not in this checkout ({client['needs']})")
            continue
        status, report = judge(client, given.endkey, ["--seed", given.seed])
        faults = faults_of(report) if report else ["no report"]
        for fault in faults:
            print(f"{client['title']}: {fault}")
        if not report:
            failed += 1
            continue
        counts = report["counts"]
        bad = counts["failures"] + counts["skipped"] + len(faults)
        print(
            f"{client['title']:<20} {report['client']['version'][:9]:<9} {counts['pass']:>6} {bad:>6} "
            f"{counts['unsupported']:>6} {counts['skipped']:>6} {report['milliseconds'] / 1000:>8.1f}",
            flush=True,
        )
        passed += counts["pass"]
        failed += max(bad, 1 if status else 0)
    if not passed:
        print("no client was judged", file=sys.stderr)
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
