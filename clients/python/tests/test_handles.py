"""Ends with a handle, and operations with randomness of the client's own."""

import dataclasses
import json
from typing import Any

import pytest
import vectors
from test_agent import code, grant_of, state
from test_audit import AGENT
from test_person import CODES, code_text, manager_of, request
from world import (
    DAY,
    ITERATIONS,
    NOTHING_SAID,
    NOW,
    World,
    ask,
    filled,
    id_of,
    new_world,
    party,
    private,
    public,
    typed,
)

from endkey_client.enums import Category, TokenField
from endkey_client.merging import merge
from endkey_client.operations.handles import OWNERS
from endkey_client.wire.contents import RuleDefinition, VaultContents
from endkey_client.wire.messages import OwnerVault

GENERATION = NOW // 60_000


class Device:
    """The owner's, through its handle."""

    def __init__(self, durable: bool = True):
        self.handle = ask("owner/open", {**typed("owner"), "durable": durable})["handle"]
        self.end = OWNERS.ends[self.handle]

    def step(self, event: str, world: World | None = None, message: str | None = None, **says: Any) -> Any:
        """Phase and code; and findings and generation, where there are findings."""
        now = says.pop("now", NOW)
        out = ask("owner/step", {
            "handle": self.handle, "event": event, "messages": None if world is None else world.messages(),
            "message": message, "says": {**NOTHING_SAID, "password_changed": False, **says}, "now": now,
        })
        if out["findings"]:
            return out["phase"], out["code"], out["findings"]
        return out["phase"], out["code"], out["generation"]

    def sent(self) -> World:
        """What is stored when its pending publication is."""
        pending, master_key = self.end.pending(), self.end.pending_master_key()
        contents = self.end.open_own(pending.vault, pending.newest(), master_key)
        out = {
            "state": pending.state and pending.state.write().hex(), "vault": pending.vault.hex(),
            "contents": contents.hex(), "grants": [grant.hex() for grant in pending.grants],
        }
        return new_world().after(out, master_key.hex())


def confirmed(world: World | None = None) -> Device:
    device = Device()
    assert device.step("open", world or new_world())[:2] == ("open", None)
    assert device.step("confirm")[:2] == ("open", None)
    return device


def test_phases() -> None:
    device = Device()
    assert device.step("confirm") == ("locked", "no_master_key", 0)
    assert device.step("open", new_world()) == ("open", None, GENERATION)
    assert device.step("open", new_world()) == ("open", "already_pinned", GENERATION)
    assert device.step("stored") == ("open", "already_pinned", GENERATION)
    assert device.step("rotate") == ("open", "approval_required", GENERATION)
    assert device.step("rotate", newest=True) == ("settling", None, GENERATION)
    assert device.step("edit") == ("settling", "unsettled", GENERATION)
    assert device.step("no_answer") == ("settling", None, GENERATION)
    assert device.step("lock") == ("locked", None, GENERATION)
    assert device.step("restart") == ("locked", None, GENERATION)
    assert device.step("open", new_world()) == ("settling", None, GENERATION)
    assert device.step("stored") == ("open", None, GENERATION)
    assert device.step("edit") == ("settling", None, GENERATION)
    assert device.step("restart_lost") == ("locked", None, 0)


def test_what_was_stored_is_remembered() -> None:
    device = confirmed()
    device.step("rotate")
    stored = device.sent()
    assert device.step("stored")[:2] == ("open", None)
    device.step("lock")
    assert device.step("open", new_world()) == ("locked", "counter_rollback", GENERATION)
    assert device.step("open", stored)[:2] == ("open", None)
    assert device.step("edit")[:2] == ("settling", None)


def test_no_durable_storage() -> None:
    device = Device(durable=False)
    device.step("open", new_world())
    assert device.step("edit", newest=True) == ("open", "approval_required", GENERATION)
    assert device.step("edit", newest=True, without_storage=True)[:2] == ("settling", None)
    assert device.step("restart") == ("locked", None, 0)


def test_a_lost_act_dies_with_its_key() -> None:
    device = confirmed()
    device.step("rotate")
    made = ask("publication/make", new_world().act("rotate", oaep_seeds=[filled(1, 20)]))
    other = new_world().after(made, filled(0x42, 32))
    assert device.step("other", other) == ("open", None, GENERATION)
    assert device.end.memory.pending is None
    assert device.step("edit")[:2] == ("settling", None)


