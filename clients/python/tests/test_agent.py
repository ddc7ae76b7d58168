"""An agent: grants, its clock, its machine, and what it keeps."""

import dataclasses
from typing import Any

import pytest
import samples as s
from test_person import code_text, signed_state
from world import DAY, HOUR, NOW, ask, filled, id_of, new_world, party, private, public, refusal

from endkey_client import keys
from endkey_client.enums import AgentPhase, GrantKind, MessageType, Role
from endkey_client.primitives import chunked
from endkey_client.wire.contents import AgentContents, CodeTerms, LocalState, OwnerContents, ScopedKeys
from endkey_client.wire.header import Header
from endkey_client.wire.kinds import Struct
from endkey_client.wire.messages import EnrolmentRequest

MAX = 2**53 - 1
MINUTES = NOW // 60_000


def grant_of(kind: str = "scoped", name: str = "agent", **changes: Any) -> str:
    return ask("grant/make", {
        "seed": party("owner").seed.hex(), "account_id": new_world().account_id, "epoch": 1, "kind": kind,
        "recipient": id_of(party(name)), **public(party(name)), "master_key": new_world().master_key,
        "oaep_seed": filled(1, 20), **changes,
    })["grant"]


def edited(hex: str, place: int) -> str:
    data = bytearray.fromhex(hex)
    data[place] ^= 1
    return data.hex()


# Grants


def test_making_grants() -> None:
    inputs = {
        "seed": party("owner").seed.hex(), "account_id": filled(1, 16), "epoch": 1, "kind": "scoped",
        "recipient": filled(1, 16), **public(party("agent")), "master_key": filled(1, 32), "oaep_seed": filled(1, 20),
    }
    assert refusal("grant/make", inputs) == "wrong_recipient"
    assert refusal("grant/make", {**inputs, "modulus": filled(2, 256)}) == "bad_key"
    assert refusal("grant/make", {**inputs, "verify_key": filled(0, 32)}) == "bad_key"


def test_the_order_of_a_grant() -> None:
    world = new_world()
    grant = grant_of()
    inputs = {
        "account_id": world.account_id, "state": world.state, "kind": "scoped", **private(party("agent")),
        "keys_held": False, "grant": grant,
    }
    out = ask("grant/open", inputs)
    key = (bytes.fromhex(world.master_key), bytes.fromhex(world.account_id), 1)
    assert out == {
        "kind": "scoped", "token_key": keys.token_key(*key).hex(),
        "agent_key": keys.agent_key(*key, bytes.fromhex(id_of(party("agent")))).hex(),
    }
    assert ask("grant/open", {**inputs, "keys_held": True}) == {"kind": "unchanged"}
    assert refusal("grant/open", {**inputs, "grant": grant[:-2]}) == ("truncated", 361)
    assert refusal("grant/open", {**inputs, "account_id": filled(1, 16), "state": None}) == "wrong_account"
    assert refusal("grant/open", {**inputs, "state": None}) == "no_state"
    second = signed_state(header=Header(MessageType.account_state, bytes.fromhex(world.account_id), 2), counter=2)
    assert refusal("grant/open", {**inputs, "state": second}) == "epoch_rollback"
    assert refusal("grant/open", {**inputs, "grant": grant_of(epoch=2)}) == "epoch_mismatch"
    assert refusal("grant/open", {**inputs, "grant": grant_of(master_key=filled(1, 32))}) == "epoch_fork"
    by_other = grant_of(seed=party("manager").seed.hex())
    assert refusal("grant/open", {**inputs, "grant": by_other}) == "signature_invalid"
    assert refusal("grant/open", {**inputs, "grant": edited(grant, 120)}) == "signature_invalid"
    assert refusal("grant/open", {**inputs, "grant": grant_of(name="manager")}) == "wrong_recipient"
    assert refusal("grant/open", {**inputs, "grant": grant_of("master")}) == "wrong_recipient"
    master = {**inputs, "kind": "master", "grant": grant_of("master")}
    assert ask("grant/open", master) == {"kind": "master", "master_key": world.master_key}


# The clock


