"""Runs the examples of vectors/README.md as they stand: each must accept the suite's files, and refuse every tampered
copy.

Prints how many passed; exits 1 when one fails. Needs g++, node and swiftc.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .repository import ROOT

VECTORS = ROOT / "vectors"

# language -> (name of the file, how it is compiled, how it is run)
LANGUAGES = {
    "python": ("example.py", None, [sys.executable, "example.py"]),
    "js": ("example.mjs", None, ["node", "example.mjs"]),
    "cpp": ("example.cpp", ["g++", "-std=c++17", "-o", "example", "example.cpp", "-lcrypto"], ["./example"]),
    "swift": ("main.swift", ["swiftc", "-o", "example", "main.swift"], ["./example"]),
}


def attempt(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def flipped(value):
    """A hex text with another first digit."""
    return ("0" if value[0] != "0" else "1") + value[1:]


def wrong_output(tests):
    """An accepted vector says another output."""
    out = next(test["expect"]["out"] for test in tests if test["expect"]["outcome"] == "ok")
    name = next(iter(out))
    out[name] = flipped(out[name])


def accepted_for_rejected(tests):
    """A vector that is rejected says that it is accepted."""
    test = next(test for test in tests if test["expect"]["outcome"] == "reject")
    twin = next(one for one in tests if one["id"] == test["twin"])
    test["expect"] = twin["expect"]


def rejected_for_accepted(tests):
    """A vector that is accepted says that it is rejected."""
    test = next(test for test in tests if test["expect"]["outcome"] == "reject")
    test["in"] = next(one for one in tests if one["id"] == test["twin"])["in"]


def check(language, text, scratch):
    """What is wrong with one example; nothing if it is right."""
    folder = scratch / language
    folder.mkdir()
    name, build, run = LANGUAGES[language]
    (folder / name).write_text(text)
    if build and (made := attempt(build, folder)).returncode != 0:
        return f"does not compile:\n{made.stderr}"
    (used,) = re.findall(r"/([a-z0-9-]+\.json)", text)
    if (ran := attempt([*run, str(VECTORS)], folder)).returncode != 0:
        return f"fails on {used}:\n{ran.stdout}{ran.stderr}"
    original = json.loads((VECTORS / used).read_text())
    tampers = [wrong_output]
    if original["counts"]["invalid"] > 0:
        tampers += [accepted_for_rejected, rejected_for_accepted]
    for tamper in tampers:
        copy = folder / "vectors"
        copy.mkdir(exist_ok=True)
        altered = json.loads(json.dumps(original))
        tamper(altered["tests"])
        (copy / used).write_text(json.dumps(altered))
        if attempt([*run, str(copy)], folder).returncode == 0:
            about = tamper.__doc__ or tamper.__name__
            return f"passes although {about[0].lower()}{about[1:-1]} in {used}"
    return None


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(
        prog="tools/run examples", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(arguments)
    examples = re.findall(r"^```(\w+) example\n(.*?)^```", (VECTORS / "README.md").read_text(), re.S | re.M)
    if [language for language, _ in examples] != list(LANGUAGES):
        sys.exit(f"failed: the examples are {[language for language, _ in examples]}, not {list(LANGUAGES)}")
    for tool in ("g++", "node", "swiftc"):
        if shutil.which(tool) is None:
            sys.exit(f"failed: no {tool} on PATH")
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for language, text in examples:
            fault = check(language, text, Path(scratch))
            failed += fault is not None
            print(f"ok  {language}" if fault is None else f"FAIL  {language}: {fault}", flush=True)
    print(f"{len(examples) - failed} passed, {failed} failed")
    return 1 if failed else 0
