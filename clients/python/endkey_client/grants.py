"""Grants (section 11)."""

from dataclasses import dataclass

from . import backend, keys
from .enums import GrantKind, MessageType
from .errors import Refused
from .primitives import oaep, rsa
from .wire import signature
from .wire.account_state import AccountState
from .wire.grant import Grant, GrantContents, ScopedKeys
from .wire.header import Header
from .wire.private_keys import AccountKeys


@dataclass
class LastGrant:
    counter: int
    hash: bytes


@dataclass
class Recipient:
    """What a recipient knows when a grant comes."""

    account_id: bytes
    state: AccountState | None
    keys: AccountKeys
    last: LastGrant | None

    def agent_id(self) -> bytes:
        return keys.agent_id_of(self.keys.p, self.keys.q, self.keys.seed)


def make_grant(
    account_seed: bytes, account_id: bytes, epoch: int, counter: int, kind: GrantKind, recipient: bytes,
    modulus: bytes, master_key: bytes, oaep_seed: bytes,
) -> bytes:
    rsa.check_modulus(modulus)
    grant = Grant(Header(MessageType.grant, account_id, epoch), kind, recipient, counter)
    granted: bytes | ScopedKeys = master_key
    if kind == GrantKind.scoped:
        granted = ScopedKeys(
            keys.token_key(master_key, account_id, epoch),
            keys.agent_key(master_key, account_id, epoch, recipient))
    contents = GrantContents(backend.sha256(grant.head()), granted)
    grant.ciphertext = oaep.encrypt(modulus, oaep_seed, contents.write())
    return signature.sign(account_seed, grant.unsigned())


def open_grant(message: bytes, recipient: Recipient) -> tuple[Grant, ScopedKeys | bytes | None]:
    """The grant and its keys: scoped keys, a MasterKey, or None for the last grant once more."""
    grant = Grant.parse(message)
    if grant.header.account_id != recipient.account_id:
        raise Refused("wrong_account")
    state = recipient.state
    if state is None:
        raise Refused("no_state")
    signature.check(state.verify_key, message)
    if grant.recipient != recipient.agent_id():
        raise Refused("wrong_recipient")
    if grant.header.epoch < state.header.epoch:
        raise Refused("epoch_rollback")
    if grant.header.epoch > state.header.epoch:
        raise Refused("epoch_mismatch")
    if recipient.last is not None and is_last_grant(grant, message, recipient.last):
        return grant, None
    return grant, open_contents(grant, recipient, state)


def is_last_grant(grant: Grant, message: bytes, last: LastGrant) -> bool:
    """Step 7."""
    if grant.counter < last.counter:
        raise Refused("counter_rollback")
    if grant.counter > last.counter:
        return False
    if backend.sha256(message) != last.hash:
        raise Refused("counter_fork")
    return True


def open_contents(grant: Grant, recipient: Recipient, state: AccountState) -> ScopedKeys | bytes:
    """Step 8: whatever fails, one error."""
    message = oaep.decrypt(recipient.keys.p, recipient.keys.q, grant.ciphertext)
    try:
        contents = GrantContents.parse(message, grant.kind)
    except Refused:
        raise Refused("grant_open_failed") from None
    if not backend.equal(contents.header_hash, backend.sha256(grant.head())):
        raise Refused("grant_open_failed")
    if grant.kind == GrantKind.master:
        check_commitment(contents.keys, recipient.account_id, state)
    return contents.keys


def check_commitment(master_key: bytes, account_id: bytes, state: AccountState) -> None:
    """R-11-5."""
    commitment = keys.commitment(master_key, account_id, state.header.epoch)
    if not backend.equal(commitment, state.commitment):
        raise Refused("grant_open_failed")
