"""Holds every block of Swift in the documentation and the README against its snippet, and runs the snippets.

A block stands behind a comment that names the part of a file that it shows:

    <!-- Snippets/Start.swift: start -->

The part lies between `// snippet.start` and `// snippet.end`. `--write` fills the blocks. SwiftPM compiles the files.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from endkey_tools.repository import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "Sources/Endkey/Endkey.docc").glob("*.md"))]
BLOCK = re.compile(r"(?:<!-- (Snippets/\w+\.swift): (\w+) -->\n)?```swift\n(.*?)```", re.S)
SECONDS = 300


class BadExample(Exception):
    """A block without a snippet, or a snippet that fails."""


def part(file: str, name: str) -> str:
    """The lines between the markers of a snippet."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.findall(rf"^// snippet\.{name}\n(.*?)^// snippet\.end\n", text, re.S | re.M)
    if len(found) != 1:
        raise BadExample(f"{file} has {len(found)} parts named {name}")
    return str(found[0])


def filled(page: Path, text: str) -> tuple[str, set[str]]:
    """The page with its blocks as the snippets have them, and the files that it shows."""
    files: set[str] = set()

    def block(match: re.Match[str]) -> str:
        file, name = match.group(1), match.group(2)
        if file is None:
            line = text.count("\n", 0, match.start()) + 1
            raise BadExample(f"{page.relative_to(ROOT)}:{line}: a block of Swift that names no snippet")
        files.add(file)
        return f"<!-- {file}: {name} -->\n```swift\n{part(file, name)}```"

    return BLOCK.sub(block, text), files


def compare(write: bool) -> tuple[int, list[str]]:
    """Compares all pages, or writes them; gives the number of blocks, and the faults."""
    count, shown, faults = 0, set[str](), list[str]()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        try:
            new, files = filled(page, text)
        except BadExample as error:
            faults.append(str(error))
            continue
        shown |= files
        count += len(BLOCK.findall(text))
        if write:
            page.write_text(new, encoding="utf-8")
        elif new != text:
            faults.append(f"{page.relative_to(ROOT)} differs from its snippets: tools/run articles --write")
    for file in sorted((ROOT / "Snippets").glob("*.swift")):
        if str(file.relative_to(ROOT)) not in shown:
            faults.append(f"{file.relative_to(ROOT)} is shown nowhere")
    return count, faults


def run(file: Path) -> str | None:
    """Runs a snippet that was built; gives what is wrong."""
    program = ROOT / ".build/debug" / file.stem
    try:
        done = subprocess.run([program], capture_output=True, encoding="utf-8", timeout=SECONDS, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        return f"{file.name}: {error}"
    return None if done.returncode == 0 else f"{file.name} ends with {done.returncode}: {done.stderr[-500:]}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools/run articles", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="fill the blocks from the snippets, and run nothing")
    options = parser.parse_args(arguments)
    count, faults = compare(options.write)
    if not options.write:
        snippets = sorted((ROOT / "Snippets").glob("*.swift"))
        faults += [fault for fault in map(run, snippets) if fault]
        count += len(snippets)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{count - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0
