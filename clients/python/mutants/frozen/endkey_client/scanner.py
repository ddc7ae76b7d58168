"""Finds text forms in a text (section 18). One pass: the end of a run of characters is looked for once."""

from dataclasses import dataclass

from .errors import Refused
from .limits import BLOB_TEXT_MAX, BLOB_TEXT_MIN, TOKEN_SIZES
from .texts import base64url
from .texts.prefixed import BLOB_PREFIX, TOKEN_PREFIX
from .wire.kinds import Struct
from .wire.messages import SealedBlob, Token
from .wire.reader import Reader

PREFIX_SIZE = 5
TOKEN_HEAD_CHARACTERS = 32
BLOB_HEAD_CHARACTERS = 60


@dataclass
class Match:
    kind: str
    start: int
    end: int


@dataclass
class Skipped:
    offset: int
    code: str


def scan(text: bytes) -> tuple[list[Match], list[Skipped]]:
    matches: list[Match] = []
    skipped: list[Skipped] = []
    position = 0
    run_end = 0
    while (position := next_candidate(text, position)) >= 0:
        start = position + PREFIX_SIZE
        if run_end < start:
            run_end = end_of_run(text, start)
        kind = "token" if text[position:start] == TOKEN_PREFIX else "blob"
        try:
            size = candidate_size(kind, text, start, run_end)
        except Refused as refused:
            skipped.append(Skipped(position, refused.code))
            position += 1
            continue
        matches.append(Match(kind, position, start + size))
        position = start + size
    return matches, skipped


def next_candidate(text: bytes, position: int) -> int:
    """Where the next prefix stands, or -1. Both begin with `ek`."""
    while (position := text.find(b"ek", position)) >= 0:
        if text.startswith((TOKEN_PREFIX, BLOB_PREFIX), position):
            return position
        position += 1
    return -1


def end_of_run(text: bytes, position: int) -> int:
    while position < len(text) and text[position] in base64url.VALUES:
        position += 1
    return position


def candidate_size(kind: str, text: bytes, start: int, run_end: int) -> int:
    """The number of characters behind the prefix of a match."""
    run = run_end - start
    head_characters = TOKEN_HEAD_CHARACTERS if kind == "token" else BLOB_HEAD_CHARACTERS
    if run < head_characters:
        raise Refused("truncated")
    head = Reader(base64url.decode(text[start:start + head_characters]))
    size = base64url.text_size(token_size(head) if kind == "token" else blob_text_size(head))
    if run < size:
        raise Refused("truncated")
    base64url.check_last_bits(text[start:start + size], start)
    return size


def token_size(head: Reader) -> int:
    """The bytes of the Token of which these are the first 24."""
    read_until("c", Token, head)
    length = head.uint(2)
    if length not in TOKEN_SIZES:
        raise Refused("length_out_of_range")
    return head.position + length


def blob_text_size(head: Reader) -> int:
    """The bytes of the BlobText of which these are the first 45."""
    length = head.uint(3)
    if length < BLOB_TEXT_MIN:
        raise Refused("length_out_of_range")
    if length > BLOB_TEXT_MAX:
        raise Refused("length_out_of_range")
    size = head.position + length
    read_until("sealed", SealedBlob, head)
    return size


def read_until(name: str, struct: type[Struct], head: Reader) -> None:
    """The fields before this one."""
    for row in struct.rows():
        if row.name == name:
            return
        row.kind.read(head)