def test_a_root_act_that_dies_is_due() -> None:
    for event in ("discard", "other"):
        device = confirmed()
        assert device.step("repair") == ("settling", None, GENERATION + 1)
        made = ask("publication/make", new_world().act("rotate", oaep_seeds=[filled(1, 20)]))
        other = new_world().after(made, filled(0x42, 32)) if event == "other" else None
        assert device.step(event, other) == ("open", None, GENERATION)
        assert device.step("edit") == ("open", "unsettled", GENERATION)
        assert device.step("repair") == ("settling", None, GENERATION + 3)


def test_an_answer_that_was_lost() -> None:
    device = confirmed()
    device.step("edit")
    ours = device.sent()
    assert device.step("other", ours) == ("open", None, GENERATION)
    device.step("edit")
    ours = device.sent()
    on_top = ours.after(ask("publication/make", ours.act("edit")))
    assert device.step("other", on_top) == ("open", None, GENERATION)


@pytest.mark.parametrize("act", ["edit", "rotate"])
def test_a_greater_state_that_was_opened_meanwhile_stands(act: str) -> None:
    device = confirmed()
    device.step(act)
    made = ask("publication/make", new_world().act("repair", oaep_seeds=[filled(1, 20)]))
    greater = new_world().after(made, filled(0x42, 32))
    assert device.step("restart")[0] == "locked"
    device.step("open", greater)
    assert device.end.generation() == (GENERATION if act == "rotate" else GENERATION + 1)
    assert device.step("stored")[0] == "open"
    assert device.end.generation() == GENERATION + 1
    assert device.end.memory.pending is None
    device.step("lock")
    assert device.step("open", greater)[:2] == ("open", None)


def test_what_is_merged_of_rules() -> None:
    def rules(*rows: tuple[bytes, Category, int]) -> VaultContents:
        rules = [RuleDefinition(TokenField.url, category, seen, value) for value, category, seen in rows]
        return dataclasses.replace(new_world().parsed_contents(), rules=rules)

    base = rules((b"a", Category.neutral, 0), (b"b", Category.neutral, 0), (b"c", Category.neutral, 0))
    ours = rules((b"a", Category.productive, 0), (b"c", Category.neutral, 0), (b"e", Category.neutral, 0))
    theirs = rules((b"a", Category.unproductive, 1), (b"b", Category.neutral, 1), (b"e", Category.productive, 1))
    expected = rules((b"a", Category.productive, 1), (b"e", Category.productive, 1))
    assert merge(base, ours, theirs, bytes(32)).rules == expected.rules


def test_a_merge() -> None:
    world = new_world()
    codes = [dataclasses.replace(CODES[0], uses_left=3)]
    world = world.after(ask("publication/make", world.act("edit", contents=world.with_contents(codes=codes))))
    device = confirmed(world)
    assert device.step("request", message=request(1))[:2] == ("settling", None)
    theirs = world.with_contents(codes=[dataclasses.replace(codes[0], uses_left=2, label=b"x")], retention_days=9)
    on_top = world.after(ask("publication/make", world.act("edit", contents=theirs)))
    assert device.step("other", on_top)[:2] == ("settling", None)
    merged = device.sent()
    contents = merged.parsed_contents()
    assert contents.retention_days == 9
    assert [(code.label, code.uses_left, len(code.nonces)) for code in contents.codes] == [(b"x", 1, 1)]
    assert [member.agent_id.hex() for member in contents.members] == [AGENT]
    assert OwnerVault.parse(bytes.fromhex(merged.vault)).counter == 4
    assert device.step("stored")[:2] == ("open", None)
    device.step("lock")
    assert device.step("open", dataclasses.replace(merged, state=on_top.state))[:2] == ("open", None)
    used_up = world.with_contents(codes=[dataclasses.replace(codes[0], uses_left=0)])
    again = world.after(ask("publication/make", world.act("edit", contents=used_up)))
    device = confirmed(world)
    device.step("request", message=request(1))
    device.step("other", again)
    assert device.sent().parsed_contents().members == []


def test_requests_at_a_device() -> None:
    world = new_world()
    changed = world.with_contents(codes=CODES)
    world = world.after(ask("publication/make", world.act("edit", contents=changed)))
    device = confirmed(world)
    assert device.step("request", message=request(4, nonce=9))[:2] == ("open", "approval_required")
    assert device.step("request", message=request(2))[:2] == ("open", "code_expired")
    assert device.step("request", message=request(1))[:2] == ("settling", None)


