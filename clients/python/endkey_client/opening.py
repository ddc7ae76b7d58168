"""What a person's end opens (section 12.7)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from . import backend, grants, keys, passwords, person_keys, rules, states, vault
from .enums import GrantKind
from .errors import Refused
from .grants import Recipient
from .limits import PAST_KEYS_MAX, PAST_KEYS_RESERVE, RECENT_MAX, VAULT_CONTENTS_MAX, VAULT_RESERVE
from .passwords import Typed
from .wire.contents import AccountKeys, OwnerContents, PastKey, Person, VaultContents
from .wire.fields import NO_HASH
from .wire.messages import AccountState, Grant, OwnerVault, PasswordHeader, PasswordWrap


@dataclass
class Served:
    """The messages, as the service gives them."""

    head: bytes
    person_keys: bytes
    account_state: bytes
    password_wrap: bytes | None
    grant: bytes | None
    owner_vault: bytes
    rule_set: bytes | None


@dataclass
class Aside:
    """What is served while an owner's end works from the whole that it had kept, as far as a root act needs it."""

    vault: bytes
    counter: int
    """Of that vault; 0 where it is none of this account."""
    state: AccountState | None
    keys: list[PastKey]
    """The MasterKeys of that vault, its own first; none where it cannot be read."""


@dataclass
class Ended:
    """A whole that was kept, with those of its MasterKeys that the account lacks, its own first (R-12.7-11)."""

    whole: Served
    keys: list[PastKey]


@dataclass
class Opened:
    """A whole that passed all checks."""

    keys: AccountKeys
    person_keys: bytes
    state: AccountState
    master_key: bytes
    vault: bytes
    plaintext: bytes
    contents: VaultContents
    findings: list[str]
    pins: OwnerContents
    served: Served
    aside: Aside | None = None
    """Where this is the whole that an owner's end had kept."""
    ended: list[Ended] = field(default_factory=list)
    """At an owner's end: what the next publication gives back."""

    def is_owner(self) -> bool:
        return backend.ed25519_public_key(self.keys.seed) == self.state.root_key

    def leaves_reserve(self) -> bool:
        """Whether a root act can be made of it (R-12.5-8)."""
        return (
            len(self.contents.past_keys) <= PAST_KEYS_MAX - PAST_KEYS_RESERVE
            and len(self.plaintext) <= VAULT_CONTENTS_MAX - VAULT_RESERVE)

    def person(self) -> Person:
        person = self.contents.person_of(backend.ed25519_public_key(self.keys.seed))
        assert person is not None
        return person


