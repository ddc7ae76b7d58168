"""RSA-2048 with e = 65537, without padding (section 6)."""

from math import gcd

from .. import backend
from ..errors import Refused
from ..limits import SMALLEST_FACTOR

EXPONENT = 65_537
BITS = 2_048
SIZE = BITS // 8


def small_primes(limit: int) -> list[int]:
    return [n for n in range(2, limit) if all(n % d for d in range(2, int(n**0.5) + 1))]


ODD_SMALL_PRIMES = small_primes(SMALLEST_FACTOR)[1:]


def check_modulus(modulus: bytes) -> None:
    """R-6-2."""
    if len(modulus) != SIZE:
        raise Refused("bad_key")
    n = int.from_bytes(modulus, "big")
    if n.bit_length() != BITS:
        raise Refused("bad_key")
    if n % 2 == 0:
        raise Refused("bad_key")
    if any(n % prime == 0 for prime in ODD_SMALL_PRIMES):
        raise Refused("bad_key")


def modulus_of(p: bytes, q: bytes) -> bytes:
    n = int.from_bytes(p, "big") * int.from_bytes(q, "big")
    return n.to_bytes(SIZE, "big")


def numbers(p: bytes, q: bytes) -> tuple[int, int]:
    return int.from_bytes(p, "big"), int.from_bytes(q, "big")


def usable_primes(larger: bytes, smaller: bytes) -> bool:
    """Whether these can be computed with. What else makes them a key is for who opens them to say (R-9.5-5)."""
    p, q = numbers(larger, smaller)
    return p > q > 2 and gcd(p, q) == gcd(p - 1, EXPONENT) == gcd(q - 1, EXPONENT) == 1


def passes_fermat(number: int) -> bool:
    """Fermat's test to base 3, of an odd number."""
    return backend.modular_power(3, number - 1, number) == 1


def encrypt(modulus: bytes, message: bytes) -> bytes:
    n = int.from_bytes(modulus, "big")
    m = int.from_bytes(message, "big")
    return backend.modular_power(m, EXPONENT, n).to_bytes(SIZE, "big")


def decrypt(larger: bytes, smaller: bytes, ciphertext: bytes) -> bytes:
    """By the Chinese remainder theorem. The caller has checked that the ciphertext is below the modulus."""
    p, q = numbers(larger, smaller)
    c = int.from_bytes(ciphertext, "big")
    m_p = backend.modular_power(c % p, backend.modular_inverse(EXPONENT, p - 1), p)
    m_q = backend.modular_power(c % q, backend.modular_inverse(EXPONENT, q - 1), q)
    h = (m_p - m_q) * backend.modular_inverse(q, p) % p
    return (m_q + h * q).to_bytes(SIZE, "big")
