"""PBKDF2-HMAC-SHA-256 with 32 bytes of output (section 9.2), with a small memory of what was stretched last."""

from functools import lru_cache

from .. import backend


@lru_cache(maxsize=64)
def pbkdf2(password: bytes, salt: bytes, iterations: int) -> bytes:
    return backend.pbkdf2_sha256(password, salt, iterations, 32)
