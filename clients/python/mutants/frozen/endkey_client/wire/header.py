"""Header (section 8.1)."""

from dataclasses import dataclass

from ..enums import MessageType
from ..errors import Refused
from .reader import Reader
from .writer import uint8, uint32

MAGIC = b"EK"
VERSION = b"\x01"
SIZE = 24


@dataclass
class Header:
    type: MessageType
    account_id: bytes
    epoch: int

    @staticmethod
    def read(reader: Reader, *types: MessageType, no_epoch: bool = False, any_epoch: bool = False) -> "Header":
        """`no_epoch` asks for epoch 0, `any_epoch` allows it."""
        reader.constant(MAGIC, "bad_magic")
        reader.constant(VERSION, "unknown_version")
        type_start = reader.position
        number = reader.uint(1)
        if number not in types:
            raise Refused("unexpected_type", type_start)
        account_id = reader.opaque(16)
        epoch_start = reader.position
        epoch = reader.uint(4)
        if no_epoch and epoch != 0:
            raise Refused("value_out_of_range", epoch_start)
        if not no_epoch and not any_epoch and epoch == 0:
            raise Refused("value_out_of_range", epoch_start)
        return Header(MessageType(number), account_id, epoch)

    def write(self) -> bytes:
        return MAGIC + VERSION + uint8(self.type) + self.account_id + uint32(self.epoch)
