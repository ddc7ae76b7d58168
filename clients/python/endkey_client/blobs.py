"""Sealed blobs (section 15)."""

from dataclasses import dataclass

from . import backend, keys
from .enums import BlobField, MessageType
from .errors import Refused
from .primitives import chunked
from .wire.header import Header
from .wire.messages import BlobReference, SealedBlob

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
    blob.sealed = chunked.seal(key, blob.part("header", "agent_id"), salt, content)
    return blob


def reference_to(blob: SealedBlob) -> BlobReference:
    message = blob.write()
    return BlobReference(blob.field, len(message), backend.sha256(message))


def keys_of(blob: SealedBlob, agent_keys: list[AgentKey]) -> list[bytes]:
    """Two lines may have used one epoch."""
    found = [key.key for key in agent_keys if (key.epoch, key.agent_id) == (blob.header.epoch, blob.agent_id)]
    if not found:
        raise Refused("no_epoch_key")
    return found


def check_reference(blob: SealedBlob, message: bytes, reference: BlobReference) -> None:
    if blob.field != reference.field:
        raise Refused(FAILURE)
    if len(message) != reference.length:
        raise Refused(FAILURE)
    if backend.sha256(message) != reference.digest:
        raise Refused(FAILURE)


def open_with(agent_key: bytes, blob: SealedBlob) -> bytes:
    key = keys.blob_key(agent_key, blob.header.account_id, blob.header.epoch, blob.agent_id)
    return chunked.open_sealed(key, blob.part("header", "agent_id"), blob.sealed, FAILURE)


def open_blob(
    message: bytes | None, account_id: bytes, agent_keys: list[AgentKey], reference: BlobReference | None
) -> tuple[SealedBlob, bytes]:
    """The blob and its content. There is no message where the service has it not."""
    if message is None:
        raise Refused("blob_missing")
    blob = SealedBlob.parse(message)
    if blob.header.account_id != account_id:
        raise Refused("wrong_account")
    candidates = keys_of(blob, agent_keys)
    if reference is not None:
        check_reference(blob, message, reference)
    for agent_key in candidates:
        try:
            return blob, open_with(agent_key, blob)
        except Refused:
            continue
    raise Refused(FAILURE)
