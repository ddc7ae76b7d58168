"""Randomised operations: others, with a member from the system's randomness."""

import os

from ..arguments import Arguments
from ..primitives import chunked, oaep
from .registry import OPERATIONS, Operation


def randomised(base: str, chosen: str, size: int) -> Operation:
    return lambda a: OPERATIONS[base](Arguments({**a.values, chosen: os.urandom(size).hex()}))


OPERATIONS["blob/seal-random"] = randomised("blob/seal", "salt", chunked.SALT_SIZE)
OPERATIONS["person-keys/make-random"] = randomised("person-keys/make", "salt", 32)
OPERATIONS["enrolment/request-random"] = randomised("enrolment/request", "nonce", 32)
OPERATIONS["grant/make-random"] = randomised("grant/make", "oaep_seed", oaep.HASH_SIZE)
OPERATIONS["code/random"] = randomised("text/code-encode", "secret", 16)
