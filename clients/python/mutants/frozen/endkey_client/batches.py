"""Signing batches and auditing them (section 16)."""

from dataclasses import dataclass, field

from . import backend
from .enums import MessageType, TokenField
from .errors import Refused
from .wire import signature
from .wire.header import Header
from .wire.record_batch import Record, RecordBatch
from .wire.writer import check_ascending


def sign_batch(
    seed: bytes, account_id: bytes, epoch: int, agent_id: bytes, sequence: int, previous: bytes,
    state_counter: int, records: list[Record],
) -> bytes:
    header = Header(MessageType.record_batch, account_id, epoch)
    batch = RecordBatch(header, agent_id, sequence, previous, state_counter, records)
    check_token_epochs(batch)
    for record in records:
        check_ascending([item.order() for item in record.items])
    return signature.sign(seed, batch.unsigned())


def check_token_epochs(batch: RecordBatch) -> None:
    """R-16.1-2."""
    if any(token.epoch != batch.header.epoch for token in batch.tokens()):
        raise Refused("epoch_mismatch")


@dataclass
class Place:
    """Where an audit stands: the last batch that was counted."""

    sequence: int
    hash: bytes
    state_counter: int


@dataclass
class Finding:
    batch: int
    code: str


@dataclass
class Audit:
    """The audit of one agent. `members` gives the verify_key of each agent id."""

    account_id: bytes
    members: dict[bytes, bytes]
    agent_id: bytes
    state_counter: int
    place: Place
    findings: list[Finding] = field(default_factory=list)
    totals: dict[tuple[TokenField, bytes], int] = field(default_factory=dict)
    counted: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.place.sequence > 0:
            self.counted[self.place.sequence] = self.place.hash

    def take(self, index: int, message: bytes) -> None:
        """The next batch, in the order of section 16.2."""
        try:
            batch = RecordBatch.parse(message)
            self.check_sender(batch, message)
            self.check_repeat(batch, message)
            self.check_link(index, batch)
            self.check_state_counter(index, batch)
            check_token_epochs(batch)
        except Refused as refused:
            self.note(index, refused.code)
            return
        self.count(batch, message)

    def note(self, index: int, code: str) -> None:
        self.findings.append(Finding(index, code))

    def check_sender(self, batch: RecordBatch, message: bytes) -> None:
        """Steps 2 to 4."""
        if batch.header.account_id != self.account_id:
            raise Refused("wrong_account")
        if batch.agent_id not in self.members:
            raise Refused("unknown_agent")
        if batch.agent_id != self.agent_id:
            raise Refused("wrong_recipient")
        signature.check(self.members[batch.agent_id], message)

    def check_repeat(self, batch: RecordBatch, message: bytes) -> None:
        """Step 5."""
        if batch.sequence > self.place.sequence:
            return
        counted_hash = self.counted.get(batch.sequence)
        if counted_hash is None:
            raise Refused("sequence_repeat")
        if counted_hash == backend.sha256(message):
            raise Refused("sequence_repeat")
        raise Refused("sequence_fork")

    def check_link(self, index: int, batch: RecordBatch) -> None:
        """Steps 6 and 7."""
        if batch.sequence > self.place.sequence + 1:
            self.note(index, "sequence_gap")
            return
        if batch.previous != self.place.hash:
            raise Refused("chain_broken")

    def check_state_counter(self, index: int, batch: RecordBatch) -> None:
        """Step 8."""
        if batch.state_counter < self.place.state_counter:
            raise Refused("counter_rollback")
        if batch.state_counter > self.state_counter:
            self.note(index, "state_withheld")

    def count(self, batch: RecordBatch, message: bytes) -> None:
        self.place = Place(batch.sequence, backend.sha256(message), batch.state_counter)
        self.counted[batch.sequence] = self.place.hash
        for record in batch.records:
            for token in record.tokens():
                key = (token.field, token.v)
                self.totals[key] = self.totals.get(key, 0) + record.duration

    def sorted_totals(self) -> list[tuple[tuple[TokenField, bytes], int]]:
        """By field number, then v."""
        return sorted(self.totals.items())
