"""The programs and the library of a release, built in a copy of the source.

Two programs: one with all that it needs in it but HTTP, for any Linux; one for Debian, with the C library, OpenSSL,
libsodium and libcurl of the system, which its owner keeps up to date. Swift's runtime is in both.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ..c_interface import install as lay_library
from ..processes import run
from ..repository import PYTHON, ROOT
from .source import Source


@dataclass(frozen=True)
class Built:
    """What was built, without symbols: the programs, and the folder of the C library where there is one."""
    portable: Path
    debian: Path
    library: Path
    is_portable: bool


def stripped(program: Path, out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    run("strip", "--strip-all", "-o", out, program)
    return out


def swift_build(source: Source, folder: str, *options: str, **environment: str) -> Path:
    """Builds the command in a folder of the copy; gives the program."""
    scratch = source.folder / folder
    cache = ROOT / ".build/repositories"  # so that nothing is fetched again
    if cache.is_dir():
        shutil.copytree(cache, scratch / "repositories", symlinks=True)
    run("swift", "build", "--configuration", "release", "--product", "endkey", "--scratch-path", scratch, *options,
        cwd=source.folder, env={**os.environ, **environment, "SOURCE_DATE_EPOCH": str(source.time)})
    return scratch / "release/endkey"


def build(source: Source) -> Built:
    """Builds everything anew."""
    made = source.folder / "made"
    portable = swift_build(
        source, ".build-portable", "-debug-info-format", "none", "-Xswiftc", "-static-executable",
        ENDKEY_PORTABLE="1")
    debian = swift_build(source, ".build", "--static-swift-stdlib")
    library = made / "library"
    # The copy's own tool, which builds in the copy.
    run(PYTHON, "-m", "endkey_tools", "c-interface", "--install", library, cwd=source.folder,
        env={**os.environ, "PYTHONPATH": str(source.folder / "tools"), "PYTHONUTF8": "1"})
    return Built(stripped(portable, made / "portable/endkey"), stripped(debian, made / "debian/endkey"),
                 bare(library), is_portable=True)


def given(source: Source, program: Path) -> Built:
    """Takes a program that was built for both, and builds the library as the checkout's other checks do."""
    made = source.folder / "made"
    library = made / "library"
    lay_library(library, "debug")
    one = stripped(program.resolve(), made / "endkey")
    return Built(one, one, bare(library), is_portable=False)


def bare(library: Path) -> Path:
    """Takes what debuggers read out of the libraries."""
    for file in sorted((library / "lib").iterdir()):
        if file.is_file() and not file.is_symlink():
            run("strip", "--strip-debug", "--enable-deterministic-archives", file)
    return library
