"""A person's end: passwords, the vault, opening, acts and settling; each check, and those before it."""

import dataclasses
from typing import Any

import pytest
from world import (
    DAY,
    HOUR,
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
    refusal,
    typed,
)

from endkey_client import backend, states, vault
from endkey_client.enums import Approval, Category, GrantKind, MemberStatus, PersonRole, PersonStatus, Role, TokenField
from endkey_client.texts.secrets import EnrolmentCode
from endkey_client.wire import signature
from endkey_client.wire.contents import Code, CodeTerms, Member, OwnerContents, PastKey, RuleDefinition, VaultContents
from endkey_client.wire.messages import AccountState, Grant, OwnerVault, PasswordHeader, PersonKeys

SECRET = filled(0x5e, 16)
NEXT = filled(0x42, 32)


def edited(hex: str, place: int, byte: int = 1) -> str:
    data = bytearray.fromhex(hex)
    data[place] ^= byte
    return data.hex()


def changed_head(head: str, **changes: Any) -> str:
    return dataclasses.replace(PasswordHeader.parse(bytes.fromhex(head)), **changes).write().hex()


# Passwords


def test_login_keys_are_of_the_whole_head() -> None:
    head = new_world().head
    first = ask("password/login", {"head": head, "pinned_head": None, "password_changed": False, **typed("owner")})
    again = changed_head(head, counter=2)
    second = ask("password/login", {"head": again, "pinned_head": None, "password_changed": False, **typed("owner")})
    assert first["login_id"] == second["login_id"]
    assert first["login_key"] != second["login_key"]


@pytest.mark.parametrize(("pinned", "shown", "password_changed", "code"), [
    ({}, {"counter": 2}, False, "head_changed"),
    ({}, {"counter": 2}, True, None),
    ({"counter": 2}, {}, True, "counter_rollback"),
    ({}, {"salt": bytes(32)}, True, "pin_mismatch"),
    ({}, {"counter": 2, "iterations": ITERATIONS - 1}, True, "pin_mismatch"),
    ({"iterations": ITERATIONS - 1}, {"counter": 2, "iterations": ITERATIONS - 1}, False, "head_changed"),
    ({"iterations": ITERATIONS - 1}, {"counter": 2, "iterations": ITERATIONS - 1}, True, "iterations_out_of_range"),
    ({"account_secret": 1}, {"counter": 2}, True, "pin_mismatch"),
    ({"account_secret": 1}, {"counter": 2, "account_secret": 1}, True, "account_secret_mismatch"),
    ({"counter": 3, "salt": bytes(32)}, {"counter": 2, "iterations": 1}, True, "counter_rollback"),
])
def test_checks_of_a_head(pinned: dict, shown: dict, password_changed: bool, code: str | None) -> None:
    head = new_world().head
    inputs = {
        "head": changed_head(head, **shown), "pinned_head": changed_head(head, **pinned),
        "password_changed": password_changed, **typed("owner"),
    }
    if code is None:
        ask("password/login", inputs)
    else:
        assert refusal("password/login", inputs) == code
    other = changed_head(head, **shown)[:8] + filled(1, 16) + changed_head(head, **shown)[40:]
    assert refusal("password/login", {**inputs, "head": other}) == "pin_mismatch"


def test_order_of_what_is_checked_before_pbkdf2() -> None:
    head = new_world().head
    bad = {"login_name": "", "password": "", "account_secret": SECRET}
    inputs = {"head": changed_head(head, iterations=1), "pinned_head": None, "password_changed": False, **bad}
    assert refusal("password/login", inputs) == "iterations_out_of_range"
    inputs["head"] = head
    assert refusal("password/login", inputs) == "account_secret_mismatch"
    inputs["account_secret"] = None
    assert refusal("password/login", inputs) == "bad_password"
    inputs["password"] = "70"
    assert refusal("password/login", inputs) == "bad_login_name"


def test_wraps_are_deterministic_and_of_head_and_epoch() -> None:
    world = new_world(SECRET)
    inputs = {"head": world.head, "epoch": 1, "master_key": world.master_key, **typed("owner", SECRET)}
    assert ask("password/wrap", inputs)["wrap"] == world.wrap
    opening = {"head": world.head, "wrap": world.wrap, **typed("owner", SECRET)}
    assert ask("password/open", opening) == {"master_key": world.master_key}
    assert world.wrap is not None
    for place in (23, 24, 55, 56, 95):
        assert refusal("password/open", {**opening, "wrap": edited(world.wrap, place, 2)}) == "password_open_failed"
    other = changed_head(world.head, counter=2)
    assert refusal("password/open", {**opening, "head": other}) == "password_open_failed"
    assert refusal("password/open", {**opening, "wrap": edited(world.wrap, 4)}) == "wrong_account"
    assert refusal("password/open", {**opening, "account_secret": filled(1, 16)}) == "password_open_failed"
    assert refusal("password/open", {**opening, "wrap": world.wrap[:-2]}) == ("truncated", 56)


def test_person_keys() -> None:
    world = new_world()
    inputs = {"head": world.head, "keys": world.person_keys, **typed("owner")}
    assert ask("person-keys/open", inputs) == {**private(party("owner")), "person_id": id_of(party("owner"))}
    assert refusal("person-keys/open", {**inputs, "keys": edited(world.person_keys, 40)}) == "pin_mismatch"
    assert refusal("person-keys/open", {**inputs, "keys": edited(world.person_keys, 428)}) == "person_keys_open_failed"
    assert refusal("person-keys/open", {**inputs, "password": "70"}) == "person_keys_open_failed"
    own = party("owner")
    made = {
        "account_id": world.account_id, "counter": 1, "iterations": ITERATIONS, **typed("owner"),
        "salt": filled(1, 32), "seal_salt": filled(2, 24), **private(own),
    }
    assert ask("person-keys/make", made)["keys"] == world.person_keys
    composite = (int.from_bytes(own.p, "big") - 2).to_bytes(128, "big").hex()
    keys = ask("person-keys/make", {**made, "p": composite})["keys"]
    assert refusal("person-keys/open", {**inputs, "keys": keys}) == "person_keys_open_failed"


