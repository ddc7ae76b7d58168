"""Tokens (section 14)."""

from dataclasses import dataclass

from .enums import TokenField
from .errors import Refused
from .keys import epoch_context
from .limits import TOKEN_SIZES, TOKEN_VALUE_MAX
from .primitives import siv
from .primitives.hashes import labelled
from .wire.messages import Token
from .wire.writer import uint8


@dataclass
class TokenKey:
    epoch: int
    key: bytes


def padded_size(value: bytes) -> int:
    """The smallest size that holds the value and the byte 0x80."""
    return min(size for size in TOKEN_SIZES if size > len(value))


def pad(value: bytes) -> bytes:
    return (value + b"\x80").ljust(padded_size(value), b"\x00")


def unpad(padded: bytes) -> bytes:
    stripped = padded.rstrip(b"\x00")
    if stripped[-1:] != b"\x80":
        raise Refused("token_open_failed")
    value = stripped[:-1]
    if len(padded) != padded_size(value):
        raise Refused("token_open_failed")
    return value


def associated_data(account_id: bytes, epoch: int, field: TokenField) -> bytes:
    return labelled("token-ad") + epoch_context(account_id, epoch) + uint8(field)


def is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def check_value(value: bytes) -> None:
    if len(value) > TOKEN_VALUE_MAX:
        raise Refused("value_too_long")
    if not is_utf8(value):
        raise Refused("value_not_utf8")


def seal_token(token_key: bytes, account_id: bytes, epoch: int, field: TokenField, value: bytes) -> Token:
    check_value(value)
    v, c = siv.seal(token_key, associated_data(account_id, epoch, field), pad(value))
    return Token(field, epoch, v, c)


def keys_of(epoch: int, keys: list[TokenKey]) -> list[bytes]:
    """Two lines may have used one epoch."""
    found = [key.key for key in keys if key.epoch == epoch]
    if not found:
        raise Refused("no_epoch_key")
    return found


def open_with(key: bytes, token: Token, account_id: bytes) -> bytes:
    ad = associated_data(account_id, token.epoch, token.field)
    value = unpad(siv.open_sealed(key, ad, token.v, token.c))
    if not is_utf8(value):
        raise Refused("token_open_failed")
    return value


def open_token(token: Token, account_id: bytes, keys: list[TokenKey]) -> bytes:
    """The value, by the first of the keys that opens it."""
    for key in keys_of(token.epoch, keys):
        try:
            return open_with(key, token, account_id)
        except Refused:
            continue
    raise Refused("token_open_failed")
