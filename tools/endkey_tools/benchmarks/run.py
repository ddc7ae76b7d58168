"""Measures Endkey against its limits and peers: ratios of processor time within one run, so that load and machine
matter little.

Without an option: one table of targets, what was measured, and the verdict. --growth adds time against size. --write
saves all of it as Benchmarks/RESULTS.md and Benchmarks/growth.svg. --quick proves that everything runs and that the
fast paths give the bytes of the plain ones, and judges no time: this is what CI runs. It goes without swift-crypto.
--json prints the measurements as one JSON object.
"""

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

from ..repository import ROOT
from .svg import picture

HERE = ROOT / "Benchmarks"


START = time.monotonic()


def say(what: str) -> None:
    """How far it is, on standard error."""
    print(f"[{time.monotonic() - START:4.0f} s] {what}", file=sys.stderr, flush=True)


def build(package: Path, product: str, quick: bool = False) -> Path:
    """Builds a product, optimised, and returns its path; if quick, without the peer that takes long to compile."""
    say(f"building {product}")
    command = ["swift", "build", "--package-path", str(package), "-c", "release", "--product", product]
    environment = {**os.environ, "ENDKEY_QUICK": "1"} if quick else dict(os.environ)
    built = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    if built.returncode != 0:
        sys.exit(built.stdout)
    where = subprocess.run(
        command + ["--show-bin-path"], stdout=subprocess.PIPE, text=True, check=True, env=environment).stdout
    return Path(where.strip()) / product


def bench(binary: Path, *options: str) -> list[dict]:
    """What a run of the Swift part found."""
    say("measuring " + (" ".join(options) or "all"))
    process = subprocess.run([str(binary), *options], stdout=subprocess.PIPE, text=True)
    if process.returncode != 0:
        sys.exit(f"failed ({process.returncode}): {binary.name} {' '.join(options)}")
    return [json.loads(line) for line in process.stdout.splitlines()]


def child_seconds(command: list[str]) -> float:
    """The processor time of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def suite(endkey: Path, growth: bool) -> list[dict]:
    """Generating and verifying the vectors, and verifying more and more of their files."""
    group, findings = "Vectors", []
    say("generating and verifying vectors")
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "vectors"
        seconds = child_seconds([str(endkey), "vectors", "generate", "--out", str(fresh)])
        findings.append(
            {"kind": "row", "group": group, "what": "generate the suite", "value": seconds, "unit": "s", "at_most": 60}
        )
    seconds = child_seconds([str(endkey), "vectors", "verify", str(ROOT / "vectors")])
    findings.append(
        {"kind": "row", "group": group, "what": "verify the suite", "value": seconds, "unit": "s", "at_most": 30}
    )
    # Stretching a password takes as long as it should: its files would hide how the rest grows.
    files = [
        path
        for path in sorted((ROOT / "vectors").glob("*.json"))
        if not path.name.startswith(("pbkdf2", "password", "owner-machine"))
    ]
    if growth:
        say("verifying more and more vectors")
    for step in (32, 16, 8, 4, 2, 1) if growth else ():
        with tempfile.TemporaryDirectory() as scratch:
            total = 0
            for path in files:
                file = json.loads(path.read_text())
                if file.get("schema") == "endkey-vectors-1":  # the folder also holds records of other tools
                    total += thin(file, step)
                    (Path(scratch) / path.name).write_text(json.dumps(file))
            seconds = child_seconds([str(endkey), "vectors", "verify", scratch])
            findings.append({"kind": "point", "curve": "vectors verified", "x": total, "seconds": seconds})
    return findings


def thin(file: dict, step: int) -> int:
    """Leaves every `step`th vector of a file and their twins, so that each size has the same mixture; how many that
    are.
    """
    chosen = {test["id"] for test in file["tests"][::step]}
    chosen |= {test["twin"] for test in file["tests"] if test["id"] in chosen and "twin" in test}
    tests = [test for test in file["tests"] if test["id"] in chosen]
    rejected = sum(test["expect"]["outcome"] == "reject" for test in tests)
    used = {flag for test in tests for flag in test["flags"]}
    file["tests"] = tests
    file["counts"] = {"valid": len(tests) - rejected, "invalid": rejected}
    file["flags"] = {flag: about for flag, about in file["flags"].items() if flag in used}
    return len(tests)


def start_up(endkey: Path) -> list[dict]:
    """How much processor time it takes to answer; on a machine at rest, a person waits as long."""

    def median(*arguments: str, given: bytes = b"") -> float:
        times = []
        for _ in range(41):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([str(endkey), *arguments], input=given, stdout=subprocess.DEVNULL, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return sorted(times)[len(times) // 2] * 1e3

    say("starting endkey")
    findings = [
        {
            "kind": "row",
            "group": "Start",
            "what": "`endkey --help`",
            "value": median("--help"),
            "unit": "ms",
            "at_most": 20,
        }
    ]
    tour = re.findall(r"```sh tour\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    with tempfile.TemporaryDirectory() as scratch:
        path = f"{endkey.parent}:{os.environ['PATH']}"
        subprocess.run(
            ["sh", "-euc", "".join(tour)],
            env={**os.environ, "PATH": path},
            cwd=scratch,
            check=True,
            capture_output=True,
        )
        command = ["token", "seal", f"{scratch}/pc1", "--field", "window_title"]
        findings.append(
            {
                "kind": "row",
                "group": "Start",
                "what": "`endkey token seal` of one line",
                "value": median(*command, given=b"title\n"),
                "unit": "ms",
                "at_most": 20,
            }
        )
    return findings


def verdict(row: dict) -> tuple[str, str]:
    """The target of a row, and whether it is met."""
    if "at_least" in row:
        return f"≥ {row['at_least']:g}", "met" if row["value"] >= row["at_least"] else "**missed**"
    if "at_most" in row:
        return f"≤ {row['at_most']:g}", "met" if row["value"] <= row["at_most"] else "**missed**"
    return "", ""


def table(findings: list[dict]) -> str:
    """All rows, in Markdown."""
    lines = ["| what | measured | target | verdict |", "|---|---|---|---|"]
    group = None
    for row in findings:
        if row["kind"] not in ("row", "missing"):
            continue
        if row["group"] != group:
            group = row["group"]
            lines.append(f"| **{group}** | | | |")
        if row["kind"] == "missing":
            lines.append(f"| {row['what']} | {row['why']} | | |")
        else:
            target, met = verdict(row)
            lines.append(
                f"| {row['what']} | {row['value']:.3g} {row['unit']} | {target} | {met} |".replace("|  |", "| |")
            )
    return "\n".join(lines)


def growth_table(findings: list[dict]) -> str:
    """The exponent of each curve: 1 is linear."""
    lines = [
        "| curve | from | to | time per item, first and last | exponent over the upper half |",
        "|---|---|---|---|---|",
    ]
    for name, points in curves(findings).items():
        (x0, y0), (x1, y1) = points[0], points[-1]
        lines.append(
            f"| {name} | {x0:,} | {x1:,} | {y0 / x0 * 1e9:.3g} ns, {y1 / x1 * 1e9:.3g} ns | "
            f"{exponent(points[len(points) // 2 :]):.2f} |"
        )
    return "\n".join(lines)


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope in the doubly logarithmic picture, by least squares."""
    from math import log

    logs = [(log(x), log(y)) for x, y in points]
    meanX, meanY = (sum(column) / len(logs) for column in zip(*logs))
    return sum((x - meanX) * (y - meanY) for x, y in logs) / sum((x - meanX) ** 2 for x, _ in logs)