# Vault


def vault_inputs(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "state": world.state, "master_key": world.master_key, "person_id": id_of(party("owner")),
        "person_keys": world.person_keys, "vault": world.vault, **changes,
    }


def resealed(world: World, seed: bytes | None = None, **changes: Any) -> str:
    """The vault with other contents."""
    return vault.make_vault(
        seed or party("owner").seed, bytes.fromhex(world.master_key), bytes.fromhex(world.account_id), 1, 1, bytes(24),
        bytes.fromhex(world.with_contents(**changes))).hex()


def test_vault_order() -> None:
    world = new_world()
    assert ask("vault/open", vault_inputs(world)) == {"contents": world.contents}
    assert refusal("vault/open", vault_inputs(world, vault=world.vault + "00"))[0] == "trailing_bytes"
    assert refusal("vault/open", vault_inputs(world, vault=edited(world.vault, 4))) == "wrong_account"
    assert refusal("vault/open", vault_inputs(world, vault=edited(world.vault, 23, 2))) == "epoch_mismatch"
    assert refusal("vault/open", vault_inputs(world, vault=edited(world.vault, 40))) == "signature_invalid"
    by_other = resealed(world, party("manager").seed)
    assert refusal("vault/open", vault_inputs(world, vault=by_other)) == "signature_invalid"
    assert refusal("vault/open", vault_inputs(world, master_key=filled(1, 32))) == "vault_open_failed"
    unpadded = vault.make_vault(
        party("owner").seed, bytes.fromhex(world.master_key), bytes.fromhex(world.account_id), 1, 1, bytes(24),
        bytes.fromhex(world.contents)[:-1]).hex()
    assert refusal("vault/open", vault_inputs(world, vault=unpadded)) == "vault_open_failed"
    assert refusal("vault/open", vault_inputs(world, person_id=filled(1, 16))) == "unknown_agent"
    assert refusal("vault/open", vault_inputs(world, person_keys=filled(1, 429))) == "chain_broken"


def test_what_must_fit_the_state() -> None:
    world = new_world()
    contents = world.parsed_contents()
    note, owner = contents.states[0], contents.persons[0]
    second = dataclasses.replace(
        owner, person_id=bytes.fromhex(id_of(party("manager"))), role=PersonRole.manager,
        modulus=bytes.fromhex(public(party("manager"))["modulus"]),
        verify_key=bytes.fromhex(public(party("manager"))["verify_key"]))
    for changes in (
        {"states": [dataclasses.replace(note, counter=2)]},
        {"states": [dataclasses.replace(note, made=note.made + 1)]},
        {"states": [dataclasses.replace(note, hash=bytes(32))]},
        {"states": [note, dataclasses.replace(note, counter=2)]},
        {"persons": sorted([owner, second], key=lambda person: person.person_id)},
        {"persons": [dataclasses.replace(owner, role=PersonRole.manager)]},
        {"persons": [dataclasses.replace(owner, status=PersonStatus.removed)]},
        {"persons": [dataclasses.replace(owner, keys=bytes(32))]},
        {"persons": [dataclasses.replace(owner, modulus=second.modulus)]},
        {"made_by": second.person_id},
    ):
        assert refusal("vault/open", vault_inputs(world, vault=resealed(world, **changes))) == "chain_broken"
    removed = dataclasses.replace(second, status=PersonStatus.removed, keys=bytes(32))
    vault_with_removed = resealed(world, persons=sorted([owner, removed], key=lambda person: person.person_id))
    inputs = vault_inputs(world, vault=vault_with_removed)
    ask("vault/open", inputs)
    assert refusal("vault/open", {**inputs, "person_id": second.person_id.hex()}) == "revoked"


# Opening


def rotated(world: World, **changes: Any) -> World:
    made = ask("publication/make", world.act("rotate", oaep_seeds=[filled(9, 20)], **changes))
    return world.after(made, changes.get("next_master_key", NEXT))


def test_opening_of_a_fresh_end() -> None:
    world = new_world()
    out = ask("person/open", world.opening())
    assert (out["role"], out["findings"], out["expired"]) == ("owner", [], False)
    pins = OwnerContents.parse(bytes.fromhex(out["pins"]))
    assert pins == OwnerContents(
        PasswordHeader.parse(bytes.fromhex(world.head)), world.parsed_state(), NOW // 60_000, 0, 1,
        backend.sha256(bytes.fromhex(world.vault)))
    assert ask("person/open", world.opening(now=NOW + 60 * DAY))["expired"]


