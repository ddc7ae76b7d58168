"""A part of a message that is being read. Offsets count from the start of the message (section 2.2)."""

from ..errors import Refused


class Reader:
    """The bytes of `data` from `position` to `end`."""

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

    def uint(self, size: int) -> int:
        return int.from_bytes(self.opaque(size), "big")

    def content(self, size: int) -> "Reader":
        """The next bytes, to be read by themselves."""
        start = self.position
        self.opaque(size)
        return Reader(self.data, start, self.position)

    def finish(self) -> None:
        if self.remaining() > 0:
            raise Refused("trailing_bytes", self.position)
