"""Shows that no branch and no address in our code depends on a secret: valgrind's memcheck follows them bit by bit.

  tools/run secrets            builds, runs every operation of Sources/EndkeySecrets, compares the places
  tools/run secrets --show     also where each report comes from

Keys, passwords, typed secrets and values are marked as undefined memory; memcheck reports each conditional jump and
each address that comes of them. A report belongs to the line of ours that it is in, or that called it. What PUBLIC
lists for an operation is public, and says why: a verdict, the length of a value. Nothing else may be reported, and what
is listed must be, but for OPTIONAL: a list that is longer than the truth would let a leak through.

Leaks are planted, the easy way to do each thing: all must be reported. Reports within OpenSSL and libsodium are shown,
and are theirs to answer for; ours fail the run, as do those in the standard library and in libc that ours lead to.
"""

import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import binaries
from .places import ARTIFACTS, FUZZ, ROOT

BUILD = FUZZ / ".build/secrets"
PRODUCT = "endkey-secrets"
THEIRS = ("libcrypto.so", "libsodium.so")

VERDICT_V = {r"ConstantTime\.equal|isVerified|engine\.open\(token\)": "the verdict: whether V is right"}
# What is not ASCII is then checked by the standard library, character by character.
ASCII = {r"isASCII|isUTF8|isText|[hH]ighByte|beyondASCII|high == 0|try seal\(values": "whether a value is ASCII"}
# Reported or not, as the compiler has it: it may choose without a jump.
COUNTER = {r"next != end|low & 0xff": "V, which is public: where its counter blocks end"}
PADDING = {r"== 0x80": "the verdict on the padding"}
OPTIONAL = {**COUNTER, **PADDING}
TEXT = {
    r"union < 32": "the verdict on the alphabet",
    r"checksum\.value ==": "the verdict on the checksum",
    r"bits\(at: 264": "the verdict on the last bit",
}
# For each operation the lines of ours that may be reported, as patterns, and why: what is public there. Each must be.
PUBLIC: dict[str, dict[str, str]] = {
    "key-wrap": {},
    "key-unwrap": {r"check == checkValue": "the verdict: whether the check value is right"},
    "compare": {},
    "oaep-wrap": {},
    "derive": {},
    "stretch": {},
    "code-encode": {},
    "account-secret-encode": {},
    "code-decode": TEXT,
    "account-secret-decode": TEXT,
    "code-decode-upper": TEXT,
    "password-ascii": {r"if isASCII": "whether all is ASCII", r"hasNUL": "whether U+0000 is in it"},
    # Not constant-time: which rows of Unicode's tables are read depends on the characters. The specification says so.
    "password-other": {r"": "characters, and the count of the normal form"},
    "siv-seal": {},
    "siv-open": VERDICT_V,
    "token-refuse-many": VERDICT_V,
    "padding": {},
    "padding-end": {
        r"^(Bytes|TokenPadding|TokenValue)\.swift|valueCount": "the length of a verified value, and the verdict on it"
    },
    "token-seal": {**ASCII, **COUNTER},
    "token-seal-many": {**ASCII, **COUNTER},
    "token-open-plain": {**VERDICT_V, **ASCII, **PADDING},
    "token-open": {**VERDICT_V, **ASCII, **PADDING},
    "token-open-many": {**VERDICT_V, **ASCII, **PADDING},
}


def build() -> Path:
    print(f"building {PRODUCT}, release, without sanitizers", flush=True)
    # With the lines of our code, which the compiler's work does not depend on.
    binaries.swift_build(BUILD, "release", "-c", "release", "--product", PRODUCT, "-Xswiftc", "-gline-tables-only")
    return BUILD / "release" / PRODUCT


class Operation:
    """Where memcheck reports that a secret decides: lines of ours, and libraries."""

    def __init__(self) -> None:
        self.ours: collections.Counter = collections.Counter()
        self.theirs: collections.Counter = collections.Counter()


def reports(binary: Path) -> dict[str, Operation]:
    logs = ARTIFACTS / "memcheck"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    result = subprocess.run(
        [
            "valgrind",
            "--tool=memcheck",
            "--leak-check=no",
            "--num-callers=30",
            "--error-limit=no",
            "--fullpath-after=Sources/",
            f"--log-file={logs}/%p.log",
            binary,
        ],
        env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
        text=True,
        capture_output=True,
        timeout=900,
    )
    if result.returncode != 0:
        sys.exit(f"failed: {PRODUCT} ended with {result.returncode}:\n{result.stderr[-2000:]}")
    sources = {
        str(path.relative_to(ROOT / "Sources")): path.read_text().splitlines()
        for path in (ROOT / "Sources").rglob("*.swift")
    }
    found: dict[str, Operation] = {}
    for log in sorted(logs.iterdir()):
        lines = [re.sub(r"^(==|\*\*|--)\d+(==|\*\*|--) ?", "", line) for line in log.read_text().splitlines()]
        if named := [line[4:] for line in lines if line.startswith("=== ")]:
            if len(named) != 2 or named[1] != "end":
                sys.exit(f"failed: the log of memcheck is not whole: {log}")
            found[named[0]] = read("\n".join(lines), sources)
    return found


def read(log: str, sources: dict[str, list[str]]) -> Operation:
    operation = Operation()
    for report in re.findall(r"^(?:Conditional jump|Use of uninit|Syscall param).*\n((?:   .*\n)+)", log, re.M):
        for place in re.findall(r"\((?:in )?([^()]*)\)$", report, re.M):
            if (name := Path(place).name).startswith(THEIRS):
                operation.theirs[name] += 1
                break
            if (file := re.match(r"(.*\.swift):(\d+)$", place.split("/Sources/")[-1])) and file[1] in sources:
                line = int(file[2])  # 0 in what the compiler adds to a function
                text = sources[file[1]][line - 1].strip() if line else ""
                operation.ours[f"{Path(file[1]).name}:{line} {text}"] += 1
                break
        else:  # in code of ours that the compiler made
            operation.ours[re.findall(r": (\S+) \(", report)[0]] += 1
    return operation


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run secrets", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="name the places")
    given = parser.parse_args(arguments)
    if shutil.which("valgrind") is None:
        sys.exit("failed: no `valgrind` on PATH (Debian: apt install valgrind)")
    found = reports(build())
    planted = [name for name in found if name.startswith("leak-")]
    if set(found) - set(planted) != set(PUBLIC) or not planted:
        sys.exit(f"failed: {sorted(set(found) ^ set(PUBLIC))}: not listed, or did not run")
    passed = failed = 0
    for name in [*PUBLIC, *planted]:
        operation = found[name]
        public = PUBLIC.get(name, {})
        listed = {place: [pattern for pattern in public if re.search(pattern, place)] for place in operation.ours}
        if name in planted:
            holds, why = bool(listed), ["planted, and reported"]
        else:
            used = {pattern for patterns in listed.values() for pattern in patterns}
            holds = all(listed.values()) and used >= set(public) - set(OPTIONAL)
            why = list(public.values())
        passed, failed = passed + holds, failed + (not holds)
        theirs = "".join(f" ({count} in {library})" for library, count in sorted(operation.theirs.items()))
        print(f"{'ok    ' if holds else 'FAILED'} {name:<22}{'; '.join(why) or 'nothing'}{theirs}")
        if given.show or not holds:
            for place, count in sorted(operation.ours.items()):
                print(f"         {count} x {place}{'' if listed[place] or name in planted else '  <- not listed'}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
