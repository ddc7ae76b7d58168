"""Bech32m (BIP 350) of so many bytes (section 18.1)."""

from ..errors import Refused

ALPHABET = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CONSTANT = 0x2BC830A3
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
HRP_SIZE = 3
DATA_START = HRP_SIZE + 1
CHECKSUM_SIZE = 6


def data_size(size: int) -> int:
    """The characters of so many bytes."""
    return -(-size * 8 // 5)


def text_size(size: int) -> int:
    return DATA_START + data_size(size) + CHECKSUM_SIZE


def text_offset(byte: int) -> int:
    """The character that holds the first bit of a byte."""
    return DATA_START + 8 * byte // 5


def polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(GENERATORS):
            if top >> i & 1:
                check ^= generator
    return check


def expand_hrp(hrp: bytes) -> list[int]:
    return [character >> 5 for character in hrp] + [0] + [character & 31 for character in hrp]


def checksum(hrp: bytes, values: list[int]) -> list[int]:
    check = polymod(expand_hrp(hrp) + values + [0] * CHECKSUM_SIZE) ^ CONSTANT
    return [check >> 5 * (5 - i) & 31 for i in range(CHECKSUM_SIZE)]


def encode(hrp: bytes, data: bytes) -> bytes:
    count = data_size(len(data))
    number = int.from_bytes(data, "big") << padding_bits(len(data))
    values = [number >> 5 * (count - 1 - i) & 31 for i in range(count)]
    return hrp + b"1" + bytes(ALPHABET[value] for value in values + checksum(hrp, values))


def padding_bits(size: int) -> int:
    return data_size(size) * 5 - size * 8


def decode(hrp: bytes, text: bytes, size: int) -> bytes:
    alphabet = alphabet_of_case(hrp, text)
    values = read_values(alphabet, text)
    if len(text) != text_size(size):
        raise Refused("bad_bech32m", len(text))
    if polymod(expand_hrp(hrp) + values) != CONSTANT:
        raise Refused("bad_bech32m", len(text) - CHECKSUM_SIZE)
    number = 0
    for value in values[:-CHECKSUM_SIZE]:
        number = number << 5 | value
    padding = number & (1 << padding_bits(size)) - 1
    if padding != 0:
        raise Refused("bad_bech32m", len(text) - CHECKSUM_SIZE - 1)
    return (number >> padding_bits(size)).to_bytes(size, "big")


def alphabet_of_case(hrp: bytes, text: bytes) -> bytes:
    """The human-readable part decides the case of the whole text."""
    start = text[:DATA_START]
    if start == hrp + b"1":
        return ALPHABET
    if start == hrp.upper() + b"1":
        return ALPHABET.upper()
    raise Refused("bad_prefix", 0)


def read_values(alphabet: bytes, text: bytes) -> list[int]:
    values = []
    for i in range(DATA_START, len(text)):
        value = alphabet.find(text[i:i + 1])
        if value < 0:
            raise Refused("bad_bech32m", i)
        values.append(value)
    return values
