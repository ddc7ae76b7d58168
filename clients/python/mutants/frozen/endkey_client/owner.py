"""A person's end on one device: it opens what the service gives, remembers it, acts, and settles what it sent
(sections 10.4, 12.7 and 12.8)."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass, field

from . import backend, grants, keys, local_state, machines, merging, publication, rules, tokens, vault
from .enrolment import PersonsEnd, verify_request
from .enums import Category, GrantKind, MemberStatus, PersonRole, TokenField
from .errors import Refused
from .grants import Recipient
from .opening import Opened, Opening, Served
from .passwords import Typed
from .primitives import chunked, oaep
from .publication import Act, End, Making, Randomness, Says
from .wire.contents import Code, Member, OwnerContents, VaultContents
from .wire.fields import NO_HASH
from .wire.messages import AccountState, EnrolmentRequest, Grant, OwnerVault


@dataclass
class PendingPublication:
    """The messages that lie on disk beside the pins until they are answered, and what the act started from."""

    state: AccountState | None
    vault: bytes
    rule_set: bytes | None
    grants: list[bytes]
    base_state: AccountState
    base_vault: bytes
    root_act: bool
    asks: bool
    """It asks about members."""
    replaces: bytes
    """The hash of the vault that the service holds."""

    def newest(self) -> AccountState:
        return self.base_state if self.state is None else self.state

    def sent(self) -> publication.Pending:
        newest = self.newest()
        return publication.Pending(
            backend.sha256(self.vault), None if self.state is None else backend.sha256(self.state.write()),
            newest.generation, self.root_act, self.asks)


class Memory:
    """What the device keeps on its disk."""

    def __init__(self) -> None:
        self.device_key = os.urandom(32)
        self.writes = 0
        self.sealed: bytes | None = None
        self.pending: PendingPublication | None = None
        self.kept: Served | None = None
        """The last whole that an owner's end opened, or that what it published made of it."""
        self.ended: list[Served] = []
        """Wholes that were kept before and have MasterKeys which the account lacks (R-12.7-11)."""

    def keep(self, pins: OwnerContents, pending: PendingPublication | None) -> None:
        pins = with_pending(pins, pending)
        self.writes += 1
        self.sealed = local_state.seal_owner_state(
            self.device_key, pins.head.header.account_id, self.writes, os.urandom(chunked.SALT_SIZE), pins)
        self.pending = pending

    def pins(self) -> OwnerContents | None:
        """A damaged memory is refused, not forgotten."""
        if self.sealed is None:
            return None
        return OwnerContents.parse(local_state.open_local_state(self.sealed, self.device_key))


def with_pending(pins: OwnerContents, pending: PendingPublication | None) -> OwnerContents:
    """The pins with the hashes of what is pending."""
    if pending is None:
        return dataclasses.replace(pins, pending_vault=NO_HASH, pending_state=NO_HASH, pending_rule_set=NO_HASH)
    return dataclasses.replace(
        pins,
        pending_vault=backend.sha256(pending.vault),
        pending_state=NO_HASH if pending.state is None else backend.sha256(pending.state.write()),
        pending_rule_set=NO_HASH if pending.rule_set is None else backend.sha256(pending.rule_set))


