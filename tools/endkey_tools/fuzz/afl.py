"""The same targets under AFL++: another engine, with other mutations, finds other things.

  tools/run afl grant --seconds 60     one target, from the inputs that fuzz/run starts from
  tools/run afl --planted              proves it: every planted bug of fuzz/Sources/Planted is found, the sound twins
  are quiet

AFL++ (Debian: apt install afl++) drives the two C functions of the harness through its libFuzzer driver. The code is
compiled with Swift's own `-sanitize-coverage=edge,trace-pc-guard`, whose calls AFL++'s run-time library takes, and with
AddressSanitizer. SwiftPM cannot link a program that has another's `main`, so the objects are linked here.

`--afl DIR` takes AFL++ from a package that is unpacked and not installed (dpkg -x): its clang need not be on PATH.
A crash goes to fuzz/artifacts/TARGET with the command that repeats it; the exit status is 1 when there was one.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import binaries, seeds
from .places import ARTIFACTS, FUZZ, ROOT

BUILD = FUZZ / ".build/afl"
FLAGS = ["-c", "release", "-Xswiftc", "-sanitize=address", "-Xswiftc", "-sanitize-coverage=edge,trace-pc-guard"]
# By target of fuzz/Package.swift: the modules whose objects it is linked of.
MODULES = {
    "Readers": ["Readers", "Harness", "EndkeyFuzz", "EndkeyWire", "EndkeyJSON"],
    "Planted": ["Planted", "Harness", "EndkeyFuzz", "EndkeyWire", "EndkeyJSON"],
    "Protocol": [
        "Protocol",
        "Harness",
        "EndkeyFuzz",
        "EndkeyFuzzProtocol",
        "EndkeyVectors",
        "EndkeyConformance",
        "Endkey",
        "EndkeyPrimitives",
        "EndkeyWire",
        "EndkeyJSON",
    ],
}
ENVIRONMENT = {
    **binaries.ENVIRONMENT,
    "AFL_NO_UI": "1",
    "AFL_SKIP_CPUFREQ": "1",
    "AFL_NO_AFFINITY": "1",
    "NO_COLOR": "1",
    # A core pattern that pipes to a program delays the news of a crash, which then counts as a time-out.
    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1",
    "ASAN_OPTIONS": "abort_on_error=1:symbolize=0:detect_leaks=0:quarantine_size_mb=8:malloc_context_size=0",
}


class AFL:
    """An installed or unpacked AFL++."""

    def __init__(self, root: Path | None):
        if root is None and shutil.which("afl-fuzz") is None:
            sys.exit("failed: no `afl-fuzz` on PATH (Debian: apt install afl++), and no --afl DIR")
        self.fuzz = root / "usr/bin/afl-fuzz" if root else Path(shutil.which("afl-fuzz") or "")
        library = root / "usr/lib/afl" if root else self.fuzz.resolve().parents[1] / "lib/afl"
        self.objects = [library / "afl-compiler-rt.o", library / "libAFLDriver.a"]
        for path in (self.fuzz, *self.objects):
            if not path.exists():
                sys.exit(f"failed: no {path}")

    def build(self, name: str) -> Path:
        """The program that AFL++ runs, of a target of the package."""
        print(f"building {name} for AFL++", flush=True)
        binaries.swift_build(BUILD, "release", "--target", name, *FLAGS)
        release, path = BUILD / "release", BUILD / f"fuzz-{name.lower()}"
        objects = [file for module in MODULES[name] for file in sorted((release / f"{module}.build").glob("*.o"))]
        subprocess.run(
            [
                "swiftc",
                "-sanitize=address",
                "-use-ld=lld",
                "-o",
                path,
                *objects,
                *self.objects,
                "-lcrypto",
                "-lsodium",
                "-lstdc++",
            ],
            check=True,
        )
        return path

    def run(self, target: dict, seconds: float, inputs: list[Path], stops: bool = False) -> dict[str, str]:
        """Fuzzes; gives AFL++'s statistics."""
        output = ARTIFACTS / "afl" / target["name"]
        shutil.rmtree(output, ignore_errors=True)
        start = output / "in"
        start.mkdir(parents=True)
        for folder in inputs:
            for file in folder.iterdir():
                if file.stat().st_size <= target["maxLength"]:
                    shutil.copy(file, start / file.name)
        environment = {**ENVIRONMENT, "ENDKEY_FUZZ_TARGET": target["name"]}
        if stops:
            environment["AFL_BENCH_UNTIL_CRASH"] = "1"
        command = [
            self.fuzz,
            "-i",
            start,
            "-o",
            output,
            "-V",
            str(max(1, round(seconds))),
            "-m",
            "none",
            "-t",
            "5000+",
            "-G",
            str(target["maxLength"]),
            "-x",
            ARTIFACTS / "words.dict",
            "--",
            target["binary"],
        ]
        result = subprocess.run(
            command, env=environment, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        stats = output / "default/fuzzer_stats"
        if not stats.exists():
            sys.exit(f"{result.stdout[-3000:]}\nfailed: {' '.join(map(str, command))}")
        found = dict(re.findall(r"^(\w+)\s*: (.*)$", stats.read_text(), re.M))
        if int(found["edges_found"]) < 20:
            sys.exit(f"failed: AFL++ sees {found['edges_found']} edges of {target['name']}: it is not instrumented")
        return found

    @staticmethod
    def crashes(target: dict) -> list[Path]:
        return sorted((ARTIFACTS / "afl" / target["name"] / "default/crashes").glob("id*"))


def report(name: str, stats: dict[str, str], what: str) -> None:
    print(
        f"{name:<28} {int(stats['execs_done']):>10,} runs, {float(stats['execs_per_sec']):>7,.0f}/s, "
        f"{stats['edges_found']} edges, {stats['corpus_found']} new inputs  {what}",
        flush=True,
    )


def planted(afl: AFL, seconds: float) -> int:
    passed = failed = 0
    for target in binaries.targets(afl.build("Planted")):
        is_sound = target["name"].startswith("sound-")
        stats = afl.run(target, 5 if is_sound else seconds, seeds.starts(target), stops=True)
        holds = bool(afl.crashes(target)) != is_sound
        passed, failed = passed + holds, failed + (not holds)
        report(
            target["name"],
            stats,
            ("nothing to find" if is_sound else "found") if holds else ("FALSE ALARM" if is_sound else "NOT FOUND"),
        )
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run afl", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", nargs="?", metavar="TARGET", help="a name of fuzz/run --list")
    parser.add_argument("--seconds", type=float, default=60, help="(60)")
    parser.add_argument("--planted", action="store_true", help="find the bugs that were planted")
    parser.add_argument("--afl", type=Path, metavar="DIR", help="where the package afl++ is unpacked")
    given = parser.parse_args(arguments)
    afl = AFL(given.afl.resolve() if given.afl else None)
    ARTIFACTS.mkdir(exist_ok=True)
    (ARTIFACTS / "words.dict").write_text(seeds.dictionary())
    if given.planted:
        return planted(afl, given.seconds)
    if given.target is None:
        parser.error("name a target, or --planted")
    for name in ("Readers", "Protocol"):
        for target in binaries.targets(afl.build(name)):
            if target["name"] == given.target:
                report(given.target, afl.run(target, given.seconds, seeds.starts(target)), "")
                crashes = afl.crashes(target)
                for crash in crashes:
                    place = ARTIFACTS / given.target / f"afl-{crash.name.replace(',', '-').replace(':', '')}"
                    place.parent.mkdir(exist_ok=True)
                    shutil.copy(crash, place)
                    print(f"CRASH: repeat: fuzz/run {given.target} --repeat {os.path.relpath(place, ROOT)}")
                print(f"{0 if crashes else 1} passed, {1 if crashes else 0} failed")
                return 1 if crashes else 0
    sys.exit(f"failed: no target {given.target}: fuzz/run --list")
