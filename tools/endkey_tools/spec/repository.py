"""What the checks read: the specification, the registry, vectors, tests and sources of one checkout."""

import json
from functools import cached_property
from pathlib import Path

from .codec import Codec
from .document import Document
from .grammar import Grammar


class Vectors:
    """The vector files of a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {
            path.stem: json.loads(path.read_text())
            for path in sorted(Path(folder).rglob("*.json"))
            if path.parent.name != "schema"
        }
        self.files = {
            name: one for name, one in self.files.items() if isinstance(one, dict) and "op" in one and "tests" in one
        }

    def file(self, name):
        return self.files.get(name)

    def all(self):
        """(op, vector) of every vector."""
        return [(one["op"], test) for one in self.files.values() for test in one["tests"]]

    def test(self, name):
        return next((test for _, test in self.all() if test["id"] == name), None)


class Repository:
    def __init__(self, root):
        self.root = Path(root)
        self.markdown = self.root / "spec/endkey.md"
        # The implementation to compare with, as the first words of a command.
        self.endkey: list[str] = []

    @cached_property
    def text(self):
        return self.markdown.read_text()

    @cached_property
    def registry(self):
        return json.loads((self.root / "spec/registry.json").read_text())

    @cached_property
    def document(self):
        return Document.of(self.markdown)

    @cached_property
    def grammar(self):
        return Grammar(self.document.structs())

    @cached_property
    def codec(self):
        return Codec(self.grammar)

    @cached_property
    def vectors(self):
        return Vectors(self.root / "vectors")

    @cached_property
    def excuses(self):
        return json.loads((self.root / "spec/excuses.json").read_text())

    def sources(self, folder, *suffixes):
        """path -> text of the files below a folder, or of a file."""
        below = [self.root / folder, *sorted((self.root / folder).rglob("*"))]
        paths = [path for path in below if path.suffix in suffixes and path.is_file()]
        return {path.relative_to(self.root).as_posix(): path.read_text(errors="replace") for path in paths}