@dataclass
class PersonsDevice:
    typed: Typed
    durable: bool
    keeps_whole: bool = False
    memory: Memory = field(default_factory=Memory)
    phase: str = "locked"
    opened: Opened | None = None
    findings: list[str] = field(default_factory=list)

    # The machine

    def check_phase(self, event: str) -> None:
        error = machines.step(machines.OWNER, self.phase, event).error
        if error is not None:
            raise Refused(error)

    def advance(self, event: str) -> None:
        self.check_phase(event)
        self.phase = machines.step(machines.OWNER, self.phase, event).next

    def generation(self) -> int:
        """Of the state that is pending, or else of the newest opened; 0: none."""
        pending, pins = self.memory.pending, self.memory.pins()
        if pending is not None and pending.state is not None:
            return pending.state.generation
        return 0 if pins is None or pins.state is None else pins.state.generation

    def whole(self) -> Opened:
        """What is open, in the phases `open` and `settling`."""
        assert self.opened is not None
        return self.opened

    def pins(self) -> OwnerContents:
        pins = self.memory.pins()
        assert pins is not None
        return pins

    # Events

    def open(self, served: Served, password_changed: bool) -> None:
        """Refused leaves the device as it was."""
        event = "open" if self.memory.pending is None else "open_pending"
        self.check_phase(event)
        self.take_whole(served, password_changed)
        self.advance(event)

    def take_whole(self, served: Served, password_changed: bool) -> None:
        memory = self.memory
        opened = Opening(
            memory.pins(), password_changed, self.typed, served, memory.kept, memory.ended).open()
        self.keep_whole(opened)
        self.memory.keep(opened.pins, self.memory.pending)
        self.findings = opened.findings
        self.opened = opened

    def keep_whole(self, opened: Opened) -> None:
        if self.keeps_whole and opened.aside is None and opened.is_owner():
            self.memory.kept = opened.served
            self.memory.ended = [ended.whole for ended in opened.ended]

    def confirm(self) -> None:
        self.advance("confirm")
        self.memory.keep(dataclasses.replace(self.pins(), confirmed=1), self.memory.pending)

    def lock(self) -> None:
        self.advance("lock")
        self.opened = None

    def restart(self) -> None:
        """Only the memory is left, and that of a device without durable storage is not."""
        self.phase = "locked"
        self.opened = None
        if not self.durable:
            self.memory = Memory()

    def restart_lost(self) -> None:
        self.memory = Memory()
        self.restart()

    def act(self, name: str, says: Says, now: int) -> None:
        self.check_phase("act")
        contents = self.whole().contents
        staying = {member.agent_id: member.kind for member in contents.members}
        self.publish(self.making(Act(name, contents, staying=staying), says, now))

    def request(self, message: bytes, says: Says, now: int) -> None:
        """An EnrolmentRequest that no person has approved."""
        self.check_phase("act")
        contents = self.whole().contents
        self.making(Act("edit", contents), says, now).check()
        agent_id, code = verify_request(message, PersonsEnd(
            self.whole().state.header.account_id, contents.codes,
            {member.agent_id: member.status for member in contents.members},
            {person.person_id: person.status for person in contents.persons},
            self.has_root_key(), now, False))
        entered = enter_member(contents, agent_id, code, EnrolmentRequest.parse(message).nonce)
        self.publish(self.making(Act("edit", entered), says, now))

    def has_root_key(self) -> bool:
        return self.whole().person().role == PersonRole.owner

    def making(self, act: Act, says: Says, now: int) -> Making:
        opened, pins = self.whole(), self.pins()
        end = End(
            opened.keys.seed, opened.state, opened.vault, opened.master_key,
            pins.confirmed == 1 and opened.aside is None, pins.generation, self.durable, now, opened.aside,
            [ended.keys for ended in opened.ended])
        act.contents = self.with_own_keys(act.contents)
        return Making(end, act, says)

    def publish(self, making: Making) -> None:
        making.check()
        act, opened, pins = making.act, self.whole(), self.pins()
        if making.new_epoch:
            act.next_master_key = os.urandom(32)
            act.rule_set = self.rule_set(act.contents, making.next_epoch(), act.next_master_key, making.raises)
        staying = [person for person in making.recipients() if person.person_id not in act.persons]
        seeds = [os.urandom(oaep.HASH_SIZE) for _ in [*staying, *([] if act.person is None else [act.person])]]
        published = making.make(Randomness(os.urandom(chunked.SALT_SIZE), seeds))
        confirmed = 1 if making.says.newest else pins.confirmed
        kept = dataclasses.replace(pins, confirmed=confirmed, generation=published.generation)
        self.memory.keep(kept, PendingPublication(
            published.state, published.vault, act.rule_set, published.grants, opened.state, opened.vault,
            published.root_act, published.asks, published.expect))
        self.advance("act")

    def with_own_keys(self, contents: VaultContents) -> VaultContents:
        """The maker's entry with the hash of its PersonKeys, which it lacks before its first publication, and which
        whoever may sign can have changed."""
        own, hash = self.whole().person(), backend.sha256(self.whole().person_keys)
        return dataclasses.replace(contents, persons=[
            dataclasses.replace(one, keys=hash) if one.person_id == own.person_id else one
            for one in contents.persons])

    def rule_set(self, contents: VaultContents, epoch: int, master_key: bytes, raises: bool) -> bytes | None:
        """The RuleSet of a new epoch; none in an act that raises the generation where none can be made (R-12.9-10)."""
        definitions = [
            rules.Definition(TokenField(rule.field), Category(rule.category), rule.value, True, [])
            for rule in contents.rules if rule.seen
        ]
        if not definitions:
            return None
        account_id = self.whole().state.header.account_id
        key = tokens.TokenKey(epoch, keys.token_key(master_key, account_id, epoch))
        try:
            return rules.make_rule_set(account_id, epoch, [key], definitions)
        except Refused:
            if not raises:
                raise
            return None

    # Settling

    def stored(self) -> None:
        """What it has opened since of a greater pair stays."""
        self.check_phase("stored")
        pending = self.pending()
        if self.whole().state.pair() > pending.newest().pair():
            self.memory.keep(self.pins(), None)
            self.advance("stored")
            return
        master_key = self.pending_master_key()
        plaintext = self.open_own(pending.vault, pending.newest(), master_key)
        self.opened = dataclasses.replace(
            self.whole(), state=pending.newest(), master_key=master_key, vault=pending.vault, plaintext=plaintext,
            contents=VaultContents.parse(plaintext), served=self.after(pending), aside=None)
        self.keep_whole(self.opened)
        counter = OwnerVault.parse(pending.vault).counter
        self.memory.keep(dataclasses.replace(
            self.pins(), state=pending.newest(), vault_counter=counter,
            vault_hash=backend.sha256(pending.vault)), None)
        self.advance("stored")

    def after(self, pending: PendingPublication) -> Served:
        """What the service has for this person once it has stored what is pending."""
        served, own_id = self.whole().served, keys.id_of(self.whole().keys)
        own = next((grant for grant in pending.grants if Grant.parse(grant).recipient == own_id), served.grant)
        return dataclasses.replace(
            served, account_state=pending.newest().write(), owner_vault=pending.vault, grant=own,
            rule_set=pending.rule_set or served.rule_set)

    def pending(self) -> PendingPublication:
        assert self.memory.pending is not None
        return self.memory.pending

    def pending_master_key(self) -> bytes:
        """That of a new epoch is in the grant to this person, which was sent with it (R-12.2-5)."""
        state, opened = self.pending().newest(), self.whole()
        own_id = keys.id_of(opened.keys)
        for grant in self.pending().grants:
            if Grant.parse(grant).recipient == own_id:
                recipient = Recipient(state.header.account_id, state, GrantKind.master, opened.keys)
                granted = grants.open_grant(grant, recipient)
                assert isinstance(granted, bytes)
                return granted
        return opened.master_key

    def open_own(self, message: bytes, state: AccountState, master_key: bytes) -> bytes:
        opened = self.whole()
        return vault.open_vault(message, state, master_key, keys.id_of(opened.keys), opened.person_keys)

    def other(self, served: Served, password_changed: bool) -> None:
        """The service holds another vault, or so it says."""
        self.check_phase("lost_other")
        self.take_whole(served, password_changed)
        if self.whole().aside is not None:
            self.other_aside(served)
            return
        contents = self.whole().contents
        outcome = self.settle("other", publication.ServedVault(
            backend.sha256(served.owner_vault), contents.recent, [note.hash for note in contents.states]))
        if outcome == "settled":
            self.memory.keep(self.pins(), None)
            self.advance("stored")
        elif outcome == "merge":
            self.merge()
            self.advance("lost_same")
        else:
            self.memory.keep(self.pins(), None)
            self.advance("lost_other")

    def other_aside(self, served: Served) -> None:
        """What is served does not open: it has taken what is pending if it has its state, and else that is dead."""
        state = self.pending().state
        if state is not None and state.write() == served.account_state:
            self.stored()
            return
        self.settle("discard", None)
        self.memory.keep(self.pins(), None)
        self.advance("lost_other")

    def no_answer(self) -> None:
        self.advance("no_answer")

    def discard(self) -> None:
        self.check_phase("discard")
        self.settle("discard", None)
        self.memory.keep(self.pins(), None)
        self.advance("discard")

    def settle(self, answer: str, served: publication.ServedVault | None) -> str:
        pins, pending = self.pins(), self.pending()
        base_state = backend.sha256(pending.base_state.write())
        outcome, generation = publication.settle(pending.sent(), base_state, pins.generation, answer, served)
        self.memory.keep(dataclasses.replace(pins, generation=generation), self.memory.pending)
        return outcome

    def merge(self) -> None:
        """The same state, a new vault on top of the one that is open now."""
        opened, pending, master_key = self.whole(), self.pending(), self.pending_master_key()
        state = pending.newest()
        base = self.open_own(pending.base_vault, pending.base_state, opened.master_key)
        ours = self.open_own(pending.vault, state, master_key)
        contents = merging.merge(
            VaultContents.parse(base), VaultContents.parse(ours), opened.contents, backend.sha256(opened.vault))
        made = vault.make_vault(
            opened.keys.seed, master_key, state.header.account_id, state.header.epoch,
            OwnerVault.parse(opened.vault).counter + 1, os.urandom(chunked.SALT_SIZE), contents.write())
        self.memory.keep(self.pins(), dataclasses.replace(
            pending, vault=made, base_vault=opened.vault, replaces=backend.sha256(opened.vault)))


def enter_member(contents: VaultContents, agent_id: bytes, code: Code, nonce: bytes) -> VaultContents:
    """The contents with the nonce and the use of the code noted, and with who came by it (section 10.2)."""
    used = dataclasses.replace(code, uses_left=code.uses_left - 1, nonces=[*code.nonces, nonce])
    members = {member.agent_id: member for member in contents.members}
    known = members.get(agent_id)
    if known is None:
        members[agent_id] = Member(agent_id, code.label, code.id, code.kind, MemberStatus.granted, 0)
    else:
        members[agent_id] = dataclasses.replace(
            known, label=known.label or code.label, code_id=code.id, kind=code.kind)
    return dataclasses.replace(
        contents, codes=[used if one.id == code.id else one for one in contents.codes],
        members=[members[id] for id in sorted(members)])
