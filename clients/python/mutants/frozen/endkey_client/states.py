"""Certificates and AccountStates (section 12.1)."""

from dataclasses import dataclass

from . import backend, keys
from .enums import MessageType
from .errors import Refused
from .limits import VALIDITY_ACCEPTED
from .primitives import ed25519
from .primitives.hashes import labelled
from .wire import signature
from .wire.contents import StateNote
from .wire.header import Header
from .wire.messages import AccountState

DAY = 86_400_000


# Certificate


def certificate_input(state: AccountState) -> bytes:
    return labelled("certificate") + state.header.account_id + state.part("generation", "signers")


def certify(root_seed: bytes, state: AccountState) -> bytes:
    """The certificate of the state's list, which the state may lack still."""
    return backend.ed25519_sign(root_seed, certificate_input(state))


def check_certificate(state: AccountState) -> None:
    if not state.names(state.root_key):
        raise Refused("certificate_invalid")
    if not ed25519.verifies(state.root_key, certificate_input(state), state.certificate):
        raise Refused("certificate_invalid")


# State


def check_signed(state: AccountState, signer: bytes, message: bytes) -> None:
    """That one of the state's signers signed this message, whose field `signer` is this."""
    if not state.names(signer):
        raise Refused("signature_invalid")
    signature.check(signer, message)


def check_validity(state: AccountState) -> None:
    if state.made < state.certificate_from:
        raise Refused("bad_validity")
    if state.valid_until <= state.made:
        raise Refused("bad_validity")
    if state.valid_until > state.certificate_until:
        raise Refused("bad_validity")
    if state.valid_until - state.made > VALIDITY_ACCEPTED * DAY:
        raise Refused("bad_validity")
    if state.certificate_until - state.made > VALIDITY_ACCEPTED * DAY:
        raise Refused("bad_validity")


def check_order(state: AccountState, last: AccountState) -> None:
    """Steps 9 to 13: whether it may follow the state that was accepted last."""
    if state.generation < last.generation:
        raise Refused("generation_rollback")
    if state.generation > last.generation:
        return
    if state.counter < last.counter:
        raise Refused("counter_rollback")
    if state.counter == last.counter:
        raise Refused("counter_fork")
    if state.header.epoch < last.header.epoch:
        raise Refused("epoch_rollback")
    if state.header.epoch == last.header.epoch and state.commitment != last.commitment:
        raise Refused("epoch_fork")


@dataclass
class Accepted:
    state: AccountState
    changed: bool
    """Whether it is another than the one accepted last."""


def accept_state(
    message: bytes, account_id: bytes, last: AccountState | None, least_generation: int | None = None
) -> Accepted:
    state = AccountState.parse(message)
    if state.header.account_id != account_id:
        raise Refused("wrong_account")
    if keys.account_id(state.root_key) != account_id:
        raise Refused("wrong_account")
    ed25519.check_key(state.root_key)
    for signer in state.signers:
        ed25519.check_key(signer.verify_key)
    check_certificate(state)
    check_signed(state, state.signer, message)
    check_validity(state)
    if last is None:
        if least_generation is not None and state.generation < least_generation:
            raise Refused("generation_rollback")
        return Accepted(state, True)
    if message == last.write():
        return Accepted(last, False)
    check_order(state, last)
    return Accepted(state, True)


def same_keys(state: AccountState, other: AccountState) -> bool:
    """Whether keys of one are keys of the other: generation, epoch and commitment."""
    if state.generation != other.generation:
        return False
    if state.header.epoch != other.header.epoch:
        return False
    return state.commitment == other.commitment


def note_of(state: AccountState) -> StateNote:
    return StateNote(
        state.generation, state.counter, state.header.epoch, state.made, backend.sha256(state.write()))


def sign_state(seed: bytes, state: AccountState) -> AccountState:
    """The state with this signer and its signature. It is one that a receiver accepts."""
    state.signer = backend.ed25519_public_key(seed)
    check_certificate(state)
    if not state.names(state.signer):
        raise Refused("signature_invalid")
    check_validity(state)
    return AccountState.parse(signature.sign(seed, state))


def header_of(account_id: bytes, epoch: int) -> Header:
    return Header(MessageType.account_state, account_id, epoch)
