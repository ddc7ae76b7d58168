"""The agent's clock (section 13.5)."""

from dataclasses import dataclass

from .errors import Refused
from .limits import COUNTER_MAX


def saturating(sum: int) -> int:
    return min(sum, COUNTER_MAX)


def anchor(made: int, age: int) -> int:
    """Of the code taken last, and what the agent has run since."""
    return saturating(made + age)


@dataclass
class Since:
    """The state accepted last: its generation, and the clock's parts."""

    generation: int
    least: int
    running: int


def accept(anchor: int, last: Since | None, generation: int, made: int) -> int:
    """`least` from when a state of this generation, made then, is accepted. `running` is 0 then."""
    if last is not None and generation == last.generation:
        return max(saturating(last.least + last.running), made)
    return max(made, anchor)


def now(wall: int, least: int, running: int) -> int:
    return max(wall, saturating(least + running))


def check_expiry(now: int, valid_until: int) -> None:
    if now >= valid_until:
        raise Refused("state_expired")
