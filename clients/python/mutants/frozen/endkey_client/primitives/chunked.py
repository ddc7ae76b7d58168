"""Sealing: C2SP chunked-encryption, version 1, with SHA-512 and AES-256-GCM (section 2.5)."""

from .. import backend
from ..errors import Refused
from ..limits import CHUNK
from .hkdf import expand_sha512

ALGORITHM = b"c2sp.org/chunked-encryption@v1+" + b"AEAD_AES_256_GCM" + b"\x00"
SALT_SIZE = 24
COMMITMENT_SIZE = 32
TAG_SIZE = 16
SEALED_CHUNK = CHUNK + TAG_SIZE
CHUNKS_MAX = 2**38


def key_schedule(key: bytes, salt: bytes, context: bytes) -> tuple[bytes, bytes, bytes]:
    """The key, the base nonce and the commitment."""
    output = expand_sha512(key, ALGORITHM + salt + context, 32 + 12 + 32)
    return output[:32], output[32:44], output[44:]


def nonce(base: bytes, index: int) -> bytes:
    if index >= CHUNKS_MAX:
        raise OverflowError("too many chunks")
    return (int.from_bytes(base, "big") ^ index).to_bytes(12, "big")


def seal(key: bytes, context: bytes, salt: bytes, plaintext: bytes) -> bytes:
    chunk_key, base, commitment = key_schedule(key, salt, context)
    chunks = [
        backend.aes_gcm_encrypt(chunk_key, nonce(base, i), plaintext[i * CHUNK:(i + 1) * CHUNK])
        for i in range(len(plaintext) // CHUNK + 1)
    ]
    return salt + commitment + b"".join(chunks)


def open_sealed(key: bytes, context: bytes, sealed: bytes, failure: str) -> bytes:
    """The plaintext; every fault is the one error `failure`."""
    salt = sealed[:SALT_SIZE]
    stated = sealed[SALT_SIZE:SALT_SIZE + COMMITMENT_SIZE]
    body = sealed[SALT_SIZE + COMMITMENT_SIZE:]
    if len(stated) < COMMITMENT_SIZE:
        raise Refused(failure)
    chunk_key, base, commitment = key_schedule(key, salt, context)
    if not backend.equal(stated, commitment):
        raise Refused(failure)
    last = len(body) // SEALED_CHUNK
    if len(body) - last * SEALED_CHUNK < TAG_SIZE:
        raise Refused(failure)
    chunks = []
    for i in range(last + 1):
        chunk = backend.aes_gcm_decrypt(chunk_key, nonce(base, i), body[i * SEALED_CHUNK:(i + 1) * SEALED_CHUNK])
        if chunk is None:
            raise Refused(failure)
        chunks.append(chunk)
    return b"".join(chunks)
