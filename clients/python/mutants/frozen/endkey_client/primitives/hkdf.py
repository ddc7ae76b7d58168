"""HKDF (RFC 5869) and Derive (section 2.3)."""

from .. import backend
from ..labels import CONTEXTS, LENGTHS
from .hashes import labelled


def extract_sha256(salt: bytes, key: bytes) -> bytes:
    return backend.hmac_sha256(salt, key)


def expand(hmac, key: bytes, info: bytes, length: int) -> bytes:
    output = b""
    block = b""
    counter = 1
    while len(output) < length:
        block = hmac(key, block + info + bytes([counter]))
        output += block
        counter += 1
    return output[:length]


def expand_sha512(key: bytes, info: bytes, length: int) -> bytes:
    return expand(backend.hmac_sha512, key, info, length)


def derive(key: bytes, label: str, context: bytes) -> bytes:
    """Derive(key, label, context, n), where n is the label's length."""
    if len(context) != CONTEXTS[label]:
        raise ValueError(f"the context of {label} has {CONTEXTS[label]} bytes (R-2.3-1)")
    empty_salt = bytes(32)
    pseudorandom = extract_sha256(empty_salt, key)
    return expand(backend.hmac_sha256, pseudorandom, labelled(label) + context, LENGTHS[label])
