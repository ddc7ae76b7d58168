"""Opening a LocalState (section 13.4)."""

from .enums import AgentPhase, MessageType
from .errors import Refused
from .primitives import chunked
from .primitives.hkdf import derive
from .wire.local_contents import AgentContents, OwnerContents
from .wire.local_state import LocalState
from .wire.writer import uint8

FAILURE = "local_state_open_failed"


def open_local_state(message: bytes, device_key: bytes) -> bytes:
    """The bytes of AgentContents or OwnerContents."""
    state = LocalState.parse(message)
    key = derive(device_key, "local-state", state.header.account_id + uint8(state.header.type))
    plaintext = chunked.open_sealed(key, state.context(), state.sealed, FAILURE)
    try:
        if state.header.type == MessageType.agent_state:
            check_phase(AgentContents.parse(plaintext))
        else:
            OwnerContents.parse(plaintext)
    except Refused:
        raise Refused(FAILURE) from None
    return plaintext


def check_phase(contents: AgentContents) -> None:
    """No agent writes such a state: one that has stopped writes nothing, one that is active has keys."""
    if contents.phase == AgentPhase.stopped:
        raise Refused(FAILURE)
    if contents.phase == AgentPhase.active and not contents.epochs:
        raise Refused(FAILURE)
