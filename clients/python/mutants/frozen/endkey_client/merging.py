"""A vault made anew on top of another one of the same state (section 12.8, "A merge")."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from .errors import Refused
from .limits import (
    CODES_MAX,
    ERASURES_MAX,
    MEMBERS_MAX,
    NONCES_MAX,
    PAST_KEYS_MAX,
    RECENT_MAX,
    STATE_NOTES_MAX,
)
from .vault import persons_within_limit
from .wire.contents import Code, Erasure, Member, Person, RuleDefinition, VaultContents
from .wire.writer import uint8

Entry = TypeVar("Entry")
HASH_SIZE = 32


def changed(base: Any, ours: Any, theirs: Any) -> Any:
    """What the act changed; what it left is as theirs."""
    return theirs if ours == base else ours


def entries(
    base: list[Entry], ours: list[Entry], theirs: list[Entry], name: Callable[[Entry], bytes],
    combine: Callable[[Entry, Entry, Entry], Entry],
) -> list[Entry]:
    """Theirs, with what the act added, changed and took away."""
    before, after = ({name(entry): entry for entry in one} for one in (base, ours))
    merged = {name(entry): entry for entry in theirs}
    for key, entry in after.items():
        if key not in before:
            merged.setdefault(key, entry)
        elif key in merged:
            merged[key] = combine(before[key], entry, merged[key])
    for key in before.keys() - after.keys():
        merged.pop(key, None)
    return [merged[key] for key in sorted(merged)]


def within(entries: list[Entry], most: int) -> list[Entry]:
    if len(entries) > most:
        raise Refused("limit_reached")
    return entries


def merge(base: VaultContents, ours: VaultContents, theirs: VaultContents, their_hash: bytes) -> VaultContents:
    """`ours` was made from `base`, and is made anew on top of `theirs`."""
    made = max(ours.made, theirs.made)
    notes = {note.pair(): note for note in (ours.newest(), *theirs.states)}
    past_keys = {key.write(): key for key in (*theirs.past_keys, *ours.past_keys)}
    return VaultContents(
        made,
        ours.made_by,
        [notes[pair] for pair in sorted(notes)][-STATE_NOTES_MAX:],
        [*theirs.recent, their_hash][-RECENT_MAX:],
        changed(base.rule_set, ours.rule_set, theirs.rule_set),
        changed(base.retention_days, ours.retention_days, theirs.retention_days),
        changed(base.blob_days, ours.blob_days, theirs.blob_days),
        persons_within_limit(entries(base.persons, ours.persons, theirs.persons, person_name, merge_person)),
        within([past_keys[key] for key in sorted(past_keys)], PAST_KEYS_MAX),
        merge_codes(base, ours, theirs, made),
        merge_members(base, ours, theirs),
        within(entries(base.erasures, ours.erasures, theirs.erasures, erasure_name, changed), ERASURES_MAX),
        entries(base.rules, ours.rules, theirs.rules, rule_name, merge_rule),
    )


def person_name(person: Person) -> bytes:
    return person.person_id


def erasure_name(erasure: Erasure) -> bytes:
    return erasure.part("agent_id", "first")


def rule_name(rule: RuleDefinition) -> bytes:
    return uint8(rule.field) + rule.value


def merge_rule(base: RuleDefinition, ours: RuleDefinition, theirs: RuleDefinition) -> RuleDefinition:
    """What either has seen was seen."""
    return dataclasses.replace(
        theirs, category=changed(base.category, ours.category, theirs.category), seen=max(ours.seen, theirs.seen))


def merge_person(base: Person, ours: Person, theirs: Person) -> Person:
    return dataclasses.replace(
        theirs, status=max(ours.status, theirs.status), keys=changed(base.keys, ours.keys, theirs.keys),
        label=changed(base.label, ours.label, theirs.label))


# Codes and members


def merge_codes(base: VaultContents, ours: VaultContents, theirs: VaultContents, made: int) -> list[Code]:
    codes = entries(base.codes, ours.codes, theirs.codes, lambda code: code.id, merge_code)
    if len(codes) > CODES_MAX:
        codes = [code for code in codes if code.uses_left > 0 and not 0 < code.expires <= made]
    return within(codes, CODES_MAX)


def merge_code(base: Code, ours: Code, theirs: Code) -> Code:
    """With the uses that the act took, if there are as many."""
    named = dataclasses.replace(theirs, label=changed(base.label, ours.label, theirs.label))
    nonces = taken(base, ours, theirs)
    if len(nonces) > theirs.uses_left:
        return named
    granted = within([*theirs.nonces, *nonces], NONCES_MAX // HASH_SIZE)
    return dataclasses.replace(named, uses_left=theirs.uses_left - len(nonces), nonces=granted)


def taken(base: Code, ours: Code, theirs: Code) -> list[bytes]:
    """The nonces of requests that the act alone has granted."""
    return [nonce for nonce in ours.nonces if nonce not in base.nonces and nonce not in theirs.nonces]


def merge_members(base: VaultContents, ours: VaultContents, theirs: VaultContents) -> list[Member]:
    """Who came with the act by a code that is used up in theirs is as before."""
    before = {member.agent_id: member for member in base.members}
    started, own = ({code.id: code for code in one.codes} for one in (base, ours))
    live = {
        code.id for code in theirs.codes
        if code.id not in started or code.id not in own
        or len(taken(started[code.id], own[code.id], code)) <= code.uses_left
    }
    kept = []
    for member in ours.members:
        known = before.get(member.agent_id)
        if member.code_id in live or (known is not None and known.code_id == member.code_id):
            kept.append(member)
        elif known is not None:
            kept.append(known)
    return within(
        entries(base.members, kept, theirs.members, lambda member: member.agent_id, merge_member), MEMBERS_MAX)


def merge_member(base: Member, ours: Member, theirs: Member) -> Member:
    """A status never goes back, and of each mark the greater stands."""
    code = changed((base.code_id, base.kind), (ours.code_id, ours.kind), (theirs.code_id, theirs.kind))
    going = ours if ours.status > theirs.status else theirs
    mark = ours if ours.audited_sequence > theirs.audited_sequence else theirs
    kept = ours if ours.kept_sequence > theirs.kept_sequence else theirs
    pair = max((one.audited_generation, one.audited_state) for one in (ours, theirs))
    return dataclasses.replace(
        theirs, label=changed(base.label, ours.label, theirs.label), code_id=code[0], kind=code[1],
        status=going.status, listed=going.listed, audited_sequence=mark.audited_sequence,
        audited_hash=mark.audited_hash, audited_generation=pair[0], audited_state=pair[1],
        kept_sequence=kept.kept_sequence, kept_hash=kept.kept_hash)