def test_where_the_master_key_comes_from() -> None:
    world = new_world()
    messages = world.messages()
    assert world.wrap is not None and world.grant is not None

    def opening(**changes: Any) -> dict[str, Any]:
        return world.opening(messages={**messages, **changes})

    ask("person/open", opening(password_wrap=None))
    ask("person/open", opening(grant=None))
    assert refusal("person/open", opening(password_wrap=None, grant=None)) == "no_master_key"
    ask("person/open", opening(password_wrap=edited(world.wrap, 95)))
    assert refusal("person/open", opening(password_wrap=edited(world.wrap, 95), grant=None)) == "no_master_key"
    assert refusal("person/open", opening(password_wrap=edited(world.wrap, 4))) == "wrong_account"
    assert refusal("person/open", opening(password_wrap=world.wrap[:-2])) == ("truncated", 56)
    ask("person/open", opening(password_wrap=edited(world.wrap, 23, 3)))
    other_epoch = edited(world.grant, 23, 3)
    assert refusal("person/open", opening(password_wrap=None, grant=other_epoch)) == "no_master_key"
    assert refusal("person/open", opening(password_wrap=None, grant=edited(world.grant, 45))) == "epoch_fork"
    other_wrap = ask("password/wrap", {
        "head": world.head, "epoch": 1, "master_key": filled(1, 32), **typed("owner"),
    })["wrap"]
    assert ask("person/open", opening(password_wrap=other_wrap))["master_key"] == world.master_key


def test_pins_of_the_same_generation() -> None:
    world = new_world()
    pins = ask("person/open", world.opening())["pins"]
    pinned = OwnerContents.parse(bytes.fromhex(pins))
    confirmed = dataclasses.replace(pinned, confirmed=1).write().hex()
    later = rotated(world)
    out = ask("person/open", later.opening(pins=confirmed))
    assert OwnerContents.parse(bytes.fromhex(out["pins"])).confirmed == 1
    assert refusal("person/open", world.opening(pins=out["pins"])) == "counter_rollback"
    for changes, code in (
        ({"vault_counter": 3}, "counter_rollback"),
        ({"vault_hash": bytes(32)}, "counter_fork"),
    ):
        other = dataclasses.replace(pinned, **changes).write().hex()
        assert refusal("person/open", later.opening(pins=other)) == code
    same = dataclasses.replace(OwnerContents.parse(bytes.fromhex(out["pins"])), vault_hash=bytes(32))
    assert refusal("person/open", later.opening(pins=same.write().hex())) == "counter_fork"
    short = dataclasses.replace(pinned, vault_counter=0, vault_hash=bytes(32)).write().hex()
    assert refusal("person/open", later.opening(pins=short)) == "counter_fork"


def test_other_lines_are_refused_in_a_generation_and_found_in_a_greater_one() -> None:
    world = new_world()
    one = rotated(world)
    other = rotated(world, next_master_key=filled(0x43, 32), now=NOW + 1)
    pins = ask("person/open", other.opening())["pins"]
    confirmed = dataclasses.replace(OwnerContents.parse(bytes.fromhex(pins)), confirmed=1).write().hex()
    assert refusal("person/open", one.opening(pins=confirmed)) == "counter_fork"
    second = rotated(one, next_master_key=filled(0x44, 32))
    assert refusal("person/open", second.opening(pins=confirmed)) == "counter_fork"
    made = ask("publication/make", one.act("repair", next_master_key=filled(0x45, 32), oaep_seeds=[filled(1, 20)]))
    healed = one.after(made, filled(0x45, 32))
    out = ask("person/open", healed.opening(pins=confirmed))
    assert out["findings"] == ["counter_fork", "state_fork"]
    pins = OwnerContents.parse(bytes.fromhex(out["pins"]))
    assert pins.confirmed == 0
    assert pins.generation == healed.parsed_state().generation


def test_state_forks() -> None:
    world = new_world()
    pinned = OwnerContents.parse(bytes.fromhex(ask("person/open", world.opening())["pins"]))
    later = rotated(world)
    contents = later.parsed_contents()

    def refused(**changes: Any) -> Any:
        made = vault.make_vault(
            party("owner").seed, bytes.fromhex(NEXT), bytes.fromhex(world.account_id), 2, 2, bytes(24),
            dataclasses.replace(contents, **changes).write())
        forged = dataclasses.replace(later, vault=made.hex())
        return refusal("person/open", forged.opening(pins=pinned.write().hex()))

    first, newest = contents.states
    assert refused(states=[dataclasses.replace(first, hash=bytes(32)), newest]) == "state_fork"
    before = dataclasses.replace(first, generation=1)
    assert refused(states=[before, newest]) == "state_fork"
    assert refused(past_keys=[]) == "state_fork"
    assert refused(past_keys=[PastKey(2, contents.past_keys[0].master_key)]) == "state_fork"
    assert refused(recent=[bytes(32)]) == "counter_fork"


def test_a_rule_set_is_held_against_the_vault() -> None:
    world = new_world()
    rules = ask("rules/make", {
        "account_id": world.account_id, "epoch": 1, "definitions": [
            {"field": "url", "category": "neutral", "value": "61", "seen": True, "past": []}],
        "keys": [{"epoch": 1, "token_key": filled(1, 64)}],
    })["rule_set"]
    made = ask("publication/make", world.act("edit", rule_set=rules))
    ruled = world.after(made)
    assert refusal("person/open", ruled.opening()) == "chain_broken"
    messages = {**ruled.messages(), "rule_set": rules}
    ask("person/open", ruled.opening(messages=messages))
    assert refusal("person/open", ruled.opening(messages={**messages, "rule_set": rules + "00"})) == "chain_broken"


# States


