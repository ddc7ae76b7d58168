"""The packages of a release, of what was built and of the source."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .. import drop_in
from ..man import pages
from ..processes import Failed, run
from .archives import Entries, below, tar_gz, wheel
from .programs import Built
from .source import Source

SHORT = "Validates clients of Endkey, and is both ends of it on a command line"
LONG = ("\nEndkey is an open protocol for end-to-end encrypted activity tracking. endkey puts the questions of its\n"
        "suite to a client in any language, verifies and generates the vectors, and is a\n"
        "client itself.")
# What a fully linked program runs on: any Linux, whatever its C library.
ANY_LINUX = "manylinux_2_17_{0}.musllinux_1_1_{0}"
SHELLS = {"bash": "bash-completion/completions/endkey", "zsh": "zsh/site-functions/_endkey",
          "fish": "fish/vendor_completions.d/endkey.fish"}


def write(source: Source, built: Built, out: Path) -> None:
    """All of them."""
    portable(source, built, out)
    debian(source, built, out)
    suite(source, out)
    wheels(source, built, out)
    npm(source, out)
    library(source, built, out)


def vectors(source: Source, prefix: str) -> Entries:
    """What of the vectors a runner or a test reads."""
    found = below(source.folder / "vectors", prefix, only=(".json", ".md", ".txt"))
    record = {f"{prefix}attest/record.json": (source.folder / "vectors/attest/record.json").read_bytes()}
    return {name: content for name, content in found.items() if not name.startswith(f"{prefix}attest/")} | record


def shared(source: Source, program: Path, share: str) -> Entries:
    """What belongs beside a program: manual pages, completion scripts, vectors, the licence."""
    found = vectors(source, f"{share}endkey/vectors/")
    for name, text in pages(program).items():
        found[f"{share}man/man1/{name}"] = text.encode()
    for shell, path in SHELLS.items():
        script = subprocess.run([program, "--generate-completion-script", shell], capture_output=True, check=True)
        found[share + path] = script.stdout
    return found


def licence(source: Source) -> bytes:
    return (source.folder / "LICENSE").read_bytes()


def portable(source: Source, built: Built, out: Path) -> None:
    """An archive to unpack anywhere: the program finds its vectors beside it."""
    top = f"endkey-{source.version}-linux-{source.machine}/"
    entries = shared(source, built.portable, f"{top}share/") | {
        f"{top}bin/endkey": built.portable.read_bytes(), f"{top}LICENSE": licence(source)}
    tar_gz(out / f"{top[:-1]}.tar.gz", entries, source.time)


def dependencies(source: Source, program: Path) -> str:
    """The Debian packages, from which version, that a program needs to start."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "debian").mkdir()
        stub = f"Source: endkey\n\nPackage: endkey\nArchitecture: {source.debian_machine}\n"
        (folder / "debian/control").write_text(stub, encoding="utf-8")
        # A program of a checkout is linked with the toolchain's own libraries, which are of no package.
        done = subprocess.run(
            ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "-e", str(program)], cwd=folder, capture_output=True,
            encoding="utf-8", check=False)
    found = re.search(r"^shlibs:Depends=(.*)$", done.stdout, re.M)
    if done.returncode or found is None:
        raise Failed(f"dpkg-shlibdeps: {done.stderr}")
    return found[1]


def debian(source: Source, built: Built, out: Path) -> None:
    """A .deb."""
    entries = shared(source, built.debian, "usr/share/") | {
        "usr/bin/endkey": built.debian.read_bytes(), "usr/share/doc/endkey/copyright": licence(source)}
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        for name, content in entries.items():
            assert isinstance(content, bytes)
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o755 if name.startswith("usr/bin/") else 0o644)
        size = sum(len(content) for content in entries.values()) // 1024
        control = root / "DEBIAN/control"
        control.parent.mkdir()
        fields = {
            "Package": "endkey", "Version": source.version, "Architecture": source.debian_machine, "Section": "utils",
            "Priority": "optional", "Maintainer": "Endkey <endkey@localhost>", "Installed-Size": size,
            "Depends": dependencies(source, built.debian), "Description": SHORT + LONG.replace("\n", "\n "),
        }
        control.write_text("".join(f"{name}: {value}\n" for name, value in fields.items()), encoding="utf-8")
        for path in [*root.rglob("*"), root]:
            if path.is_dir():
                path.chmod(0o755)
            os.utime(path, (source.time, source.time))
        package = out / f"endkey_{source.version}_{source.debian_machine}.deb"
        run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, package,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(source.time)})


