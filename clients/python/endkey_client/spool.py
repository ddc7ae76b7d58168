"""Recovery of a spool segment (section 17)."""

from dataclasses import dataclass, field

from . import backend, keys
from .errors import Refused
from .limits import SEALED_MAX, SEALED_MIN
from .primitives import chunked
from .primitives.hashes import labelled_hash
from .wire import spool_header
from .wire.spool_header import SpoolHeader

MAGIC = b"EKfr"
HEAD_SIZE = 52
CHECKED_SIZE = 44
CHECK_SIZE = 8


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


def next_whole_head(segment: bytes, offset: int) -> int | None:
    """The next position from here on where a right frame head stands whose frame is whole."""
    while (offset := segment.find(MAGIC, offset)) >= 0:
        head = read_head(segment, offset)
        if head is not None and head.end() <= len(segment):
            return offset
        offset += 1
    return None


def is_torn(segment: bytes, offset: int, head: FrameHead | None) -> bool:
    """Step 2: the last write broke off here."""
    if len(segment) - offset < HEAD_SIZE:
        return MAGIC.startswith(segment[offset:offset + len(MAGIC)])
    if head is None:
        return False
    return head.end() > len(segment) and next_whole_head(segment, offset + 1) is None


def check_header(header: SpoolHeader, account_id: bytes, epoch: int, agent_id: bytes) -> None:
    """Step 1."""
    if header.header.account_id != account_id:
        raise Refused("wrong_account")
    if header.agent_id != agent_id:
        raise Refused("wrong_recipient")
    if header.header.epoch != epoch:
        raise Refused("no_grant")


def open_frame(key: bytes, segment: bytes, head: FrameHead) -> bytes | None:
    """The payload, or None if the seal does not open."""
    context = segment[:spool_header.SIZE] + head.checked
    sealed = segment[head.offset + HEAD_SIZE:head.end()]
    try:
        return chunked.open_sealed(key, context, sealed, "frame_open_failed")
    except Refused:
        return None


def recover(agent_key: bytes, account_id: bytes, epoch: int, agent_id: bytes, segment: bytes) -> Recovered:
    header = SpoolHeader.parse(segment[:spool_header.SIZE])
    check_header(header, account_id, epoch, agent_id)
    key = keys.spool_key(agent_key, account_id, epoch, agent_id)
    recovered = Recovered()
    offset = spool_header.SIZE
    index = 0
    previous = backend.sha256(segment[:offset])
    after_damage = False
    while offset < len(segment):
        head = read_head(segment, offset)
        if is_torn(segment, offset, head):
            recovered.torn = offset
            break
        whole = head is not None and head.end() <= len(segment)
        payload = open_frame(key, segment, head) if whole else None
        if payload is None:
            code = "frame_open_failed" if whole else "bad_frame"
            end = next_whole_head(segment, offset + 1)
            end = len(segment) if end is None else end
            recovered.damage.append(Damage(offset, end - offset, code))
            offset = end
            after_damage = True
            continue
        continues = head.index == index and head.previous == previous
        if not continues and not after_damage:
            recovered.notes.append(Note(offset, "chain_broken"))
        recovered.payloads.append(payload)
        index = head.index + 1
        previous = backend.sha256(segment[offset:head.end()])
        offset = head.end()
        after_damage = False
    return recovered