def test_states() -> None:
    world = new_world()
    state = world.parsed_state()
    inputs: dict[str, Any] = {
        "account_id": world.account_id, "agent_id": None, "least_generation": None, "last": None,
        "message": world.state,
    }
    assert ask("state/accept", inputs) == {"changed": True, "listed": False, "keys_fit": False}
    again = ask("state/accept", {**inputs, "last": world.state})
    assert again == {"changed": False, "listed": False, "keys_fit": True}
    assert refusal("state/accept", {**inputs, "account_id": filled(1, 16)}) == "wrong_account"
    root = {**inputs, "message": dataclasses.replace(state, root_key=bytes(32)).write().hex()}
    assert refusal("state/accept", root) == "wrong_account"
    for changes, code in (
        ({"certificate": bytes(64)}, "certificate_invalid"),
        ({"generation": state.generation + 1}, "certificate_invalid"),
        ({"certificate_from": 0}, "certificate_invalid"),
        ({"signers": [dataclasses.replace(state.signers[0], person_id=bytes(16))]}, "certificate_invalid"),
        ({"signature": bytes(64)}, "signature_invalid"),
        ({"valid_until": state.valid_until + 1}, "signature_invalid"),
        ({"signer": bytes.fromhex(public(party("manager"))["verify_key"])}, "signature_invalid"),
        ({"signers": [dataclasses.replace(state.signers[0], verify_key=bytes(32))]}, "bad_key"),
    ):
        message = dataclasses.replace(state, **changes).write().hex()
        assert refusal("state/accept", {**inputs, "message": message}) == code, changes
    below = {**inputs, "least_generation": state.generation + 1}
    assert refusal("state/accept", below) == "generation_rollback"
    ask("state/accept", {**below, "last": world.state})


def signed_state(root: bool = True, **changes: Any) -> str:
    """A state that the owner signed, whatever it says."""
    state = dataclasses.replace(new_world().parsed_state(), **changes)
    if root:
        state.certificate = states.certify(party("owner").seed, state)
    return signature.sign(party("owner").seed, state).hex()


def test_the_order_of_states() -> None:
    world = new_world()
    state = world.parsed_state()
    header = state.header
    for last, new, code in (
        ({"generation": 9}, {"generation": 8, "counter": 9}, "generation_rollback"),
        ({"counter": 5}, {"counter": 4}, "counter_rollback"),
        ({"counter": 5}, {"counter": 5, "made": NOW + 1}, "counter_fork"),
        ({"header": dataclasses.replace(header, epoch=2)}, {"counter": 6}, "epoch_rollback"),
        ({}, {"counter": 6, "commitment": bytes(32)}, "epoch_fork"),
        ({"generation": 9, "counter": 9, "header": dataclasses.replace(header, epoch=9)}, {"generation": 10}, None),
    ):
        inputs = {
            "account_id": world.account_id, "agent_id": None, "least_generation": None, "last": signed_state(**last),
            "message": signed_state(**new),
        }
        if code is None:
            assert ask("state/accept", inputs) == {"changed": True, "listed": False, "keys_fit": False}
        else:
            assert refusal("state/accept", inputs) == code


@pytest.mark.parametrize(("changes", "right"), [
    ({"certificate_from": NOW + 1}, False),
    ({"valid_until": NOW}, False),
    ({"valid_until": NOW + 90 * DAY}, True),
    ({"valid_until": NOW + 90 * DAY + 1}, False),
    ({"valid_until": NOW + 401 * DAY, "certificate_until": NOW + 401 * DAY}, True),
    ({"certificate_until": NOW + 401 * DAY + 1}, False),
    ({"valid_until": NOW + 401 * DAY + 1, "certificate_until": NOW + 401 * DAY + 1}, False),
])
def test_validity(changes: dict[str, int], right: bool) -> None:
    inputs = {
        "account_id": new_world().account_id, "agent_id": None, "least_generation": None, "last": None,
        "message": signed_state(**changes),
    }
    if right:
        ask("state/accept", inputs)
    else:
        assert refusal("state/accept", inputs) == "bad_validity"


def test_making_states_again() -> None:
    world = new_world()
    state = world.parsed_state()
    listed = [{"verify_key": one.verify_key.hex(), "person_id": one.person_id.hex()} for one in state.signers]
    times = {name: getattr(state, name) for name in ("generation", "certificate_from", "certificate_until")}
    made = ask("certificate/make", {"root_seed": party("owner").seed.hex(), "signers": listed, **times})
    assert made == {"account_id": world.account_id, "certificate": state.certificate.hex()}
    inputs = {
        "seed": party("owner").seed.hex(), "master_key": world.master_key, "epoch": 1, "counter": 1, "made": NOW,
        "valid_until": state.valid_until, "root_key": state.root_key.hex(), "signers": listed, **times,
        "certificate": made["certificate"], "revoked": [],
    }
    assert ask("state/make", inputs) == {"state": world.state}
    assert refusal("state/make", {**inputs, "generation": 1}) == "certificate_invalid"
    assert refusal("state/make", {**inputs, "seed": party("manager").seed.hex()}) == "signature_invalid"
    assert refusal("state/make", {**inputs, "valid_until": NOW}) == "bad_validity"


# Enrolment


CODES = [
    Code(b"\1" * 8, b"\1" * 16, b"", Role.agent, GrantKind.scoped, Approval.automatic, 1, 0, []),
    Code(b"\2" * 8, b"\2" * 16, b"", Role.agent, GrantKind.scoped, Approval.manual, 0, 0, []),
    Code(b"\3" * 8, b"\3" * 16, b"", Role.agent, GrantKind.scoped, Approval.manual, 1, NOW, []),
    Code(b"\4" * 8, b"\4" * 16, b"", Role.agent, GrantKind.scoped, Approval.manual, 1, NOW + 1, [b"\7" * 32]),
    Code(b"\5" * 8, b"\5" * 16, b"", Role.manager, GrantKind.master, Approval.manual, 1, 0, []),
    Code(b"\6" * 8, b"\6" * 16, b"", Role.agent, GrantKind.master, Approval.manual, 1, 0, []),
]


def code_text(number: int, account_id: str, **changes: Any) -> str:
    code = CODES[number - 1]
    terms = CodeTerms(**{"generation": 1, "made": NOW, "kind": code.kind, "role": code.role, **changes})
    return EnrolmentCode(bytes.fromhex(account_id), code.secret, terms).encode().decode()


