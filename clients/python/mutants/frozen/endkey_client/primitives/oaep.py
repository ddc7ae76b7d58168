"""RSAES-OAEP (RFC 8017, section 7.1) with SHA-1, MGF1 with SHA-1 and an empty label (sections 6 and 11)."""

from .. import backend
from ..errors import Refused
from . import rsa

HASH_SIZE = 20
LABEL = b""
MESSAGE_MAX = rsa.SIZE - 2 * HASH_SIZE - 2


def xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def mgf1(seed: bytes, length: int) -> bytes:
    mask = b""
    counter = 0
    while len(mask) < length:
        mask += backend.sha1(seed + counter.to_bytes(4, "big"))
        counter += 1
    return mask[:length]


def encode(message: bytes, seed: bytes) -> bytes:
    if len(message) > MESSAGE_MAX:
        raise ValueError(f"OAEP holds at most {MESSAGE_MAX} bytes")
    padding = bytes(MESSAGE_MAX - len(message))
    block = backend.sha1(LABEL) + padding + b"\x01" + message
    masked_block = xor(block, mgf1(seed, len(block)))
    masked_seed = xor(seed, mgf1(masked_block, HASH_SIZE))
    return b"\x00" + masked_seed + masked_block


def decode(encoded: bytes) -> bytes:
    """R-11-3: all checks are made, and one answer is given."""
    masked_seed = encoded[1:1 + HASH_SIZE]
    masked_block = encoded[1 + HASH_SIZE:]
    seed = xor(masked_seed, mgf1(masked_block, HASH_SIZE))
    block = xor(masked_block, mgf1(seed, len(masked_block)))
    rest = block[HASH_SIZE:].lstrip(b"\x00")
    good = True
    good &= encoded[0] == 0
    good &= backend.equal(block[:HASH_SIZE], backend.sha1(LABEL))
    good &= rest[:1] == b"\x01"
    if not good:
        raise Refused("grant_open_failed")
    return rest[1:]


def encrypt(modulus: bytes, seed: bytes, message: bytes) -> bytes:
    return rsa.encrypt(modulus, encode(message, seed))


def decrypt(p: bytes, q: bytes, ciphertext: bytes) -> bytes:
    if len(ciphertext) != rsa.SIZE:
        raise Refused("grant_open_failed")
    if ciphertext >= rsa.modulus_of(p, q):
        raise Refused("grant_open_failed")
    return decode(rsa.decrypt(p, q, ciphertext))