def test_a_device_led_astray_is_healed() -> None:
    world = new_world()
    astray = world.after(
        ask("publication/make", world.act("rotate", oaep_seeds=[filled(1, 20)], next_master_key=filled(0x43, 32))),
        filled(0x43, 32))
    device = confirmed(astray)
    device.step("lock")
    repaired = world.after(
        ask("publication/make", world.act("repair", oaep_seeds=[filled(1, 20)])), filled(0x42, 32))
    assert device.step("open", repaired) == ("open", None, ["counter_fork", "state_fork"])
    assert device.step("edit") == ("open", "approval_required", GENERATION + 1)


def test_a_managers_device() -> None:
    world = new_world()
    own = ask("person-keys/make", {
        "account_id": world.account_id, "counter": 1, "iterations": ITERATIONS, **typed("owner"),
        "salt": filled(5, 32), "seal_salt": filled(6, 24), **private(party("manager")),
    })["keys"]
    made = ask("publication/make", world.act("add_person", person=manager_of(), oaep_seeds=[filled(1, 20)]))
    theirs = dataclasses.replace(
        world.after(made), head=own[:138], person_keys=own, wrap=None, grant=made["grants"][0])
    device = confirmed(theirs)
    assert device.step("repair")[:2] == ("open", "root_required")
    assert device.step("edit")[:2] == ("settling", None)
    persons = {person.person_id.hex(): person for person in device.sent().parsed_contents().persons}
    assert persons[id_of(party("manager"))].keys != bytes(32)


def test_memory_is_sealed_and_damage_is_refused() -> None:
    device = confirmed()
    device.step("lock")
    memory = device.end.memory
    assert memory.sealed is not None
    sealed = memory.sealed
    assert bytes.fromhex(new_world().head) not in sealed
    for place in (31, 60, len(sealed) - 1):
        memory.sealed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1:]
        answer = vectors.run("owner/step", {
            "handle": device.handle, "event": "open", "messages": new_world().messages(), "message": None,
            "says": {**NOTHING_SAID, "password_changed": False}, "now": NOW,
        })
        assert answer["outcome"] != "ok" or answer["out"]["code"] == "local_state_open_failed"
    memory.sealed = sealed
    assert device.step("open", new_world())[:2] == ("open", None)


def test_agents_by_handle() -> None:
    opening = {"code": code_text(1, new_world().account_id), **private(party("agent")), "nonce": filled(1, 32)}
    first, second = (ask("agent/open", opening)["handle"] for _ in range(2))
    assert first != second

    def step(handle: Any, event: str, message: str | None = None) -> dict[str, Any]:
        return vectors.run("agent/step", {
            "handle": handle, "event": event, "message": message, "runs": 0, "wall": 0})

    assert step(first, "state", state())["out"]["phase"] == "waiting"
    assert step(first, "grant", grant_of())["out"]["phase"] == "active"
    assert step(second, "code", code())["out"] == {"phase": "pinned", "code": None, "now": 0}
    ask("agent/close", {"handle": first})
    for handle in (first, 0, second + 1, "1", None, True):
        assert step(handle, "restart")["outcome"] == "error"
    assert vectors.run("agent/close", {"handle": first})["outcome"] == "error"
    assert step(second, "no such")["outcome"] == "error"
    assert ask("agent/open", opening)["handle"] not in (first, second)


RANDOMISED: dict[str, tuple[str, dict[str, Any]]] = {
    "blob/seal-random": ("salt", {
        "agent_key": filled(1, 32), "account_id": filled(1, 16), "epoch": 1, "agent_id": filled(1, 16),
        "field": "voice", "content": "",
    }),
    "person-keys/make-random": ("salt", {
        "account_id": filled(1, 16), "counter": 1, "iterations": ITERATIONS, **typed("owner"),
        "seal_salt": filled(6, 24), **private(party("owner")),
    }),
    "enrolment/request-random": ("nonce", {
        "code": code_text(1, filled(1, 16)), **private(party("agent")),
    }),
    "grant/make-random": ("oaep_seed", {
        "seed": filled(1, 32), "account_id": filled(1, 16), "epoch": 1, "kind": "scoped",
        "recipient": id_of(party("agent")), **public(party("agent")), "master_key": filled(1, 32),
    }),
    "code/random": ("secret", {
        "account_id": filled(1, 16), "generation": 1, "made": NOW + DAY, "kind": "scoped", "role": "agent",
    }),
}


def test_randomised_operations_give_no_output_twice() -> None:
    for op, (chosen, inputs) in RANDOMISED.items():
        made = {json.dumps(ask(op, inputs)) for _ in range(3)}
        assert len(made) == 3, op
        assert vectors.run(op, {**inputs, chosen: filled(1, 32)})["outcome"] == "error"
