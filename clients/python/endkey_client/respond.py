"""The client line protocol of vectors/README.md: one JSON object a line, each answered before the next is read."""

import json
import sys
from typing import Any

from .arguments import Arguments
from .errors import BadRequest, Refused
from .operation_table import OPERATION_TYPES
from .operations import OPERATIONS
from .value_types import Name, Number, Text, ValueType

NAME = "endkey-python"
VERSION = "1.0"


SEQUENCE = Number(0, 2**53 - 1)
COMMAND = Name("hello", "run", "bye")


def respond(line: bytes) -> dict[str, Any] | None:
    """The answer to a line, or None to `bye`. Never raises: what is malformed is answered with an error."""
    sequence = None
    try:
        request = json.loads(line, parse_constant=no_constant)
        sequence = member(request, "seq", SEQUENCE)
        command = member(request, "cmd", COMMAND)
        if command == "bye":
            return None
        if command == "hello":
            return {"v": 1, "seq": sequence, **hello()}
        return {"seq": sequence, **run(member(request, "op", Text()), request.get("in"))}
    except Refused as refused:
        return {"seq": sequence, **rejection(refused)}
    except (BadRequest, ValueError, RecursionError) as error:
        return {"seq": sequence, "outcome": "error", "detail": str(error)}
    except Exception as error:  # A fault of this client's own: it is told, and the next line is read.
        return {"seq": sequence, "outcome": "error", "detail": f"internal: {type(error).__name__}: {error}"}


def member(request: Any, name: str, type: ValueType) -> Any:
    if not isinstance(request, dict) or name not in request:
        raise BadRequest(f"the request has no {name}")
    type.check(request[name], name)
    return request[name]


def no_constant(name: str) -> None:
    """NaN and the infinities, which Python reads, are no JSON."""
    raise BadRequest(f"{name} is no JSON")


def hello() -> dict[str, Any]:
    return {"client": {"name": NAME, "version": VERSION}, "ops": sorted(OPERATIONS)}


def run(name: str, given: Any) -> dict[str, Any]:
    if name not in OPERATIONS:
        return {"outcome": "unsupported", "reason": "no such operation"}
    OPERATION_TYPES[name].input.check(given, "in")
    return {"outcome": "ok", "out": OPERATIONS[name](Arguments(given))}


def rejection(refused: Refused) -> dict[str, Any]:
    answer: dict[str, Any] = {"outcome": "reject", "code": refused.code}
    if refused.offset is not None:
        answer["offset"] = refused.offset
    return answer


def main() -> None:
    for line in sys.stdin.buffer:
        answer = respond(line)
        if answer is None:
            return
        sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
        sys.stdout.flush()
