"""The source of a release: a copy of the checkout's commit, and what it says of itself."""

import hashlib
import os
import re
import subprocess
from pathlib import Path

from ..processes import Failed, run
from ..repository import ROOT

# Where the program says what it was built from.
STAMP = "Sources/EndkeyCommand/System/Release.swift"
# What Debian calls the machines that a release is made on and for.
DEBIAN_NAMES = {"x86_64": "amd64", "aarch64": "arm64"}
SUITE = "Sources/EndkeySuite/SuiteVersion.swift"


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise Failed(f"git {' '.join(arguments)}: {done.stderr}")
    return done.stdout.strip()


def constant(text: str, name: str) -> str:
    """A text that a Swift file declares."""
    found = re.search(rf'static let {name} = "([^"]+)"', text)
    if found is None:
        raise Failed(f"there is no {name}")
    return found[1]


def listing_hash(folder: Path) -> str:
    """What `LC_ALL=C; sha256sum *.json | sha256sum` says in a folder."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.name.encode())
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


class Source:
    """A copy of the commit in `folder`, in which the program is stamped. Throws Failed for an unclean checkout."""

    def __init__(self, folder: Path) -> None:
        if changed := git("status", "--porcelain", "--untracked-files=no"):
            raise Failed(f"a release is of a commit, and these files differ from theirs:\n{changed}")
        self.folder = folder
        self.commit = git("rev-parse", "HEAD")
        self.machine = os.uname().machine
        if self.machine not in DEBIAN_NAMES:
            raise Failed(f"a release is made on {' or '.join(DEBIAN_NAMES)}, not on {self.machine}")
        self.time = int(git("log", "-1", "--format=%ct"))
        folder.mkdir()
        archive = folder / "source.tar"
        git("archive", "--output", str(archive), "HEAD")
        run("tar", "--extract", "--file", archive, "--directory", folder)
        archive.unlink()
        pins = ROOT / "Package.resolved"  # which no commit has: what was resolved here is what is built
        self.pins = pins.read_text(encoding="utf-8") if pins.is_file() else None
        if self.pins is not None:
            (folder / pins.name).write_text(self.pins, encoding="utf-8")
        stamp = folder / STAMP
        text = stamp.read_text(encoding="utf-8")
        self.version = constant(text, "version")
        self.suite = constant((folder / SUITE).read_text(encoding="utf-8"), "suite")
        self.vectors = listing_hash(folder / "vectors")
        for name, value in (("commit", self.commit), ("vectors", self.vectors)):
            line = f"static let {name}: String? = nil"
            if line not in text:
                raise Failed(f"{STAMP} has no line `{line}`")
            text = text.replace(line, f'static let {name}: String? = "{value}"')
        stamp.write_text(text, encoding="utf-8")

    @property
    def debian_machine(self) -> str:
        return DEBIAN_NAMES[self.machine]
