"""What a member of an operation's input or output may be: the types of operation_table.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import BadRequest

LOWER_CASE_HEX = re.compile("[0-9a-f]*")


class ValueType(Protocol):
    def check(self, value: Any, place: str) -> None:
        """Raises BadRequest, which names the place, for a value that is not of this type."""


def wrong(place: str, what: str) -> BadRequest:
    return BadRequest(f"{place} is not {what}")


class Hex:
    """Bytes in lower-case hex: any number of them, so many, or from so many to so many (`None` for no end)."""

    def __init__(self, least: int = 0, *most: int | None) -> None:
        self.least = least
        self.most = most[0] if most else (least or None)

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, str) or not LOWER_CASE_HEX.fullmatch(value):
            raise wrong(place, "lower-case hex")
        if len(value) % 2:
            raise wrong(place, "lower-case hex of whole bytes")
        if len(value) < 2 * self.least or (self.most is not None and len(value) > 2 * self.most):
            raise wrong(place, f"from {self.least} to {self.most} bytes")


class Text:
    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, str):
            raise wrong(place, "a text")


class Boolean:
    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, bool):
            raise wrong(place, "true or false")


@dataclass(frozen=True)
class Number:
    least: int
    most: int

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise wrong(place, f"a whole number from {self.least} to {self.most}")


class Name:
    def __init__(self, *names: str) -> None:
        self.names = names

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, str) or value not in self.names:
            raise wrong(place, "one of " + ", ".join(self.names))


@dataclass(frozen=True)
class List:
    element: ValueType
    least: int = 0

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, list) or len(value) < self.least:
            raise wrong(place, f"a list of {self.least} or more")
        for index, element in enumerate(value):
            self.element.check(element, f"{place}[{index}]")


@dataclass(frozen=True)
class Nullable:
    type: ValueType

    def check(self, value: Any, place: str) -> None:
        if value is not None:
            self.type.check(value, place)


@dataclass(frozen=True)
class When:
    """A member that is there exactly when another has one of these values."""

    member: str
    values: tuple[str, ...]
    type: ValueType

    def check(self, value: Any, place: str) -> None:
        self.type.check(value, place)


@dataclass(frozen=True)
class Object:
    members: dict[str, ValueType]

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise wrong(place, "an object")
        expected = {
            name: type for name, type in self.members.items()
            if not isinstance(type, When) or value.get(type.member) in type.values
        }
        for name, type in expected.items():
            if name not in value:
                raise BadRequest(f"{place} has no {name}")
            type.check(value[name], f"{name} of {place}")
        for name in value:
            if name not in expected:
                raise BadRequest(f"{place} has {name!r}, which it must not have")


@dataclass(frozen=True)
class Either:
    """An object of exactly one of these members."""

    members: dict[str, ValueType]

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in self.members:
            raise wrong(place, "an object of one of " + ", ".join(self.members))
        for name, member in value.items():
            self.members[name].check(member, f"{name} of {place}")


@dataclass(frozen=True)
class OperationType:
    input: Object
    output: Object
