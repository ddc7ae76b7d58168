"""Bech32m (BIP 350) of 33 bytes (section 18.1)."""

from ..errors import Refused

ALPHABET = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CONSTANT = 0x2BC830A3
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
HRP_SIZE = 3
DATA_START = HRP_SIZE + 1
DATA_SIZE = 53
CHECKSUM_SIZE = 6
TEXT_SIZE = DATA_START + DATA_SIZE + CHECKSUM_SIZE


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
    number = int.from_bytes(data, "big") << 1
    values = [number >> 5 * (DATA_SIZE - 1 - i) & 31 for i in range(DATA_SIZE)]
    return hrp + b"1" + bytes(ALPHABET[value] for value in values + checksum(hrp, values))


def decode(hrp: bytes, text: bytes) -> bytes:
    alphabet = alphabet_of_case(hrp, text)
    values = read_values(alphabet, text)
    if len(text) != TEXT_SIZE:
        raise Refused("bad_bech32m", len(text))
    if polymod(expand_hrp(hrp) + values) != CONSTANT:
        raise Refused("bad_bech32m", DATA_START + DATA_SIZE)
    number = 0
    for value in values[:DATA_SIZE]:
        number = number << 5 | value
    padding = number & 1
    if padding != 0:
        raise Refused("bad_bech32m", DATA_START + DATA_SIZE - 1)
    return (number >> 1).to_bytes(33, "big")


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
