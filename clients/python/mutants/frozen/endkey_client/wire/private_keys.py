"""PrivateKeys and AccountKeys (sections 8.3 and 8.4)."""

from dataclasses import dataclass

from ..enums import MessageType
from .header import Header
from .reader import Reader, whole

SEALED_SIZE = 360


@dataclass
class PrivateKeys:
    header: Header
    sealed: bytes

    @staticmethod
    def read(reader: Reader) -> "PrivateKeys":
        header = Header.read(reader, MessageType.private_keys)
        sealed = reader.opaque(SEALED_SIZE)
        return PrivateKeys(header, sealed)

    @staticmethod
    def parse(data: bytes) -> "PrivateKeys":
        return whole(PrivateKeys.read, data)

    def write(self) -> bytes:
        return self.header.write() + self.sealed


@dataclass
class AccountKeys:
    p: bytes
    q: bytes
    seed: bytes

    @staticmethod
    def read(reader: Reader) -> "AccountKeys":
        p = reader.opaque(128)
        q = reader.opaque(128)
        seed = reader.opaque(32)
        return AccountKeys(p, q, seed)

    @staticmethod
    def parse(data: bytes) -> "AccountKeys":
        return whole(AccountKeys.read, data)

    def write(self) -> bytes:
        return self.p + self.q + self.seed