@dataclass
class Opening:
    """One opening. `pins` are those of this end, or None where it is fresh."""

    pins: OwnerContents | None
    password_changed: bool
    typed: Typed
    served: Served
    kept: Served | None = None
    """The last whole that an owner's end opened: where what is served does not open, that is."""
    ended: list[Served] = field(default_factory=list)
    """Wholes that were kept before and have MasterKeys which the account lacked."""
    findings: list[str] = field(default_factory=list)

    def open(self) -> Opened:
        head = self.open_head()
        own, stretched = person_keys.open_person_keys(self.served.person_keys, self.served.head, self.typed)
        opened = self.open_served_or_kept(own, head, stretched)
        if opened.is_owner():
            opened.ended = self.find_ended(opened, head, stretched)
        return opened

    def open_served_or_kept(self, own: AccountKeys, head: PasswordHeader, stretched: bytes) -> Opened:
        opened, refusal = None, Refused("limit_reached")
        try:
            opened = self.open_whole(own, head, stretched, self.pins is not None and self.pins.head == head)
        except Refused as refused:
            refusal = refused
        if opened is not None and (not opened.is_owner() or opened.leaves_reserve()):
            return opened
        base = self.open_kept(own, head, stretched)
        if opened is not None and not (base is not None and base.leaves_reserve()):
            return opened
        if base is None or self.pins is None:
            raise refusal
        base.aside = self.look_aside(base, head, stretched)
        base.findings = [refusal.code, *(code for code in base.findings if code != refusal.code)]
        base.pins = self.pins
        return base

    def open_kept(self, own: AccountKeys, head: PasswordHeader, stretched: bytes) -> Opened | None:
        """The kept whole, which opens under whatever password it was kept."""
        if self.kept is None or self.pins is None or self.pins.state is None:
            return None
        kept = dataclasses.replace(self.kept, head=self.served.head, person_keys=self.served.person_keys)
        try:
            opened = dataclasses.replace(self, served=kept, findings=[]).open_whole(own, head, stretched, True)
        except Refused:
            return None
        return opened if opened.is_owner() else None

    def look_aside(self, base: Opened, head: PasswordHeader, stretched: bytes) -> Aside:
        account_id, message = head.header.account_id, self.served.owner_vault
        try:
            served = OwnerVault.parse(message)
            counter = served.counter if served.header.account_id == account_id else 0
        except Refused:
            counter = 0
        state = acceptable(self.served, account_id)
        keys = [] if state is None else self.keys_of(self.served, state, base, head, stretched)
        return Aside(backend.sha256(message), counter, state, keys)

    def keys_of(
        self, whole: Served, state: AccountState, beside: Opened, head: PasswordHeader, stretched: bytes
    ) -> list[PastKey]:
        """The MasterKeys of a vault that one of the state's signers made, as far as it opens."""
        epoch = state.header.epoch
        try:
            master_key = beside.master_key
            if not grants.fits(master_key, state.header.account_id, epoch, state.commitment):
                opening = dataclasses.replace(self, served=whole)
                master_key = opening.find_master_key(state, beside.keys, head, stretched)
            contents = vault.read_vault(whole.owner_vault, state, master_key)
        except Refused:
            return []
        return [PastKey(epoch, master_key), *contents.past_keys]

    def find_ended(self, opened: Opened, head: PasswordHeader, stretched: bytes) -> list[Ended]:
        """Of the wholes that were kept those with MasterKeys that are missing, the first of each generation."""
        known = [PastKey(opened.state.header.epoch, opened.master_key), *opened.contents.past_keys]
        found: dict[int, Ended] = {}
        is_other = self.kept is not None and self.kept.owner_vault != opened.vault
        for whole in (*self.ended, *([self.kept] if self.kept is not None and is_other else [])):
            state = acceptable(whole, head.header.account_id)
            if state is None or state.generation in found:
                continue
            missing = [key for key in self.keys_of(whole, state, opened, head, stretched) if key not in known]
            if missing:
                found[state.generation] = Ended(whole, missing)
        return list(found.values())

    def open_whole(self, own: AccountKeys, head: PasswordHeader, stretched: bytes, head_pinned: bool) -> Opened:
        """Steps 3 to 6."""
        state = self.accept_state(head)
        master_key = self.find_master_key(state, own, head, stretched)
        plaintext = vault.open_vault(
            self.served.owner_vault, state, master_key, keys.id_of(own), self.served.person_keys, head_pinned)
        contents = VaultContents.parse(plaintext)
        self.check_own_keys(own, contents)
        self.check_line(state, master_key, contents)
        rules.open_rule_set(
            self.served.rule_set, state.header.account_id, state.header.epoch, contents.rule_set)
        pins = self.new_pins(head, state)
        return Opened(
            own, self.served.person_keys, state, master_key, self.served.owner_vault, plaintext, contents,
            self.findings, pins, self.served)

    def open_head(self) -> PasswordHeader:
        """Step 1, but for the stretching."""
        head = PasswordHeader.parse(self.served.head)
        if self.pins is not None:
            passwords.check_head(head, self.pins.head, self.password_changed)
        passwords.check_typed(head, self.typed)
        return head

    def accept_state(self, head: PasswordHeader) -> AccountState:
        """Step 3."""
        last, least_generation = None, None
        if self.pins is not None:
            last, least_generation = self.pins.state, self.pins.generation
        return states.accept_state(
            self.served.account_state, head.header.account_id, last, least_generation).state

    def find_master_key(
        self, state: AccountState, own: AccountKeys, head: PasswordHeader, stretched: bytes
    ) -> bytes:
        """Step 4."""
        if backend.ed25519_public_key(own.seed) == state.root_key and self.served.password_wrap is not None:
            wrap = PasswordWrap.parse(self.served.password_wrap)
            if wrap.header.account_id != state.header.account_id:
                raise Refused("wrong_account")
            master_key = unwrapped(wrap, state, head, stretched)
            if master_key is not None:
                return master_key
        if self.served.grant is None:
            raise Refused("no_master_key")
        if Grant.parse(self.served.grant).header.epoch != state.header.epoch:
            raise Refused("no_master_key")
        recipient = Recipient(state.header.account_id, state, GrantKind.master, own)
        granted = grants.open_grant(self.served.grant, recipient)
        assert isinstance(granted, bytes)
        return granted

    def check_own_keys(self, own: AccountKeys, contents: VaultContents) -> None:
        """Step 5: what another person may have written as this one's keys is a finding."""
        opener = contents.person_of(backend.ed25519_public_key(own.seed))
        assert opener is not None
        if opener.keys not in (NO_HASH, backend.sha256(self.served.person_keys)):
            self.findings.append("chain_broken")

    def check_line(self, state: AccountState, master_key: bytes, contents: VaultContents) -> None:
        """Step 5, a to c: refusals in the pinned state's generation, findings in a greater one."""
        if self.pins is None or self.pins.state is None:
            return
        pinned = self.pins.state
        for code in (self.vault_fault(self.pins, contents), state_fault(pinned, master_key, contents)):
            if code is None:
                continue
            if state.generation == pinned.generation:
                raise Refused(code)
            self.findings.append(code)

    def vault_fault(self, pins: OwnerContents, contents: VaultContents) -> str | None:
        """What a says."""
        counter = OwnerVault.parse(self.served.owner_vault).counter
        if counter < pins.vault_counter:
            return "counter_rollback"
        if counter == pins.vault_counter:
            return None if backend.sha256(self.served.owner_vault) == pins.vault_hash else "counter_fork"
        writes = counter - pins.vault_counter
        if writes > RECENT_MAX:
            return None
        named = contents.recent[-writes:]
        if len(named) < writes or named[0] != pins.vault_hash:
            return "counter_fork"
        return None

    def new_pins(self, head: PasswordHeader, state: AccountState) -> OwnerContents:
        pins = self.pins
        counter = OwnerVault.parse(self.served.owner_vault).counter
        hash = backend.sha256(self.served.owner_vault)
        if pins is None:
            return OwnerContents(head, state, state.generation, 0, counter, hash)
        confirmed = pins.confirmed if pins.state is not None and not self.findings else 0
        generation = max(pins.generation, state.generation)
        return OwnerContents(
            head, state, generation, confirmed, counter, hash, pins.pending_vault, pins.pending_state,
            pins.pending_rule_set)


