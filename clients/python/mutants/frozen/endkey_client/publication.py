"""What a person's end publishes, act by act, and what becomes of it (sections 12.8 and 12.9)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from . import backend, grants, keys, states, vault
from .enums import GrantKind, MemberStatus, PersonRole, PersonStatus
from .errors import BadRequest, Refused
from .limits import (
    CERTIFICATE_DEFAULT,
    CLOCK_AHEAD_MAX,
    COUNTER_MAX,
    PAST_KEYS_MAX,
    PAST_KEYS_RESERVE,
    RECENT_MAX,
    REVOKED_MAX,
    STATE_NOTES_MAX,
    VALIDITY_DEFAULT,
    VALIDITY_MIN,
    VAULT_CONTENTS_MAX,
    VAULT_RESERVE,
)
from .opening import Aside
from .states import DAY
from .wire.contents import Member, PastKey, Person, VaultContents
from .wire.fields import NO_HASH, NO_SIGNATURE
from .wire.messages import AccountState, OwnerVault, Signer

HOUR = 3_600_000
MINUTE = 60_000
RENEW_AFTER = 20 * HOUR
NUMBER_MAX = 2**32 - 1

NEED_ROOT_KEY = ("renew_certificate", "add_person", "remove_person", "repair")
ROOT_ACTS = ("add_person", "remove_person", "repair")
NEW_EPOCH = ("rotate", "remove", "remove_person", "repair")
DROP_CODES = ("remove", "remove_person", "repair")
LET_MEMBERS_GO = ("retire", "remove", "remove_person", "repair")


@dataclass
class Says:
    """What the person says."""

    newest: bool = False
    """That what is shown is the newest."""
    without_storage: bool = False
    """To publish without durable storage."""
    clock: bool = False
    """That this end's clock is right."""


@dataclass
class End:
    """A person's end when it acts: what it opened, what it remembers, and its clock."""

    seed: bytes
    state: AccountState
    vault: bytes
    master_key: bytes
    confirmed: bool
    generation: int
    durable: bool
    now: int
    aside: Aside | None = None
    """What is served, where an owner's end works from the whole that it had kept."""
    lacking: list[list[PastKey]] = field(default_factory=list)
    """MasterKeys that were kept and the account lacks, by the wholes that had them."""

    def verify_key(self) -> bytes:
        return backend.ed25519_public_key(self.seed)

    def has_root_key(self) -> bool:
        return self.verify_key() == self.state.root_key

    def root_act_is_due(self) -> bool:
        return self.has_root_key() and (self.aside is not None or self.generation > self.state.generation)


@dataclass
class NewPerson:
    modulus: bytes
    verify_key: bytes
    label: bytes


@dataclass
class Act:
    """`contents` are as the person wants them, before what the act itself changes."""

    name: str
    contents: VaultContents
    agents: list[bytes] = field(default_factory=list)
    persons: list[bytes] = field(default_factory=list)
    person: NewPerson | None = None
    staying: dict[bytes, GrantKind] = field(default_factory=dict)
    """The members that the person was asked about and that stay, with the kinds that were shown."""
    next_master_key: bytes | None = None
    rule_set: bytes | None = None


@dataclass
class Randomness:
    salt: bytes
    oaep_seeds: list[bytes]
    """Of the master grants, by the recipients' ids ascending."""


@dataclass
class Publication:
    expect: bytes
    state: AccountState | None
    vault: bytes
    contents: VaultContents
    grants: list[bytes]
    generation: int
    """Of OwnerContents from now on."""
    master_key: bytes
    root_act: bool
    asks: bool


def successor(number: int, most: int) -> int:
    if number >= most:
        raise Refused("limit_reached")
    return number + 1


