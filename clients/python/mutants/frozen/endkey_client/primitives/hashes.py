"""Hashes with labels (section 2.3)."""

from .. import backend

PREFIX = b"endkey/1 "


def labelled(label: str) -> bytes:
    return PREFIX + label.encode("ascii") + b"\x00"


def labelled_hash(label: str, data: bytes) -> bytes:
    """H(label, data)."""
    return backend.sha256(labelled(label) + data)
