"""SealedBlob and BlobReference (section 8.3)."""

from dataclasses import dataclass

from ..enums import BlobField, MessageType
from ..limits import SEALED_MIN
from .header import Header
from .reader import Reader, whole
from .writer import uint8, uint64


@dataclass
class SealedBlob:
    header: Header
    field: BlobField
    agent_id: bytes
    sealed: bytes

    @staticmethod
    def read(reader: Reader) -> "SealedBlob":
        blob = SealedBlob.read_context(reader)
        blob.sealed = reader.rest(SEALED_MIN)
        return blob

    @staticmethod
    def read_context(reader: Reader) -> "SealedBlob":
        """The fields before `sealed`."""
        header = Header.read(reader, MessageType.sealed_blob)
        field = reader.enum(BlobField)
        agent_id = reader.opaque(16)
        return SealedBlob(header, field, agent_id, b"")

    @staticmethod
    def parse(data: bytes) -> "SealedBlob":
        return whole(SealedBlob.read, data)

    def context(self) -> bytes:
        return self.header.write() + uint8(self.field) + self.agent_id

    def write(self) -> bytes:
        return self.context() + self.sealed


@dataclass
class BlobReference:
    field: BlobField
    length: int
    digest: bytes

    @staticmethod
    def read(reader: Reader) -> "BlobReference":
        field = reader.enum(BlobField)
        length = reader.counter()
        digest = reader.opaque(32)
        return BlobReference(field, length, digest)

    @staticmethod
    def parse(data: bytes) -> "BlobReference":
        return whole(BlobReference.read, data)

    def write(self) -> bytes:
        return uint8(self.field) + uint64(self.length) + self.digest