def next_generation(seen: int, made: int) -> int:
    generation = max(seen + 1, made // MINUTE)
    if generation > NUMBER_MAX:
        raise Refused("limit_reached")
    return generation


def root_epoch(epoch: int, used: set[int]) -> int:
    """The least above this one that is not used, or else the least that neither is used nor is this one."""
    for candidate in (*range(epoch + 1, min(epoch + 2 + len(used), NUMBER_MAX + 1)), *range(1, len(used) + 3)):
        if candidate not in used and candidate != epoch:
            return candidate
    raise Refused("limit_reached")


def in_order(past: list[PastKey]) -> list[PastKey]:
    """Past keys as a vault has them, each once."""
    return sorted({key.write(): key for key in past}.values(), key=PastKey.write)


def in_range(time: int) -> int:
    if time > COUNTER_MAX:
        raise Refused("limit_reached")
    return time


class Making:
    """One publication in the making."""

    def __init__(self, end: End, act: Act, says: Says):
        self.end = end
        self.act = act
        self.says = says
        self.old = end.state
        self.contents = dataclasses.replace(act.contents)
        self.root_act = act.name in ROOT_ACTS
        self.raises = self.root_act and (act.name != "add_person" or end.root_act_is_due())
        self.new_epoch = act.name in NEW_EPOCH or self.raises
        self.made = self.time()
        self.makes_state = act.name != "edit" or self.renewal_is_due()
        self.epoch = self.old.header.epoch
        self.master_key = end.master_key

    def is_behind(self) -> bool:
        """Whether the newest note was made more than a day after this end's clock."""
        return self.contents.newest().made > self.end.now + CLOCK_AHEAD_MAX * DAY

    def time(self) -> int:
        if self.is_behind() and self.raises and self.says.clock:
            return self.end.now
        return max(self.end.now, self.contents.newest().made)

    def renewal_is_due(self) -> bool:
        return self.made - self.contents.newest().made > RENEW_AFTER

    # May this end sign?

    def check(self) -> None:
        if not self.end.confirmed and not self.says.newest:
            raise Refused("approval_required")
        if not self.end.durable and not self.says.without_storage:
            raise Refused("approval_required")
        if self.end.now >= self.old.valid_until and not self.says.newest:
            raise Refused("state_expired")
        self.check_clock()
        if self.end.root_act_is_due() and not self.root_act:
            raise Refused("unsettled")
        self.check_root()
        self.check_who_goes()
        self.check_who_stays()

    def check_clock(self) -> None:
        """Step 4. Only an act that raises the generation goes on by the person's word."""
        if not self.is_behind():
            return
        if self.raises and self.says.clock:
            return
        raise Refused("clock_wrong")

    def check_root(self) -> None:
        """Step 6."""
        if self.act.name in NEED_ROOT_KEY and not self.end.has_root_key():
            raise Refused("root_required")
        if not self.makes_state or self.raises or self.act.name == "renew_certificate":
            return
        left = self.old.certificate_until - self.made
        if left <= 0:
            raise Refused("root_required")
        if left < VALIDITY_MIN * DAY and not self.end.has_root_key():
            raise Refused("root_required")

    def check_who_goes(self) -> None:
        """Step 7."""
        if self.act.agents and self.act.name not in LET_MEMBERS_GO and not self.raises:
            raise BadRequest("members go by other acts")
        if self.act.persons and self.act.name != "remove_person":
            raise BadRequest("persons go by another act")
        members = {member.agent_id: member for member in self.contents.members}
        persons = {person.person_id: person for person in self.contents.persons}
        if not set(self.act.agents) <= members.keys() or not set(self.act.persons) <= persons.keys():
            raise Refused("unknown_agent")
        if any(members[id].status != MemberStatus.granted for id in self.act.agents):
            raise Refused("revoked")
        if any(persons[id].status != PersonStatus.granted for id in self.act.persons):
            raise Refused("revoked")
        if any(persons[id].role == PersonRole.owner for id in self.act.persons):
            raise Refused("wrong_recipient")

    def asks(self) -> bool:
        """Whether it asks about members."""
        return self.raises or self.act.name == "remove"

    def asked(self) -> list[Member]:
        """The members that it asks about."""
        granted = [one for one in self.contents.members if one.status == MemberStatus.granted]
        going = [one for one in granted if one.agent_id in self.act.agents]
        codes = {one.code_id for one in going}
        everybody = self.raises or any(one.kind == GrantKind.master for one in going)
        return [
            one for one in granted
            if one.agent_id not in self.act.agents and (everybody or one.code_id in codes or not one.label)
        ]

    def check_who_stays(self) -> None:
        """Step 8."""
        if self.asks() and any(self.act.staying.get(one.agent_id) != one.kind for one in self.asked()):
            raise Refused("approval_required")

    # What is made

    def make(self, randomness: Randomness) -> Publication:
        self.check()
        if self.new_epoch:
            self.take_new_epoch()
        if self.end.aside is not None:
            self.take_from_aside(self.end.aside)
        self.give_back()
        self.let_go()
        self.drop_codes()
        if self.act.name == "add_person":
            self.add_person()
        self.name_rules()
        state = self.make_state() if self.makes_state else None
        plaintext = self.finish_contents(state)
        aside = self.end.aside
        before = OwnerVault.parse(self.end.vault).counter
        counter = self.next_counter(before if aside is None else max(before, aside.counter))
        sealed = vault.make_vault(
            self.end.seed, self.master_key, self.old.header.account_id, self.epoch, counter, randomness.salt,
            plaintext)
        self.check_reserve(plaintext, sealed)
        newest = self.old if state is None else state
        made_grants = make_grants(
            self.end.seed, newest, self.master_key, self.recipients(), randomness.oaep_seeds)
        return Publication(
            backend.sha256(self.end.vault) if aside is None else aside.vault, state, sealed, self.contents, made_grants,
            max(self.end.generation, newest.generation), self.master_key, self.root_act, self.asks())

    def check_reserve(self, plaintext: bytes, sealed: bytes) -> None:
        if self.root_act or len(plaintext) <= VAULT_CONTENTS_MAX - VAULT_RESERVE:
            return
        if len(sealed) > len(self.end.vault):
            raise Refused("limit_reached")

    def next_counter(self, counter: int) -> int:
        """A root act that raises the generation begins anew where there is no number above."""
        if self.raises and counter == COUNTER_MAX:
            return 1
        return successor(counter, COUNTER_MAX)

    def next_epoch(self) -> int:
        epoch = self.old.header.epoch
        if not self.new_epoch:
            return epoch
        if self.raises:
            return root_epoch(epoch, {key.epoch for key in self.contents.past_keys})
        return successor(epoch, NUMBER_MAX)

    def take_new_epoch(self) -> None:
        if self.act.next_master_key is None:
            raise BadRequest("no MasterKey for the new epoch")
        self.epoch = self.next_epoch()
        past = [*self.contents.past_keys, PastKey(self.old.header.epoch, self.master_key)]
        past = in_order(past)
        if len(past) > self.past_keys_max():
            raise Refused("limit_reached")
        self.contents.past_keys = past
        self.master_key = self.act.next_master_key

    def take_from_aside(self, aside: Aside) -> None:
        """Who is listed no more goes; the MasterKeys are put away: all, or where they leave no reserve the first."""
        if aside.state is not None and aside.state.generation > self.old.generation:
            listed = {signer.person_id for signer in aside.state.signers}
            self.contents.persons = [
                person if person.person_id in listed else dataclasses.replace(person, status=PersonStatus.removed)
                for person in self.contents.persons
            ]
        self.put_away([aside.keys])

    def give_back(self) -> None:
        """The MasterKeys that this end had kept and the account lacks (R-12.7-11)."""
        self.put_away(self.end.lacking)

    def put_away(self, vaults: list[list[PastKey]]) -> None:
        """Among the past keys: all, if these leave the reserve then, or else the first of each vault, while there is
        room."""
        past = self.contents.past_keys
        united = in_order([*past, *(key for vault in vaults for key in vault)])
        if len(united) > PAST_KEYS_MAX - PAST_KEYS_RESERVE:
            united = past
            for first in (vault[:1] for vault in vaults):
                more = in_order([*united, *first])
                united = more if len(more) <= self.past_keys_max() else united
        self.contents.past_keys = united

    def past_keys_max(self) -> int:
        return PAST_KEYS_MAX if self.raises else PAST_KEYS_MAX - PAST_KEYS_RESERVE

    def let_go(self) -> None:
        """Members and persons who go."""
        status = MemberStatus.retired if self.act.name == "retire" else MemberStatus.removed
        self.contents.members = [
            dataclasses.replace(member, status=status, listed=self.epoch)
            if member.agent_id in self.act.agents else member
            for member in self.contents.members
        ]
        self.contents.persons = [
            dataclasses.replace(person, status=PersonStatus.removed)
            if person.person_id in self.act.persons else person
            for person in self.contents.persons
        ]

    def drop_codes(self) -> None:
        if self.act.name in DROP_CODES or self.raises:
            self.contents.codes = []
        elif self.act.name == "retire":
            theirs = [member.code_id for member in self.contents.members if member.agent_id in self.act.agents]
            self.contents.codes = [code for code in self.contents.codes if code.id not in theirs]

    def add_person(self) -> None:
        new = self.act.person
        if new is None:
            raise BadRequest("no person to be added")
        id = keys.agent_id(new.modulus, new.verify_key)
        if any(id == person.person_id or new.verify_key == person.verify_key for person in self.contents.persons):
            raise BadRequest("a person of the account already")
        person = Person(
            id, PersonRole.manager, PersonStatus.granted, new.modulus, new.verify_key, NO_HASH, new.label)
        persons = sorted([*self.contents.persons, person], key=lambda person: person.person_id)
        self.contents.persons = vault.persons_within_limit(persons)

    def name_rules(self) -> None:
        if self.act.rule_set is not None:
            self.contents.rule_set = backend.sha256(self.act.rule_set)
        elif self.new_epoch:
            self.contents.rule_set = NO_HASH

    def signers(self) -> list[Signer]:
        return signers_of(self.contents.persons)

    def make_state(self) -> AccountState:
        old = self.old
        generation, certificate_from, certificate_until = self.list_times()
        state = AccountState(
            states.header_of(old.header.account_id, self.epoch), self.next_counter(old.counter), self.made, 0,
            keys.commitment(self.master_key, old.header.account_id, self.epoch), old.root_key, generation,
            certificate_from, certificate_until, old.signers, old.certificate, self.revoked(), bytes(32),
            NO_SIGNATURE)
        state.valid_until = min(in_range(self.made + VALIDITY_DEFAULT * DAY), certificate_until)
        if self.root_act or self.act.name == "renew_certificate":
            state.signers = self.signers()
            state.certificate = states.certify(self.end.seed, state)
        return states.sign_state(self.end.seed, state)

    def list_times(self) -> tuple[int, int, int]:
        """Generation, and the certificate's two times."""
        old = self.old
        if not self.raises and self.act.name != "renew_certificate":
            return old.generation, old.certificate_from, old.certificate_until
        renewed = in_range(self.made + CERTIFICATE_DEFAULT * DAY)
        if self.raises:
            seen = max(self.end.generation, old.generation)
            if self.end.aside is not None and self.end.aside.state is not None:
                seen = max(seen, self.end.aside.state.generation)
            return next_generation(seen, self.made), self.made, renewed
        return old.generation, old.certificate_from, renewed

    def revoked(self) -> list[bytes]:
        if self.new_epoch:
            listed = {m.agent_id for m in self.contents.members if m.listed in (self.old.header.epoch, self.epoch)}
            listed = self.cut(listed)
        else:
            listed = {*self.old.revoked, *self.act.agents}
        if 16 * len(listed) > REVOKED_MAX:
            raise Refused("limit_reached")
        return sorted(listed)

    def cut(self, listed: set[bytes]) -> set[bytes]:
        """As many as a state has room for, those first who went in its epoch."""
        now = {member.agent_id for member in self.contents.members if member.listed == self.epoch}
        return set(sorted(listed, key=lambda id: (id not in now, id))[:REVOKED_MAX // 16])

    def finish_contents(self, state: AccountState | None) -> bytes:
        contents = self.contents
        contents.made = self.made
        maker = contents.person_of(self.end.verify_key())
        if maker is None:
            raise BadRequest("the signer is no person of the account")
        contents.made_by = maker.person_id
        replaced = [backend.sha256(self.end.vault)]
        if self.end.aside is not None and self.end.aside.vault not in replaced:
            replaced.append(self.end.aside.vault)
        contents.recent = [*contents.recent, *replaced][-RECENT_MAX:]
        if state is not None:
            notes = sorted([*contents.states, states.note_of(state)], key=lambda note: note.pair())
            contents.states = notes[-STATE_NOTES_MAX:]
        return contents.write()

    def recipients(self) -> list[Person]:
        granted = [person for person in self.contents.persons if person.status == PersonStatus.granted]
        if self.new_epoch:
            return granted
        if self.act.name == "add_person" and self.act.person is not None:
            return [person for person in granted if person.verify_key == self.act.person.verify_key]
        return []


def signers_of(persons: list[Person]) -> list[Signer]:
    granted = [person for person in persons if person.status == PersonStatus.granted]
    signers = [Signer(person.verify_key, person.person_id) for person in granted]
    return sorted(signers, key=lambda signer: signer.verify_key)


def make_grants(
    seed: bytes, state: AccountState, master_key: bytes, recipients: list[Person], oaep_seeds: list[bytes]
) -> list[bytes]:
    """Master grants to persons, by id ascending."""
    if len(recipients) != len(oaep_seeds):
        raise BadRequest(f"{len(recipients)} recipients")
    return [
        grants.make_grant(
            seed, state.header.account_id, state.header.epoch, GrantKind.master, person.person_id, person.modulus,
            person.verify_key, master_key, oaep_seed)
        for person, oaep_seed in zip(recipients, oaep_seeds)
    ]


def publish(end: End, act: Act, says: Says, randomness: Randomness) -> Publication:
    return Making(end, act, says).make(randomness)


# Settling


@dataclass
class Pending:
    """What is known of a publication that was sent: hashes, the state's where one was sent, and its generation."""

    vault: bytes
    state: bytes | None
    generation: int
    root_act: bool
    asks: bool
    """It asks about members."""


@dataclass
class ServedVault:
    """The newest vault that is served, opened: its hash, those in `recent` and those in its notes."""

    vault: bytes
    recent: list[bytes]
    states: list[bytes]

    def has_taken(self, pending: Pending) -> bool:
        """Whether it is the pending one, or was made on top of it."""
        if self.vault == pending.vault:
            return True
        if pending.vault in self.recent:
            return True
        return pending.state is not None and pending.state in self.states


def settle(
    pending: Pending, base_state: bytes, generation: int, answer: str, served: ServedVault | None
) -> tuple[str, int]:
    """The outcome, and the generation of OwnerContents from now on."""
    outcome = outcome_of(pending, base_state, answer, served)
    if outcome == "dead" and pending.root_act:
        return outcome, max(generation, min(pending.generation + 1, NUMBER_MAX))
    return outcome, max(generation, pending.generation)


def outcome_of(pending: Pending, base_state: bytes, answer: str, served: ServedVault | None) -> str:
    """The first row that fits."""
    if answer == "stored":
        return "settled"
    if served is not None and served.has_taken(pending):
        return "settled"
    if answer == "discard":
        return "dead"
    if answer == "none" or served is None:
        return "again"
    if pending.asks:
        return "dead"
    return "merge" if served.states[-1] == base_state else "dead"
