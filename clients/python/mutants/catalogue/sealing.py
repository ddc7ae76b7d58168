"""Sealed messages (section 2.5)."""

from ..mutant import of_module

COMMITMENT = "    if not backend.equal(stated, commitment):\n        raise Refused(failure)\n"
LAST = "    last = len(body) // SEALED_CHUNK\n"
SHORT = "    if len(body) - last * SEALED_CHUNK < TAG_SIZE:\n        raise Refused(failure)\n"
NOT_OPEN = "        if chunk is None:\n            raise Refused(failure)\n"

MUTANTS = of_module(
    "primitives/chunked.py",
    ("sealed-commitment-unchecked", "does not compare the commitment", COMMITMENT, ""),
    ("sealed-commitment-first-byte", "compares only the first byte of the commitment",
     COMMITMENT, COMMITMENT.replace("not backend.equal(stated, commitment)", "stated[0] != commitment[0]")),
    ("sealed-commitment-first-16", "compares only the first half of the commitment",
     COMMITMENT, COMMITMENT.replace("not backend.equal(stated, commitment)", "stated[:16] != commitment[:16]")),
    ("sealed-commitment-last-16", "compares only the last half of the commitment",
     COMMITMENT, COMMITMENT.replace("not backend.equal(stated, commitment)", "stated[16:] != commitment[16:]")),
    ("sealed-commitment-all-but-last", "compares the commitment without its last byte",
     COMMITMENT, COMMITMENT.replace("not backend.equal(stated, commitment)", "stated[:31] != commitment[:31]")),
    ("sealed-last-chunk-missing", "accepts a message that ends behind a full chunk",
     SHORT, "    if 0 < len(body) - last * SEALED_CHUNK < TAG_SIZE:\n        raise Refused(failure)\n"
     "    if len(body) and len(body) == last * SEALED_CHUNK:\n        last -= 1\n"),
    ("sealed-all-chunks-missing", "accepts a message without any chunk as empty",
     SHORT, "    if not body:\n        return b''\n" + SHORT),
    ("sealed-last-chunk-torn", "ignores a last chunk that is shorter than its tag",
     SHORT, "    if len(body) - last * SEALED_CHUNK < TAG_SIZE:\n        last -= 1\n"),
    ("sealed-releases-before-failure", "gives what it opened before a chunk failed",
     NOT_OPEN, "        if chunk is None:\n            if i == 0:\n                raise Refused(failure)\n            break\n"),
    ("sealed-tag-unchecked", "does not verify the tags", "        if chunk is None:\n            raise Refused(failure)\n",
     "        if chunk is None:\n            piece = body[i * SEALED_CHUNK:(i + 1) * SEALED_CHUNK]\n"
     "            chunk = backend.aes_gcm_encrypt(chunk_key, nonce(base, i), piece[:-16])[:-16]\n"),
    ("sealed-nonce-not-counted", "uses the base nonce for every chunk",
     '(int.from_bytes(base, "big") ^ index)', '(int.from_bytes(base, "big") ^ 0)'),
    ("sealed-nonce-added", "adds the chunk number to the base nonce",
     'return (int.from_bytes(base, "big") ^ index).to_bytes(12, "big")',
     'return ((int.from_bytes(base, "big") + index) % 2**96).to_bytes(12, "big")'),
    ("sealed-nonce-little-endian", "XORs the chunk number as a little-endian integer",
     'return (int.from_bytes(base, "big") ^ index).to_bytes(12, "big")',
     'return (int.from_bytes(base, "little") ^ index).to_bytes(12, "little")'),
    ("sealed-nonce-from-one", "counts chunks from 1",
     '(int.from_bytes(base, "big") ^ index)', '(int.from_bytes(base, "big") ^ (index + 1))'),
    ("sealed-chunk-16383", "cuts chunks of 16,383 bytes", "SEALED_CHUNK = CHUNK + TAG_SIZE", "CHUNK = CHUNK - 1\nSEALED_CHUNK = CHUNK + TAG_SIZE"),
    ("sealed-full-last-chunk", "makes no empty chunk behind a full one",
     "for i in range(len(plaintext) // CHUNK + 1)", "for i in range(max(1, -(-len(plaintext) // CHUNK)))"),
    ("sealed-empty-has-no-chunk", "makes no chunk for an empty plaintext",
     "for i in range(len(plaintext) // CHUNK + 1)", "for i in range(len(plaintext) // CHUNK + 1 if plaintext else 0)"),
    ("sealed-context-left-out", "leaves the context out of the derivation",
     "ALGORITHM + salt + context,", "ALGORITHM + salt,"),
    ("sealed-context-before-salt", "puts the context before the salt",
     "ALGORITHM + salt + context,", "ALGORITHM + context + salt,"),
    ("sealed-context-cut", "uses only the first 24 bytes of the context, the header",
     "ALGORITHM + salt + context,", "ALGORITHM + salt + context[:24],"),
    ("sealed-algorithm-without-zero", "leaves the zero byte behind the algorithm out",
     'b"AEAD_AES_256_GCM" + b"\\x00"', 'b"AEAD_AES_256_GCM"'),
    ("sealed-algorithm-128", "names another algorithm", 'b"AEAD_AES_256_GCM"', 'b"AEAD_AES_128_GCM"'),
    ("sealed-commitment-before-nonce", "takes the commitment before the nonce from the derived bytes",
     "    return output[:32], output[32:44], output[44:]", "    return output[:32], output[64:], output[32:64]"),
    ("sealed-salt-commitment-swapped", "writes the commitment before the salt",
     '    return salt + commitment + b"".join(chunks)', '    return commitment + salt + b"".join(chunks)'),
    ("sealed-gcm-128", "takes a 128-bit key for GCM", "    return output[:32], output[32:44], output[44:]",
     "    return output[:16], output[32:44], output[44:]"),
    ("sealed-chunks-any-order", "opens each chunk under whichever number fits",
     "        chunk = backend.aes_gcm_decrypt(chunk_key, nonce(base, i), body[i * SEALED_CHUNK:(i + 1) * SEALED_CHUNK])\n",
     "        piece = body[i * SEALED_CHUNK:(i + 1) * SEALED_CHUNK]\n"
     "        chunk = next((c for c in (backend.aes_gcm_decrypt(chunk_key, nonce(base, j), piece)"
     " for j in range(last + 1)) if c is not None), None)\n"),
    ("sealed-two-chunks-at-most", "opens two chunks at most and forgets the rest",
     "    for i in range(last + 1):\n", "    for i in range(min(last + 1, 2)):\n"),
    ("sealed-extracts-first", "runs HKDF-Extract before it expands",
     "expand_sha512(key, ALGORITHM", "expand_sha512(backend.hmac_sha512(bytes(64), key), ALGORITHM"),
) + of_module(
    "primitives/hkdf.py",
    ("sealed-hkdf-sha256", "expands with SHA-256 for sealed messages",
     "return expand(backend.hmac_sha512, key, info, length)", "return expand(backend.hmac_sha256, key, info, length)"),
) + of_module(
    "backend.py",
    ("gcm-tag-12-bytes", "verifies only 12 bytes of each tag, and gives the plaintext all the same",
     "        return AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=16).decrypt_and_verify(sealed[:-16], sealed[-16:])\n",
     "        return AES.new(key, AES.MODE_GCM, nonce=nonce, mac_len=12).decrypt_and_verify(sealed[:-16], sealed[-16:-4])\n"),
    ("equal-first-word", "compares only the first four bytes of every secret value",
     "return len(one) == len(other) and sodium_memcmp(one, other)", "return one[:4] == other[:4]"),
) + of_module(
    "primitives/chunked.py",
    ("sealed-commitment-code", "gives a wrong commitment a code of its own", COMMITMENT, COMMITMENT.replace("Refused(failure)", "Refused('bad_key')")),
    ("sealed-length-code", "gives a sealed message that is too short a code of its own", "    if len(stated) < COMMITMENT_SIZE:\n        raise Refused(failure)\n", "    if len(stated) < COMMITMENT_SIZE:\n        raise Refused('truncated', 0)\n"),
    ("sealed-last-chunk-code", "gives a last chunk that is missing or torn a code of its own", SHORT, SHORT.replace("Refused(failure)", "Refused('truncated', 0)")),
)
