"""AgentContents, which is only read, and OwnerContents: what a LocalState seals (section 8.4)."""

from dataclasses import dataclass

from ..enums import AgentPhase
from ..limits import EPOCHS_MAX
from .private_keys import AccountKeys
from .reader import Reader, whole
from .writer import uint32, uint64

EPOCHS_KEPT = 2


@dataclass
class EpochKeys:
    epoch: int
    token_key: bytes
    agent_key: bytes
    master_key: bytes

    @staticmethod
    def read(reader: Reader) -> "EpochKeys":
        epoch = reader.epoch()
        token_key = reader.opaque(64)
        agent_key = reader.opaque(32)
        master_key = reader.bytes_vector(0, 32, sizes=(0, 32))
        return EpochKeys(epoch, token_key, agent_key, master_key)

    def order(self) -> bytes:
        return uint32(self.epoch)


@dataclass
class AgentContents:
    phase: AgentPhase
    keys: AccountKeys
    request: bytes
    account_key: bytes
    state_counter: int
    state_hash: bytes
    commitment: bytes
    grant_counter: int
    grant_hash: bytes
    sequence: int
    batch_hash: bytes
    epochs: list[EpochKeys]

    @staticmethod
    def read(reader: Reader) -> "AgentContents":
        phase = reader.enum(AgentPhase)
        keys = AccountKeys.read(reader)
        request = reader.bytes_vector(0, 440, sizes=(0, 440))
        account_key = reader.bytes_vector(0, 32, sizes=(0, 32))
        state_counter = reader.counter()
        state_hash = reader.opaque(32)
        commitment = reader.opaque(32)
        grant_counter = reader.counter()
        grant_hash = reader.opaque(32)
        sequence = reader.counter()
        batch_hash = reader.opaque(32)
        epochs = reader.vector(0, EPOCHS_MAX).elements(EpochKeys.read, order=EpochKeys.order, at_most=EPOCHS_KEPT)
        return AgentContents(
            phase, keys, request, account_key, state_counter, state_hash, commitment, grant_counter, grant_hash,
            sequence, batch_hash, epochs)

    @staticmethod
    def parse(data: bytes) -> "AgentContents":
        return whole(AgentContents.read, data)


@dataclass
class OwnerContents:
    salt: bytes
    wrap_counter: int
    vault_counter: int
    state_counter: int
    state_hash: bytes

    @staticmethod
    def read(reader: Reader) -> "OwnerContents":
        salt = reader.opaque(32)
        wrap_counter = reader.counter()
        vault_counter = reader.counter()
        state_counter = reader.counter()
        state_hash = reader.opaque(32)
        return OwnerContents(salt, wrap_counter, vault_counter, state_counter, state_hash)

    @staticmethod
    def parse(data: bytes) -> "OwnerContents":
        return whole(OwnerContents.read, data)

    def write(self) -> bytes:
        return (
            self.salt
            + uint64(self.wrap_counter)
            + uint64(self.vault_counter)
            + uint64(self.state_counter)
            + self.state_hash
        )
