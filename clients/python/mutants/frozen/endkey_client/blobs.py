"""Sealed blobs (section 15)."""

from dataclasses import dataclass

from . import backend, keys
from .enums import BlobField, MessageType
from .errors import Refused
from .primitives import chunked
from .wire.header import Header
from .wire.sealed_blob import BlobReference, SealedBlob

FAILURE = "blob_open_failed"


@dataclass
class AgentKey:
    epoch: int
    agent_id: bytes
    key: bytes


def seal_blob(
    agent_key: bytes, account_id: bytes, epoch: int, agent_id: bytes, field: BlobField, salt: bytes, content: bytes
) -> SealedBlob:
    blob = SealedBlob(Header(MessageType.sealed_blob, account_id, epoch), field, agent_id, b"")
    key = keys.blob_key(agent_key, account_id, epoch, agent_id)
    blob.sealed = chunked.seal(key, blob.context(), salt, content)
    return blob


def find_key(blob: SealedBlob, agent_keys: list[AgentKey]) -> bytes:
    of_epoch = [key for key in agent_keys if key.epoch == blob.header.epoch]
    if not of_epoch:
        raise Refused("no_epoch_key")
    of_agent = [key for key in of_epoch if key.agent_id == blob.agent_id]
    if not of_agent:
        raise Refused("wrong_recipient")
    return of_agent[0].key


def check_reference(blob: SealedBlob, message: bytes, reference: BlobReference) -> None:
    if blob.field != reference.field:
        raise Refused(FAILURE)
    if len(message) != reference.length:
        raise Refused(FAILURE)
    if backend.sha256(message) != reference.digest:
        raise Refused(FAILURE)


def open_blob(
    message: bytes, account_id: bytes, agent_keys: list[AgentKey], reference: BlobReference | None
) -> tuple[SealedBlob, bytes]:
    """The blob and its content."""
    blob = SealedBlob.parse(message)
    if blob.header.account_id != account_id:
        raise Refused("wrong_account")
    agent_key = find_key(blob, agent_keys)
    if reference is not None:
        check_reference(blob, message, reference)
    key = keys.blob_key(agent_key, account_id, blob.header.epoch, blob.agent_id)
    return blob, chunked.open_sealed(key, blob.context(), blob.sealed, FAILURE)
