"""What an end keeps on disk: a sealed LocalState (section 13.4)."""

from . import backend, keys
from .enums import AgentPhase, MessageType, Role
from .errors import Refused
from .person_keys import are_usable
from .primitives import chunked, rsa
from .wire.contents import AgentContents, LocalState, OwnerContents
from .wire.fields import NO_HASH
from .wire.header import Header

NO_ACCOUNT = bytes(16)
NO_EPOCH = 0
FAILURE = "local_state_open_failed"


def seal_owner_state(
    device_key: bytes, account_id: bytes, writes: int, salt: bytes, contents: OwnerContents
) -> bytes:
    epoch = NO_EPOCH if contents.state is None else contents.state.header.epoch
    state = LocalState(Header(MessageType.owner_state, account_id, epoch), writes)
    key = keys.local_state_key(device_key, account_id, state.header.type)
    state.sealed = chunked.seal(key, state.part("header", "writes"), salt, contents.write())
    return state.write()


def open_local_state(message: bytes, device_key: bytes) -> bytes:
    """The bytes of AgentContents or OwnerContents."""
    state = LocalState.parse(message)
    key = keys.local_state_key(device_key, state.header.account_id, state.header.type)
    plaintext = chunked.open_sealed(key, state.part("header", "writes"), state.sealed, FAILURE)
    try:
        if state.header.type == MessageType.agent_state:
            check_agent(state.header, AgentContents.parse(plaintext))
        else:
            check_owner(state.header, OwnerContents.parse(plaintext))
    except Refused:
        raise Refused(FAILURE) from None
    return plaintext


def refuse_unless(holds: bool) -> None:
    if not holds:
        raise Refused(FAILURE)


# An agent's


def check_agent(header: Header, contents: AgentContents) -> None:
    refuse_unless(contents.phase != AgentPhase.stopped)
    refuse_unless((header.account_id == NO_ACCOUNT) == (contents.phase == AgentPhase.unpinned))
    refuse_unless(are_usable(contents.keys))
    refuse_unless((contents.sequence == 0) == (contents.batch_hash == NO_HASH))
    check_phase(contents)
    check_request(header, contents)
    check_terms(contents)
    check_agent_state(header, contents)


def check_phase(contents: AgentContents) -> None:
    """What is there in each phase."""
    has_state = contents.phase not in (AgentPhase.unpinned, AgentPhase.pinned)
    refuse_unless((contents.state is not None) == has_state)
    refuse_unless((contents.epoch_keys is not None) == (contents.phase == AgentPhase.active))
    refuse_unless((contents.terms is None) == (contents.phase == AgentPhase.unpinned))
    if contents.phase == AgentPhase.unpinned:
        refuse_unless(contents.request is None)
        refuse_unless(contents.age == 0)
        refuse_unless(contents.sequence == 0)
    if contents.phase == AgentPhase.pinned:
        refuse_unless(contents.request is not None)
    if not has_state:
        refuse_unless(contents.least == 0)
        refuse_unless(contents.running == 0)


def check_request(header: Header, contents: AgentContents) -> None:
    request = contents.request
    if request is None:
        return
    refuse_unless(request.header.account_id == header.account_id)
    refuse_unless(request.modulus == rsa.modulus_of(contents.keys.p, contents.keys.q))
    refuse_unless(request.verify_key == backend.ed25519_public_key(contents.keys.seed))


def check_terms(contents: AgentContents) -> None:
    if contents.terms is not None:
        refuse_unless(contents.terms.role == Role.agent)


def check_agent_state(header: Header, contents: AgentContents) -> None:
    state = contents.state
    if state is None:
        refuse_unless(header.epoch == NO_EPOCH)
        return
    refuse_unless(state.header.account_id == header.account_id)
    refuse_unless(state.header.epoch == header.epoch)
    refuse_unless(contents.terms is not None and state.generation >= contents.terms.generation)
    refuse_unless(contents.least >= state.made)
    if contents.phase != AgentPhase.revoked:
        refuse_unless(keys.id_of(contents.keys) not in state.revoked)


# A person's


def check_owner(header: Header, contents: OwnerContents) -> None:
    state = contents.state
    refuse_unless(contents.head.header.account_id == header.account_id)
    refuse_unless(header.epoch == (NO_EPOCH if state is None else state.header.epoch))
    refuse_unless((contents.vault_hash == NO_HASH) == (state is None))
    if state is not None:
        refuse_unless(state.header.account_id == header.account_id)
        refuse_unless(contents.generation >= state.generation)
    if contents.pending_vault == NO_HASH:
        refuse_unless(contents.pending_state == NO_HASH)
        refuse_unless(contents.pending_rule_set == NO_HASH)
