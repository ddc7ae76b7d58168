"""Strict Ed25519 (RFC 8032; R-6-1, R-6-3).

Signing is libsodium's; verification is written out over point multiplication.
"""

from .. import backend
from ..errors import Refused

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, -1, P) % P
NEUTRAL = (0, 1)


def decode_point(encoded: bytes) -> tuple[int, int] | None:
    """The point, or None if this is not the canonical encoding of a point of the curve."""
    number = int.from_bytes(encoded, "little")
    sign = number >> 255
    y = number & (2**255 - 1)
    if y >= P:
        return None
    x = recover_x(y)
    if x is None:
        return None
    if x == 0 and sign == 1:
        return None
    if x % 2 != sign:
        x = P - x
    return x, y


def recover_x(y: int) -> int | None:
    """A root of (y^2 - 1) / (d y^2 + 1), or None if there is none."""
    square = (y * y - 1) * backend.modular_inverse(D * y * y + 1, P) % P
    x = backend.modular_power(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_OF_MINUS_1 % P
    if x * x % P != square:
        return None
    return x


def encode_point(point: tuple[int, int]) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def is_small_order(point: tuple[int, int]) -> bool:
    return backend.ed25519_multiply(point, 8) == NEUTRAL


def usable_point(encoded: bytes) -> tuple[int, int] | None:
    """The point, or None if it is not canonical or of small order."""
    if len(encoded) != 32:
        return None
    point = decode_point(encoded)
    if point is None:
        return None
    if is_small_order(point):
        return None
    return point


def base_point() -> tuple[int, int]:
    """The one of even x."""
    x = recover_x(BASE_Y)
    assert x is not None
    return x if x % 2 == 0 else P - x, BASE_Y


BASE = base_point()


def check_key(verify_key: bytes) -> None:
    """R-6-3."""
    if usable_point(verify_key) is None:
        raise Refused("bad_key")


def verifies(verify_key: bytes, message: bytes, signature: bytes) -> bool:
    """R-6-1; S B = R + h A, without the cofactor."""
    if len(signature) != 64:
        return False
    a = usable_point(verify_key)
    if a is None:
        return False
    r = usable_point(signature[:32])
    if r is None:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    h = int.from_bytes(backend.sha512(signature[:32] + verify_key + message), "little") % L
    left = backend.ed25519_multiply(BASE, s)
    right = backend.ed25519_add(r, backend.ed25519_multiply(a, h))
    return left == right
