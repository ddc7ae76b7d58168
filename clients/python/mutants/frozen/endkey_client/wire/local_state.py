"""LocalState (section 8.4)."""

from dataclasses import dataclass

from ..enums import MessageType
from ..limits import SEALED_MAX, SEALED_MIN
from .header import Header
from .reader import Reader, whole
from .writer import uint64, vector


@dataclass
class LocalState:
    header: Header
    generation: int
    sealed: bytes

    @staticmethod
    def read(reader: Reader) -> "LocalState":
        header = Header.read(reader, MessageType.agent_state, MessageType.owner_state, any_epoch=True)
        generation = reader.counter()
        sealed = reader.bytes_vector(SEALED_MIN, SEALED_MAX)
        return LocalState(header, generation, sealed)

    @staticmethod
    def parse(data: bytes) -> "LocalState":
        return whole(LocalState.read, data)

    def context(self) -> bytes:
        return self.header.write() + uint64(self.generation)

    def write(self) -> bytes:
        return self.context() + vector(self.sealed, SEALED_MAX)
