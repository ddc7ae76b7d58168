"""Opening the OwnerVault (section 12.5)."""

from . import backend, keys
from .errors import Refused
from .primitives import chunked
from .wire.account_state import AccountState
from .wire.owner_vault import OwnerVault
from .wire.password_wrap import PasswordWrap
from .wire.vault_contents import VaultContents

FAILURE = "vault_open_failed"


def open_vault(
    message: bytes, master_key: bytes, account_id: bytes, epoch: int, pinned_counter: int,
    state: bytes | None, wrap: bytes | None,
) -> bytes:
    """The bytes of VaultContents. `state` and `wrap` are the messages at hand."""
    vault = OwnerVault.parse(message)
    if vault.header.account_id != account_id:
        raise Refused("wrong_account")
    if vault.header.epoch != epoch:
        raise Refused("epoch_mismatch")
    if vault.counter < pinned_counter:
        raise Refused("counter_rollback")
    key = keys.vault_key(master_key, account_id, epoch)
    plaintext = chunked.open_sealed(key, vault.context(), vault.sealed, FAILURE)
    contents = parse_contents(plaintext, epoch)
    if state is not None and AccountState.parse(state).counter < contents.state_counter:
        raise Refused("counter_rollback")
    if wrap is not None and PasswordWrap.parse(wrap).head.counter < contents.wrap_counter:
        raise Refused("counter_rollback")
    if state is not None and is_fork(state, contents):
        raise Refused("counter_fork")
    return plaintext


def parse_contents(plaintext: bytes, epoch: int) -> VaultContents:
    try:
        return VaultContents.parse(plaintext, epoch)
    except Refused:
        raise Refused(FAILURE) from None


def is_fork(state: bytes, contents: VaultContents) -> bool:
    same_counter = AccountState.parse(state).counter == contents.state_counter
    return same_counter and backend.sha256(state) != contents.state_hash