def curves(findings: list[dict]) -> dict[str, list[tuple[int, float]]]:
    result: dict[str, list[tuple[int, float]]] = {}
    for point in findings:
        if point["kind"] == "point":
            result.setdefault(point["curve"], []).append((point["x"], point["seconds"]))
    return result


def machine() -> str:
    """What the numbers were measured on, without its name."""
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    flags = set(
        next(
            (
                line.split(":")[1].split()
                for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
                if line.startswith("flags")
            ),
            [],
        )
    )
    extras = ", ".join(name for name in ("aes", "vaes", "sha_ni", "avx512ifma") if name in flags)

    def version(*command: str) -> str:
        try:
            return (
                subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                .stdout.splitlines()[0]
                .strip()
            )
        except (FileNotFoundError, IndexError):
            return f"no {command[0]}"

    system = next(
        (
            line.split("=")[1].strip('"\n')
            for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
            if line.startswith("PRETTY_NAME")
        ),
        "",
    )
    load = os.getloadavg()[0]
    return textwrap.fill(
        f"{cpu} ({os.cpu_count()} cores; {extras}), {system}, {version('swift', '--version')}, "
        f"{version('openssl', 'version')}; {time.strftime('%Y-%m-%d')}, load {load:.1f}",
        120, break_on_hyphens=False)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="run everything once, check the bytes, judge no time")
    parser.add_argument("--growth", action="store_true", help="also time against size (some minutes, 2 GB of memory)")
    parser.add_argument("--write", action="store_true", help="save the results (implies --growth)")
    parser.add_argument("--json", action="store_true", help="print what was measured as JSON")
    given = parser.parse_args(arguments)
    binary = build(HERE, "Bench", given.quick)
    if given.quick:
        findings = bench(binary, "--quick")
        checks = sum(finding["kind"] == "check" for finding in findings)
        if given.json:
            print(json.dumps(findings))
        print(f"{checks} passed, 0 failed")
        return 0
    growth = given.growth or given.write
    endkey = build(ROOT, "endkey")
    findings = []
    for part in ("tokens", "parallel", "primitives", "texts", "accounts") + (("growth",) if growth else ()):
        findings += bench(binary, part)
    findings += suite(endkey, growth) + start_up(endkey)
    say("done")
    if given.json:
        print(json.dumps({"machine": machine(), "findings": findings}))
    else:
        print(table(findings))
        if growth:
            print("\n" + growth_table(findings))
    if given.write:
        (HERE / "growth.svg").write_text(picture(curves(findings)))
        text = (HERE / "RESULTS.md").read_text() if (HERE / "RESULTS.md").exists() else "# Results\n"
        for mark, body in (("machine", machine()), ("targets", table(findings)), ("growth", growth_table(findings))):
            block = f"<!-- {mark} -->\n{body}\n<!-- end -->"
            pattern = re.compile(f"<!-- {mark} -->\n.*?<!-- end -->", re.S)
            text = pattern.sub(lambda _: block, text) if pattern.search(text) else f"{text}\n{block}\n"
        (HERE / "RESULTS.md").write_text(text)
    return 0
