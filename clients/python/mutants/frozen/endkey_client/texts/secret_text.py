"""Enrolment codes and account secrets as texts (section 18.1)."""

from dataclasses import dataclass

from ..errors import Refused
from . import bech32m

CODE = b"ekc"
ACCOUNT_SECRET = b"ekb"
VERSION = b"\x01"


@dataclass
class SecretText:
    account_id: bytes
    secret: bytes


def encode(hrp: bytes, text: SecretText) -> bytes:
    return bech32m.encode(hrp, VERSION + text.account_id + text.secret)


def decode(hrp: bytes, text: bytes) -> SecretText:
    data = bech32m.decode(hrp, text)
    if data[:1] != VERSION:
        raise Refused("unknown_version", bech32m.DATA_START)
    return SecretText(data[1:17], data[17:33])
