"""Base64url without padding, canonical texts only (section 2.4)."""

from ..errors import Refused

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
VALUES = {character: value for value, character in enumerate(ALPHABET)}


def text_size(size: int) -> int:
    """The characters of so many bytes."""
    return -(-size * 4 // 3)


def encode(data: bytes) -> bytes:
    groups = (int.from_bytes(data[i:i + 3].ljust(3, b"\0"), "big") for i in range(0, len(data), 3))
    text = bytes(ALPHABET[group >> shift & 63] for group in groups for shift in (18, 12, 6, 0))
    return text[:text_size(len(data))]


def decode(text: bytes, offset: int = 0) -> bytes:
    """The bytes of a text that stands at `offset`, from which the offsets of faults count."""
    check_alphabet(text, offset)
    check_length(text, offset)
    check_last_bits(text, offset)
    output = bytearray()
    bits = 0
    buffer = 0
    for character in text:
        buffer = (buffer << 6 | VALUES[character]) & 0xFFFF
        bits += 6
        if bits >= 8:
            bits -= 8
            output.append(buffer >> bits & 0xFF)
    return bytes(output)


def check_alphabet(text: bytes, offset: int) -> None:
    for i, character in enumerate(text):
        if character not in VALUES:
            raise Refused("bad_base64url", offset + i)


def check_length(text: bytes, offset: int) -> None:
    if len(text) % 4 == 1:
        raise Refused("bad_base64url", offset + len(text))


def check_last_bits(text: bytes, offset: int) -> None:
    """The bits of the last character that encode no byte."""
    unused = len(text) * 6 % 8
    if unused and VALUES[text[-1]] & (1 << unused) - 1:
        raise Refused("bad_base64url", offset + len(text) - 1)