def acceptable(whole: Served, account_id: bytes) -> AccountState | None:
    """The state of a whole, if it is one of the account, whatever this end has accepted before."""
    try:
        return states.accept_state(whole.account_state, account_id, None, None).state
    except Refused:
        return None


def unwrapped(wrap: PasswordWrap, state: AccountState, head: PasswordHeader, stretched: bytes) -> bytes | None:
    """The MasterKey of the state, or None where the wrap counts as absent."""
    if wrap.header.epoch != state.header.epoch:
        return None
    try:
        master_key = passwords.unwrap(wrap, stretched, head)
    except Refused:
        return None
    if not grants.fits(master_key, state.header.account_id, state.header.epoch, state.commitment):
        return None
    return master_key


def state_fault(pinned: AccountState, master_key: bytes, contents: VaultContents) -> str | None:
    """What b and c say."""
    note = next((note for note in contents.states if note.pair() == pinned.pair()), None)
    if note is None and pinned.pair() >= contents.states[0].pair():
        return "state_fork"
    if note is not None and note.hash != backend.sha256(pinned.write()):
        return "state_fork"
    known = [master_key] + [key.master_key for key in contents.past_keys if key.epoch == pinned.header.epoch]
    account_id, epoch = pinned.header.account_id, pinned.header.epoch
    if not any(grants.fits(key, account_id, epoch, pinned.commitment) for key in known):
        return "state_fork"
    return None
