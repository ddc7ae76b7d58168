"""An owner's end on one device: opens the account from what the service stores (section 12, "Recovery"), remembers what
it accepted (section 13.2), takes requests, and locks (section 10.4)."""

import os
from dataclasses import dataclass

from . import backend, keys, machines
from .enrolment import Owner, verify_request
from .enums import MemberStatus
from .errors import Refused
from .local_state import open_local_state, seal_owner_state
from .passwords import Pin, Typed, open_wrap
from .primitives import chunked
from .private_keys import open_private_keys
from .rules import verify_rule_set
from .states import accept_state
from .vault import open_vault
from .wire.account_state import NONE, AccountState
from .wire.enrolment_request import EnrolmentRequest
from .wire.local_contents import OwnerContents
from .wire.local_state import LocalState
from .wire.owner_vault import OwnerVault
from .wire.password_wrap import PasswordWrap
from .wire.vault_contents import VaultContents


@dataclass
class Stored:
    """The account's messages, as the service gives them."""

    password_wrap: bytes
    private_keys: bytes
    owner_vault: bytes
    account_state: bytes
    rule_set: bytes | None


class Memory:
    """What the device keeps on its disk: a sealed LocalState, and beside it the AccountState whose hash that holds."""

    def __init__(self) -> None:
        self.device_key = os.urandom(32)
        self.generation = 0
        self.sealed: bytes | None = None
        self.state: bytes | None = None

    def keep(self, account: "Account") -> None:
        head, state = account.wrap.head, account.state.write()
        contents = OwnerContents(
            head.salt, head.counter, account.vault_counter, account.state.counter, backend.sha256(state))
        self.generation += 1
        salt = os.urandom(chunked.SALT_SIZE)
        self.sealed = seal_owner_state(
            self.device_key, account.account_id, account.epoch, self.generation, salt, contents)
        self.state = state

    def read(self) -> tuple[Pin, int, bytes] | None:
        """The wrap's pin, the vault's counter, and the last state. A damaged memory is refused, not forgotten."""
        if self.sealed is None or self.state is None:
            return None
        contents = OwnerContents.parse(open_local_state(self.sealed, self.device_key))
        if backend.sha256(self.state) != contents.state_hash:
            raise Refused("local_state_open_failed")
        header = LocalState.parse(self.sealed).header
        pin = Pin(header.account_id, contents.salt, contents.wrap_counter, header.epoch)
        return pin, contents.vault_counter, self.state


@dataclass
class Account:
    """An account that is open."""

    account_id: bytes
    epoch: int
    wrap: PasswordWrap
    state: AccountState
    vault_counter: int
    vault: VaultContents

    def revoked(self) -> list[bytes]:
        """Members that the state lists count as revoked, whatever the vault says."""
        members = self.vault.members
        return [m.agent_id for m in members if m.status == MemberStatus.revoked] + self.state.revoked

    def rotation_is_due(self) -> bool:
        """A member that is revoked holds the keys of the current epoch (section 12.3)."""
        revoked = self.revoked()
        return any(m.agent_id in revoked and m.epoch == self.epoch for m in self.vault.members)


@dataclass
class OwnerDevice:
    typed: Typed
    now: int
    memory: Memory
    phase: str = "locked"
    account: Account | None = None

    def advance(self, event: str) -> None:
        self.check_phase(event)
        self.phase = machines.step(machines.OWNER, self.phase, event).next

    def check_phase(self, event: str) -> None:
        error = machines.step(machines.OWNER, self.phase, event).error
        if error is not None:
            raise Refused(error)

    def open(self, stored: Stored) -> None:
        """Refused leaves the device as it was."""
        self.check_phase("open")
        account = open_account(stored, self.typed, self.memory)
        self.advance("open_due" if account.rotation_is_due() else "open")
        self.account = account

    def lock(self) -> None:
        self.advance("lock")
        self.account = None

    def restart(self) -> None:
        """Only the memory is left."""
        self.phase = "locked"
        self.account = None

    def request(self, message: bytes) -> None:
        """An EnrolmentRequest that no person has approved. Its nonce and its use of the code are noted in the vault,
        whose counter goes up; making the Grant and sealing the vault are operations of their own.

        Its checks come before the phase, which says `rotation_due` as well, if there is an account to check it by.
        """
        account = self.account
        if account is None:
            self.check_phase("request")
            return
        owner = Owner(
            account.account_id, account.vault.codes, account.revoked(), account.rotation_is_due(), self.now, False)
        _, index = verify_request(message, owner)
        code = account.vault.codes[index]
        code.nonces.append(EnrolmentRequest.parse(message).nonce)
        code.uses_left -= 1
        account.vault_counter += 1
        self.memory.keep(account)
        self.advance("request")


def open_account(stored: Stored, typed: Typed, memory: Memory) -> Account:
    """The checks of "Recovery" in their order; all of them pass before anything is remembered."""
    pin, vault_counter, last_state = memory.read() or (None, 0, None)
    master_key = open_wrap(stored.password_wrap, typed, pin)
    wrap = PasswordWrap.parse(stored.password_wrap)
    account_id, epoch = wrap.head.header.account_id, wrap.head.header.epoch
    state, _ = accept_state(stored.account_state, account_id, last_state)
    open_private_keys(stored.private_keys, master_key, account_id, epoch, state)
    if state.header.epoch != epoch:
        raise Refused("epoch_mismatch")
    if not backend.equal(state.commitment, keys.commitment(master_key, account_id, epoch)):
        raise Refused("epoch_mismatch")
    contents = open_vault(
        stored.owner_vault, master_key, account_id, epoch, vault_counter, stored.account_state, stored.password_wrap)
    vault = VaultContents.parse(contents, epoch)
    check_rules(stored.rule_set, state, vault)
    account = Account(account_id, epoch, wrap, state, OwnerVault.parse(stored.owner_vault).counter, vault)
    memory.keep(account)
    return account


def check_rules(rule_set: bytes | None, state: AccountState, vault: VaultContents) -> None:
    if state.rule_set == NONE:
        return
    if rule_set is None:
        raise Refused("chain_broken")
    verify_rule_set(
        rule_set, state.header.account_id, state.verify_key, state.header.epoch, vault.rule_set_counter, state.rule_set)