def request(number: int, name: str = "agent", nonce: int = 7) -> str:
    return ask("enrolment/request", {
        "code": code_text(number, new_world().account_id), **private(party(name)), "nonce": filled(nonce, 32),
    })["request"]


def verification(message: str, **changes: Any) -> dict[str, Any]:
    return {
        "account_id": new_world().account_id, "request": message,
        "codes": [
            {
                "id": code.id.hex(), "secret": code.secret.hex(), "role": code.role.name, "kind": code.kind.name,
                "approval": code.approval.name, "uses_left": code.uses_left, "expires": code.expires,
                "nonces": [nonce.hex() for nonce in code.nonces],
            }
            for code in CODES
        ],
        "members": [], "persons": [], "root": True, "now": NOW, "approved": True, **changes,
    }


def test_requests() -> None:
    id = id_of(party("agent"))
    out = ask("enrolment/verify", verification(request(1)))
    assert out == {"agent_id": id, "code_id": filled(1, 8), "kind": "scoped", "role": "agent"}
    assert refusal("enrolment/verify", verification(request(1), account_id=filled(1, 16))) == "wrong_account"
    assert refusal("enrolment/verify", verification(request(1), codes=[])) == "mac_invalid"
    assert refusal("enrolment/verify", verification(request(2))) == "code_expired"
    assert refusal("enrolment/verify", verification(request(3))) == "code_expired"
    assert refusal("enrolment/verify", verification(request(4))) == "nonce_reused"
    ask("enrolment/verify", verification(request(4, nonce=8)))
    assert refusal("enrolment/verify", verification(request(1)[:-2] + "00")) == "signature_invalid"
    members = [{"agent_id": id, "status": "granted"}]
    ask("enrolment/verify", verification(request(1), members=members))
    gone = verification(request(4, nonce=8), members=[{"agent_id": id, "status": "retired"}], approved=False)
    assert refusal("enrolment/verify", gone) == "revoked"
    removed = verification(request(1), persons=[{"person_id": id, "status": "removed"}])
    assert refusal("enrolment/verify", removed) == "revoked"
    person = verification(request(1), persons=[{"person_id": id, "status": "granted"}])
    assert refusal("enrolment/verify", person) == "wrong_recipient"
    assert refusal("enrolment/verify", verification(request(5), members=members)) == "wrong_recipient"
    assert refusal("enrolment/verify", verification(request(5), root=False, approved=False)) == "root_required"
    assert refusal("enrolment/verify", verification(request(6), root=False)) == "root_required"
    assert refusal("enrolment/verify", verification(request(5), approved=False)) == "approval_required"
    assert ask("enrolment/verify", verification(request(5)))["role"] == "manager"


def test_the_first_code_by_id_is_meant() -> None:
    inputs = verification(request(1))
    twice = [{**inputs["codes"][0], "id": id} for id in (filled(9, 8), filled(8, 8))]
    assert ask("enrolment/verify", {**inputs, "codes": twice})["code_id"] == filled(8, 8)


# Acts


def manager_of(name: str = "manager") -> dict[str, str]:
    return {**public(party(name)), "label": "6d"}


def with_members(world: World) -> World:
    """Two members, a code of each, and a manager."""
    codes = CODES[:2]
    members = [
        Member(bytes([number]) * 16, b"", bytes([number]) * 8, GrantKind.scoped, MemberStatus.granted, 0)
        for number in (1, 2)
    ]
    edit = world.act("edit", contents=world.with_contents(codes=codes, members=members))
    edited_world = world.after(ask("publication/make", edit))
    added = edited_world.act("add_person", person=manager_of(), oaep_seeds=[filled(1, 20)])
    return edited_world.after(ask("publication/make", added))


def test_an_edit() -> None:
    world = new_world()
    made = ask("publication/make", world.act("edit"))
    assert made["state"] is None
    assert made["expect"] == backend.sha256(bytes.fromhex(world.vault)).hex()
    assert made["grants"] == []
    contents = VaultContents.parse(bytes.fromhex(made["contents"]))
    assert contents.recent == [backend.sha256(bytes.fromhex(world.vault))]
    assert contents.states == world.parsed_contents().states
    assert OwnerVault.parse(bytes.fromhex(made["vault"])).counter == 2
    ask("vault/open", vault_inputs(world, vault=made["vault"]))
    assert ask("publication/make", world.act("edit", now=NOW + 20 * HOUR))["state"] is None
    renewed = ask("publication/make", world.act("edit", now=NOW + 20 * HOUR + 1))
    state = AccountState.parse(bytes.fromhex(renewed["state"]))
    assert (state.counter, state.made, state.valid_until) == (2, NOW + 20 * HOUR + 1, NOW + 20 * HOUR + 1 + 60 * DAY)
    assert state.certificate == world.parsed_state().certificate
    ask("person/open", world.after(renewed).opening())


