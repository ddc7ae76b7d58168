"""Remembers what the client's backend computed: its functions are pure, and mutants mostly ask what it asked."""

from types import ModuleType
from typing import Any, Callable

DEAR = (
    "pbkdf2_sha256", "modular_power", "is_prime", "ed25519_multiply", "ed25519_add", "ed25519_public_key",
    "ed25519_sign",
)

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
        for name in DEAR:
            setattr(backend, name, self.remembering(name, getattr(backend, name)))

    def remembering(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def remembered(*arguments: Any) -> Any:
            key = (name, *arguments)
            if self.is_learning or key not in self.results:
                if name == "pbkdf2_sha256" and arguments[2] > ITERATIONS_MAX:
                    raise Endless
                self.results[key] = function(*arguments)
            return self.results[key]

        return remembered
