"""Remembers what the client's backend computed: its functions are pure, and mutants mostly ask what it asked."""

from types import ModuleType
from typing import Any, Callable

# No PBKDF2 of more iterations is run: it would take minutes, and the time limit would end it.
ITERATIONS_MAX = 50_000_000


class Endless(BaseException):
    """The client would compute beyond the time limit."""


class Memory:
    """While `is_learning`, everything is computed, and remembered; afterwards, only what was never asked for."""

    def __init__(self) -> None:
        self.results: dict[tuple[Any, ...], Any] = {}
        self.is_learning = True

    def wrap(self, backend: ModuleType) -> None:
        for name, function in list(vars(backend).items()):
            if getattr(function, "__module__", None) == backend.__name__:
                setattr(backend, name, self.remembering(name, function))

    def remembering(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def remembered(*arguments: Any) -> Any:
            key = (name, *arguments)
            try:
                is_known = key in self.results
            except TypeError:  # a mutant's bytearray
                return function(*arguments)
            if self.is_learning or not is_known:
                if name == "pbkdf2_sha256" and arguments[2] > ITERATIONS_MAX:
                    raise Endless
                self.results[key] = function(*arguments)
            return self.results[key]

        return remembered
