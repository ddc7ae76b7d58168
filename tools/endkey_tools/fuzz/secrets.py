"""Shows that no branch and no address in our code depends on a secret: valgrind's memcheck follows them bit by bit.

  tools/run secrets            builds, runs every operation of Sources/EndkeySecrets, compares the places
  tools/run secrets --show     also where each report comes from

Keys, passwords, typed secrets and values are marked as undefined memory; memcheck reports each conditional jump and
each address that comes of them. A report belongs to the line of ours that it is in, or that called it. Where what
decides is public, the line says so, by a comment on it or directly above it:

    // declassified(KIND): what is public there, and why
    // declassified(KIND, maybe): the same; the compiler may choose without a jump

PUBLIC has the kinds that each operation may declassify. Nothing else may be reported. Each of its kinds must be, and
each marker too, unless it says `maybe`: one too many would let a leak through.

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
from dataclasses import dataclass
from pathlib import Path

from . import binaries
from .places import ARTIFACTS, FUZZ, ROOT

BUILD = FUZZ / ".build/secrets"
PRODUCT = "endkey-secrets"
THEIRS = ("libcrypto.so", "libsodium.so")

MARKER = re.compile(r"// declassified\(([a-z-]+)(, maybe)?\): (\S.*)$")

TOKEN_OPEN = {"verdict", "ascii", "padding"}
TEXT = {"alphabet", "checksum", "last-bits"}
# What an enrolment code ends with is no secret.
CODE = {"alphabet", "checksum"}
# For each operation the kinds of marker that its reports may stand at. Each kind must be reported.
PUBLIC: dict[str, set[str]] = {
    "key-wrap": set(),
    "key-unwrap": {"verdict"},
    "compare": set(),
    "oaep-wrap": set(),
    "derive": set(),
    "stretch": set(),
    "code-encode": set(),
    "account-secret-encode": set(),
    "recovery-encode": set(),
    "code-decode": CODE,
    "account-secret-decode": TEXT,
    "recovery-decode": TEXT,
    "code-decode-upper": CODE,
    "password-ascii": {"ascii", "nul"},
    "siv-seal": set(),
    "siv-open": {"verdict"},
    "token-refuse-many": {"verdict"},
    "padding": set(),
    "padding-end": {"ascii", "length"},
    # What is not ASCII is then checked by the standard library, character by character.
    "token-seal": {"ascii", "counter"},
    "token-seal-many": {"ascii", "counter"},
    "token-open": TOKEN_OPEN,
    "token-open-many": TOKEN_OPEN,
}
# Not constant-time, as the specification says: any line of theirs may be reported, and some must.
DEPENDENT = {
    "password-other": "characters, which rows of Unicode's tables are read, and the count of the normal form",
}


@dataclass(frozen=True)
class Marker:
    """A comment in the source that says what is public at a line."""

    kind: str
    is_optional: bool
    reason: str


@dataclass(frozen=True, order=True)
class Place:
    """A line of ours; or a function that the compiler made, of no line."""

    file: str
    line: int = 0


class Sources:
    """Our Swift files, and the markers in them."""

    def __init__(self, folder: Path):
        self.lines = {
            str(path.relative_to(folder)): path.read_text(encoding="utf-8").splitlines()
            for path in sorted(folder.rglob("*.swift"))
        }
        self.markers: dict[Place, Marker] = {}
        for file, lines in self.lines.items():
            for number, text in enumerate(lines, 1):
                if match := MARKER.search(text):
                    self.markers[Place(file, number)] = Marker(match[1], match[2] is not None, match[3])
                elif "declassified(" in text:
                    sys.exit(f"failed: {file}:{number}: not a marker as tools/run secrets reads them: {text.strip()}")

    def text(self, place: Place) -> str:
        return self.lines[place.file][place.line - 1].strip() if place.line else ""

    def marker(self, place: Place) -> Place | None:
        """Where the marker of a line is: on it, or in the comment directly above it."""
        if place.line == 0:
            return None
        lines, number = self.lines[place.file], place.line
        while True:
            if (found := Place(place.file, number)) in self.markers:
                return found
            number -= 1
            if number < 1 or not lines[number - 1].strip().startswith("//"):
                return None


def build() -> Path:
    print(f"building {PRODUCT}, release, without sanitizers", flush=True)
    # With the lines of our code, which the compiler's work does not depend on.
    binaries.swift_build(BUILD, "release", "-c", "release", "--product", PRODUCT, "-Xswiftc", "-gline-tables-only")
    return BUILD / "release" / PRODUCT


class Operation:
    """Where memcheck reports that a secret decides: lines of ours, and libraries."""

    def __init__(self) -> None:
        self.ours: collections.Counter[Place] = collections.Counter()
        self.theirs: collections.Counter[str] = collections.Counter()


def reports(binary: Path, sources: Sources) -> dict[str, Operation]:
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
    found: dict[str, Operation] = {}
    for log in sorted(logs.iterdir()):
        lines = [re.sub(r"^(==|\*\*|--)\d+(==|\*\*|--) ?", "", line) for line in log.read_text().splitlines()]
        if named := [line[4:] for line in lines if line.startswith("=== ")]:
            if len(named) != 2 or named[1] != "end":
                sys.exit(f"failed: the log of memcheck is not whole: {log}")
            found[named[0]] = read("\n".join(lines), sources)
    return found


def read(log: str, sources: Sources) -> Operation:
    operation = Operation()
    for report in re.findall(r"^(?:Conditional jump|Use of uninit|Syscall param).*\n((?:   .*\n)+)", log, re.M):
        for place in re.findall(r"\((?:in )?([^()]*)\)$", report, re.M):
            if (name := Path(place).name).startswith(THEIRS):
                operation.theirs[name] += 1
                break
            if (file := re.match(r"(.*\.swift):(\d+)$", place.split("/Sources/")[-1])) and file[1] in sources.lines:
                operation.ours[Place(file[1], int(file[2]))] += 1  # line 0 in what the compiler adds to a function
                break
        else:  # in code of ours that the compiler made
            operation.ours[Place(re.findall(r": (\S+) \(", report)[0])] += 1
    return operation


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run secrets", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="name the places")
    given = parser.parse_args(arguments)
    if shutil.which("valgrind") is None:
        sys.exit("failed: no `valgrind` on PATH (Debian: apt install valgrind)")
    sources = Sources(ROOT / "Sources")
    found = reports(build(), sources)
    planted = [name for name in found if name.startswith("leak-")]
    known = PUBLIC.keys() | DEPENDENT.keys()
    if set(found) - set(planted) != known or not planted:
        sys.exit(f"failed: {sorted((set(found) - set(planted)) ^ known)}: not listed, or did not run")
    passed = failed = 0
    used: set[Place] = set()
    for name in [*PUBLIC, *DEPENDENT, *planted]:
        operation = found[name]
        faults, why = judge(name, operation, sources, used)
        passed, failed = passed + (not faults), failed + bool(faults)
        theirs = "".join(f" ({count} in {library})" for library, count in sorted(operation.theirs.items()))
        print(f"{'FAILED' if faults else 'ok    '} {name:<22}{why or 'nothing'}{theirs}")
        for fault in faults:
            print(f"         {fault}")
        if given.show:
            for place, count in sorted(operation.ours.items()):
                print(f"         {count} x {place.file}:{place.line} {sources.text(place)}")
    idle = [place for place, marker in sources.markers.items() if place not in used and not marker.is_optional]
    for place in idle:
        print(f"FAILED {place.file}:{place.line}: nothing is reported there: {sources.text(place)}")
    passed, failed = passed + len(sources.markers) - len(idle), failed + len(idle)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def judge(name: str, operation: Operation, sources: Sources, used: set[Place]) -> tuple[list[str], str]:
    """What is wrong with the reports of an operation, and what is public in it; adds the markers it used to `used`."""
    if name in DEPENDENT or name not in PUBLIC:
        return ([] if operation.ours else ["nothing is reported"]), DEPENDENT.get(name, "planted, and reported")
    faults, markers = [], set()
    for place in sorted(operation.ours):
        where = sources.marker(place)
        if where is None or sources.markers[where].kind not in PUBLIC[name]:
            what = "not declassified" if where is None else f"declassified({sources.markers[where].kind}) is not of it"
            faults.append(f"{place.file}:{place.line} {sources.text(place)}  <- {what}")
        else:
            markers.add(where)
    used |= markers
    required = PUBLIC[name] & {marker.kind for marker in sources.markers.values() if not marker.is_optional}
    for kind in sorted(required - {sources.markers[where].kind for where in markers}):
        faults.append(f"nothing is reported that is declassified({kind})")
    return faults, "; ".join(sorted({sources.markers[where].reason for where in markers}))