@pytest.mark.parametrize(("terms", "last", "state", "least"), [
    ((10, 5), None, (1, 3), 15),
    ((10, 5), None, (1, 20), 20),
    ((10, 5), (1, 30, 4), (1, 20), 34),
    ((10, 5), (1, 30, 4), (1, 40), 40),
    ((10, 5), (1, 30, 4), (2, 20), 20),
    ((10, 15), (1, 30, 4), (2, 20), 25),
    ((MAX, MAX), None, (1, 0), MAX),
    ((0, 0), (1, MAX, MAX), (1, 0), MAX),
])
def test_accepting_by_the_clock(terms: tuple, last: tuple | None, state: tuple, least: int) -> None:
    out = ask("clock/accept", {
        "terms": {"made": terms[0], "age": terms[1]},
        "last": last and {"generation": last[0], "least": last[1], "running": last[2]},
        "state": {"generation": state[0], "made": state[1]},
    })
    assert out == {"least": least}


def test_now() -> None:
    inputs = {"wall": 5, "least": 6, "running": 3, "valid_until": 10}
    assert ask("clock/now", inputs) == {"now": 9}
    assert ask("clock/now", {**inputs, "wall": 9}) == {"now": 9}
    assert refusal("clock/now", {**inputs, "wall": 10}) == "state_expired"
    assert refusal("clock/now", {**inputs, "running": 4}) == "state_expired"


# A life


def step(event: str, message: str | None = None, runs: int = 0, wall: int = 0) -> dict[str, Any]:
    return {"event": event, "message": message, "runs": runs, "wall": wall}


def code(number: int = 1, account: str | None = None, **changes: Any) -> str:
    return code_text(number, account or new_world().account_id, **changes).encode().hex()


def run(*steps: dict[str, Any], made: int = NOW - DAY) -> list[tuple[str, str | None, int]]:
    results = ask("agent/run", {
        "code": code_text(1, new_world().account_id, made=made), **private(party("agent")), "nonce": filled(1, 32),
        "steps": list(steps),
    })["results"]
    return [(result["phase"], result["code"], result["now"]) for result in results]


def phases(*steps: dict[str, Any]) -> list[str]:
    return [f"{phase}: {code}" if code else phase for phase, code, _ in run(*steps)]


def state(**changes: Any) -> str:
    return signed_state(**changes)


LISTED = {"counter": 2, "revoked": [bytes.fromhex(id_of(party("agent")))]}


def test_from_pinned_to_active() -> None:
    assert phases(
        step("grant", grant_of()), step("activity", "61"), step("capture", "00"), step("service_off"),
        step("state", "00"), step("state", state()), step("state", state()), step("activity", "61"),
        step("capture", "00"), step("grant", grant_of(name="manager")), step("grant", grant_of()),
        step("grant", grant_of()), step("activity", "61"), step("activity", "ff"), step("activity", "61" * 4096),
        step("service_off"), step("restart"), step("state", state(counter=2)),
    ) == [
        "pinned: no_state", "pinned: no_state", "pinned", "pinned: latched", "pinned: truncated", "waiting", "waiting",
        "waiting: no_grant", "waiting", "waiting: wrong_recipient", "active", "active", "active",
        "active: value_not_utf8", "active: value_too_long", "active: latched", "active", "active",
    ]


def test_revoked_and_back() -> None:
    back = {"counter": 3}
    assert phases(
        step("state", state()), step("grant", grant_of()), step("state", state(**LISTED)), step("activity", "61"),
        step("capture", "00"), step("grant", "00"), step("code", "00"), step("state", state(**LISTED)),
        step("state", state(**back)), step("activity", "61"), step("grant", grant_of()), step("activity", "61"),
    ) == [
        "waiting", "active", "revoked", "revoked: revoked", "revoked: revoked", "revoked: revoked",
        "revoked: already_pinned", "revoked", "revoked", "revoked: revoked", "active", "active",
    ]


def test_other_keys_end() -> None:
    header = Header(MessageType.account_state, bytes.fromhex(new_world().account_id), 2)
    for changes in ({"counter": 2, "header": header}, {"generation": MINUTES + 1}):
        assert phases(step("state", state()), step("grant", grant_of()), step("state", state(**changes))) == [
            "waiting", "active", "waiting"]


