"""AccountState (section 8.3)."""

from dataclasses import dataclass

from ..enums import MessageType
from ..limits import REVOKED_MAX
from .header import Header
from .reader import Reader, whole
from .writer import uint64, vector

NONE = bytes(32)


def read_agent_id(reader: Reader) -> bytes:
    return reader.opaque(16)


@dataclass
class AccountState:
    header: Header
    counter: int
    verify_key: bytes
    modulus: bytes
    commitment: bytes
    rule_set: bytes
    previous: bytes
    revoked: list[bytes]
    signature: bytes = b""

    @staticmethod
    def read(reader: Reader) -> "AccountState":
        header = Header.read(reader, MessageType.account_state)
        counter = reader.counter()
        verify_key = reader.opaque(32)
        modulus = reader.opaque(256)
        commitment = reader.opaque(32)
        rule_set = reader.opaque(32)
        previous = reader.opaque(32)
        revoked = reader.vector(0, REVOKED_MAX, element_size=16).elements(read_agent_id, order=bytes)
        signature = reader.opaque(64)
        return AccountState(header, counter, verify_key, modulus, commitment, rule_set, previous, revoked, signature)

    @staticmethod
    def parse(data: bytes) -> "AccountState":
        return whole(AccountState.read, data)

    def unsigned(self) -> bytes:
        return (
            self.header.write()
            + uint64(self.counter)
            + self.verify_key
            + self.modulus
            + self.commitment
            + self.rule_set
            + self.previous
            + vector(b"".join(self.revoked), REVOKED_MAX)
        )

    def write(self) -> bytes:
        return self.unsigned() + self.signature
