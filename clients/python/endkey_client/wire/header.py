"""Header (section 8.1)."""

from dataclasses import dataclass

from ..enums import MessageType
from ..errors import Refused
from .kinds import Constant
from .reader import Reader
from .writer import uint8, uint32

MAGIC = Constant(b"EK", "bad_magic")
VERSION = Constant(b"\x01", "unknown_version")
SIZE = 24


@dataclass
class Header:
    type: MessageType
    account_id: bytes
    epoch: int

    def write(self) -> bytes:
        return MAGIC.value + VERSION.value + uint8(self.type) + self.account_id + uint32(self.epoch)


class HeaderOf:
    """The header of a message of this type, or of one of these. Its epoch is from 1, or 0, or any."""

    size: int | None = SIZE

    def __init__(self, *types: MessageType, no_epoch: bool = False, any_epoch: bool = False):
        self.types = types
        self.no_epoch = no_epoch
        self.any_epoch = any_epoch

    def read(self, reader: Reader) -> Header:
        MAGIC.read(reader)
        VERSION.read(reader)
        type_start = reader.position
        number = reader.uint(1)
        if number not in self.types:
            raise Refused("unexpected_type", type_start)
        account_id = reader.opaque(16)
        epoch_start = reader.position
        epoch = reader.uint(4)
        if self.no_epoch and epoch != 0:
            raise Refused("value_out_of_range", epoch_start)
        if not self.no_epoch and not self.any_epoch and epoch == 0:
            raise Refused("value_out_of_range", epoch_start)
        return Header(MessageType(number), account_id, epoch)

    def write(self, out: bytearray, value: Header) -> None:
        out += value.write()
