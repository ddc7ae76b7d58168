"""Reads fields in order and stops at the first fault (section 2.2). Offsets count from the start of the message."""

from collections.abc import Callable
from enum import IntEnum
from typing import TypeVar

from ..errors import Refused
from ..limits import COUNTER_MAX

Element = TypeVar("Element")
Kind = TypeVar("Kind", bound=IntEnum)


class Reader:
    """A part of a message: its bytes from `position` to `end`."""

    def __init__(self, data: bytes, position: int = 0, end: int | None = None):
        self.data = data
        self.position = position
        self.end = len(data) if end is None else end

    def remaining(self) -> int:
        return self.end - self.position

    def opaque(self, size: int) -> bytes:
        if self.remaining() < size:
            raise Refused("truncated", self.position)
        start = self.position
        self.position += size
        return self.data[start:self.position]

    def rest(self, least: int) -> bytes:
        """`opaque name[least..]`."""
        if self.remaining() < least:
            raise Refused("truncated", self.position)
        return self.opaque(self.remaining())

    def uint(self, size: int) -> int:
        return int.from_bytes(self.opaque(size), "big")

    def counter(self) -> int:
        start = self.position
        value = self.uint(8)
        if value > COUNTER_MAX:
            raise Refused("value_out_of_range", start)
        return value

    def time(self) -> int:
        return self.counter()

    def epoch(self) -> int:
        start = self.position
        value = self.uint(4)
        if value == 0:
            raise Refused("value_out_of_range", start)
        return value

    def enum(self, kind: type[Kind]) -> Kind:
        start = self.position
        value = self.uint(1)
        if value not in list(kind):
            raise Refused("unknown_value", start)
        return kind(value)

    def boolean(self) -> bool:
        """A number that is `0 or 1`."""
        start = self.position
        value = self.uint(1)
        if value > 1:
            raise Refused("unknown_value", start)
        return value == 1

    def constant(self, value: bytes, code: str) -> None:
        """A field with one value."""
        start = self.position
        if self.opaque(len(value)) != value:
            raise Refused(code, start)

    def vector(
        self, least: int, most: int, element_size: int = 1, sizes: tuple[int, ...] | None = None
    ) -> "Reader":
        """The content of a vector behind its length prefix, which has as few bytes as can hold `most`."""
        prefix_start = self.position
        length = self.uint(prefix_size(most))
        if length < least:
            raise Refused("length_out_of_range", prefix_start)
        if length > most:
            raise Refused("length_out_of_range", prefix_start)
        if length % element_size != 0:
            raise Refused("length_out_of_range", prefix_start)
        if sizes is not None and length not in sizes:
            raise Refused("length_out_of_range", prefix_start)
        start = self.position
        if self.remaining() < length:
            raise Refused("truncated", start)
        self.position += length
        return Reader(self.data, start, self.position)

    def bytes_vector(self, least: int, most: int, sizes: tuple[int, ...] | None = None) -> bytes:
        content = self.vector(least, most, sizes=sizes)
        return content.opaque(content.remaining())

    def elements(
        self,
        read: Callable[["Reader"], Element],
        order: Callable[[Element], bytes] | None = None,
        at_most: int | None = None,
    ) -> list[Element]:
        """All elements of a vector's content, strictly ascending by `order` where it is given."""
        elements: list[Element] = []
        while self.remaining() > 0:
            start = self.position
            if len(elements) == at_most:
                raise Refused("length_out_of_range", start)
            element = read(self)
            if order is not None and elements and order(elements[-1]) >= order(element):
                raise Refused("not_canonical", start)
            elements.append(element)
        return elements

    def finish(self) -> None:
        if self.remaining() > 0:
            raise Refused("trailing_bytes", self.position)


def prefix_size(most: int) -> int:
    """The bytes of the length prefix of a vector of at most `most` bytes."""
    if most < 2**8:
        return 1
    if most < 2**16:
        return 2
    return 3


def whole(read: Callable[[Reader], Element], data: bytes) -> Element:
    """A message that ends where its last field ends."""
    reader = Reader(data)
    message = read(reader)
    reader.finish()
    return message
