"""Text forms and the scanner, where no vector looks: texts of blobs, and the scanner against a slow one."""

import random
import time

import vectors

from endkey_client import scanner
from endkey_client.errors import Refused
from endkey_client.texts import base64url, bech32m, prefixed


def blob_of(size):
    """A SealedBlob of this size that parses."""
    head = b"EK\x01\x07" + bytes(16) + b"\x00\x00\x00\x01" + b"\x13" + bytes(16)
    return head + b"\xa5" * (size - len(head))


def text_of(data):
    """The text form of these bytes, whatever they are."""
    return b"eks1_" + base64url.encode(data)


def outcome(op, inputs):
    answer = vectors.run(op, inputs)
    return answer.get("out") or (answer.get("code"), answer.get("offset"))


def test_blob_texts(report):
    for size in (113, 114, 115, 65_536):
        blob = blob_of(size)
        text = prefixed.encode_blob(blob)
        report(outcome("text/blob", {"text": text.hex()}) == {"bytes": blob.hex()}, f"text of a blob of {size} bytes")
    data = b"\x00\x00\x71" + blob_of(113)
    text = text_of(data)
    for name, changed, expected in (
        ("longer than 65,536", None, ("value_too_long", None)),
        ("another prefix", b"ekt1_" + text[5:], ("bad_prefix", 0)),
        ("upper-case prefix", b"EKS1_" + text[5:], ("bad_prefix", 0)),
        ("nothing behind the prefix", text[:5], ("truncated", 5)),
        ("shorter than it says", text_of(data[:-1]), ("truncated", 5 + 4 * 3 // 3)),
        ("longer than it says", text_of(data + b"\x00"), ("trailing_bytes", 5 + 4 * 116 // 3)),
        ("a length of 112", text_of(b"\x00\x00\x70" + data[3:-1]), ("length_out_of_range", 5)),
        ("a length of 65,537", text_of(b"\x01\x00\x01" + blob_of(65_537)), ("length_out_of_range", 5)),
        ("another type", text_of(data[:6] + b"\x08" + data[7:]), ("unexpected_type", 5 + 4 * 6 // 3)),
        ("a padding character", text + b"=", ("bad_base64url", len(text))),
    ):
        if changed is None:
            got = outcome("text/blob-encode", {"bytes": blob_of(65_537).hex()})
        else:
            got = outcome("text/blob", {"text": changed.hex()})
        report(got == expected, f"text of a blob: {name}", f"expected {expected}\n  got {got}")


CODE = {
    "account_id": "01" * 16, "secret": "02" * 16, "generation": 7, "made": 9, "kind": "scoped", "role": "agent",
}


def code_bytes(place=0, byte=0):
    data = bytearray(b"\x01" + b"\x01" * 16 + b"\x02" * 16 + (7).to_bytes(4, "big") + (9).to_bytes(8, "big") + b"\2\1")
    data[place] ^= byte
    return bytes(data)


def test_secret_texts(report):
    for op, hrp, given, size in (
        ("text/code", b"ekc", CODE, 86),
        ("text/account-secret", b"ekb", {"account_id": "01" * 16, "secret": "02" * 16}, 63),
        ("text/recovery", b"ekr", {"seed": "03" * 32}, 63),
    ):
        text = bytes.fromhex(outcome(f"{op}-encode", given)["text"])
        report(len(text) == size and text.islower(), f"size of {op}")
        for name, changed, expected in (
            ("itself", text, given),
            ("in upper case", text.upper(), given),
            ("mixed", text[:-1] + text[-1:].upper(), ("bad_bech32m", size - 1) if text[-1:].isalpha() else given),
            ("upper-case part", text[:3].upper() + text[3:],
             ("bad_bech32m", next(place for place in range(4, size) if text[place:place + 1].isalpha()))),
            ("another part", b"ekx1" + text[4:], ("bad_prefix", 0)),
            ("another separator", hrp + b"2" + text[4:], ("bad_prefix", 0)),
            ("a character of none", text[:9] + b"b" + text[10:], ("bad_bech32m", 9)),
            ("too short", text[:-1], ("bad_bech32m", size - 1)),
            ("too long", text + b"q", ("bad_bech32m", size + 1)),
            ("another character", text[:9] + (b"q" if text[9:10] != b"q" else b"p") + text[10:],
             ("bad_bech32m", size - 6)),
        ):
            got = outcome(op, {"text": changed.hex()})
            report(got == expected, f"{op}: {name}", f"expected {expected}\n  got {got}")


def test_faults_within_secret_texts(report):
    for name, data, expected in (
        ("version", code_bytes(0, 3), ("unknown_version", 4)),
        ("generation 0", code_bytes(36, 7), ("value_out_of_range", 4 + 8 * 33 // 5)),
        ("made above its range", code_bytes(37, 0x20), ("value_out_of_range", 4 + 8 * 37 // 5)),
        ("kind", code_bytes(45, 4), ("unknown_value", 4 + 8 * 45 // 5)),
        ("role", code_bytes(46, 4), ("unknown_value", 4 + 8 * 46 // 5)),
        ("scoped for a manager", code_bytes(46, 3), ("value_out_of_range", 4 + 8 * 45 // 5)),
    ):
        got = outcome("text/code", {"text": bech32m.encode(b"ekc", data).hex()})
        report(got == expected, f"text of a code: {name}", f"expected {expected}\n  got {got}")
    for op, hrp, data in (
        ("text/code", b"ekc", code_bytes()), ("text/recovery", b"ekr", b"\x01" + bytes(32)),
    ):
        values = [bech32m.ALPHABET.index(c) for c in bech32m.encode(hrp, data)[4:-6]]
        values[-1] |= 1
        text = hrp + b"1" + bytes(bech32m.ALPHABET[v] for v in values + bech32m.checksum(hrp, values))
        got = outcome(op, {"text": text.hex()})
        report(got == ("bad_bech32m", len(text) - 7), f"{op}: padding", f"got {got}")


def slow_scan(text):
    """Section 18, word for word: every position, and the run counted anew at each."""
    matches, skipped, position = [], [], 0
    while position < len(text):
        start = position + 5
        kind = {b"ekt1_": "token", b"eks1_": "blob"}.get(text[position:start])
        if kind is None:
            position += 1
            continue
        try:
            size = scanner.candidate_size(kind, text, start, scanner.end_of_run(text, start))
        except Refused as refused:
            skipped.append((position, refused.code))
            position += 1
        else:
            matches.append((kind, position, start + size))
            position = start + size
    return matches, skipped


def fast_scan(text):
    matches, skipped = scanner.scan(text)
    return [(m.kind, m.start, m.end) for m in matches], [(s.offset, s.code) for s in skipped]


def test_scanner(report):
    source = random.Random("scanner")
    token = prefixed.encode_token(b"\x01\x03\x00\x00\x00\x01" + bytes(16) + b"\x00\x10" + bytes(16))
    blob = prefixed.encode_blob(blob_of(113))
    pieces = [
        token,
        token[:-1],
        token[:20],
        blob,
        blob[:-1],
        blob[:30],
        b"ekt1_",
        b"eks1_",
        b"ek",
        b"e",
        b" ",
        b"A",
        b"=",
    ]
    made = [b"".join(source.choice(pieces) for _ in range(source.randrange(12))) for _ in range(500)]
    different = [text for text in made if fast_scan(text) != slow_scan(text)]
    report(not different, "scans of 500 texts", repr(different[:1]))
    for name, text in (
        ("prefixes", b"ekt1_" * 100_000),
        ("blob prefixes", b"eks1_" * 100_000),
        ("letters", b"ek" * 250_000),
    ):
        start = time.process_time()
        scanner.scan(text)
        report(time.process_time() - start < 20, f"scan of 500,000 bytes of {name} takes linear time")
