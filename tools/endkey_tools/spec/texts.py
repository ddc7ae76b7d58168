"""The text forms of sections 14.3, 15.1 and 18.1, decoded as the document says, for the checks."""

from .grammar import Fault

BASE64URL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BECH32 = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32M = 0x2BC830A3

# name -> (prefix, struct, ABNF rule)
FORMS = {
    "TokenText": (b"ekt1_", "Token", "token-text"),
    "BlobText": (b"eks1_", "BlobText", "blob-text"),
    "CodeText": (b"ekc", "EnrolmentCode", "code-text"),
    "SecretText": (b"ekb", "SecretText", "secret-text"),
    "RecoveryText": (b"ekr", "RecoveryText", "recovery-text"),
}
# The characters of a Bech32m text before its numbers, and behind them.
PREFIX, CHECKSUM = 4, 6


def is_bech32m(name):
    """Whether a form is Bech32m, else base64url."""
    return not FORMS[name][0].endswith(b"_")


def numbers_of(size):
    """The characters before the checksum, of so many bytes."""
    return -(-size * 8 // 5)


def decode(codec, name, text):
    head, struct, _ = FORMS[name]
    if is_bech32m(name):
        data = bech32m(text, head, codec.grammar.bounds(struct)[0])
        try:
            return codec.decode(struct, data)
        except Fault as fault:
            raise Fault(fault.code, len(head) + 1 + fault.offset * 8 // 5) from None
    if not text.startswith(head):
        raise Fault("bad_prefix", 0)
    data = base64url(text[len(head) :], len(head))
    try:
        return codec.decode(struct, data)
    except Fault as fault:
        raise Fault(fault.code, len(head) + fault.offset * 8 // 6) from None


def encode(name, data):
    head = FORMS[name][0]
    if not is_bech32m(name):
        bits = int.from_bytes(data, "big") << (-len(data) * 8 % 6)
        count = (len(data) * 8 + 5) // 6
        return head + bytes(BASE64URL[bits >> 6 * i & 63] for i in reversed(range(count)))
    bits = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    numbers = [bits >> 5 * i & 31 for i in reversed(range(numbers_of(len(data))))]
    check = polymod(expand(head) + numbers + [0] * 6) ^ BECH32M
    return head + b"1" + bytes(BECH32[n] for n in numbers + [check >> 5 * i & 31 for i in reversed(range(6))])


def base64url(text, base):
    """R-2.4-1: alphabet, then length, then bits."""
    for index, character in enumerate(text):
        if character not in BASE64URL:
            raise Fault("bad_base64url", base + index)
    if len(text) % 4 == 1:
        raise Fault("bad_base64url", base + len(text))
    spare = len(text) * 6 % 8
    bits = 0
    for character in text:
        bits = bits << 6 | BASE64URL.index(character)
    if bits & (1 << spare) - 1:
        raise Fault("bad_base64url", base + len(text) - 1)
    return (bits >> spare).to_bytes(len(text) * 6 // 8, "big")


def bech32m(text, head, size):
    """R-18.1-1: human-readable part, characters, length, checksum, padding bits; the struct comes last."""
    start = len(head) + 1
    if text[:start] not in (head + b"1", head.upper() + b"1"):
        raise Fault("bad_prefix", 0)
    alphabet = BECH32 if text[0] == head[0] else BECH32.upper()
    for index in range(start, len(text)):
        if text[index] not in alphabet:
            raise Fault("bad_bech32m", index)
    end = start + numbers_of(size)
    if len(text) != end + CHECKSUM:
        raise Fault("bad_bech32m", len(text))
    numbers = [alphabet.index(character) for character in text[start:]]
    if polymod(expand(head) + numbers) != BECH32M:
        raise Fault("bad_bech32m", end)
    bits = 0
    for number in numbers[:-CHECKSUM]:
        bits = bits << 5 | number
    spare = 5 * numbers_of(size) - 8 * size
    if bits & (1 << spare) - 1:
        raise Fault("bad_bech32m", end - 1)
    return (bits >> spare).to_bytes(size, "big")


def expand(head):
    return [c >> 5 for c in head] + [0] + [c & 31 for c in head]


def polymod(numbers):
    value = 1
    for number in numbers:
        top, value = value >> 25, (value & 0x1FFFFFF) << 5 ^ number
        for i, generator in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            value ^= generator if top >> i & 1 else 0
    return value
