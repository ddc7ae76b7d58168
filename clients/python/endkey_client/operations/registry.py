"""Where the operations are entered."""

from collections.abc import Callable
from typing import Any

from ..arguments import Arguments

Answer = dict[str, Any]
Operation = Callable[[Arguments], Answer]

OPERATIONS: dict[str, Operation] = {}


def operation(name: str) -> Callable[[Operation], Operation]:
    def register(function: Operation) -> Operation:
        OPERATIONS[name] = function
        return function

    return register
