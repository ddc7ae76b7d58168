"""Each package of a release, installed into an empty place, does its main job there."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from ..c_interface import test as use_library
from ..processes import Failed, run
from ..repository import PYTHON, ROOT
from .source import Source

BEGINNINGS = ROOT / "clients/beginnings"
# What little of this machine a program finds: no Swift, nothing of this checkout.
BARE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


def expect(condition: bool, what: str) -> None:
    if not condition:
        raise Failed(what)


def one(out: Path, pattern: str) -> Path:
    """The one package with such a name."""
    found = sorted(out.glob(pattern))
    expect(len(found) == 1, f"{len(found)} packages {pattern} in {out}")
    return found[0]


def judge(program: Path, *client: object, ops: str = "hash,derive,hmac", **environment: str) -> None:
    """The runner, installed, judges a client by the vectors that were installed with it."""
    with tempfile.TemporaryDirectory() as empty:
        told = run(program, "conform", "--ops", ops, "--", *client, cwd=Path(empty), env={**BARE, **environment})
    expect(" 0 failed" in told, f"{program} judged {client[0]}: {told}")


def version(program: Path, source: Source, is_portable: bool) -> None:
    told = run(program, "--version", env=BARE)
    wanted = f"{source.version}\ncommit {source.commit}\nvectors {source.suite} {source.vectors}\n"
    expect(told == wanted or not is_portable, f"--version says {told!r}, not {wanted!r}")


def unpack(package: Path, folder: Path) -> Path:
    """Unpacks an archive; gives its only folder."""
    run("tar", "--extract", "--gzip", "--file", package, "--directory", folder)
    (top,) = folder.iterdir()
    return top


def archive(source: Source, out: Path, is_portable: bool, place: Path) -> None:
    """The archive for any Linux judges the beginning in C++, and its program needs no library of the system."""
    top = unpack(one(out, "endkey-*-linux-*.tar.gz"), place)
    client = place / "beginning"
    run("g++", "-std=c++17", "-o", client, BEGINNINGS / "cpp/beginning.cpp", "-lcrypto")
    judge(top / "bin/endkey", client)
    package = one(out, "endkey-*-linux-*.tar.gz")
    run(ROOT / "integrations/judge.sh", cwd=place, env={
        **BARE, "ENDKEY_ARCHIVE": str(package), "ENDKEY_SHA256": hashlib.sha256(package.read_bytes()).hexdigest(),
        "ENDKEY_CLIENT": "./beginning", "ENDKEY_OPTIONS": "--ops hash"})
    expect((place / "endkey-report/badge.svg").is_file(), "judge.sh left no badge")
    version(top / "bin/endkey", source, is_portable)
    headers = run("readelf", "--program-headers", "--wide", top / "bin/endkey")
    expect("INTERP" not in headers or not is_portable, "the portable program asks for libraries")


def deb(source: Source, out: Path, is_portable: bool, place: Path) -> None:
    """The .deb is installed below a root of its own."""
    for folder in ("info", "updates", "triggers"):
        (place / "var/lib/dpkg" / folder).mkdir(parents=True)
    for file in ("status", "available"):
        (place / "var/lib/dpkg" / file).touch()
    # What it depends on is in the root of this machine.
    run("dpkg", f"--root={place}", "--force-depends", "--force-not-root", "--log=/dev/null", "--install",
        one(out, "endkey_*.deb"))
    for name in ("man/man1/endkey-conform.1", "bash-completion/completions/endkey", "doc/endkey/copyright"):
        expect((place / "usr/share" / name).is_file(), f"the .deb has no {name}")
    judge(place / "usr/bin/endkey", "python3", BEGINNINGS / "python/beginning.py")
    version(place / "usr/bin/endkey", source, is_portable)


def pip(source: Source, out: Path, is_portable: bool, place: Path) -> None:
    """A fresh environment has the runner by one command without a network, and it judges the client in Python."""
    run("/usr/bin/python3", "-m", "venv", place / "venv")
    install = (place / "venv/bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index",
               "--find-links", out)
    run(*install, "endkey")
    judge(place / "venv/bin/endkey", place / "venv/bin/python", BEGINNINGS / "python/beginning.py")
    where = run(place / "venv/bin/python", "-c", "import endkey_vectors; print(endkey_vectors.PATH)", env=BARE).strip()
    expect((Path(where) / "token-open.json").is_file(), f"there are no vectors in {where}")
    version(place / "venv/bin/endkey", source, is_portable)
    run(*install, "--no-deps", "endkey-client")
    libraries = run(PYTHON, "-c", "import Crypto, pathlib; print(pathlib.Path(Crypto.__file__).parents[1])").strip()
    judge(place / "venv/bin/endkey", place / "venv/bin/python", "-m", "endkey_client", ops="token/*",
          PYTHONPATH=libraries)


def npm(source: Source, out: Path, is_portable: bool, place: Path) -> None:
    """The npm package lends its drop-in, its types and its client to an empty project."""
    package = one(out, "endkey-*.tgz")
    (place / "package.json").write_text('{"name": "empty", "private": true, "type": "module"}\n', encoding="utf-8")
    if shutil.which("npm"):
        run("npm", "install", "--offline", "--no-audit", "--no-fund", "--no-update-notifier", package, cwd=place,
            env={**BARE, "HOME": str(place)})
    else:
        (place / "node_modules").mkdir()
        unpack(package, place / "node_modules").rename(place / "node_modules/endkey")
    (place / "use.mts").write_text(
        'import { unlock } from "endkey";\nconsole.log(typeof unlock);\n', encoding="utf-8")
    run("tsc", "--strict", "--target", "es2022", "--module", "node16", "--moduleResolution", "node16", "--lib",
        "es2022,dom,dom.iterable", "use.mts", cwd=place)
    expect(run("node", "use.mjs", cwd=place, env=BARE) == "function\n", "the drop-in does not unlock")
    (place / "runner").mkdir()
    runner = unpack(one(out, "endkey-*-linux-*.tar.gz"), place / "runner")
    judge(runner / "bin/endkey", "node", place / "node_modules/endkey/client/bin/respond.mjs", ops="token/*")


def suite(source: Source, out: Path, is_portable: bool, place: Path) -> None:
    """The archive of the suite is the suite."""
    top = unpack(one(out, "endkey-suite-*.tar.gz"), place)
    told = run("sh", "-c", "LC_ALL=C; sha256sum *.json | sha256sum", cwd=top / "vectors")
    expect(told.split()[0] == source.vectors, f"the archive's vectors are {told}")
    for name in ("corpus", "vectors/schema/vectors.schema.json", "spec/operations.json"):
        expect((top / name).exists(), f"the archive of the suite has no {name}")


def library(source: Source, out: Path, is_portable: bool, place: Path) -> None:
    """The C library, unpacked anywhere, is found by pkg-config and used."""
    use_library(unpack(one(out, "libendkey-*.tar.gz"), place))


def said(source: Source, out: Path, is_portable: bool, place: Path) -> None:
    """The sums are those of the files, and list and statement name each."""
    run("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS", cwd=out)


JOBS = (archive, deb, pip, npm, suite, library, said)


def test(source: Source, out: Path, is_portable: bool) -> int:
    """Does all of it; gives how many packages there were."""
    for job in JOBS:
        with tempfile.TemporaryDirectory() as scratch:
            place = Path(scratch) / "place"
            place.mkdir()
            job(source, out, is_portable, place)
        print(f"ok    {(job.__doc__ or job.__name__).splitlines()[0]}", flush=True)
    return len(JOBS)
