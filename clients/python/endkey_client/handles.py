"""Ends that live from one prompt to the next, by number."""

from typing import Generic, TypeVar

from .arguments import Arguments
from .errors import BadRequest

End = TypeVar("End")


class Handles(Generic[End]):
    def __init__(self) -> None:
        self.ends: dict[int, End] = {}
        self.last = 0

    def add(self, end: End) -> int:
        """A number that was never given before."""
        self.last += 1
        self.ends[self.last] = end
        return self.last

    def of(self, a: Arguments) -> End:
        handle = a.number("handle")
        if handle not in self.ends:
            raise BadRequest("no end that is open has this handle")
        return self.ends[handle]

    def close(self, a: Arguments) -> None:
        self.of(a)
        del self.ends[a.number("handle")]
