"""Signatures (section 8.5): over a label and all bytes before the signature, which is the last field."""

from .. import backend
from ..errors import Refused
from ..primitives import ed25519
from ..primitives.hashes import labelled
from .kinds import Struct

SIZE = 64


def signed_bytes(unsigned: bytes) -> bytes:
    return labelled("signature") + unsigned


def sign(seed: bytes, message: Struct) -> bytes:
    """The message with its signature."""
    unsigned = message.write()[:-SIZE]
    return unsigned + backend.ed25519_sign(seed, signed_bytes(unsigned))


def check(verify_key: bytes, message: bytes) -> None:
    unsigned = message[:-SIZE]
    signature = message[-SIZE:]
    if not ed25519.verifies(verify_key, signed_bytes(unsigned), signature):
        raise Refused("signature_invalid")