def test_more_codes() -> None:
    above = code(generation=MINUTES + 1)
    assert phases(
        step("code", code(5)), step("code", code(account=filled(1, 16))), step("code", code(5, filled(1, 16))),
        step("code", "00"), step("code", code(4)), step("state", state()), step("code", code()), step("code", above),
        step("activity", "61"), step("state", state()), step("state", state(generation=MINUTES + 1)),
        step("grant", grant_of()), step("code", code()),
    ) == [
        "pinned: wrong_recipient", "pinned: already_pinned", "pinned: already_pinned", "pinned: bad_prefix", "pinned",
        "waiting", "waiting", "pinned", "pinned: no_state", "pinned: generation_rollback", "waiting", "active",
        "active: already_pinned",
    ]


def test_another_code_may_bring_another_kind() -> None:
    assert phases(
        step("state", state()), step("grant", grant_of("master")), step("code", code(6)),
        step("grant", grant_of()), step("grant", grant_of("master")), step("activity", "61"),
    ) == ["waiting", "waiting: wrong_recipient", "waiting", "waiting: wrong_recipient", "active", "active"]


def test_stopped() -> None:
    assert phases(
        step("state", state()), step("restart_damaged"), step("state", state()), step("code", code()),
        step("restart"), step("restart_damaged"), step("capture", "00"), step("service_off"),
    ) == ["waiting", "stopped"] + ["stopped: stopped"] * 6


def test_time_in_a_life() -> None:
    """The code was made a day before the state."""
    assert [now for _, _, now in run(
        step("capture", "00", 5, 7), step("state", state(), 5, 7), step("capture", "00", 5, 7),
        step("state", state(counter=2), 5, 7), step("capture", "00", 0, NOW + HOUR), step("capture", "00"),
        step("state", state(generation=MINUTES + 1), 2 * DAY), step("restart", None, 3),
    )] == [7, NOW, NOW + 5, NOW + 10, NOW + HOUR, NOW + 10, NOW + DAY + 20, NOW + DAY + 23]


def test_a_new_code_never_sets_the_anchor_back() -> None:
    early, late = code(made=0), code(made=NOW + DAY)
    above = state(generation=MINUTES + 1)
    for text, least in ((early, NOW + 10), (late, NOW + DAY + 5)):
        assert [now for _, _, now in run(
            step("code", text, 5), step("state", above, 5), made=NOW)][-1] == least


def test_expiry() -> None:
    steps = [step("state", state()), step("grant", grant_of()), step("activity", "ff", 60 * DAY), step("capture", "00")]
    assert [code for _, code, _ in run(*steps)] == [None, None, "state_expired", None]


def test_a_code_for_managers_is_refused() -> None:
    inputs = {"code": code_text(5, new_world().account_id), **private(party("agent")), "nonce": filled(1, 32)}
    assert refusal("agent/open", inputs) == "wrong_recipient"
    assert refusal("agent/run", {**inputs, "steps": []}) == "wrong_recipient"
    ask("enrolment/request", inputs)


# Captures and batches


