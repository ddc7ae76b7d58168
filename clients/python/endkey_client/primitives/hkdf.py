"""HKDF (RFC 5869) and Derive (section 2.3)."""

from .. import backend
from .hashes import labelled

# The labels that are used with Derive, and the length of what each derives (section 6.2).
LENGTHS = {
    "password-wrap": 32,
    "password-commitment": 32,
    "login": 32,
    "token": 64,
    "agent": 32,
    "private-keys": 32,
    "vault": 32,
    "commitment": 32,
    "blob": 32,
    "spool": 32,
    "enrolment-mac": 32,
    "local-state": 32,
}

# The length of each label's context.
CONTEXTS = {
    "password-wrap": 69,
    "password-commitment": 69,
    "login": 69,
    "token": 16 + 4,
    "agent": 16 + 4 + 16,
    "private-keys": 16 + 4,
    "vault": 16 + 4,
    "commitment": 16 + 4,
    "blob": 16 + 4 + 16,
    "spool": 16 + 4 + 16,
    "enrolment-mac": 16,
    "local-state": 16 + 1,
}


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
