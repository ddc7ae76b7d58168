"""The AccountState (section 12.1)."""

from . import backend, keys
from .enums import MessageType
from .errors import Refused
from .primitives import rsa
from .wire import signature
from .wire.account_state import NONE, AccountState
from .wire.header import Header


def make_state(
    account_seed: bytes, modulus: bytes, epoch: int, counter: int, master_key: bytes, rule_set: bytes,
    previous: bytes, revoked: list[bytes],
) -> bytes:
    verify_key = backend.ed25519_public_key(account_seed)
    account_id = keys.account_id(verify_key)
    header = Header(MessageType.account_state, account_id, epoch)
    commitment = keys.commitment(master_key, account_id, epoch)
    state = AccountState(header, counter, verify_key, modulus, commitment, rule_set, previous, sorted(set(revoked)))
    return signature.sign(account_seed, state.unsigned())


def accept_state(message: bytes, account_id: bytes, last: bytes | None) -> tuple[AccountState, bool]:
    """The state, and whether it is the last one once more. `last` is the message that was accepted last."""
    state = AccountState.parse(message)
    if state.header.account_id != account_id:
        raise Refused("wrong_account")
    if keys.account_id(state.verify_key) != account_id:
        raise Refused("wrong_account")
    rsa.check_modulus(state.modulus)
    signature.check(state.verify_key, message)
    if state.counter == 0:
        raise Refused("counter_rollback")
    if last is not None and is_last_state(state, message, last):
        return state, True
    if last is not None and state.header.epoch < AccountState.parse(last).header.epoch:
        raise Refused("epoch_rollback")
    check_chain(state, last)
    return state, False


def is_last_state(state: AccountState, message: bytes, last: bytes) -> bool:
    """Step 5."""
    last_counter = AccountState.parse(last).counter
    if state.counter < last_counter:
        raise Refused("counter_rollback")
    if state.counter > last_counter:
        return False
    if message != last:
        raise Refused("counter_fork")
    return True


def check_chain(state: AccountState, last: bytes | None) -> None:
    """Step 7. A gap in the counters is no error."""
    if state.counter == 1 and state.previous != NONE:
        raise Refused("chain_broken")
    if last is None:
        return
    if state.counter == AccountState.parse(last).counter + 1 and state.previous != backend.sha256(last):
        raise Refused("chain_broken")


def revokes(state: AccountState, agent_id: bytes) -> bool:
    return agent_id in state.revoked