@pytest.mark.parametrize(("text", "value"), [
    (b"", b""),
    (b"a\xffb", "a\ufffdb".encode()),
    (b"\xf0\x9f\x98", "\ufffd".encode()),
    (b"\xf0\x80\x80a", "\ufffd\ufffd\ufffda".encode()),
    (b"\xe2\x82", "\ufffd".encode()),
    (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd".encode()),
    (b"\xc0\xaf", "\ufffd\ufffd".encode()),
    (b"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd".encode()),
    (b"a" * 4095, b"a" * 4095),
    (b"a" * 4096, b"a" * 4095),
    (b"a" * 4094 + "\u00e9".encode(), b"a" * 4094),
    (b"a" * 4093 + "\u00e9b".encode(), b"a" * 4093 + "\u00e9".encode()),
    (b"a" * 4092 + "\U0001f600".encode(), b"a" * 4092),
    (b"\xff" * 2000, "\ufffd".encode() * 1365),
])
def test_what_of_a_text_is_tokenised(text: bytes, value: bytes) -> None:
    assert ask("capture/value", {"text": text.hex()})["value"] == value.hex()


def test_captures_become_records_blobs_and_a_batch() -> None:
    capture = next(sample for sample in s.samples() if type(sample).__name__ == "Capture").write()
    inputs = {
        "token_key": filled(1, 64), "agent_key": filled(2, 32), "account_id": s.ACCOUNT.hex(), "epoch": 3,
        "agent_id": filled(3, 16), "captures": [capture.hex()], "salts": [filled(4, 24)],
    }
    out = ask("capture/seal", inputs)
    token = ask("token/seal", {
        "token_key": filled(1, 64), "account_id": s.ACCOUNT.hex(), "epoch": 3, "field": "url",
        "value": "\ufffd".encode().hex(),
    })["token"]
    assert token in out["records"][0]
    opened = ask("blob/open", {
        "account_id": s.ACCOUNT.hex(), "blob": out["blobs"][0],
        "keys": [{"epoch": 3, "agent_id": filled(3, 16), "agent_key": key} for key in (filled(9, 32), filled(2, 32))],
        "reference": {"field": "chat_text", "length": len(out["blobs"][0]) // 2, "digest": out["records"][0][-64:]},
    })
    assert opened == {"field": "chat_text", "agent_id": filled(3, 16), "content": ""}
    assert refusal("capture/seal", {**inputs, "account_id": filled(1, 16)}) == "wrong_account"
    assert refusal("capture/seal", {**inputs, "captures": [capture.hex() + "00"]}) == ("trailing_bytes", len(capture))
    items = [{"token": token}, {"blob": out["records"][0][-82:]}]
    batch = {
        "seed": filled(1, 32), "account_id": s.ACCOUNT.hex(), "epoch": 3, "agent_id": filled(3, 16), "sequence": 1,
        "previous": filled(0, 32), "made": 1, "state_generation": 1, "state_counter": 1, "state": filled(1, 32),
        "records": [{"kind": "chat", "start": 1, "duration": 2, "items": items}],
    }
    assert out["records"][0] in ask("batch/sign", batch)["batch"]
    assert refusal("batch/sign", {**batch, "epoch": 4}) == "epoch_mismatch"


def test_blobs() -> None:
    inputs: dict[str, Any] = {"account_id": filled(1, 16), "keys": [], "blob": None, "reference": None}
    assert refusal("blob/open", inputs) == "blob_missing"
    blob = ask("blob/seal", {
        "agent_key": filled(2, 32), "account_id": filled(1, 16), "epoch": 3, "agent_id": filled(3, 16),
        "field": "voice", "salt": filled(4, 24), "content": "61",
    })["blob"]
    inputs["blob"] = blob
    assert refusal("blob/open", {**inputs, "account_id": filled(2, 16)}) == "wrong_account"
    assert refusal("blob/open", inputs) == "no_epoch_key"
    key = {"epoch": 3, "agent_id": filled(3, 16), "agent_key": filled(9, 32)}
    assert refusal("blob/open", {**inputs, "keys": [{**key, "agent_id": filled(4, 16)}]}) == "no_epoch_key"
    assert refusal("blob/open", {**inputs, "keys": [key]}) == "blob_open_failed"


# Local state


DEVICE_KEY = bytes(range(32))


def sealed(type: MessageType, contents: Struct, account_id: bytes, epoch: int = 0) -> str:
    local = LocalState(Header(type, account_id, epoch), 1)
    key = keys.local_state_key(DEVICE_KEY, account_id, type)
    local.sealed = chunked.seal(key, local.part("header", "writes"), bytes(24), contents.write())
    return local.write().hex()


def opens(type: MessageType, contents: Struct, account_id: bytes, epoch: int = 0) -> bool:
    inputs = {"device_key": DEVICE_KEY.hex(), "message": sealed(type, contents, account_id, epoch)}
    try:
        assert refusal("local-state/open", inputs) == "local_state_open_failed"
    except AssertionError:
        assert ask("local-state/open", inputs) == {"contents": contents.write().hex()}
        return True
    return False


def contents_in(phase: AgentPhase) -> AgentContents:
    """Right ones."""
    world = new_world()
    request = EnrolmentRequest.parse(bytes.fromhex(ask("enrolment/request", {
        "code": code_text(1, world.account_id), **private(party("agent")), "nonce": filled(1, 32),
    })["request"]))
    terms = CodeTerms(1, NOW, GrantKind.scoped, Role.agent)
    contents = AgentContents(phase, party("agent"), request, terms, None, 0, 0, 5, 1, b"\1" * 32, None)
    if phase == AgentPhase.unpinned:
        return AgentContents(phase, party("agent"), None, None, None, 0, 0, 0, 0, bytes(32), None)
    if phase == AgentPhase.pinned:
        return contents
    contents = dataclasses.replace(contents, state=world.parsed_state(), least=NOW, running=5, request=None)
    if phase == AgentPhase.active:
        contents.epoch_keys = ScopedKeys(bytes(64), bytes(32))
    return contents


PHASES = [AgentPhase.unpinned, AgentPhase.pinned, AgentPhase.waiting, AgentPhase.active, AgentPhase.revoked]


@pytest.mark.parametrize("phase", PHASES)
def test_local_states_of_an_agent(phase: AgentPhase) -> None:
    account_id = bytes.fromhex(new_world().account_id)
    right = contents_in(phase)
    with_state = right.state is not None
    account, epoch = bytes(16) if phase == AgentPhase.unpinned else account_id, 1 if with_state else 0

    def opened(account_id: bytes = account, epoch: int = epoch, **changes: Any) -> bool:
        return opens(MessageType.agent_state, dataclasses.replace(right, **changes), account_id, epoch)

    assert opened()
    assert not opened(phase=AgentPhase.stopped)
    assert not opened(account_id=account_id if phase == AgentPhase.unpinned else bytes(16))
    assert not opened(epoch=epoch + 1)
    assert not opened(keys=dataclasses.replace(right.keys, p=right.keys.q))
    assert not opened(batch_hash=bytes(32) if right.sequence else b"\1" * 32)
    assert not opened(epoch_keys=None if right.epoch_keys else ScopedKeys(bytes(64), bytes(32)))
    assert not opened(state=None if with_state else new_world().parsed_state())
    if phase == AgentPhase.unpinned:
        assert not opened(age=1)
        assert not opened(request=contents_in(AgentPhase.pinned).request)
        assert not opened(sequence=1, batch_hash=b"\1" * 32)
        return
    assert not opened(terms=None)
    assert not opened(terms=CodeTerms(1, NOW, GrantKind.master, Role.manager))
    request = contents_in(AgentPhase.pinned).request
    assert request is not None
    assert opened(request=request)
    assert not opened(request=dataclasses.replace(request, verify_key=bytes(32)))
    assert not opened(request=dataclasses.replace(request, modulus=b"\1" * 256))
    if phase == AgentPhase.pinned:
        assert not opened(request=None)
        assert not opened(least=1)
        assert not opened(running=1)
        return
    assert not opened(least=NOW - 1)
    assert not opened(terms=CodeTerms(MINUTES + 1, NOW, GrantKind.scoped, Role.agent))
    listed = dataclasses.replace(new_world().parsed_state(), revoked=[bytes.fromhex(id_of(party("agent")))])
    assert opened(state=listed) == (phase == AgentPhase.revoked)


def test_local_states_of_a_person() -> None:
    account_id = bytes.fromhex(new_world().account_id)
    right = OwnerContents.parse(bytes.fromhex(ask("person/open", new_world().opening())["pins"]))

    def opened(account_id: bytes = account_id, epoch: int = 1, **changes: Any) -> bool:
        return opens(MessageType.owner_state, dataclasses.replace(right, **changes), account_id, epoch)

    assert opened()
    assert opened(epoch=0, state=None, vault_hash=bytes(32))
    assert opened(pending_vault=b"\1" * 32, pending_state=b"\1" * 32)
    assert not opened(epoch=0)
    assert not opened(account_id=bytes(16))
    assert not opened(vault_hash=bytes(32))
    assert not opened(epoch=0, state=None)
    assert not opened(generation=MINUTES - 1)
    assert not opened(pending_state=b"\1" * 32)
    assert not opened(pending_rule_set=b"\1" * 32)
