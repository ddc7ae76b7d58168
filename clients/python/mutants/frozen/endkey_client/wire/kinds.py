"""The kinds of fields (section 2.1), and structs made of them: each field of a struct is a row that names its kind.

A kind says how its values are read, which of them are refused and where, and how they are written. A struct is a
dataclass whose annotations are `Annotated[type, kind]`, or structs themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from enum import IntEnum
from functools import cache
from typing import Any, Protocol, Self, get_args, get_type_hints

from ..errors import Refused
from .reader import Reader


class Kind(Protocol):
    size: int | None
    """The bytes of every value, or None where it has no one size."""

    def read(self, reader: Reader) -> Any: ...

    def write(self, out: bytearray, value: Any) -> None:
        """Appends the value to what was written of the message before it."""


class Opaque:
    """`opaque name[size]`."""

    def __init__(self, size: int):
        self.size: int | None = size
        self.count = size

    def read(self, reader: Reader) -> bytes:
        return reader.opaque(self.count)

    def write(self, out: bytearray, value: bytes) -> None:
        if len(value) != self.count:
            raise ValueError(f"{len(value)} bytes, not {self.count}")
        out += value


class Rest:
    """`opaque name[least..]`: all that remains."""

    size: int | None = None

    def __init__(self, least: int):
        self.least = least

    def read(self, reader: Reader) -> bytes:
        if reader.remaining() < self.least:
            raise Refused("truncated", reader.position)
        return reader.opaque(reader.remaining())

    def write(self, out: bytearray, value: bytes) -> None:
        out += value


class Number:
    """A number of so many bytes, within a range."""

    def __init__(self, count: int, least: int = 0, most: int | None = None):
        self.size: int | None = count
        self.count = count
        self.least = least
        self.most = 2 ** (8 * count) - 1 if most is None else most

    def read(self, reader: Reader) -> int:
        start = reader.position
        value = reader.uint(self.count)
        if value < self.least:
            raise Refused("value_out_of_range", start)
        if value > self.most:
            raise Refused("value_out_of_range", start)
        return value

    def write(self, out: bytearray, value: int) -> None:
        if not self.least <= value <= self.most:
            raise Refused("limit_reached")
        out += value.to_bytes(self.count, "big")


class Listed:
    """A byte that has one of these values alone."""

    def __init__(self, values: Iterable[int]):
        self.size: int | None = 1
        self.values = frozenset(values)

    def read(self, reader: Reader) -> int:
        start = reader.position
        value = reader.uint(1)
        if value not in self.values:
            raise Refused("unknown_value", start)
        return value

    def write(self, out: bytearray, value: int) -> None:
        out += value.to_bytes(1, "big")


class Choice(Listed):
    """A value of an enumeration."""

    def __init__(self, enumeration: type[IntEnum]):
        super().__init__(enumeration)
        self.enumeration = enumeration

    def read(self, reader: Reader) -> IntEnum:
        return self.enumeration(super().read(reader))


class Constant:
    """`T name = v`: the dataclass has it as a default that is never given."""

    def __init__(self, value: bytes, code: str):
        self.size: int | None = len(value)
        self.value = value
        self.code = code

    def read(self, reader: Reader) -> bytes:
        start = reader.position
        if reader.opaque(len(self.value)) != self.value:
            raise Refused(self.code, start)
        return self.value

    def write(self, out: bytearray, value: bytes) -> None:
        out += value


class Prefixed:
    """What stands behind a length prefix, which has as few bytes as can hold `most`."""

    size: int | None = None

    def __init__(self, least: int, most: int, sizes: tuple[int, ...] | None = None):
        self.least = least
        self.most = most
        self.sizes = sizes

    def prefix_size(self) -> int:
        return (self.most.bit_length() + 7) // 8

    def content(self, reader: Reader, element_size: int = 1) -> Reader:
        start = reader.position
        length = reader.uint(self.prefix_size())
        if length < self.least:
            raise Refused("length_out_of_range", start)
        if length > self.most:
            raise Refused("length_out_of_range", start)
        if length % element_size != 0:
            raise Refused("length_out_of_range", start)
        if self.sizes is not None and length not in self.sizes:
            raise Refused("length_out_of_range", start)
        return reader.content(length)

    def append(self, out: bytearray, content: bytes) -> None:
        if len(content) > self.most:
            raise Refused("limit_reached")
        out += len(content).to_bytes(self.prefix_size(), "big") + content


class Bytes(Prefixed):
    """`opaque name<least..most>`, perhaps of listed sizes only."""

    def read(self, reader: Reader) -> bytes:
        content = self.content(reader)
        return content.opaque(content.remaining())

    def write(self, out: bytearray, value: bytes) -> None:
        self.append(out, value)


class Vector(Prefixed):
    """`T name<least..most>`, perhaps strictly ascending by what `order` makes of an element, perhaps of so many."""

    def __init__(
        self, element: Kind | type[Struct], least: int, most: int, order: Callable[[Any], bytes] | None = None,
        at_most: int | None = None,
    ):
        super().__init__(least, most)
        self.element = kind_of(element)
        self.order = order
        self.at_most = at_most

    def read(self, reader: Reader) -> list[Any]:
        content = self.content(reader, self.element.size or 1)
        elements: list[Any] = []
        last_order = b""
        while content.remaining() > 0:
            start = content.position
            if len(elements) == self.at_most:
                raise Refused("length_out_of_range", start)
            element = self.element.read(content)
            if self.order is not None:
                order = self.order(element)
                if elements and last_order >= order:
                    raise Refused("not_canonical", start)
                last_order = order
            elements.append(element)
        return elements

    def write(self, out: bytearray, value: list[Any]) -> None:
        if self.at_most is not None and len(value) > self.at_most:
            raise Refused("limit_reached")
        if self.order is not None:
            orders = [self.order(element) for element in value]
            if any(one >= other for one, other in zip(orders, orders[1:])):
                raise ValueError("elements out of order, or one twice")
        content = bytearray()
        for element in value:
            self.element.write(content, element)
        self.append(out, bytes(content))


class Within(Prefixed):
    """A vector that `is a` struct, read from the content alone and in full; where `or_empty`, None is the empty one."""

    def __init__(self, struct: type[Struct], least: int, most: int, or_empty: bool = False):
        super().__init__(least, most)
        self.struct = struct
        self.or_empty = or_empty

    def read(self, reader: Reader) -> Any:
        content = self.content(reader)
        if self.or_empty and content.remaining() == 0:
            return None
        value = self.struct.read(content)
        content.finish()
        return value

    def write(self, out: bytearray, value: Struct | None) -> None:
        self.append(out, b"" if value is None else value.write())


class Padding(Prefixed):
    """The least number of zeros behind which the message has a multiple of so many bytes. It has no value."""

    def __init__(self, multiple: int):
        super().__init__(0, multiple - 1)
        self.multiple = multiple

    def count(self, before: int) -> int:
        """The zeros behind so many bytes and the length prefix."""
        return -(before + self.prefix_size()) % self.multiple

    def read(self, reader: Reader) -> bytes:
        start = reader.position
        content = Reader(reader.data, start, reader.end)
        length = content.uint(self.prefix_size())
        if length != self.count(start):
            raise Refused("length_out_of_range", start)
        for offset, byte in enumerate(self.content(reader).opaque(length), start + self.prefix_size()):
            if byte != 0:
                raise Refused("not_canonical", offset)
        return b""

    def write(self, out: bytearray, value: bytes) -> None:
        self.append(out, bytes(self.count(len(out))))


class Fits:
    """Beside a kind: a rule about the field that looks at the whole struct, once that was read in full (R-2.2-9)."""

    def __init__(self, holds: Callable[[Any], bool]):
        self.holds = holds


class Nested:
    """A struct within a struct."""

    def __init__(self, struct: type[Struct]):
        self.struct = struct

    @property
    def size(self) -> int | None:
        return self.struct.size()

    def read(self, reader: Reader) -> Any:
        return self.struct.read(reader)

    def write(self, out: bytearray, value: Struct) -> None:
        out += value.write()


class Selected:
    """A `select` on the enumeration in the byte before."""

    size: int | None = None

    def __init__(self, cases: dict[Any, type[Struct]]):
        self.cases = cases

    def read(self, reader: Reader) -> Any:
        return self.cases[reader.data[reader.position - 1]].read(reader)

    def write(self, out: bytearray, value: Struct) -> None:
        out += value.write()


def kind_of(of: Kind | type[Struct]) -> Kind:
    return Nested(of) if isinstance(of, type) and issubclass(of, Struct) else of  # type: ignore[return-value]


class Row:
    """A field of a struct: its name, its kind, its rules, and whether its value is given to the dataclass."""

    def __init__(self, name: str, hint: Any, given: bool):
        self.name = name
        kind, *rules = get_args(hint)[1:] or (hint,)
        self.kind = kind_of(kind)
        self.rules: list[Fits] = rules
        self.given = given


class Struct:
    """The base of the structs. Subclasses are dataclasses."""

    @classmethod
    @cache
    def rows(cls) -> list[Row]:
        hints = get_type_hints(cls, include_extras=True)
        return [Row(field.name, hints[field.name], field.init) for field in fields(cls)]  # type: ignore[arg-type]

    @classmethod
    @cache
    def size(cls) -> int | None:
        sizes = [row.kind.size for row in cls.rows()]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        values = {}
        places = {}
        for row in cls.rows():
            places[row.name] = reader.position
            value = row.kind.read(reader)
            if row.given:
                values[row.name] = value
        struct = cls(**values)
        for name in struct.misfits():
            raise Refused("value_out_of_range", places[name])
        return struct

    def misfits(self) -> Iterator[str]:
        """The fields that do not fit the others."""
        return (row.name for row in self.rows() if not all(rule.holds(self) for rule in row.rules))

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """A whole message."""
        reader = Reader(data)
        struct = cls.read(reader)
        reader.finish()
        return struct

    def write(self) -> bytes:
        for name in self.misfits():
            raise ValueError(f"{name} does not fit the other fields")
        rows = self.rows()
        return self.part(rows[0].name, rows[-1].name)

    def part(self, first: str, last: str) -> bytes:
        """The bytes of the fields from `first` to `last`."""
        rows = self.rows()
        names = [row.name for row in rows]
        out = bytearray()
        for row in rows[names.index(first):names.index(last) + 1]:
            row.kind.write(out, getattr(self, row.name))
        return bytes(out)
