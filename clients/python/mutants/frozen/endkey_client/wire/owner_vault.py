"""OwnerVault (section 8.3)."""

from dataclasses import dataclass

from ..enums import MessageType
from ..limits import SEALED_MAX, SEALED_MIN
from .header import Header
from .reader import Reader, whole
from .writer import uint64, vector


@dataclass
class OwnerVault:
    header: Header
    counter: int
    sealed: bytes

    @staticmethod
    def read(reader: Reader) -> "OwnerVault":
        header = Header.read(reader, MessageType.owner_vault)
        counter = reader.counter()
        sealed = reader.bytes_vector(SEALED_MIN, SEALED_MAX)
        return OwnerVault(header, counter, sealed)

    @staticmethod
    def parse(data: bytes) -> "OwnerVault":
        return whole(OwnerVault.read, data)

    def context(self) -> bytes:
        return self.header.write() + uint64(self.counter)

    def write(self) -> bytes:
        return self.context() + vector(self.sealed, SEALED_MAX)
