"""Grants (section 11)."""

from dataclasses import dataclass

from . import backend, keys, states
from .enums import GrantKind, MessageType
from .errors import Refused
from .primitives import ed25519, oaep, rsa
from .wire import signature
from .wire.contents import AccountKeys, MasterContents, ScopedContents, ScopedKeys
from .wire.header import Header
from .wire.messages import AccountState, Grant

FAILURE = "grant_open_failed"


@dataclass
class Recipient:
    """What a recipient knows when a grant comes."""

    account_id: bytes
    state: AccountState | None
    kind: GrantKind
    keys: AccountKeys
    keys_held: bool = False


def scoped_keys(master_key: bytes, account_id: bytes, epoch: int, agent_id: bytes) -> ScopedKeys:
    return ScopedKeys(
        keys.token_key(master_key, account_id, epoch), keys.agent_key(master_key, account_id, epoch, agent_id))


def head_hash(grant: Grant) -> bytes:
    return backend.sha256(grant.part("header", "signer"))


def make_grant(
    seed: bytes, account_id: bytes, epoch: int, kind: GrantKind, recipient: bytes, modulus: bytes, verify_key: bytes,
    master_key: bytes, oaep_seed: bytes,
) -> bytes:
    rsa.check_modulus(modulus)
    ed25519.check_key(verify_key)
    if keys.agent_id(modulus, verify_key) != recipient:
        raise Refused("wrong_recipient")
    header = Header(MessageType.grant, account_id, epoch)
    commitment = keys.commitment(master_key, account_id, epoch)
    grant = Grant(header, kind, recipient, commitment, backend.ed25519_public_key(seed))
    contents: MasterContents | ScopedContents
    if kind == GrantKind.master:
        contents = MasterContents(head_hash(grant), master_key)
    else:
        contents = ScopedContents(head_hash(grant), scoped_keys(master_key, account_id, epoch, recipient))
    grant.ciphertext = oaep.encrypt(modulus, oaep_seed, contents.write())
    return signature.sign(seed, grant)


def open_grant(message: bytes, recipient: Recipient) -> ScopedKeys | bytes | None:
    """Scoped keys, a MasterKey, or None where keys of this state are held already."""
    grant = Grant.parse(message)
    if grant.header.account_id != recipient.account_id:
        raise Refused("wrong_account")
    state = recipient.state
    if state is None:
        raise Refused("no_state")
    if grant.header.epoch < state.header.epoch:
        raise Refused("epoch_rollback")
    if grant.header.epoch > state.header.epoch:
        raise Refused("epoch_mismatch")
    if grant.commitment != state.commitment:
        raise Refused("epoch_fork")
    states.check_signed(state, grant.signer, message)
    if grant.recipient != keys.id_of(recipient.keys):
        raise Refused("wrong_recipient")
    if grant.kind != recipient.kind:
        raise Refused("wrong_recipient")
    if recipient.keys_held:
        return None
    return open_contents(grant, recipient.keys)


def open_contents(grant: Grant, own: AccountKeys) -> ScopedKeys | bytes:
    """Step 9: whatever fails, one error."""
    message = oaep.decrypt(own.p, own.q, grant.ciphertext)
    struct = MasterContents if grant.kind == GrantKind.master else ScopedContents
    try:
        contents = struct.parse(message)
    except Refused:
        raise Refused(FAILURE) from None
    if not backend.equal(contents.head_hash, head_hash(grant)):
        raise Refused(FAILURE)
    if isinstance(contents, ScopedContents):
        return contents.scoped
    if not fits(contents.master_key, grant.header.account_id, grant.header.epoch, grant.commitment):
        raise Refused(FAILURE)
    return contents.master_key


def fits(master_key: bytes, account_id: bytes, epoch: int, commitment: bytes) -> bool:
    """R-11-5."""
    return backend.equal(keys.commitment(master_key, account_id, epoch), commitment)
