"""The audit of one member's batches, and the totals (sections 16.2 and 16.3)."""

from dataclasses import dataclass, field

from . import backend, keys
from .batches import check_token_epochs
from .enums import MemberStatus
from .errors import Refused
from .tokens import TokenKey, open_token
from .wire import signature
from .wire.contents import StateNote
from .wire.messages import EnrolmentRequest, RecordBatch

HOUR = 3_600_000
DAY = 24 * HOUR
STALE_AFTER = DAY


@dataclass
class Mark:
    """The last batch that was counted, and the greatest pair of a noted state in a counted batch."""

    sequence: int
    hash: bytes
    pair: tuple[int, int]


@dataclass
class Kept:
    """The newest batch that retention took."""

    sequence: int
    hash: bytes


@dataclass
class Range:
    """Batches that were erased; of an Erasure the hashes that keep the line together, too."""

    first: int
    last: int
    before_hash: bytes = b""
    last_hash: bytes = b""


@dataclass
class Finding:
    """Of a batch by its place, or of none and then of a number."""

    code: str
    batch: int | None = None
    sequence: int | None = None


@dataclass
class Given:
    """A batch as the service gives it: its place, its bytes, and what was read of them, if they parse."""

    place: int
    message: bytes
    batch: RecordBatch | None = None
    fault: str | None = None

    def __post_init__(self) -> None:
        try:
            self.batch = RecordBatch.parse(self.message)
        except Refused as refused:
            self.fault = refused.code


