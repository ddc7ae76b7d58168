"""Token (section 8.3)."""

from dataclasses import dataclass

from ..enums import TokenField
from ..limits import TOKEN_PADDED_MAX, TOKEN_SIZES
from .reader import Reader, whole
from .writer import uint8, uint32, vector

VERSION = b"\x01"


@dataclass
class Token:
    field: TokenField
    epoch: int
    v: bytes
    c: bytes

    @staticmethod
    def read(reader: Reader) -> "Token":
        reader.constant(VERSION, "unknown_version")
        field = reader.enum(TokenField)
        epoch = reader.epoch()
        v = reader.opaque(16)
        c = reader.bytes_vector(16, TOKEN_PADDED_MAX, sizes=TOKEN_SIZES)
        return Token(field, epoch, v, c)

    @staticmethod
    def parse(data: bytes) -> "Token":
        return whole(Token.read, data)

    def write(self) -> bytes:
        return VERSION + uint8(self.field) + uint32(self.epoch) + self.v + vector(self.c, TOKEN_PADDED_MAX)
