"""Mutants that a rule makes of the client's source, by place rather than by text that stands once."""

import ast
from dataclasses import dataclass

from .mutant import SOURCES, Mutant


@dataclass(frozen=True)
class Edit(Mutant):
    start: int = 0
    end: int = 0

    def source(self, sources: dict[str, str] | None = None) -> str:
        text = SOURCES[self.module]
        return text[:self.start] + self.new + text[self.end:]

    def lines(self) -> range:
        text = SOURCES[self.module]
        return range(text.count("\n", 0, self.start) + 1, text.count("\n", 0, self.end) + 2)


class Maker(ast.NodeVisitor):
    """Walks through a module, and collects edits of it."""

    def __init__(self, module: str):
        self.module = module
        self.text = SOURCES[module]
        self.rows = self.text.splitlines(keepends=True)
        self.starts = [0]
        for row in self.rows:
            self.starts.append(self.starts[-1] + len(row))
        self.edits: list[Edit] = []
        self.visit(ast.parse(self.text))

    def span(self, node: ast.AST) -> tuple[int, int]:
        def place(line: int, column: int) -> int:
            return self.starts[line - 1] + len(self.rows[line - 1].encode()[:column].decode())

        return place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)

    def source(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def edit(self, node: ast.AST, new: str, rule: str) -> None:
        self.replace(*self.span(node), new, rule)

    def replace(self, start: int, end: int, new: str, rule: str) -> None:
        old = self.text[start:end]
        short = f"{' '.join(old.split())[:70]} -> {' '.join(new.split())[:70]}"
        self.edits.append(Edit(self.name(start, rule), f"{rule}: {short}", self.module, old, new, start, end))

    def name(self, start: int, rule: str) -> str:
        return f"{self.module}:{self.text.count(chr(10), 0, start) + 1}"
