"""Builds the fuzzers as the images of OSS-Fuzz do, and judges them as their `check_build` does. Without Docker.

  tools/run oss-fuzz             builds, then checks each fuzzer
  tools/run oss-fuzz --out DIR   only checks what is there

The committed files are copied, and build.sh runs among them with SRC, OUT, SANITIZER and the rest set as there. Then
$OUT
is moved, as to the machines that fuzz, and each fuzzer must: have a name and a format that they take; hold calls of
AddressSanitizer and of no other; start, be instrumented, and do four runs; have seeds, of which none crashes; have a
dictionary and options that libFuzzer reads; fuzz for a second; and find all of its libraries beside it or in what every
Ubuntu has. What remains untried is the image itself: its Ubuntu and its toolchain.
"""

import argparse
import configparser
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from . import binaries
from .places import FUZZ, ROOT

WORK = FUZZ / ".build/oss-fuzz"
# Of the image base-runner, as of bad_build_check: runs, edges, calls of the sanitizer.
RUNS, EDGES_MIN, ASAN_CALLS_MIN, UBSAN_CALLS_MAX = 4, 100, 1_000, 200
ELSEWHERE = (
    "linux-vdso",
    "ld-linux",
    "libc.so",
    "libm.so",
    "libgcc_s",
    "libstdc++",
    "libdl",
    "libpthread",
    "librt",
    "libresolv",
    "libutil",
)
BARE = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "ASAN_OPTIONS": "detect_leaks=0", "SWIFT_BACKTRACE": "enable=no"}


