"""Everything that pycryptodome and PyNaCl compute for this client, and nothing else.

All functions are pure: equal arguments, equal results. A test run may wrap them in a cache.
"""

from Crypto.Cipher import AES
from Crypto.Hash import HMAC, SHA1, SHA256, SHA512
from Crypto.Math.Numbers import Integer
from Crypto.Protocol.KDF import PBKDF2
from Crypto.PublicKey.ECC import EccPoint
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair, sodium_memcmp


def sha1(data: bytes) -> bytes:
    return SHA1.new(data).digest()


def sha256(data: bytes) -> bytes:
    return SHA256.new(data).digest()


def sha512(data: bytes) -> bytes:
    return SHA512.new(data).digest()


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    return HMAC.new(key, data, SHA256).digest()


def hmac_sha512(key: bytes, data: bytes) -> bytes:
    return HMAC.new(key, data, SHA512).digest()


def pbkdf2_sha256(password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
    return PBKDF2(password, salt, length, count=iterations, hmac_hash_module=SHA256)


def aes_encrypt_blocks(key: bytes, blocks: bytes) -> bytes:
    """AES of each 16-byte block by itself."""
    return AES.new(key, AES.MODE_ECB).encrypt(blocks)


def aes_decrypt_blocks(key: bytes, blocks: bytes) -> bytes:
    return AES.new(key, AES.MODE_ECB).decrypt(blocks)


def aes_gcm_encrypt(key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    """The ciphertext and its 16-byte tag; no associated data."""
    ciphertext, tag = AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=16).encrypt_and_digest(plaintext)
    return ciphertext + tag


def aes_gcm_decrypt(key: bytes, nonce: bytes, sealed: bytes) -> bytes | None:
    """None if the tag does not verify."""
    try:
        return AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=16).decrypt_and_verify(sealed[:-16], sealed[-16:])
    except ValueError:
        return None


def modular_power(base: int, exponent: int, modulus: int) -> int:
    return int(pow(Integer(base), Integer(exponent), Integer(modulus)))


def modular_inverse(number: int, modulus: int) -> int:
    return int(Integer(number % modulus).inverse(Integer(modulus)))


def ed25519_multiply(point: tuple[int, int], scalar: int) -> tuple[int, int]:
    """scalar * point, for a point on the curve; (0, 1) is the neutral element."""
    product = EccPoint(*point, curve="Ed25519") * int(scalar)
    return int(product.x), int(product.y)


def ed25519_add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    total = EccPoint(*one, curve="Ed25519") + EccPoint(*other, curve="Ed25519")
    return int(total.x), int(total.y)


def ed25519_public_key(seed: bytes) -> bytes:
    public, _ = crypto_sign_seed_keypair(seed)
    return public


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    _, secret = crypto_sign_seed_keypair(seed)
    return crypto_sign(message, secret)[:64]


def equal(one: bytes, other: bytes) -> bool:
    """Compares in constant time."""
    return len(one) == len(other) and sodium_memcmp(one, other)
