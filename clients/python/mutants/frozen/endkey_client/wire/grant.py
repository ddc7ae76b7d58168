"""Grant and its contents (sections 8.3 and 8.4)."""

from dataclasses import dataclass

from ..enums import GrantKind, MessageType
from .header import Header
from .reader import Reader, whole
from .writer import uint8, uint64


@dataclass
class Grant:
    header: Header
    kind: GrantKind
    recipient: bytes
    counter: int
    ciphertext: bytes = b""
    signature: bytes = b""

    @staticmethod
    def read(reader: Reader) -> "Grant":
        header = Header.read(reader, MessageType.grant)
        kind = reader.enum(GrantKind)
        recipient = reader.opaque(16)
        counter = reader.counter()
        ciphertext = reader.opaque(256)
        signature = reader.opaque(64)
        return Grant(header, kind, recipient, counter, ciphertext, signature)

    @staticmethod
    def parse(data: bytes) -> "Grant":
        return whole(Grant.read, data)

    def head(self) -> bytes:
        """The first 49 bytes, of which header_hash is the hash."""
        return self.header.write() + uint8(self.kind) + self.recipient + uint64(self.counter)

    def unsigned(self) -> bytes:
        return self.head() + self.ciphertext

    def write(self) -> bytes:
        return self.unsigned() + self.signature


@dataclass
class ScopedKeys:
    token_key: bytes
    agent_key: bytes

    @staticmethod
    def read(reader: Reader) -> "ScopedKeys":
        token_key = reader.opaque(64)
        agent_key = reader.opaque(32)
        return ScopedKeys(token_key, agent_key)

    def write(self) -> bytes:
        return self.token_key + self.agent_key


@dataclass
class GrantContents:
    header_hash: bytes
    keys: bytes | ScopedKeys

    @staticmethod
    def parse(data: bytes, kind: GrantKind) -> "GrantContents":
        def read(reader: Reader) -> "GrantContents":
            header_hash = reader.opaque(32)
            if kind == GrantKind.master:
                return GrantContents(header_hash, reader.opaque(32))
            return GrantContents(header_hash, ScopedKeys.read(reader))

        return whole(read, data)

    def write(self) -> bytes:
        keys = self.keys.write() if isinstance(self.keys, ScopedKeys) else self.keys
        return self.header_hash + keys