def build() -> Path:
    source, out = WORK / "src/endkey", WORK / "out"
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    names = set(filter(None, files.split("\0")))
    for path in source.rglob("*"):  # of an earlier check
        if (
            path.is_file()
            and ".build" not in path.parts[len(source.parts) :]
            and str(path.relative_to(source)) not in names
        ):
            path.unlink()
    for name in names:
        given, place = ROOT / name, source / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if given.is_symlink():
            place.unlink(missing_ok=True)
            place.symlink_to(os.readlink(given))
        elif given.exists() and (not place.exists() or place.read_bytes() != given.read_bytes()):
            shutil.copy(given, place)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    flags = "-O1 -fno-omit-frame-pointer -gline-tables-only -fsanitize=address -fsanitize-address-use-after-scope"
    environment = {
        **os.environ,
        "SRC": str(WORK / "src"),
        "OUT": str(out),
        "WORK": str(WORK / "work"),
        "CC": "clang",
        "CXX": "clang++",
        "CFLAGS": flags,
        "CXXFLAGS": f"{flags} -stdlib=libc++",
        "LIB_FUZZING_ENGINE": "-fsanitize=fuzzer",
        "SANITIZER": "address",
        "FUZZING_ENGINE": "libfuzzer",
        "ARCHITECTURE": "x86_64",
        "FUZZING_LANGUAGE": "swift",
    }
    print("building with build.sh", flush=True)
    binaries.plan_anew(source / "fuzz/.build", "release")
    result = subprocess.run(
        ["bash", "-eu", source / "fuzz/oss-fuzz/build.sh"],
        cwd=source,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if result.returncode != 0:
        sys.exit(f"{result.stdout[-5000:]}\nfailed: build.sh")
    return out


def faults(fuzzer: Path, calls: dict[int, tuple[int, int]], scratch: Path) -> list[str]:
    """What their checks would say against a fuzzer."""
    found = []

    def require(holds: bool, what: str) -> None:
        if not holds:
            found.append(what)

    def run(*arguments: object) -> subprocess.CompletedProcess:
        return subprocess.run(
            [fuzzer, *map(str, arguments)], env=BARE, cwd=scratch, capture_output=True, text=True, errors="replace",
            timeout=120,
        )

    require(re.fullmatch(r"[a-zA-Z0-9_-]+", fuzzer.name) is not None, "its name is not taken")
    require(b"LLVMFuzzerTestOneInput" in fuzzer.read_bytes(), "it has no LLVMFuzzerTestOneInput")
    inode = fuzzer.stat().st_ino
    if inode not in calls:
        code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", fuzzer], capture_output=True, text=True).stdout
        calls[inode] = len(re.findall(r"callq?\s+[0-9a-f]+ <__asan", code)), len(re.findall("<__ubsan", code))
    asan, ubsan = calls[inode]
    require(asan >= ASAN_CALLS_MIN, f"{asan} calls of AddressSanitizer")
    require(ubsan <= UBSAN_CALLS_MAX, f"{ubsan} calls of another sanitizer")
    needed = subprocess.run(["ldd", fuzzer], env=BARE, capture_output=True, text=True).stdout
    for name, place in re.findall(r"^\s*(\S+) => (not found|\S+)", needed, re.M):
        beside = place.startswith(str(fuzzer.parent))
        require(beside or name.startswith(ELSEWHERE) and place != "not found", f"{name} is {place}")

    log = run("-seed=1337", f"-runs={RUNS}").stderr
    edges = re.search(r"INFO: Loaded \d+ modules?.*(?:counters|guards)\): (\d+)", log)
    require("Is the code instrumented" not in log, "it is not instrumented")
    require(edges is not None and int(edges[1]) >= EDGES_MIN, f"too few edges: {edges and edges[1]}")
    require(f"Done {RUNS} runs" in log, f"it does not start: {log[-500:]}")

    archive = fuzzer.with_name(f"{fuzzer.name}_seed_corpus.zip")
    words = fuzzer.with_name(f"{fuzzer.name}.dict")
    options = configparser.ConfigParser()
    options.read(fuzzer.with_name(f"{fuzzer.name}.options"))
    if not archive.exists() or not words.exists() or not options.has_section("libfuzzer"):
        return found + ["no seeds, dictionary or options"]
    corpus = scratch / fuzzer.name
    with zipfile.ZipFile(archive) as seeds:
        require(len(seeds.namelist()) > 1, "no seeds")
        seeds.extractall(corpus)
    given = [f"-{key}={value}" for key, value in options["libfuzzer"].items()]
    result = run("-runs=0", "-rss_limit_mb=2560", *given, corpus)
    require(result.returncode == 0, f"a seed crashes it: {result.stderr[-500:]}")
    result = run("-max_total_time=1", f"-dict={words}", "-rss_limit_mb=2560", *given, corpus)
    require(result.returncode == 0, f"it crashes: {result.stderr[-500:]}")
    require(re.search(r"Dictionary: [1-9]", result.stderr) is not None, "the dictionary is empty")
    shutil.rmtree(corpus)
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run oss-fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="a folder that build.sh filled")
    given = parser.parse_args(arguments)
    for tool in ("objdump", "ldd"):
        if shutil.which(tool) is None:
            sys.exit(f"failed: no `{tool}` on PATH (Debian: apt install binutils libc-bin)")
    out = given.out or build()
    passed = failed = 0
    with tempfile.TemporaryDirectory(dir=out.resolve().parent) as scratch:
        place = Path(scratch) / "not-out"
        out.rename(place)
        try:
            calls: dict[int, tuple[int, int]] = {}
            fuzzers = sorted(path for path in place.iterdir() if path.is_file() and os.access(path, os.X_OK))
            for fuzzer in fuzzers:
                found = faults(fuzzer, calls, Path(scratch))
                passed, failed = passed + (not found), failed + bool(found)
                print(f"{'ok    ' if not found else 'FAILED'} {fuzzer.name}", *found, sep="\n         ", flush=True)
        finally:
            place.rename(out)
    committed = {f"fuzz-{path.name}" for path in (FUZZ / "corpus").iterdir()}
    if missing := committed - {fuzzer.name for fuzzer in fuzzers}:
        print(f"FAILED: no fuzzer for {sorted(missing)}")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
