"""AES-256 key wrap (RFC 3394) of 32 bytes to 40 (section 9.3)."""

from .. import backend
from ..errors import Refused

INITIAL_VALUE = b"\xa6" * 8
ROUNDS = 6
KEY_SIZE = 32
WRAPPED_SIZE = 40


def xor_step(a: bytes, step: int) -> bytes:
    return (int.from_bytes(a, "big") ^ step).to_bytes(8, "big")


def halves(key: bytes) -> list[bytes]:
    """The 8-byte registers R."""
    return [key[i:i + 8] for i in range(0, len(key), 8)]


def wrap(kek: bytes, key: bytes) -> bytes:
    a = INITIAL_VALUE
    r = halves(key)
    step = 0
    for _ in range(ROUNDS):
        for i in range(len(r)):
            step += 1
            block = backend.aes_encrypt_blocks(kek, a + r[i])
            a = xor_step(block[:8], step)
            r[i] = block[8:]
    return a + b"".join(r)


def unwrap(kek: bytes, wrapped: bytes) -> bytes:
    if len(wrapped) != WRAPPED_SIZE:
        raise Refused("password_open_failed")
    a = wrapped[:8]
    r = halves(wrapped[8:])
    step = ROUNDS * len(r)
    for _ in range(ROUNDS):
        for i in reversed(range(len(r))):
            block = backend.aes_decrypt_blocks(kek, xor_step(a, step) + r[i])
            a = block[:8]
            r[i] = block[8:]
            step -= 1
    if not backend.equal(a, INITIAL_VALUE):
        raise Refused("password_open_failed")
    return b"".join(r)
