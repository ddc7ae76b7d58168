"""Recovery of a spool segment (section 17)."""

from dataclasses import dataclass, field

from . import backend, keys
from .errors import Refused
from .limits import SEALED_MAX, SEALED_MIN
from .primitives import chunked
from .primitives.hashes import labelled_hash
from .wire.contents import Capture
from .wire.messages import SpoolHeader

MAGIC = b"EKfr"
HEAD_SIZE = 52
CHECKED_SIZE = 44
CHECK_SIZE = 8
HEADER_SIZE = 48


@dataclass
class Damage:
    offset: int
    length: int
    code: str


@dataclass
class Note:
    offset: int
    code: str


@dataclass
class Recovered:
    payloads: list[bytes] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    torn: int | None = None


@dataclass
class FrameHead:
    """The 52 bytes before `sealed`, read where magic, length bound and check are right."""

    offset: int
    index: int
    length: int
    previous: bytes
    checked: bytes

    def end(self) -> int:
        return self.offset + HEAD_SIZE + self.length


def read_head(segment: bytes, offset: int) -> FrameHead | None:
    """The right frame head at this offset, or None."""
    head = segment[offset:offset + HEAD_SIZE]
    if len(head) < HEAD_SIZE:
        return None
    if head[:4] != MAGIC:
        return None
    checked = head[:CHECKED_SIZE]
    index = int.from_bytes(head[4:8], "big")
    length = int.from_bytes(head[8:12], "big")
    if length < SEALED_MIN:
        return None
    if length > SEALED_MAX:
        return None
    if head[CHECKED_SIZE:] != labelled_hash("frame-check", checked)[:CHECK_SIZE]:
        return None
    return FrameHead(offset, index, length, head[12:44], checked)


def next_head(segment: bytes, offset: int) -> int | None:
    """The next position from here on where a right frame head stands, whether what it announces is there or not."""
    while (offset := segment.find(MAGIC, offset)) >= 0:
        if read_head(segment, offset) is not None:
            return offset
        offset += 1
    return None


def check_header(header: SpoolHeader, account_id: bytes, agent_id: bytes) -> None:
    """Step 1."""
    if header.header.account_id != account_id:
        raise Refused("wrong_account")
    if header.agent_id != agent_id:
        raise Refused("wrong_recipient")


def open_frame(key: bytes, segment: bytes, head: FrameHead, account_id: bytes) -> bytes | None:
    """The payload, or None if the seal does not open or holds no Capture of the account."""
    context = segment[:HEADER_SIZE] + head.checked
    sealed = segment[head.offset + HEAD_SIZE:head.end()]
    try:
        payload = chunked.open_sealed(key, context, sealed, "frame_open_failed")
        capture = Capture.parse(payload)
    except Refused:
        return None
    if capture.header.account_id != account_id:
        return None
    return payload


def recover(device_key: bytes, account_id: bytes, agent_id: bytes, segment: bytes) -> Recovered:
    check_header(SpoolHeader.parse(segment[:HEADER_SIZE]), account_id, agent_id)
    recovery = Recovery(segment, keys.spool_key(device_key, account_id, agent_id), account_id)
    recovery.read_frames()
    return recovery.recovered


class Recovery:
    """Steps 2 to 5, from the end of the header to the end of the segment."""

    def __init__(self, segment: bytes, key: bytes, account_id: bytes):
        self.segment = segment
        self.key = key
        self.account_id = account_id
        self.recovered = Recovered()
        self.offset = HEADER_SIZE
        self.index = 0
        self.previous = backend.sha256(segment[:HEADER_SIZE])
        self.after_damage = False

    def read_frames(self) -> None:
        while self.offset < len(self.segment):
            head = read_head(self.segment, self.offset)
            if self.is_torn(head):
                self.recovered.torn = self.offset
                return
            if head is None or not self.is_whole(head):
                self.skip_damage("bad_frame")
                continue
            payload = open_frame(self.key, self.segment, head, self.account_id)
            if payload is None:
                self.skip_damage("frame_open_failed")
                continue
            self.keep(head, payload)

    def is_whole(self, head: FrameHead) -> bool:
        return head.end() <= len(self.segment)

    def is_torn(self, head: FrameHead | None) -> bool:
        """Step 2: the last write broke off here."""
        if len(self.segment) - self.offset < HEAD_SIZE:
            return MAGIC.startswith(self.segment[self.offset:self.offset + len(MAGIC)])
        if head is None:
            return False
        if self.is_whole(head):
            return False
        return next_head(self.segment, self.offset + 1) is None

    def skip_damage(self, code: str) -> None:
        """Steps 3 and 4."""
        end = next_head(self.segment, self.offset + 1)
        if end is None:
            end = len(self.segment)
        self.recovered.damage.append(Damage(self.offset, end - self.offset, code))
        self.offset = end
        self.after_damage = True

    def keep(self, head: FrameHead, payload: bytes) -> None:
        """Step 5, for a frame that opened."""
        if not self.after_damage and not self.continues(head):
            self.recovered.notes.append(Note(self.offset, "chain_broken"))
        self.recovered.payloads.append(payload)
        self.index = head.index + 1
        self.previous = backend.sha256(self.segment[head.offset:head.end()])
        self.offset = head.end()
        self.after_damage = False

    def continues(self, head: FrameHead) -> bool:
        if head.index != self.index:
            return False
        if head.previous != self.previous:
            return False
        return True
