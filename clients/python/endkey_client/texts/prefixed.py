"""The text forms of Token and SealedBlob (sections 14.3 and 15.1)."""

from ..errors import Refused
from ..limits import BLOB_TEXT_MAX, BLOB_TEXT_MIN
from ..wire.reader import Reader, whole
from ..wire.sealed_blob import SealedBlob
from ..wire.token import Token
from ..wire.writer import vector
from . import base64url

TOKEN_PREFIX = b"ekt1_"
BLOB_PREFIX = b"eks1_"


def text_offset(byte: int) -> int:
    """The character that holds the first bit of a byte."""
    return 5 + 4 * byte // 3


def parse_at(read, data: bytes):
    """Parses, with the offset of a fault moved to the text."""
    try:
        return whole(read, data)
    except Refused as refused:
        offset = None if refused.offset is None else text_offset(refused.offset)
        raise Refused(refused.code, offset) from None


def encode_token(token: bytes) -> bytes:
    Token.parse(token)
    return TOKEN_PREFIX + base64url.encode(token)


def decode_token(text: bytes) -> bytes:
    if text[:5] != TOKEN_PREFIX:
        raise Refused("bad_prefix", 0)
    data = base64url.decode(text[5:], 5)
    parse_at(Token.read, data)
    return data


def encode_blob(blob: bytes) -> bytes:
    if len(blob) > BLOB_TEXT_MAX:
        raise Refused("value_too_long")
    SealedBlob.parse(blob)
    return BLOB_PREFIX + base64url.encode(vector(blob, BLOB_TEXT_MAX))


def read_blob_text(reader: Reader) -> bytes:
    """BlobText: the SealedBlob behind its length."""
    content = reader.vector(BLOB_TEXT_MIN, BLOB_TEXT_MAX)
    blob = SealedBlob.read(content)
    content.finish()
    return blob.write()


def decode_blob(text: bytes) -> bytes:
    if text[:5] != BLOB_PREFIX:
        raise Refused("bad_prefix", 0)
    data = base64url.decode(text[5:], 5)
    return parse_at(read_blob_text, data)
