"""How much of the code the committed corpus reaches, line by line. No fuzzing: each input runs once.

  tools/run coverage              a table of files and modules; fails when EndkeyWire has less than 95 % of its lines
  tools/run coverage --readers    the readers alone, which the bound is about: a fraction of the time
  tools/run coverage --missing    also each line that no input reaches

The same as HTML, source and all, is in fuzz/artifacts/coverage/index.html afterwards.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import binaries
from .places import ARTIFACTS, CORPUS, REGRESSIONS, ROOT

# Least share of lines, per cent. Other modules are shown: their tests are elsewhere.
LEAST = {"EndkeyWire": 95.0}
# By module; of one that is more than readers, only those: vector files and client lines, Wycheproof's files.
SHOWN = {
    "EndkeyWire": [""],
    "EndkeyJSON": [""],
    "EndkeyPrimitives": [""],
    "Endkey": [""],
    "EndkeyConformance": ["Client/Answer.swift", "Client/LineSplitter.swift"],
    "EndkeyVectors": ["Suite/VectorFile.swift", "Suite/Vector.swift", "Suite/Responder.swift", "Wycheproof"],
}
READERS = {module: SHOWN[module] for module in ("EndkeyWire", "EndkeyJSON")}


def tool(name: str) -> Path:
    """A tool of the toolchain that swiftc is of: the system may have another LLVM on PATH."""
    compiler = shutil.which("swiftc") or sys.exit("failed: no `swiftc` on PATH")
    target = json.loads(subprocess.run([compiler, "-print-target-info"], capture_output=True, check=True).stdout)
    return Path(target["paths"]["runtimeResourcePath"]).parents[1] / "bin" / name


def measure(paths: list[Path], work: Path) -> Path:
    """Runs every committed input; gives the merged profile."""
    profiles = []
    for path in paths:
        for target in binaries.targets(path):
            name = target["name"]
            inputs = [folder / name for folder in (CORPUS, REGRESSIONS) if (folder / name).is_dir()]
            if not inputs:
                sys.exit(f"failed: {name} has no corpus: fuzz/run {name} --minimize")
            profile = work / f"{name}.profraw"
            environment = {
                **binaries.ENVIRONMENT,
                "ENDKEY_FUZZ_TARGET": name,
                "ENDKEY_FUZZ_EFFORT": "full",
                "LLVM_PROFILE_FILE": str(profile),
            }
            result = subprocess.run(
                [path, "-runs=0", f"-artifact_prefix={ARTIFACTS}/", *inputs],
                env=environment,
                capture_output=True,
                text=True,
                errors="replace",
            )
            if result.returncode != 0 or not profile.exists():
                sys.exit(f"failed: {name}: {result.stderr[-2000:]}")
            profiles.append(profile)
    merged = work / "merged.profdata"
    subprocess.run([tool("llvm-profdata"), "merge", "-o", merged, *profiles], check=True)
    return merged


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run coverage", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", action="store_true", help="only messages, texts and JSON")
    parser.add_argument("--missing", action="store_true", help="name the lines that are not reached")
    given = parser.parse_args(arguments)
    work = ARTIFACTS / "coverage"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    modules = READERS if given.readers else SHOWN
    products = binaries.BINARIES[:1] if given.readers else binaries.BINARIES
    paths = list(binaries.build(products, "quick").values())
    profile = measure(paths, work)
    objects = [str(paths[0]), *[f"-object={path}" for path in paths[1:]]]
    sources = [str(ROOT / "Sources" / module / part) for module, parts in modules.items() for part in parts]
    common = [*objects, f"-instr-profile={profile}"]
    exported = subprocess.run(
        [str(tool("llvm-cov")), "export", "-format=text", *common, *sources], capture_output=True, check=True
    ).stdout
    subprocess.run(
        [str(tool("llvm-cov")), "show", "-format=html", f"-output-dir={work}", *common, *sources],
        check=True,
        stdout=subprocess.DEVNULL,
    )

    totals = {module: [0, 0] for module in modules}
    print(f"{'file':<58} {'lines':>6} {'reached':>8}")
    for file in sorted(json.loads(exported)["data"][0]["files"], key=lambda file: file["filename"]):
        path = Path(file["filename"]).relative_to(ROOT / "Sources")
        lines = file["summary"]["lines"]
        totals[path.parts[0]][0] += lines["count"]
        totals[path.parts[0]][1] += lines["covered"]
        print(f"{str(path):<58} {lines['count']:>6} {lines['percent']:>7.1f}%")
        if given.missing:
            for line in missing(file["segments"]):
                print(f"    {path}:{line}")
    passed = failed = 0
    for module, (count, covered) in totals.items():
        share, least = 100 * covered / count, LEAST.get(module)
        bound = f", at least {least:g} %" if least else ""
        print(f"{module}: {share:.1f} % of {count} lines{bound}")
        if least:
            passed, failed = passed + (share >= least), failed + (share < least)
    print(f"HTML: {os.path.relpath(work / 'index.html')}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def missing(segments: list[list]) -> list[int]:
    """Lines where a region starts that never ran."""
    return sorted(
        {line for line, _, count, has_count, is_entry, *_ in segments if has_count and is_entry and not count}
    )
