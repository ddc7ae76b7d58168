"""The text forms of Token and SealedBlob (sections 14.3 and 15.1)."""

from typing import TypeVar

from ..errors import Refused
from ..limits import BLOB_TEXT_MAX
from ..wire.kinds import Struct
from ..wire.messages import BlobText, SealedBlob, Token
from . import base64url

Form = TypeVar("Form", bound=Struct)

TOKEN_PREFIX = b"ekt1_"
BLOB_PREFIX = b"eks1_"


def text_offset(byte: int) -> int:
    """The character that holds the first bit of a byte."""
    return 5 + 4 * byte // 3


def decode(prefix: bytes, struct: type[Form], text: bytes) -> Form:
    if text[:5] != prefix:
        raise Refused("bad_prefix", 0)
    data = base64url.decode(text[5:], 5)
    try:
        return struct.parse(data)
    except Refused as refused:
        raise Refused(refused.code, text_offset(refused.offset or 0)) from None


def encode_token(token: bytes) -> bytes:
    Token.parse(token)
    return TOKEN_PREFIX + base64url.encode(token)


def decode_token(text: bytes) -> bytes:
    return decode(TOKEN_PREFIX, Token, text).write()


def encode_blob(blob: bytes) -> bytes:
    if len(blob) > BLOB_TEXT_MAX:
        raise Refused("value_too_long")
    return BLOB_PREFIX + base64url.encode(BlobText(SealedBlob.parse(blob)).write())


def decode_blob(text: bytes) -> bytes:
    return decode(BLOB_PREFIX, BlobText, text).blob.write()
