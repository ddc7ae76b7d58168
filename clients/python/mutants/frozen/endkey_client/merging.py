"""A vault made anew on top of another one of the same state (section 12.8, "Settling")."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from .limits import RECENT_MAX, STATE_NOTES_MAX
from .wire.contents import Code, Erasure, Member, PastKey, Person, RuleDefinition, VaultContents
from .wire.writer import uint8

Entry = TypeVar("Entry")


def changed(base: Any, ours: Any, theirs: Any) -> Any:
    """What the act changed; what it left is as theirs."""
    return theirs if ours == base else ours


def entries(
    base: list[Entry], ours: list[Entry], theirs: list[Entry], name: Callable[[Entry], bytes],
    combine: Callable[[Entry, Entry, Entry], Entry],
) -> list[Entry]:
    """What the act added, changed and took away, among theirs."""
    before, after = ({name(entry): entry for entry in one} for one in (base, ours))
    merged = {name(entry): entry for entry in theirs}
    for key, entry in after.items():
        if key not in before:
            merged.setdefault(key, entry)
        elif entry != before[key] and key in merged:
            merged[key] = combine(before[key], entry, merged[key])
    for key in before.keys() - after.keys():
        merged.pop(key, None)
    return [merged[key] for key in sorted(merged)]


def merge(base: VaultContents, ours: VaultContents, theirs: VaultContents, their_hash: bytes) -> VaultContents:
    """`ours` was made from `base`, and is made anew on top of `theirs`.

    Who came by a code that is used up in theirs is left out.
    """
    known = {member.agent_id for member in base.members}
    let_in = Counter(member.code_id for member in ours.members if member.agent_id not in known)
    left = {code.id: code.uses_left for code in theirs.codes}
    used_up = {code_id for code_id, count in let_in.items() if left.get(code_id, 0) < count}
    kept = [member for member in ours.members if member.agent_id in known or member.code_id not in used_up]
    codes = [] if not ours.codes else entries(base.codes, ours.codes, theirs.codes, lambda code: code.id, merge_code)
    notes = {note.pair(): note for note in (*theirs.states, *ours.states)}
    return VaultContents(
        max(ours.made, theirs.made),
        ours.made_by,
        [notes[pair] for pair in sorted(notes)][-STATE_NOTES_MAX:],
        [*theirs.recent, their_hash][-RECENT_MAX:],
        changed(base.rule_set, ours.rule_set, theirs.rule_set),
        changed(base.retention_days, ours.retention_days, theirs.retention_days),
        changed(base.blob_days, ours.blob_days, theirs.blob_days),
        entries(base.persons, ours.persons, theirs.persons, lambda person: person.person_id, merge_person),
        entries(base.past_keys, ours.past_keys, theirs.past_keys, PastKey.write, lambda _, entry, __: entry),
        codes,
        entries(base.members, kept, theirs.members, lambda member: member.agent_id, merge_member),
        entries(base.erasures, ours.erasures, theirs.erasures, erasure_name, lambda _, entry, __: entry),
        merge_rules(base.rules, ours.rules, theirs.rules),
    )


def erasure_name(erasure: Erasure) -> bytes:
    return erasure.part("agent_id", "first")


def rule_name(rule: RuleDefinition) -> bytes:
    return uint8(rule.field) + rule.value


def merge_rules(
    base: list[RuleDefinition], ours: list[RuleDefinition], theirs: list[RuleDefinition]
) -> list[RuleDefinition]:
    """Where both changed a rule, ours stands; what either has seen was seen."""
    before, after, merged = ({rule_name(rule): rule for rule in one} for one in (base, ours, theirs))
    for key, rule in after.items():
        if rule != before.get(key):
            seen = max(rule.seen, merged[key].seen) if key in merged else rule.seen
            merged[key] = dataclasses.replace(rule, seen=seen)
    for key in before.keys() - after.keys():
        merged.pop(key, None)
    return [merged[key] for key in sorted(merged)]


def merge_code(base: Code, ours: Code, theirs: Code) -> Code:
    """Both took uses and noted nonces."""
    taken = base.uses_left - ours.uses_left
    nonces = [*theirs.nonces, *(nonce for nonce in ours.nonces if nonce not in theirs.nonces)]
    return dataclasses.replace(
        theirs, label=changed(base.label, ours.label, theirs.label), uses_left=max(0, theirs.uses_left - taken),
        nonces=nonces)


def merge_person(base: Person, ours: Person, theirs: Person) -> Person:
    return dataclasses.replace(
        theirs, status=max(ours.status, theirs.status), keys=changed(base.keys, ours.keys, theirs.keys),
        label=changed(base.label, ours.label, theirs.label))


def merge_member(base: Member, ours: Member, theirs: Member) -> Member:
    """A status never goes back to granted; a mark is the greater."""
    mark = ours if ours.audited_sequence > theirs.audited_sequence else theirs
    kept = ours if ours.kept_sequence > theirs.kept_sequence else theirs
    going = ours if ours.status > theirs.status else theirs
    pair = max((one.audited_generation, one.audited_state) for one in (ours, theirs))
    return dataclasses.replace(
        theirs, label=changed(base.label, ours.label, theirs.label),
        code_id=changed(base.code_id, ours.code_id, theirs.code_id), kind=changed(base.kind, ours.kind, theirs.kind),
        status=going.status, listed=going.listed, audited_sequence=mark.audited_sequence,
        audited_hash=mark.audited_hash, audited_generation=pair[0], audited_state=pair[1],
        kept_sequence=kept.kept_sequence, kept_hash=kept.kept_hash)
