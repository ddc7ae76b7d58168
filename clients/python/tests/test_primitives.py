"""The written-out primitives against the libraries' own, on random input that is the same in every run."""

import base64
import random
import unicodedata

import pytest
import vectors
from Crypto.Cipher import AES, PKCS1_OAEP
from Crypto.Hash import CMAC, SHA256
from Crypto.Protocol.KDF import HKDF
from Crypto.PublicKey import RSA
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from endkey_client import backend, unicode
from endkey_client.errors import Refused
from endkey_client.primitives import chunked, ed25519, hkdf, kw, oaep, rsa, siv
from endkey_client.primitives.hashes import labelled
from endkey_client.texts import base64url, bech32m


@pytest.fixture
def source() -> random.Random:
    return random.Random("endkey")


SIZES = [0, 1, 15, 16, 17, 31, 32, 33, 64, 100, 4095, 4096]


def refuses(function, *arguments):
    try:
        function(*arguments)
    except Refused:
        return True
    return False


def flipped(data, source):
    position = source.randrange(len(data))
    return data[:position] + bytes([data[position] ^ 1 << source.randrange(8)]) + data[position + 1 :]


def test_siv(report, source):
    for size in SIZES:
        key, ad, plaintext = source.randbytes(64), source.randbytes(41), source.randbytes(size)
        cipher = AES.new(key, AES.MODE_SIV)
        cipher.update(ad)
        c, v = cipher.encrypt_and_digest(plaintext)
        report(siv.seal(key, ad, plaintext) == (v, c), f"siv {size}: seals as the library does")
        report(siv.open_sealed(key, ad, v, c) == plaintext, f"siv {size}: opens the library's")
        report(refuses(siv.open_sealed, key, ad, flipped(v, source), c), f"siv {size}: refuses another V")
        cmac = CMAC.new(key[:32], plaintext, ciphermod=AES).digest()
        report(siv.cmac(key[:32], plaintext) == cmac, f"cmac {size}")


def test_key_wrap(report, source):
    for i in range(20):
        kek, key = source.randbytes(32), source.randbytes(32)
        wrapped = AES.new(kek, AES.MODE_KW).seal(key)
        report(kw.wrap(kek, key) == wrapped, f"key wrap {i}: wraps as the library does")
        report(kw.unwrap(kek, wrapped) == key, f"key wrap {i}: unwraps the library's")
        report(refuses(kw.unwrap, kek, flipped(wrapped, source)), f"key wrap {i}: refuses a changed bit")


def test_hkdf(report, source):
    for label, length in hkdf.LENGTHS.items():
        key, context = source.randbytes(32), source.randbytes(hkdf.CONTEXTS[label])
        expected = HKDF(key, length, b"", SHA256, context=labelled(label) + context)
        report(hkdf.derive(key, label, context) == expected, f"derive {label}")


def test_oaep(report, source):
    file = next(file for file in vectors.files() if file["op"] == "oaep/decrypt")
    p, q = (bytes.fromhex(file["tests"][0]["in"][name]) for name in "pq")
    n = int.from_bytes(p, "big") * int.from_bytes(q, "big")
    public = RSA.construct((n, rsa.EXPONENT))
    private = RSA.construct(
        (n, rsa.EXPONENT, pow(rsa.EXPONENT, -1, n - sum(int.from_bytes(prime, "big") for prime in (p, q)) + 1))
    )
    for size in (0, 1, 64, 128, oaep.MESSAGE_MAX):
        message, seed = source.randbytes(size), source.randbytes(20)
        theirs = PKCS1_OAEP.new(public).encrypt(message)
        ours = oaep.encrypt(rsa.modulus_of(p, q), seed, message)
        report(oaep.decrypt(p, q, theirs) == message, f"oaep {size}: opens the library's")
        report(PKCS1_OAEP.new(private).decrypt(ours) == message, f"oaep {size}: the library opens ours")
        report(refuses(oaep.decrypt, p, q, flipped(ours, source)), f"oaep {size}: refuses a changed bit")


def libsodium_verifies(verify_key, message, signature):
    try:
        VerifyKey(verify_key).verify(message, signature)
    except BadSignatureError:
        return False
    return True


def test_ed25519(report, source):
    for i in range(20):
        seed, message = source.randbytes(32), source.randbytes(source.randrange(200))
        verify_key, signature = backend.ed25519_public_key(seed), backend.ed25519_sign(seed, message)
        report(ed25519.verifies(verify_key, message, signature), f"ed25519 {i}: a signature verifies")
        for changed in (flipped(signature, source), bytes(32) + signature[32:], signature[:32] + b"\xff" * 32):
            both = ed25519.verifies(verify_key, message, changed), libsodium_verifies(verify_key, message, changed)
            report(both == (False, False), f"ed25519 {i}: a changed signature does not", str(both))
        point = ed25519.decode_point(verify_key)
        report(ed25519.encode_point(point) == verify_key, f"ed25519 {i}: a point is encoded as it was")


def test_sealing(report, source):
    for size in (0, 1, 16_383, 16_384, 16_385, 32_768, 50_000):
        key, context, salt = source.randbytes(32), source.randbytes(41), source.randbytes(24)
        plaintext = source.randbytes(size)
        sealed = chunked.seal(key, context, salt, plaintext)
        report(len(sealed) == 56 + size + 16 * (size // 16_384 + 1), f"sealing {size}: the size of section 2.5")
        report(chunked.open_sealed(key, context, sealed, "blob_open_failed") == plaintext, f"sealing {size}: opens")
        for cut in (1, 16, 17):
            report(
                refuses(chunked.open_sealed, key, context, sealed[:-cut], "blob_open_failed"),
                f"sealing {size}: {cut} bytes cut",
            )


def test_base64url(report, source):
    for size in list(range(20)) + [4120]:
        data = source.randbytes(size)
        expected = base64.urlsafe_b64encode(data).rstrip(b"=")
        report(base64url.encode(data) == expected, f"base64url {size}: encodes as the library does")
        report(base64url.decode(expected) == data, f"base64url {size}: decodes the library's")


def test_bech32m(report):
    """Valid texts of BIP 350."""
    for text in ("a1lqfn3a", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "?1v759aa"):
        hrp, data = text.rsplit("1", 1)
        values = [bech32m.ALPHABET.index(character.encode()) for character in data]
        right = bech32m.polymod(bech32m.expand_hrp(hrp.encode()) + values) == bech32m.CONSTANT
        report(right, f"bech32m {text}")
        report(bech32m.checksum(hrp.encode(), values[:-6]) == values[-6:], f"bech32m {text}: checksum")


def test_normal_form(report, source):
    """Against this interpreter's own tables, for the code points that its Unicode version assigns: those never
    change.
    """
    known = [c for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]
    single = [c for c in known if unicode.nfc(chr(c)) != unicodedata.normalize("NFC", chr(c))]
    report(not single, "normal form of every code point", str(single[:5]))
    report(all(map(unicode.is_assigned, known)), "every code point that an older version assigns")
    moving = [c for c in known if unicodedata.combining(chr(c)) or unicodedata.decomposition(chr(c))]
    moving += list(range(0x1100, 0x1200)) + list(range(0x41, 0x7B)) * 20
    different = []
    for _ in range(3000):
        text = "".join(chr(source.choice(moving)) for _ in range(source.randrange(1, 9)))
        normal = unicodedata.normalize("NFC", text)
        apart = unicodedata.normalize("NFD", text)
        if not unicode.nfc(text) == unicode.nfc(apart) == normal:
            different.append(text)
    report(not different, "normal form of 3,000 texts", ascii(different[:1]))
