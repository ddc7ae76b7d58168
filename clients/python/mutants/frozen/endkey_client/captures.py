"""What is captured, and the records made of it on the day of sending (sections 13.3 and 16.1)."""

from dataclasses import dataclass

from . import blobs
from .enums import BlobField, TokenField
from .errors import BadRequest, Refused
from .limits import TOKEN_VALUE_MAX
from .tokens import seal_token
from .wire.contents import Capture, ScopedKeys
from .wire.messages import Item, Record


def token_value(text: bytes) -> bytes:
    """The text repaired, and cut to whole code points."""
    repaired = text.decode("utf-8", "replace").encode("utf-8")
    end = min(len(repaired), TOKEN_VALUE_MAX)
    while end < len(repaired) and is_continuation(repaired[end]):
        end -= 1
    return repaired[:end]


def is_continuation(byte: int) -> bool:
    return byte & 0xC0 == 0x80


@dataclass
class Sealer:
    """The keys of the day of sending."""

    account_id: bytes
    epoch: int
    agent_id: bytes
    keys: ScopedKeys

    def seal(self, messages: list[bytes], salts: list[bytes]) -> tuple[list[Record], list[bytes]]:
        """A record of each capture, and the blobs in the order of the captures and their fields."""
        records: list[Record] = []
        sealed: list[bytes] = []
        left = list(salts)
        for message in messages:
            capture = Capture.parse(message)
            if capture.header.account_id != self.account_id:
                raise Refused("wrong_account")
            items = []
            for captured in capture.items:
                if captured.field in list(TokenField):
                    items.append(self.token(TokenField(captured.field), captured.content))
                    continue
                if not left:
                    raise BadRequest("a salt for each blob")
                item, blob = self.blob(BlobField(captured.field), left.pop(0), captured.content)
                items.append(item)
                sealed.append(blob)
            records.append(Record(capture.kind, capture.start, capture.duration, items))
        if left:
            raise BadRequest("a salt for each blob")
        return records, sealed

    def token(self, field: TokenField, text: bytes) -> Item:
        return Item.of(seal_token(self.keys.token_key, self.account_id, self.epoch, field, token_value(text)))

    def blob(self, field: BlobField, salt: bytes, content: bytes) -> tuple[Item, bytes]:
        blob = blobs.seal_blob(
            self.keys.agent_key, self.account_id, self.epoch, self.agent_id, field, salt, content)
        return Item.of(blobs.reference_to(blob)), blob.write()