@dataclass
class Audit:
    """`requests` are the members' by id, None where the service has one not."""

    account_id: bytes
    requests: dict[bytes, bytes | None]
    agent_id: bytes
    status: MemberStatus
    mark: Mark
    kept: Kept
    notes: list[StateNote]
    keys: list[TokenKey]
    erasures: list[Range]
    now: int
    retention_days: int
    findings: list[Finding] = field(default_factory=list)
    totals: dict[bytes, int] = field(default_factory=dict)
    known: dict[int, bytes] = field(default_factory=dict)
    """The hash of the batch of each number, as far as the line says it."""
    passed_over: list[Range] = field(default_factory=list)
    """What is shown as erased, descending: the Erasures that the walk back went over, and what is gone."""

    def take(self, messages: list[bytes], erased: list[Range]) -> None:
        """All that the service gives, and what it marks as erased."""
        audited = self.mark.sequence
        given = [Given(place, message) for place, message in enumerate(messages)]
        history = self.walk_back(given)
        forwards = [one for one in given if one.place not in history]
        forwards.sort(key=lambda one: one.batch.sequence if one.batch else 0)
        for one in forwards:
            self.take_one(one)
        for range in erased:
            if range.last > audited:
                self.findings.append(Finding("erased_unseen", None, range.last))
        self.findings.sort(key=self.findings_order)

    @staticmethod
    def findings_order(finding: Finding) -> tuple[bool, int]:
        """By place; those of no batch last, descending by number. The sort keeps the order of the steps."""
        if finding.batch is None:
            return True, -(finding.sequence or 0)
        return False, finding.batch

    # Backwards

    def walk_back(self, given: list[Given]) -> set[int]:
        """The places of the batches that are history."""
        history: set[int] = set()
        number, hash = self.mark.sequence, self.mark.hash
        expired = self.has_expired(self.next_after_mark(given))
        while number > 0:
            self.known[number] = hash
            if number == self.kept.sequence and hash != self.kept.hash:
                self.findings.append(Finding("chain_broken", None, number))
            erasure = next((e for e in self.erasures if (e.last, e.last_hash) == (number, hash)), None)
            if erasure is not None:
                self.passed_over.append(erasure)
                number, hash = erasure.first - 1, erasure.before_hash
                continue
            one = self.find(given, number, hash)
            if one is None or one.batch is None:
                self.end_walk(number, hash, expired)
                return history
            history.add(one.place)
            expired = expired or self.has_expired(one.batch)
            self.count_history(one.place, one.batch)
            number, hash = number - 1, one.batch.previous
        return history

    def end_walk(self, number: int, hash: bytes, expired: bool) -> None:
        """At a batch that is missing: it and all before it are gone, or it is a finding."""
        if number > self.kept.sequence:
            if not expired:
                self.findings.append(Finding("sequence_gap", None, number))
                return
            self.kept = Kept(number, hash)
        self.passed_over.append(Range(1, number))

    def has_expired(self, batch: RecordBatch | None) -> bool:
        """Whether what is before this batch may have been taken by retention (R-16.5-4)."""
        return batch is not None and batch.made + self.retention_days * DAY < self.now

    def next_after_mark(self, given: list[Given]) -> RecordBatch | None:
        for one in given:
            batch = one.batch
            if batch is None or batch.header.account_id != self.account_id:
                continue
            if (batch.agent_id, batch.sequence) != (self.agent_id, self.mark.sequence + 1):
                continue
            if batch.previous == self.mark.hash and self.is_signed(one.message):
                return batch
        return None

    def is_signed(self, message: bytes) -> bool:
        try:
            signature.check(self.verify_key(), message)
        except Refused:
            return False
        return True

    def find(self, given: list[Given], number: int, hash: bytes) -> Given | None:
        for one in given:
            if one.batch is None or backend.sha256(one.message) != hash:
                continue
            if one.batch.header.account_id != self.account_id:
                continue
            if (one.batch.agent_id, one.batch.sequence) == (self.agent_id, number):
                return one
        return None

    def count_history(self, place: int, batch: RecordBatch) -> None:
        try:
            check_token_epochs(batch)
            self.open_tokens(batch)
        except Refused as refused:
            self.findings.append(Finding(refused.code, place))
            return
        self.add_up(batch)

    # Forwards

    def take_one(self, one: Given) -> None:
        if one.batch is None:
            self.findings.append(Finding(one.fault or "", one.place))
            return
        try:
            self.check_sender(one.batch, one.message)
        except Refused as refused:
            self.findings.append(Finding(refused.code, one.place))
            return
        if self.is_erased(one.batch):
            return
        notes: list[str] = []
        try:
            note = self.check(one.batch, one.message, notes)
        except Refused as refused:
            notes.append(refused.code)
            note = None
            counted = False
        else:
            counted = True
        self.findings += [Finding(code, one.place) for code in notes]
        if counted:
            self.count(one.batch, one.message, note)

    def check(self, batch: RecordBatch, message: bytes, notes: list[str]) -> StateNote | None:
        """Steps 5 to 13. The vault's note of the batch's state, if there is one; `notes` takes what does not refuse."""
        self.check_repeat(batch, message)
        if self.status != MemberStatus.granted:
            raise Refused("revoked")
        if batch.sequence > self.mark.sequence + 1:
            notes.append("sequence_gap")
        elif batch.previous != self.mark.hash:
            raise Refused("chain_broken")
        note = next((note for note in self.notes if note.hash == batch.state), None)
        if note is None:
            notes.append(self.unknown_state(batch))
        if note is not None and note.pair() < self.mark.pair:
            raise Refused("counter_rollback")
        if note is not None and batch.header.epoch != note.epoch:
            raise Refused("epoch_mismatch")
        check_token_epochs(batch)
        self.open_tokens(batch)
        if note is not None and self.is_stale(batch, note):
            notes.append("state_stale")
        return note

    def check_sender(self, batch: RecordBatch, message: bytes) -> None:
        """Steps 2 to 4."""
        if batch.header.account_id != self.account_id:
            raise Refused("wrong_account")
        if batch.agent_id not in self.requests:
            raise Refused("unknown_agent")
        if batch.agent_id != self.agent_id:
            raise Refused("wrong_recipient")
        signature.check(self.verify_key(), message)

    def verify_key(self) -> bytes:
        """Of the member's own request."""
        message = self.requests.get(self.agent_id)
        if message is None:
            raise Refused("unknown_agent")
        try:
            request = EnrolmentRequest.parse(message)
        except Refused:
            raise Refused("unknown_agent") from None
        if request.header.account_id != self.account_id:
            raise Refused("unknown_agent")
        if keys.agent_id(request.modulus, request.verify_key) != self.agent_id:
            raise Refused("unknown_agent")
        return request.verify_key

    def is_erased(self, batch: RecordBatch) -> bool:
        """The first part of step 5: a batch that is passed over."""
        if batch.sequence > self.mark.sequence:
            return False
        return any(erasure.first <= batch.sequence <= erasure.last for erasure in self.passed_over)

    def check_repeat(self, batch: RecordBatch, message: bytes) -> None:
        """The rest of step 5."""
        if batch.sequence > self.mark.sequence:
            return
        hash = self.known.get(batch.sequence)
        if hash is None:
            raise Refused("chain_broken")
        if hash == backend.sha256(message):
            raise Refused("sequence_repeat")
        raise Refused("sequence_fork")

    def unknown_state(self, batch: RecordBatch) -> str:
        """Step 9."""
        pair = batch.state_generation, batch.state_counter
        if pair > max(note.pair() for note in self.notes):
            return "state_withheld"
        return "state_fork"

    def open_tokens(self, batch: RecordBatch) -> None:
        """Step 12."""
        distinct = {token.write(): token for token in batch.tokens()}
        for token in distinct.values():
            open_token(token, self.account_id, self.keys)

    def is_stale(self, batch: RecordBatch, note: StateNote) -> bool:
        """Step 13."""
        later = [other for other in self.notes if other.pair() > note.pair() and other.epoch != note.epoch]
        return any(batch.made > other.made + STALE_AFTER for other in later)

    def count(self, batch: RecordBatch, message: bytes, note: StateNote | None) -> None:
        pair = self.mark.pair if note is None else max(self.mark.pair, note.pair())
        self.mark = Mark(batch.sequence, backend.sha256(message), pair)
        self.known[batch.sequence] = self.mark.hash
        self.add_up(batch)

    def add_up(self, batch: RecordBatch) -> None:
        for record in batch.records:
            for token in record.tokens():
                key = token.write()
                self.totals[key] = self.totals.get(key, 0) + record.duration
