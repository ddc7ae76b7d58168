"""A spool segment, whatever happened to it."""

from typing import Any

import samples as s
from world import ask, filled

from endkey_client import backend, keys
from endkey_client.primitives import chunked
from endkey_client.primitives.hashes import labelled_hash
from endkey_client.wire.contents import Capture
from endkey_client.wire.messages import SpoolHeader

DEVICE_KEY = bytes(range(32))
AGENT = b"\3" * 16
HEADER = SpoolHeader(s.header(s.MessageType.spool_segment, 0), AGENT, 1).write()
CAPTURE = next(sample for sample in s.samples() if isinstance(sample, Capture)).write()


def frame(index: int, previous: bytes, payload: bytes = CAPTURE, length: int | None = None) -> bytes:
    size = len(payload) + 72 if length is None else length
    head = b"EKfr" + index.to_bytes(4, "big") + size.to_bytes(4, "big") + backend.sha256(previous)
    sealed = chunked.seal(keys.spool_key(DEVICE_KEY, s.ACCOUNT, AGENT), HEADER + head, bytes(24), payload)
    return head + labelled_hash("frame-check", head)[:8] + sealed


FIRST = frame(0, HEADER)
SECOND = frame(1, FIRST)


def recover(segment: bytes, **changes: Any) -> dict[str, Any]:
    return ask("spool/recover", {
        "device_key": DEVICE_KEY.hex(), "account_id": s.ACCOUNT.hex(), "agent_id": AGENT.hex(),
        "segment": segment.hex(), **changes,
    })


def result(payloads: int, **changes: Any) -> dict[str, Any]:
    return {
        "error": None, "payloads": [CAPTURE.hex()] * payloads, "damage": [], "notes": [], "torn": None, **changes,
    }


def damage(offset: int, length: int, code: str = "bad_frame") -> list[dict[str, Any]]:
    return [{"offset": offset, "length": length, "code": code}]


def test_whole_segments() -> None:
    assert recover(HEADER) == result(0)
    assert recover(HEADER + FIRST + SECOND) == result(2)


def test_quarantine() -> None:
    assert recover(HEADER[:-1]) == result(0, error="truncated")
    assert recover(HEADER + FIRST, account_id=filled(1, 16)) == result(0, error="wrong_account")
    assert recover(HEADER + FIRST, agent_id=filled(1, 16)) == result(0, error="wrong_recipient")


def test_torn_ends() -> None:
    start = len(HEADER + FIRST)
    for count in (1, 3, 4, 51, 52, len(SECOND) - 1):
        assert recover(HEADER + FIRST + SECOND[:count]) == result(1, torn=start), count
    assert recover(HEADER + FIRST + b"EKx") == result(1, damage=damage(start, 3))


def test_damage() -> None:
    start = len(HEADER)
    broken = bytearray(FIRST)
    broken[5] ^= 1
    assert recover(HEADER + broken + SECOND) == result(1, damage=damage(start, len(FIRST)))
    broken = bytearray(FIRST)
    broken[-1] ^= 1
    assert recover(HEADER + broken + SECOND) == result(1, damage=damage(start, len(FIRST), "frame_open_failed"))
    longer = frame(0, HEADER, length=len(FIRST) + 500)
    assert recover(HEADER + longer + SECOND) == result(1, damage=damage(start, len(FIRST)))


def test_payloads_that_are_no_captures_of_the_account() -> None:
    other = bytearray(CAPTURE)
    other[4] ^= 1
    for payload in (b"", CAPTURE + b"\0", bytes(other)):
        segment = HEADER + (bad := frame(0, HEADER, payload)) + FIRST
        assert recover(segment) == result(1, damage=damage(len(HEADER), len(bad), "frame_open_failed"))


def test_frames_that_do_not_continue() -> None:
    note = [{"offset": len(HEADER), "code": "chain_broken"}]
    assert recover(HEADER + SECOND) == result(1, notes=note)
