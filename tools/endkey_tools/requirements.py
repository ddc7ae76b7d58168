"""Renews tools/requirements.txt from the pyproject.toml files: the newest of each package, with hashes.

Needs the network. --check only says whether each package that the files name is in tools/requirements.txt.
"""

import argparse
import re
import subprocess
import tomllib
import venv

from .repository import ROOT

PROJECTS = ["tools/pyproject.toml", "clients/python/pyproject.toml"]
PINNED = ROOT / "tools/requirements.txt"
# What resolves and hashes. It is in an environment of its own, so that nothing of it is pinned for the tools.
RESOLVER = "pip-tools==7.6.2"
HEAD = """\
# Every Python package of this repository, with hashes: those of tools/pyproject.toml and clients/python/pyproject.toml
# and what they need. Made by `tools/run requirements`; not edited by hand.
"""


def plain(name: str) -> str:
    """The name of a package as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def named() -> set[str]:
    """The packages that the projects name."""
    found = set()
    for path in PROJECTS:
        project = tomllib.loads((ROOT / path).read_text(encoding="utf-8"))["project"]
        for line in [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]:
            found.add(plain(re.split(r"[=<>!~\[; ]", line)[0]))
    return found


def pinned() -> set[str]:
    return {plain(name) for name in re.findall(r"^([\w.-]+)==", PINNED.read_text(encoding="utf-8"), re.M)}


def renew() -> None:
    environment = ROOT / ".build/pip-tools"
    venv.create(environment, clear=True, with_pip=True)
    subprocess.run([environment / "bin/pip", "install", "--quiet", RESOLVER], check=True)
    options = ["--generate-hashes", "--strip-extras", "--all-extras", "--no-header", "--upgrade", "--quiet",
               "--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"]
    made = ROOT / ".build/requirements.txt"
    subprocess.run([environment / "bin/pip-compile", *options, "--output-file", made, *PROJECTS], cwd=ROOT, check=True)
    PINNED.write_text(HEAD + made.read_text(encoding="utf-8"), encoding="utf-8")
    made.unlink()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/run requirements", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    if not parser.parse_args(arguments).check:
        renew()
    missing = named() - pinned()
    for name in sorted(missing):
        print(f"tools/requirements.txt has no {name}: tools/run requirements")
    return 1 if missing else 0
