"""Reads the inputs of an operation from JSON. What is not as vectors/README.md says is a bad request, not a refusal."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, TypeVar

from .limits import COUNTER_MAX

Value = TypeVar("Value")
# In the class, `bytes` is a method.
Octets = bytes


class BadRequest(Exception):
    """The request itself is malformed."""


class Arguments:
    def __init__(self, values: Any, place: str = "in"):
        if not isinstance(values, dict):
            raise BadRequest(f"{place} is not an object")
        self.values = values
        self.place = place

    def raw(self, name: str) -> Any:
        if name not in self.values:
            raise BadRequest(f"{self.place} has no {name}")
        return self.values[name]

    def wrong(self, name: str, what: str) -> BadRequest:
        return BadRequest(f"{name} of {self.place} is not {what}")

    def text(self, name: str) -> str:
        value = self.raw(name)
        if not isinstance(value, str):
            raise self.wrong(name, "a text")
        return value

    def bytes(self, name: str, size: int | None = None) -> Octets:
        data = self.hex(name, self.text(name))
        if size is not None and len(data) != size:
            raise self.wrong(name, f"{size} bytes")
        return data

    def hex(self, name: str, text: str) -> Octets:
        if any(character not in "0123456789abcdef" for character in text):
            raise self.wrong(name, "lower-case hex")
        if len(text) % 2:
            raise self.wrong(name, "lower-case hex of whole bytes")
        return bytes.fromhex(text)

    def number(self, name: str, least: int = 0, most: int = COUNTER_MAX) -> int:
        value = self.raw(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(name, "a whole number")
        if not least <= value <= most:
            raise self.wrong(name, f"within {least}..{most}")
        return value

    def epoch(self, name: str = "epoch") -> int:
        return self.number(name, 1, 2**32 - 1)

    def boolean(self, name: str) -> bool:
        value = self.raw(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def enum(self, name: str, kind: type[IntEnum]) -> Any:
        value = self.text(name)
        if value not in kind.__members__:
            raise self.wrong(name, f"a {kind.__name__}")
        return kind[value]

    def choice(self, name: str, choices: Any) -> str:
        value = self.text(name)
        if value not in choices:
            raise self.wrong(name, "one of " + ", ".join(choices))
        return value

    def has(self, name: str) -> bool:
        """Whether it is anything but null."""
        return self.raw(name) is not None

    def optional_bytes(self, name: str, size: int | None = None) -> Octets | None:
        return self.bytes(name, size) if self.has(name) else None

    def object(self, name: str) -> Arguments:
        return Arguments(self.raw(name), f"{name} of {self.place}")

    def items(self, name: str) -> list[Any]:
        values = self.raw(name)
        if not isinstance(values, list):
            raise self.wrong(name, "a list")
        return values

    def objects(self, name: str, read: Callable[[Arguments], Value]) -> list[Value]:
        return [read(Arguments(value, f"{name}[{i}]")) for i, value in enumerate(self.items(name))]

    def bytes_list(self, name: str, size: int | None = None) -> list[Octets]:
        return [Arguments({"element": value}, f"{name}[{i}]").bytes("element", size)
                for i, value in enumerate(self.items(name))]
