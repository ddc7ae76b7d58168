"""The inputs of an operation, which were held against its types (value_types.py) before."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, TypeVar

Value = TypeVar("Value")
Bytes = bytes


class Arguments:
    def __init__(self, values: dict[str, Any]):
        self.values = values

    def text(self, name: str) -> str:
        return str(self.values[name])

    def number(self, name: str) -> int:
        return int(self.values[name])

    def boolean(self, name: str) -> bool:
        return bool(self.values[name])

    def bytes(self, name: str) -> Bytes:
        return Bytes.fromhex(self.values[name])

    def bytes_list(self, name: str) -> list[Bytes]:
        return [Bytes.fromhex(text) for text in self.values[name]]

    def optional_bytes_list(self, name: str) -> list[Bytes]:
        return self.bytes_list(name) if self.has(name) else []

    def enum(self, name: str, kind: type[IntEnum]) -> Any:
        return kind[self.values[name]]

    def has(self, name: str) -> bool:
        """Whether it is anything but null."""
        return self.values.get(name) is not None

    def optional_bytes(self, name: str) -> Bytes | None:
        return self.bytes(name) if self.has(name) else None

    def object(self, name: str) -> Arguments:
        return Arguments(self.values[name])

    def optional(self, name: str, read: Callable[[Arguments], Value]) -> Value | None:
        return read(self.object(name)) if self.has(name) else None

    def objects(self, name: str, read: Callable[[Arguments], Value]) -> list[Value]:
        return [read(Arguments(value)) for value in self.values[name]]
