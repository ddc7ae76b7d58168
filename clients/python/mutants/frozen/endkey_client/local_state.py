"""Opening a LocalState, and sealing that of an owner's device (section 13.4)."""

from .enums import AgentPhase, MessageType
from .errors import Refused
from .primitives import chunked
from .primitives.hkdf import derive
from .wire.enrolment_request import EnrolmentRequest
from .wire.header import Header
from .wire.local_contents import AgentContents, OwnerContents
from .wire.local_state import LocalState
from .wire.writer import uint8

NO_ACCOUNT = bytes(16)
FAILURE = "local_state_open_failed"


def open_local_state(message: bytes, device_key: bytes) -> bytes:
    """The bytes of AgentContents or OwnerContents."""
    state = LocalState.parse(message)
    key = derive(device_key, "local-state", state.header.account_id + uint8(state.header.type))
    plaintext = chunked.open_sealed(key, state.context(), state.sealed, FAILURE)
    try:
        if state.header.type == MessageType.agent_state:
            check_agent(state.header, AgentContents.parse(plaintext))
        else:
            OwnerContents.parse(plaintext)
    except Refused:
        raise Refused(FAILURE) from None
    return plaintext


def seal_owner_state(
    device_key: bytes, account_id: bytes, epoch: int, generation: int, salt: bytes, contents: OwnerContents
) -> bytes:
    header = Header(MessageType.owner_state, account_id, epoch)
    state = LocalState(header, generation, b"")
    key = derive(device_key, "local-state", account_id + uint8(header.type))
    state.sealed = chunked.seal(key, state.context(), salt, contents.write())
    return state.write()


def check_agent(header: Header, contents: AgentContents) -> None:
    """That the phase and what is known of the account fit together."""
    if contents.request:
        EnrolmentRequest.parse(contents.request)
    if contents.phase == AgentPhase.stopped:
        raise Refused(FAILURE)
    if contents.phase == AgentPhase.unpinned:
        check_unpinned(header, contents)
    elif header.account_id == NO_ACCOUNT:
        raise Refused(FAILURE)
    elif contents.phase == AgentPhase.pinned:
        check_pinned(contents)
    else:
        check_with_state(header, contents)


def check_unpinned(header: Header, contents: AgentContents) -> None:
    if header.account_id != NO_ACCOUNT:
        raise Refused(FAILURE)
    if contents.request:
        raise Refused(FAILURE)
    check_without_state(contents)


def check_pinned(contents: AgentContents) -> None:
    if not contents.request:
        raise Refused(FAILURE)
    check_without_state(contents)


def check_without_state(contents: AgentContents) -> None:
    if contents.account_key:
        raise Refused(FAILURE)
    if contents.epochs:
        raise Refused(FAILURE)


def check_with_state(header: Header, contents: AgentContents) -> None:
    """Waiting, active or revoked: an AccountState was accepted."""
    if not contents.account_key:
        raise Refused(FAILURE)
    has_keys = header.epoch in [keys.epoch for keys in contents.epochs]
    if contents.phase == AgentPhase.active and not has_keys:
        raise Refused(FAILURE)
    if contents.phase == AgentPhase.waiting and has_keys:
        raise Refused(FAILURE)