def test_may_this_end_sign() -> None:
    world = with_members(new_world())
    manager = party("manager").seed.hex()
    newest = {**NOTHING_SAID, "newest": True}
    late, until = NOW + 60 * DAY, world.parsed_state().certificate_until
    for act, changes, code in (
        ("edit", {"remembered": False, "durable": False}, "approval_required"),
        ("edit", {"remembered": False, "says": newest}, None),
        ("edit", {"durable": False, "says": newest}, "approval_required"),
        ("edit", {"durable": False, "says": {**NOTHING_SAID, "without_storage": True}}, None),
        ("edit", {"now": late}, "state_expired"),
        ("edit", {"now": late, "says": newest}, None),
        ("edit", {"now": NOW - DAY}, None),
        ("edit", {"now": NOW - DAY - 1}, "clock_wrong"),
        ("edit", {"now": NOW - DAY - 1, "says": {**NOTHING_SAID, "clock": True}}, "clock_wrong"),
        ("repair", {"now": NOW - DAY - 1}, "clock_wrong"),
        ("add_person", {"now": NOW - DAY - 1, "says": {**NOTHING_SAID, "clock": True}, "person": manager_of("other")},
         "clock_wrong"),
        ("edit", {"generation": 2**32 - 1}, "unsettled"),
        ("edit", {"generation": 2**32 - 1, "seed": manager}, None),
        ("renew_certificate", {"seed": manager}, "root_required"),
        ("add_person", {"seed": manager, "person": manager_of("other")}, "root_required"),
        ("repair", {"seed": manager}, "root_required"),
        ("rotate", {"now": until - 7 * DAY + 1, "says": newest, "seed": manager}, "root_required"),
        ("edit", {"now": until - 7 * DAY + 1, "says": newest, "seed": manager}, "root_required"),
        ("edit", {"now": until - 7 * DAY, "says": newest, "seed": manager}, None),
        ("edit", {"now": until - 7 * DAY + 1, "says": newest}, None),
        ("edit", {"now": until, "says": newest}, "root_required"),
        ("renew_certificate", {"now": until, "says": newest}, None),
        ("remove", {"agents": [filled(3, 16)]}, "unknown_agent"),
        ("remove_person", {"persons": [filled(3, 16)]}, "unknown_agent"),
        ("remove_person", {"persons": [id_of(party("owner"))]}, "wrong_recipient"),
    ):
        if code is None:
            ask("publication/make", world.act(act, **changes))
        else:
            assert refusal("publication/make", world.act(act, **changes)) == code, (act, changes)


def test_retiring_and_removing() -> None:
    world = with_members(new_world())
    first, second = filled(1, 16), filled(2, 16)
    retired = world.after(ask("publication/make", world.act("retire", agents=[first])))
    state = retired.parsed_state()
    assert (state.header.epoch, [id.hex() for id in state.revoked]) == (1, [first])
    contents = retired.parsed_contents()
    assert [code.id for code in contents.codes] == [b"\2" * 8]
    assert (contents.members[0].status, contents.members[0].listed) == (MemberStatus.retired, 1)
    assert refusal("publication/make", retired.act("remove", agents=[first])) == "revoked"
    seeds = [filled(1, 20), filled(2, 20)]
    removed = retired.after(ask("publication/make", retired.act("remove", agents=[second], oaep_seeds=seeds)), NEXT)
    state = removed.parsed_state()
    assert (state.header.epoch, [id.hex() for id in state.revoked]) == (2, [first, second])
    assert removed.parsed_contents().codes == []
    assert removed.parsed_contents().past_keys == [PastKey(1, bytes.fromhex(world.master_key))]
    third = filled(0x43, 32)
    again = removed.act("rotate", oaep_seeds=seeds, next_master_key=third)
    later = removed.after(ask("publication/make", again), third)
    assert [id.hex() for id in later.parsed_state().revoked] == [second]
    fourth = filled(0x44, 32)
    again = later.act("rotate", oaep_seeds=seeds, next_master_key=fourth)
    assert later.after(ask("publication/make", again), fourth).parsed_state().revoked == []


def test_members_stay_as_they_were_shown() -> None:
    world = with_members(new_world())
    shown = world.act("repair")["staying"]
    for staying in ([], shown[1:], [{**shown[0], "kind": "master"}, shown[1]]):
        for act, changes in (("repair", {}), ("remove_person", {"persons": [id_of(party("manager"))]})):
            assert refusal("publication/make", world.act(act, staying=staying, **changes)) == "approval_required"


def test_a_manager_comes_opens_and_goes() -> None:
    world = with_members(new_world())
    state = world.parsed_state()
    before = new_world().parsed_state()
    assert (state.generation, state.header.epoch, len(state.signers)) == (before.generation, 1, 2)
    assert (state.certificate_from, state.certificate_until) == (before.certificate_from, before.certificate_until)
    made = ask("publication/make", dataclasses.replace(
        new_world(), contents=new_world().contents).act("add_person", person=manager_of(), oaep_seeds=[filled(1, 20)]))
    grant = made["grants"][0]
    own = ask("person-keys/make", {
        "account_id": world.account_id, "counter": 1, "iterations": ITERATIONS, **typed("manager"),
        "salt": filled(5, 32), "seal_salt": filled(6, 24), **private(party("manager")),
    })
    theirs = new_world().after(made)
    messages = {
        **theirs.messages(), "head": own["keys"][:138], "person_keys": own["keys"], "password_wrap": None,
        "grant": grant,
    }
    pins = OwnerContents(
        PersonKeys.parse(bytes.fromhex(own["keys"])).head, None, state.generation, 0, 0, bytes(32)).write().hex()
    opening = {
        "pins": pins, "password_changed": False, **typed("manager"), "messages": messages, "kept": [], "now": NOW}
    out = ask("person/open", opening)
    assert (out["role"], out["master_key"]) == ("manager", world.master_key)
    late = dataclasses.replace(OwnerContents.parse(bytes.fromhex(pins)), generation=state.generation + 1)
    assert refusal("person/open", {**opening, "pins": late.write().hex()}) == "generation_rollback"
    ask("person/open", {**opening, "messages": {**messages, "password_wrap": "00"}})
    gone = world.act("remove_person", persons=[id_of(party("manager"))], oaep_seeds=[filled(1, 20)])
    removed = world.after(ask("publication/make", gone), NEXT)
    assert removed.parsed_state().generation == state.generation + 1
    assert len(removed.parsed_state().signers) == 1
    assert refusal("publication/make", removed.act("remove_person", persons=[id_of(party("manager"))])) == "revoked"


