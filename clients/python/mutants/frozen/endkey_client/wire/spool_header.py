"""SpoolHeader (section 17)."""

from dataclasses import dataclass

from ..enums import MessageType
from .header import Header
from .reader import Reader, whole
from .writer import uint64

SIZE = 48


@dataclass
class SpoolHeader:
    header: Header
    agent_id: bytes
    segment: int

    @staticmethod
    def read(reader: Reader) -> "SpoolHeader":
        header = Header.read(reader, MessageType.spool_segment)
        agent_id = reader.opaque(16)
        segment = reader.counter()
        return SpoolHeader(header, agent_id, segment)

    @staticmethod
    def parse(data: bytes) -> "SpoolHeader":
        return whole(SpoolHeader.read, data)

    def write(self) -> bytes:
        return self.header.write() + self.agent_id + uint64(self.segment)
