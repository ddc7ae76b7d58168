"""Builds the fuzzers' binaries, and asks them what they can do."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from .places import FUZZ

BINARIES = ("fuzz-readers", "fuzz-protocol")
PLANTED = "fuzz-planted"

# SwiftPM's own `--sanitize fuzzer --sanitize address` drops one of the two without a word: the compiler is told by
# hand, and `check` makes sure. The linker gold fails on the result; lld comes with Swift.
FLAGS = ["--sanitize", "fuzzer", "-Xswiftc", "-sanitize=fuzzer,address", "-Xswiftc", "-use-ld=lld"]

# How it is optimised. `quick` is built in a third of the time and runs at a fraction of the speed, which is enough for
# a
# few seconds of each target and for coverage of lines: it counts those, too.
KINDS = {
    "release": ["-c", "release"],
    "quick": ["-c", "debug", "-Xswiftc", "-profile-generate", "-Xswiftc", "-profile-coverage-mapping"],
}

ENVIRONMENT = {
    **os.environ,
    # With Swift's own handler a crash hangs.
    "SWIFT_BACKTRACE": "enable=no",
    # Small: Swift frees exactly, and a large quarantine costs a fifth of the speed.
    "ASAN_OPTIONS": "quarantine_size_mb=8:malloc_context_size=4:detect_leaks=0",
    # A quick build would leave its counts in the folder at hand.
    "LLVM_PROFILE_FILE": "/dev/null",
}


def swift_build(scratch: Path, configuration: str, *options: object) -> None:
    """Builds what `options` name of this package into `scratch`, or ends with what the compiler said."""
    plan_anew(scratch, configuration)
    given = [str(option) for option in options]
    command = ["swift", "build", "--package-path", str(FUZZ), "--scratch-path", str(scratch), "-j", "2", *given]
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode != 0:
        sys.exit(f"{result.stdout}\nfailed: {' '.join(map(str, command))}")


def plan_anew(scratch: Path, configuration: str) -> None:
    """Has SwiftPM plan the next build anew. It does so by itself only when this package changes, and not when the one
    that
    it is nested in gets a module."""
    (scratch / f"{configuration}.yaml").unlink(missing_ok=True)


def build(products: tuple[str, ...], kind: str = "release") -> dict[str, Path]:
    """The paths of the built products, which are instrumented for coverage and addresses."""
    paths = {}
    for product in products:
        print(f"building {product} ({kind}) with coverage and AddressSanitizer", flush=True)
        swift_build(FUZZ / ".build", KINDS[kind][1], "--product", product, *KINDS[kind], *FLAGS)
        paths[product] = FUZZ / ".build" / KINDS[kind][1] / product
        check(paths[product])
    return paths


def check(binary: Path) -> None:
    """Fails unless libFuzzer sees the coverage of the code under test, and AddressSanitizer is there."""
    name = targets(binary)[0]["name"]
    environment = {**ENVIRONMENT, "ENDKEY_FUZZ_TARGET": name, "ASAN_OPTIONS": "verbosity=1:detect_leaks=0"}
    log = subprocess.run([binary, "-runs=1"], env=environment, text=True, capture_output=True).stderr
    loaded = re.search(r"INFO: Loaded (\d+) modules\s+\((\d+) inline 8-bit counters\)", log)
    if not loaded or int(loaded[1]) < 1 or int(loaded[2]) < 1_000:
        sys.exit(f"failed: {binary.name} is not instrumented for coverage:\n{log}")
    if "AddressSanitizer Init done" not in log:
        sys.exit(f"failed: {binary.name} has no AddressSanitizer:\n{log}")
    print(f"{binary.name}: INFO: Loaded {loaded[1]} modules ({loaded[2]} counters), AddressSanitizer on", flush=True)


def targets(binary: Path) -> list[dict]:
    """Name, description, longest input and seeds of each target in the binary."""
    environment = {**ENVIRONMENT, "ENDKEY_FUZZ_TARGET": "list"}
    output = subprocess.run([binary], env=environment, text=True, capture_output=True, check=True).stdout
    # AFL++'s driver prints lines of its own.
    return [{**json.loads(line), "binary": binary} for line in output.splitlines() if line.startswith("{")]
