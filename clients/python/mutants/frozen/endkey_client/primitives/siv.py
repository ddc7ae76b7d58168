"""AES-256-SIV (RFC 5297) with one element of associated data (section 14.1)."""

from .. import backend
from ..errors import Refused

BLOCK = 16
KEY_SIZE = 64
REDUCTION = 0x87


def xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def double(block: bytes) -> bytes:
    """Multiplication by x in GF(2^128)."""
    number = int.from_bytes(block, "big")
    carry = number >> 127
    doubled = number << 1 & (1 << 128) - 1
    if carry:
        doubled ^= REDUCTION
    return doubled.to_bytes(BLOCK, "big")


def pad(data: bytes) -> bytes:
    """10* to a whole block."""
    return data + b"\x80" + bytes(BLOCK - 1 - len(data))


def cmac(key: bytes, data: bytes) -> bytes:
    """AES-CMAC (RFC 4493)."""
    subkey_1 = double(backend.aes_encrypt_blocks(key, bytes(BLOCK)))
    subkey_2 = double(subkey_1)
    blocks = [data[i:i + BLOCK] for i in range(0, len(data), BLOCK)] or [b""]
    last = blocks.pop()
    if len(last) == BLOCK:
        last = xor(last, subkey_1)
    else:
        last = xor(pad(last), subkey_2)
    state = bytes(BLOCK)
    for block in blocks + [last]:
        state = backend.aes_encrypt_blocks(key, xor(state, block))
    return state


def s2v(key: bytes, ad: bytes, plaintext: bytes) -> bytes:
    d = cmac(key, bytes(BLOCK))
    d = xor(double(d), cmac(key, ad))
    if len(plaintext) >= BLOCK:
        t = plaintext[:-BLOCK] + xor(plaintext[-BLOCK:], d)
    else:
        t = xor(double(d), pad(plaintext))
    return cmac(key, t)


def initial_counter(v: bytes) -> int:
    """V with the top bit of its last and third-last 32-bit word cleared."""
    cleared = bytearray(v)
    cleared[8] &= 0x7F
    cleared[12] &= 0x7F
    return int.from_bytes(cleared, "big")


def counter_blocks(first: int, count: int) -> bytes:
    """The counter carries through all 128 bits."""
    return b"".join(((first + i) % 2**128).to_bytes(BLOCK, "big") for i in range(count))


def ctr(key: bytes, v: bytes, data: bytes) -> bytes:
    count = -(-len(data) // BLOCK)
    stream = backend.aes_encrypt_blocks(key, counter_blocks(initial_counter(v), count))
    return xor(data, stream[:len(data)])


def seal(key: bytes, ad: bytes, plaintext: bytes) -> tuple[bytes, bytes]:
    """V and C."""
    mac_key = key[:32]
    ctr_key = key[32:]
    v = s2v(mac_key, ad, plaintext)
    return v, ctr(ctr_key, v, plaintext)


def open_sealed(key: bytes, ad: bytes, v: bytes, c: bytes) -> bytes:
    if len(v) != BLOCK:
        raise Refused("token_open_failed")
    mac_key = key[:32]
    ctr_key = key[32:]
    plaintext = ctr(ctr_key, v, c)
    if not backend.equal(s2v(mac_key, ad, plaintext), v):
        raise Refused("token_open_failed")
    return plaintext
