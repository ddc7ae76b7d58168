"""Answers of JSON, of which none is what it must be until it was read (sections 2 and 10)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Reader = Callable[[Any], Any]
Members = dict[str, Reader]

INTEGER_MAX = (1 << 53) - 1


class Unsettled(Exception):
    """No answer, or none that this document gives: the same bytes are sent again later (section 10)."""


def decode(body: bytes) -> Any:
    """The value of a JSON text as section 2 has it."""
    try:
        return json.loads(
            body.decode(), parse_int=whole_number, parse_float=refuse, parse_constant=refuse,
            object_pairs_hook=without_duplicates)
    except (ValueError, RecursionError):
        raise Unsettled("an answer is no JSON") from None


def refuse(literal: str) -> Any:
    raise ValueError(literal)


def whole_number(literal: str) -> int:
    if len(literal) > 17 or abs(int(literal)) > INTEGER_MAX:
        raise ValueError(literal)
    return int(literal)


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def members(value: Any, readers: Members) -> dict[str, Any]:
    """What the members of an object say, each read by its own reader, which raises ValueError."""
    if not isinstance(value, dict):
        raise Unsettled("an answer is not what it must be")
    try:
        return {name: read(value[name]) for name, read in readers.items()}
    except (KeyError, ValueError):
        raise Unsettled("an answer has not the members that it must have") from None


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(value)
    return value


def optional(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def array_of(read: Reader) -> Reader:
    def read_array(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(value)
        return [read(one) for one in value]
    return read_array


def hexadecimal(size: int) -> Reader:
    """Reads so many bytes in lower-case digits."""
    def read(value: Any) -> bytes:
        content = bytes.fromhex(text(value))
        if len(content) != size or content.hex() != value:
            raise ValueError(value)
        return content
    return read


def bearer(value: Any) -> str:
    """Reads a credential of a person, which goes into a header."""
    if not (text(value).startswith("ekp1_") and value.isascii() and value.isprintable() and " " not in value):
        raise ValueError(value)
    return str(value)
