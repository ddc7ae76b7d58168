"""Signing batches (section 16.1)."""

from dataclasses import dataclass

from .enums import MessageType
from .errors import Refused
from .wire import signature
from .wire.header import Header
from .wire.messages import Record, RecordBatch


@dataclass
class AcceptedState:
    """What a batch says of the newest state that its agent has accepted."""

    generation: int
    counter: int
    hash: bytes


def check_token_epochs(batch: RecordBatch) -> None:
    """R-16.1-2."""
    if any(token.epoch != batch.header.epoch for token in batch.tokens()):
        raise Refused("epoch_mismatch")


def sign_batch(
    seed: bytes, account_id: bytes, epoch: int, agent_id: bytes, sequence: int, previous: bytes, made: int,
    state: AcceptedState, records: list[Record],
) -> bytes:
    batch = RecordBatch(
        Header(MessageType.record_batch, account_id, epoch), agent_id, sequence, previous, made, state.generation,
        state.counter, state.hash, records)
    check_token_epochs(batch)
    return signature.sign(seed, batch)
