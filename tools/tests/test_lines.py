"""No line that a person edits is longer than 120 characters."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from endkey_tools.repository import ROOT

LINE = 120
# Files of longer lines, and why they have them.
LONGER = {
    "*.json": "a value or a row of a table is a line",
    "*.svg": "a picture, made by a tool",
    "Sources/EndkeySuite/OperationTable.swift": "a table, made by a tool",
    "clients/python/mutants/catalogue/*": "a faulty client is a row: what stands in the client, and what instead",
    "fuzz/targets.txt": "a target is a line",
    "spec/formal/*": "a rule of a model is a line; results are recorded with the hashes of some of the files",
}
# A row of a table in Markdown; a word that cannot be broken.
WHOLE = re.compile(r"\s*\||.*\S{100}")
LEFT_OUT = {".git", ".pytest_cache", "node_modules", "artifacts", "corpus"}


def files(folder: Path) -> Iterator[Path]:
    """The files of the repository, without what is built, installed or found by a fuzzer."""
    for path in sorted(folder.iterdir()):
        if path.name in LEFT_OUT or path.name.startswith(".build") or path.is_symlink():
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def long_lines(text: str) -> list[int]:
    """The numbers of the lines that are too long."""
    return [number for number, line in enumerate(text.splitlines(), 1) if len(line) > LINE and not WHOLE.match(line)]


def test_no_line_is_too_long() -> None:
    found, used = [], set()
    for path in files(ROOT):
        name = path.relative_to(ROOT).as_posix()
        try:
            lines = long_lines(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        patterns = {pattern for pattern in LONGER if fnmatch(name, pattern)}
        if lines and not patterns:
            found.append(f"{name}: {', '.join(map(str, lines))}")
        if lines:
            used |= patterns
    assert found == []
    assert sorted(LONGER.keys() - used) == []


def test_what_is_too_long() -> None:
    words = " ".join(["word"] * 30)
    assert long_lines(f"{words[:120]}\n{words}\n| {words}\n\"{'0' * 128}\"\n") == [2]
