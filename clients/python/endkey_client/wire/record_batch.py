"""RecordBatch, Record and Item (section 8.3)."""

from dataclasses import dataclass

from ..enums import ItemType, MessageType, RecordKind
from ..limits import ITEMS_MAX, RECORDS_MAX, RECORDS_MIN
from .header import Header
from .reader import Reader, whole
from .sealed_blob import BlobReference
from .token import Token
from .writer import uint8, uint32, uint64, vector


@dataclass
class Item:
    type: ItemType
    content: Token | BlobReference

    @staticmethod
    def of(content: Token | BlobReference) -> "Item":
        return Item(ItemType.token if isinstance(content, Token) else ItemType.blob, content)

    @staticmethod
    def read(reader: Reader) -> "Item":
        type = reader.enum(ItemType)
        if type == ItemType.token:
            return Item(type, Token.read(reader))
        return Item(type, BlobReference.read(reader))

    def order(self) -> bytes:
        return uint8(self.content.field)

    def write(self) -> bytes:
        return uint8(self.type) + self.content.write()


@dataclass
class Record:
    kind: RecordKind
    start: int
    duration: int
    items: list[Item]

    @staticmethod
    def read(reader: Reader) -> "Record":
        kind = reader.enum(RecordKind)
        start = reader.time()
        duration = reader.uint(4)
        items = reader.vector(0, ITEMS_MAX).elements(Item.read, order=Item.order)
        return Record(kind, start, duration, items)

    def tokens(self) -> list[Token]:
        return [item.content for item in self.items if isinstance(item.content, Token)]

    def write(self) -> bytes:
        items = b"".join(item.write() for item in self.items)
        return uint8(self.kind) + uint64(self.start) + uint32(self.duration) + vector(items, ITEMS_MAX)


@dataclass
class RecordBatch:
    header: Header
    agent_id: bytes
    sequence: int
    previous: bytes
    state_counter: int
    records: list[Record]
    signature: bytes = b""

    @staticmethod
    def read(reader: Reader) -> "RecordBatch":
        header = Header.read(reader, MessageType.record_batch)
        agent_id = reader.opaque(16)
        sequence = reader.counter()
        previous = reader.opaque(32)
        state_counter = reader.counter()
        records = reader.vector(RECORDS_MIN, RECORDS_MAX).elements(Record.read)
        signature = reader.opaque(64)
        return RecordBatch(header, agent_id, sequence, previous, state_counter, records, signature)

    @staticmethod
    def parse(data: bytes) -> "RecordBatch":
        return whole(RecordBatch.read, data)

    def tokens(self) -> list[Token]:
        return [token for record in self.records for token in record.tokens()]

    def unsigned(self) -> bytes:
        records = b"".join(record.write() for record in self.records)
        return (
            self.header.write()
            + self.agent_id
            + uint64(self.sequence)
            + self.previous
            + uint64(self.state_counter)
            + vector(records, RECORDS_MAX)
        )

    def write(self) -> bytes:
        return self.unsigned() + self.signature
