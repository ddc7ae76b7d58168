"""Writes fields (section 2.1)."""

from ..errors import Refused
from .reader import prefix_size


def uint8(value: int) -> bytes:
    return value.to_bytes(1, "big")


def uint16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def uint32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def uint64(value: int) -> bytes:
    return value.to_bytes(8, "big")


def vector(content: bytes, most: int) -> bytes:
    if len(content) > most:
        raise Refused("limit_reached")
    return len(content).to_bytes(prefix_size(most), "big") + content


def check_ascending(orders: list[bytes]) -> None:
    """What is written has an order too."""
    if any(one >= other for one, other in zip(orders, orders[1:])):
        raise Refused("not_canonical")