def suite(source: Source, out: Path) -> None:
    """What others test with, without a program: vectors, schemas, the fuzzers' corpus, document and tables."""
    top = f"endkey-suite-{source.suite}/"
    entries = below(source.folder / "vectors", f"{top}vectors/") | below(source.folder / "fuzz/corpus", f"{top}corpus/")
    for name in ("endkey.md", "http.md", "openapi.yaml", "operations.json", "registry.json"):
        entries[f"{top}spec/{name}"] = (source.folder / "spec" / name).read_bytes()
    tar_gz(out / f"{top[:-1]}.tar.gz", entries | {f"{top}LICENSE": licence(source)}, source.time)


def metadata(source: Source, name: str, version: str, summary: str, needs: tuple[str, ...] = ()) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", f"Summary: {summary}",
             "License: Apache-2.0", "Requires-Python: >=3.11", *(f"Requires-Dist: {need}" for need in needs)]
    return "\n".join(lines) + "\n"


def wheels(source: Source, built: Built, out: Path) -> None:
    """Three wheels: the runner as the program that it is, the vectors beside it, the client in Python."""
    name, data = "endkey_vectors", f"endkey_vectors-{source.suite}.data/data/share/endkey/vectors/"
    module = ('"""Where the Endkey vectors are."""\n\nimport sys\nfrom pathlib import Path\n\n'
              'PATH = Path(sys.prefix) / "share/endkey/vectors"\n')
    wheel(out, name, source.suite, "any", vectors(source, data) | {"endkey_vectors.py": module.encode()},
          metadata(source, "endkey-vectors", source.suite, "The test vectors of Endkey"), source.time)
    scripts = f"endkey-{source.version}.data/scripts/endkey"
    tag = ANY_LINUX.format(source.machine) if built.is_portable else f"linux_{source.machine}"
    wheel(out, "endkey", source.version, tag, {scripts: built.portable.read_bytes()},
          metadata(source, "endkey", source.version, SHORT, (f"endkey-vectors=={source.suite}",)), source.time)
    wheel(out, "endkey_client", source.version, "any",
          below(source.folder / "clients/python/endkey_client", "endkey_client/", only=(".py", ".typed")),
          metadata(source, "endkey-client", source.version, "A client of Endkey, for both ends",
                   ("pycryptodome", "PyNaCl")), source.time)


def npm(source: Source, out: Path) -> None:
    """The npm package: the drop-in for a page with its types, and the client's modules."""
    web = source.folder / "clients/web"
    with tempfile.TemporaryDirectory() as scratch:
        drop_in.write(Path(scratch) / "endkey.mjs")
        entries = below(Path(scratch), "package/")
    package = {
        "name": "endkey", "version": source.version, "license": "Apache-2.0", "type": "module",
        "description": "Endkey in a page and in Node.js, on the Web Crypto API alone",
        "engines": {"node": ">=18.4"}, "bin": {"endkey-respond": "./client/bin/respond.mjs"},
        "exports": {".": {"types": "./endkey.d.mts", "default": "./endkey.mjs"}, "./client/*": "./client/*"},
    }
    for folder in ("conformance", "endkey", "http"):
        entries |= below(web / folder, f"package/client/{folder}/", only=(".mjs", ".mts"))
    for name in ("node-crypto.mjs",):
        entries[f"package/client/{name}"] = (web / name).read_bytes()
    # A program stands in a `bin`, and its imports one folder above it.
    respond = (web / "respond.mjs").read_text(encoding="utf-8")
    entries["package/client/bin/respond.mjs"] = re.sub(r'(import [^"]*)"\./', r'\1"../', respond).encode()
    entries["package/package.json"] = (json.dumps(package, indent=2) + "\n").encode()
    entries["package/README.md"] = (web / "README.md").read_bytes()
    entries["package/LICENSE"] = licence(source)
    tar_gz(out / f"endkey-{source.version}.tgz", entries, source.time)


def library(source: Source, built: Built, out: Path) -> None:
    """The C library with its headers; its pkg-config file finds them wherever it is unpacked."""
    top = f"libendkey-{source.version}-linux-{source.machine}/"
    entries = below(built.library, top)
    file = f"{top}lib/pkgconfig/endkey.pc"
    text = entries[file]
    assert isinstance(text, bytes)
    entries[file] = re.sub(rb"^prefix=.*$", b"prefix=${pcfiledir}/../..", text, flags=re.M)
    entries[f"{top}LICENSE"] = licence(source)
    tar_gz(out / f"{top[:-1]}.tar.gz", entries, source.time)
    shutil.rmtree(built.library)
