"""What a manager writes, as the owner's end of the Python client meets it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Account, Running, new_account, new_keys, now
from endkey_client.enums import Category, PersonRole, Role, TokenField
from endkey_client.errors import Refused
from endkey_client.over_http.envelopes import Publication
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import PUBLICATION, Problem
from endkey_client.passwords import Typed
from endkey_client.publication import Act, Says
from endkey_client.wire import signature
from endkey_client.wire.contents import RuleDefinition, VaultContents
from endkey_client.wire.messages import Grant

NEWEST = Says(newest=True)


def manager_of(account: Account, login: str) -> OwnerOverHTTP:
    """A manager whom the owner has let in."""
    owner = account.owner
    code = owner.make_code(now(), role=Role.manager)
    manager = OwnerOverHTTP.join(
        account.running.service(), code, Typed(login.encode(), b"staple battery", None), new_keys())
    owner.add_person(owner.requests()[-1], now())
    manager.sign_in()
    manager.open()
    manager.device.confirm()
    return manager


def root_act(owner: OwnerOverHTTP, name: str, **changes: Any) -> None:
    """A root act of the owner's, who says that what is shown is the newest."""
    device = owner.device
    contents = device.whole().contents
    changes["staying"] = {member.agent_id: member.kind for member in contents.members}
    device.publish(device.making(Act(name, contents, **changes), NEWEST, now()))
    owner.send()


def write(
    manager: OwnerOverHTTP, name: str, edit: Callable[[VaultContents], VaultContents],
    spoil: Callable[[Publication], None] = lambda _: None,
) -> None:
    """Publishes what the manager's own program would not."""
    device = manager.device
    contents = edit(device.whole().contents)
    device.publish(device.making(Act(name, contents), Says(), now()))
    publication = manager.publication()
    spoil(publication)
    manager.service.request("POST", f"{manager.path}/publications", publication.write(), PUBLICATION)


def closed_grants(manager: OwnerOverHTTP) -> Callable[[Publication], None]:
    """Makes master grants that open to nobody but the manager: the service cannot see that."""
    opened = manager.device.whole()

    def closed(message: bytes) -> bytes:
        grant = Grant.parse(message)
        if grant.recipient == opened.person().person_id:
            return message
        grant.ciphertext = bytes(255) + b"\x01"
        return signature.sign(opened.keys.seed, grant)

    def spoil(publication: Publication) -> None:
        publication.masters = [closed(one) for one in publication.masters]

    return spoil


def same(contents: VaultContents) -> VaultContents:
    return contents


def unknown_rules(contents: VaultContents) -> VaultContents:
    return dataclasses.replace(contents, rule_set=bytes([1]) * 32)


def bad_rules(contents: VaultContents) -> VaultContents:
    bad = RuleDefinition(TokenField.url, Category.neutral, 1, b"\xff")
    return dataclasses.replace(contents, rules=[*contents.rules, bad])


def owners_keys(contents: VaultContents) -> VaultContents:
    return dataclasses.replace(contents, persons=[
        dataclasses.replace(person, keys=bytes([1]) * 32) if person.role == PersonRole.owner else person
        for person in contents.persons])


def no_past_keys(contents: VaultContents) -> VaultContents:
    return dataclasses.replace(contents, past_keys=[])


# What a manager writes: the act, what of the vault, whether the grants are closed; and the findings of the owner's end,
# which goes on from the whole that it had kept where the last is true.
STOPS: dict[str, tuple[str, Callable[[VaultContents], VaultContents], bool, list[str], bool]] = {
    "rules-that-nobody-has": ("edit", unknown_rules, False, ["chain_broken"], True),
    "a-value-that-is-no-text": ("edit", bad_rules, False, [], False),
    "another-hash-of-the-owners-keys": ("edit", owners_keys, False, ["chain_broken"], False),
    "a-grant-that-does-not-open": ("rotate", same, True, ["grant_open_failed"], True),
}


@pytest.mark.parametrize("name", STOPS)
def test_nothing_that_a_manager_writes_shuts_the_owner_out(running: Running, name: str) -> None:
    """The owner removes the manager all the same, and goes on (R-12.7-9, R-12.9-10)."""
    act, edit, is_closed, findings, is_aside = STOPS[name]
    account = new_account(running, f"stopped-by-{name}@example.com")
    owner = account.owner
    manager = manager_of(account, f"m-{name}@example.com")
    write(manager, act, edit, closed_grants(manager) if is_closed else lambda _: None)

    owner.sign_in()
    owner.device.lock()
    owner.open()
    opened = owner.device.whole()
    assert (owner.device.findings, opened.aside is not None) == (findings, is_aside)
    if is_aside:
        with pytest.raises(Refused, match="unsettled"):
            owner.device.act("rotate", NEWEST, now())
    if findings:
        with pytest.raises(Refused, match="approval_required"):
            owner.device.act("repair", Says(), now())
    managers = [person.person_id for person in opened.contents.persons if person.role == PersonRole.manager]
    root_act(owner, "remove_person", persons=managers)
    assert (owner.device.whole().aside, len(owner.device.whole().state.signers)) == (None, 1)
    owner.device.lock()
    owner.open()
    assert owner.device.findings == []
    owner.act("edit", now(), contents=dataclasses.replace(owner.device.whole().contents, rules=[]))
    owner.act("rotate", now())
    fresh = OwnerOverHTTP.at(running.service(), owner.typed)
    fresh.sign_in()
    fresh.open()
    assert len(fresh.device.whole().contents.persons) == 2
    with pytest.raises(Problem, match="no-credential"):
        manager.open()


def test_keys_that_went_come_back(running: Running) -> None:
    """Another of the owner's devices repairs from an older whole; the one that was ahead gives its MasterKey back
    (R-12.7-11)."""
    account = new_account(running, "keys-that-went@example.com")
    owner = account.owner
    desk = OwnerOverHTTP.at(running.service(), owner.typed)
    manager = manager_of(account, "takes-keys-away@example.com")
    desk.sign_in()
    desk.open()
    owner.act("rotate", now())
    lost = (owner.device.whole().state.header.epoch, owner.device.whole().master_key)
    manager.device.lock()
    manager.open()
    write(manager, "rotate", same, closed_grants(manager))

    desk.device.lock()
    desk.open()
    assert desk.device.whole().aside is not None
    root_act(desk, "repair")
    assert lost not in [(key.epoch, key.master_key) for key in desk.device.whole().contents.past_keys]

    owner.device.lock()
    owner.open()
    [ended] = owner.device.whole().ended
    assert [(key.epoch, key.master_key) for key in ended.keys] == [lost]
    # It is kept through a restart, until the account has it again.
    owner.device.restart()
    owner.open()
    assert len(owner.device.whole().ended) == 1
    owner.device.confirm()
    owner.act("rotate", now())
    assert lost in [(key.epoch, key.master_key) for key in owner.device.whole().contents.past_keys]
    owner.device.lock()
    owner.open()
    assert (owner.device.whole().ended, owner.device.memory.ended, owner.device.findings) == ([], [], [])
    desk.device.lock()
    desk.open()
    assert desk.device.whole().vault == owner.device.whole().vault