def test_root_acts() -> None:
    world = with_members(new_world())
    seeds = [filled(1, 20), filled(2, 20)]
    made = ask("publication/make", world.act("repair", agents=[filled(1, 16)], oaep_seeds=seeds))
    state = AccountState.parse(bytes.fromhex(made["state"]))
    assert (state.generation, state.header.epoch, state.counter) == (NOW // 60_000 + 1, 2, 3)
    assert made["generation"] == state.generation
    assert (state.certificate_from, state.certificate_until) == (NOW, NOW + 90 * DAY)
    assert [id.hex() for id in state.revoked] == [filled(1, 16)]
    later = NOW + 30 * 60_000
    state = AccountState.parse(bytes.fromhex(
        ask("publication/make", world.act("repair", now=later, oaep_seeds=seeds))["state"]))
    assert state.generation == later // 60_000
    assert refusal("publication/make", world.act("repair", generation=2**32 - 1, oaep_seeds=seeds)) == "limit_reached"
    due = world.act(
        "add_person", person=manager_of("other"), generation=NOW // 60_000 + 9, next_master_key=NEXT,
        oaep_seeds=[*seeds, filled(3, 20)])
    made = ask("publication/make", due)
    state = AccountState.parse(bytes.fromhex(made["state"]))
    assert (state.generation, state.header.epoch, len(made["grants"])) == (NOW // 60_000 + 10, 2, 3)
    assert VaultContents.parse(bytes.fromhex(made["contents"])).codes == []
    behind = world.act("repair", now=NOW - 2 * DAY, says={**NOTHING_SAID, "clock": True}, oaep_seeds=seeds)
    state = AccountState.parse(bytes.fromhex(ask("publication/make", behind)["state"]))
    assert (state.made, state.generation) == (NOW - 2 * DAY, NOW // 60_000 + 1)
    near = world.act("repair", now=NOW - DAY, says={**NOTHING_SAID, "clock": True}, oaep_seeds=seeds)
    assert AccountState.parse(bytes.fromhex(ask("publication/make", near)["state"])).made == NOW


def rules_of(world: World, size: int) -> str:
    """Contents of so many bytes, by definitions of rules: no vector has them, since it would be of 100 MB."""
    contents = dataclasses.replace(world.parsed_contents(), rules=[])
    missing, rules = size - len(contents.write()), []
    while missing > 0:
        value = b"%08d" % len(rules) + b"x" * (min(missing, 4_000) - 13)
        rules.append(RuleDefinition(TokenField.url, Category.neutral, 0, value))
        missing -= 5 + len(value)
    written = dataclasses.replace(contents, rules=rules).write()
    assert len(written) == size
    return written.hex()


def test_the_reserve_of_contents() -> None:
    """R-12.5-8: above three quarters only root acts make contents longer; above all of it nobody does (R-12.5-7)."""
    world, seeds = new_world(), [filled(1, 20)]
    page, most, all = 4_096, 12_566_528, 16_756_736
    assert len(ask("publication/make", world.act("edit", contents=rules_of(world, most)))["contents"]) == 2 * most
    above = rules_of(world, most + page)
    assert refusal("publication/make", world.act("edit", contents=above)) == "limit_reached"
    made = ask("publication/make", world.act("repair", contents=above, oaep_seeds=seeds))
    full = world.after(made, filled(0x42, 32))
    kept = ask("publication/make", full.act("edit"))
    assert len(kept["vault"]) == len(full.vault)
    shorter = ask("publication/make", full.act("edit", contents=rules_of(new_world(), most)))
    assert len(shorter["vault"]) < len(full.vault)
    assert refusal("publication/make", full.act("edit", contents=rules_of(full, most + 2 * page))) == "limit_reached"
    assert refusal("publication/make", world.act(
        "repair", contents=rules_of(world, all + page), oaep_seeds=seeds)) == "limit_reached"
    pins = ask("person/open", world.opening())["pins"]
    opened = ask("person/open", full.opening(pins=pins, kept=[world.whole()]))
    assert (opened["findings"], opened["aside"] is None) == (["limit_reached"], False)


def test_epochs_of_root_acts() -> None:
    world = new_world()
    keys = [PastKey(epoch, b"\1" * 32) for epoch in (2, 3, 5)]
    made = ask("publication/make", world.act(
        "repair", contents=world.with_contents(past_keys=keys), oaep_seeds=[filled(1, 20)]))
    assert AccountState.parse(bytes.fromhex(made["state"])).header.epoch == 4


def test_renewing_the_certificate() -> None:
    world = new_world()
    state = world.after(
        ask("publication/make", world.act("renew_certificate", now=NOW + 50 * DAY))).parsed_state()
    assert (state.generation, state.certificate_from) == (NOW // 60_000, NOW)
    assert (state.certificate_until, state.valid_until) == (NOW + 140 * DAY, NOW + 110 * DAY)


def test_a_new_epoch_has_the_rule_set_that_was_made_for_it() -> None:
    world = new_world()
    rule = RuleDefinition(TokenField.url, Category.neutral, 1, b"a")
    contents = world.with_contents(rules=[rule], rule_set=b"\1" * 32)
    seeds = [filled(1, 20)]
    for changes, expected in (({}, bytes(32)), ({"rule_set": "00"}, backend.sha256(b"\0"))):
        made = ask("publication/make", world.act("rotate", contents=contents, oaep_seeds=seeds, **changes))
        assert VaultContents.parse(bytes.fromhex(made["contents"])).rule_set == expected
    made = ask("publication/make", world.act("edit", contents=contents))
    assert VaultContents.parse(bytes.fromhex(made["contents"])).rule_set == b"\1" * 32


TAKEN = {"vault": filled(1, 32), "recent": [], "states": [filled(9, 32)]}
NOT_TAKEN = {"vault": filled(2, 32), "recent": [], "states": [filled(4, 32)]}


@pytest.mark.parametrize(("answer", "served", "outcome"), [
    ("stored", None, "settled"),
    ("stored", NOT_TAKEN, "settled"),
    ("none", None, "again"),
    ("none", TAKEN, "settled"),
    ("none", NOT_TAKEN, "again"),
    ("discard", None, "dead"),
    ("discard", TAKEN, "settled"),
    ("discard", NOT_TAKEN, "dead"),
    ("other", None, "again"),
    ("other", {"vault": filled(1, 32), "recent": [], "states": [filled(9, 32)]}, "settled"),
    ("other", {"vault": filled(2, 32), "recent": [filled(1, 32)], "states": [filled(9, 32)]}, "settled"),
    ("other", {"vault": filled(2, 32), "recent": [], "states": [filled(5, 32), filled(9, 32)]}, "settled"),
    ("other", {"vault": filled(2, 32), "recent": [], "states": [filled(9, 32), filled(4, 32)]}, "merge"),
    ("other", {"vault": filled(2, 32), "recent": [], "states": [filled(4, 32), filled(9, 32)]}, "dead"),
])
def test_settling(answer: str, served: dict | None, outcome: str) -> None:
    for root_act, generation, dead in ((False, 3, 7), (True, 3, 8), (True, 9, 9)):
        for asks in (False, True):
            out = ask("publication/settle", {
                "pending": {
                    "vault": filled(1, 32), "state": filled(5, 32), "generation": 7, "root_act": root_act, "asks": asks,
                },
                "base_state": filled(4, 32), "generation": generation, "answer": answer, "served": served,
            })
            expected = "dead" if asks and outcome == "merge" else outcome
            assert out == {"outcome": expected, "generation": dead if expected == "dead" else max(generation, 7)}


# Recovery


def recovery(**changes: Any) -> dict[str, Any]:
    world = with_members(new_world())
    text = ask("text/recovery-encode", {"seed": party("owner").seed.hex()})["text"]
    new = party("owner again")
    return {
        "recovery_text": text, "p": new.p.hex(), "q": new.q.hex(), "master_key": NEXT, "head": world.head,
        "state": world.state, "vault": world.vault, "generation": 1, "confirmed": True, "persons": [],
        "members": [{"agent_id": filled(2, 16), "kind": "scoped"}, {"agent_id": filled(1, 16), "kind": "master"}],
        "iterations": ITERATIONS, **typed("owner"), "retention_days": 30, "now": NOW + DAY, "salt": filled(1, 32),
        "keys_salt": filled(2, 24), "vault_salt": filled(3, 24), "oaep_seeds": [filled(4, 20)], **changes,
    }


def test_recovery() -> None:
    world = with_members(new_world())
    staying = request(5, "manager")
    made = ask("account/recover", recovery(persons=[staying], oaep_seeds=[filled(4, 20), filled(5, 20)]))
    state = AccountState.parse(bytes.fromhex(made["account_state"]))
    old = world.parsed_state()
    assert (state.generation, state.counter) == ((NOW + DAY) // 60_000, old.counter + 1)
    assert (state.header.epoch, len(state.signers), state.revoked) == (2, 2, [])
    contents = VaultContents.parse(bytes.fromhex(made["contents"]))
    assert contents.recent == [backend.sha256(bytes.fromhex(world.vault))]
    assert [member.code_id for member in contents.members] == [bytes(8)] * 2
    assert PersonKeys.parse(bytes.fromhex(made["person_keys"])).head.counter == 2
    assert [Grant.parse(bytes.fromhex(grant)).recipient for grant in made["grants"]] == [
        person.person_id for person in contents.persons]
    recovered = World(
        world.account_id, made["person_keys"][:138], made["person_keys"], made["password_wrap"],
        made["account_state"], made["owner_vault"], made["contents"], None, NEXT)
    pins = ask("person/open", world.opening())["pins"]
    out = ask("person/open", recovered.opening(pins=pins, password_changed=True))
    assert out["findings"] == ["state_fork"]


def test_recovery_is_refused() -> None:
    assert refusal("account/recover", recovery(confirmed=False, state="00")) == "approval_required"
    assert refusal("account/recover", recovery(recovery_text="00")) == ("bad_prefix", 0)
    other = ask("text/recovery-encode", {"seed": party("manager").seed.hex()})["text"]
    assert refusal("account/recover", recovery(recovery_text=other)) == "wrong_account"
    assert refusal("account/recover", recovery(persons=[request(1, "agent")])) == "unknown_agent"
    assert refusal("account/recover", recovery(persons=[request(5, "owner")])) == "unknown_agent"
    elsewhere = request(5, "manager")
    elsewhere = elsewhere[:8] + filled(1, 16) + elsewhere[40:]
    assert refusal("account/recover", recovery(persons=[elsewhere])) == "wrong_account"
    assert refusal("account/recover", recovery(iterations=1)) == "iterations_out_of_range"
    assert refusal("account/recover", recovery(password="")) == "bad_password"
    assert refusal("account/recover", recovery(login_name="")) == "bad_login_name"
    full = changed_head(new_world().head, counter=2**53 - 1)
    assert refusal("account/recover", recovery(head=full)) == "limit_reached"
