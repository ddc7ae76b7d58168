"""Audits, totals and rule sets."""

from collections.abc import Sequence
from typing import Any

from test_person import code_text
from world import HOUR, NOW, ask, filled, id_of, new_world, party, private, refusal

from endkey_client import backend
from endkey_client.wire.contents import StateNote

TOKEN_KEY = filled(1, 64)
ACCOUNT = new_world().account_id
AGENT = id_of(party("agent"))


def token(value: str = "61", epoch: int = 1, key: str = TOKEN_KEY) -> str:
    return ask("token/seal", {
        "token_key": key, "account_id": ACCOUNT, "epoch": epoch, "field": "url", "value": value})["token"]


def sha256(hex: str) -> str:
    return backend.sha256(bytes.fromhex(hex)).hex()


def batch(sequence: int, previous: str | None = None, **changes: Any) -> str:
    inputs = {
        "seed": party("agent").seed.hex(), "account_id": ACCOUNT, "epoch": 1, "agent_id": AGENT,
        "sequence": sequence, "previous": sha256(previous) if previous else filled(0, 32), "made": NOW,
        "state_generation": 1, "state_counter": 1, "state": filled(0x11, 32), "records": [record(token())],
        **changes,
    }
    return ask("batch/sign", inputs)["batch"]


def record(*tokens: str, duration: int = 5) -> dict[str, Any]:
    return {"kind": "website", "start": NOW, "duration": duration, "items": [{"token": one} for one in tokens]}


def line(count: int) -> list[str]:
    batches: list[str] = []
    for sequence in range(1, count + 1):
        batches.append(batch(sequence, batches[-1] if batches else None))
    return batches


LINE = line(5)
NOTES = [
    StateNote(1, 1, 1, NOW, b"\x11" * 32), StateNote(1, 2, 1, NOW, b"\x12" * 32),
    StateNote(2, 1, 2, NOW, b"\x21" * 32),
]
NO_MARK = {"sequence": 0, "hash": filled(0, 32), "generation": 0, "counter": 0}


def request_of(name: str = "agent") -> str:
    return ask("enrolment/request", {
        "code": code_text(1, ACCOUNT), **private(party(name)), "nonce": filled(7, 32)})["request"]


def mark(sequence: int, generation: int = 1, counter: int = 1) -> dict[str, Any]:
    return {"sequence": sequence, "hash": sha256(LINE[sequence - 1]), "generation": generation, "counter": counter}


def audit(batches: Sequence[str], **changes: Any) -> dict[str, Any]:
    return ask("batch/audit", {
        "account_id": ACCOUNT, "members": [{"agent_id": AGENT, "request": request_of()}], "agent_id": AGENT,
        "status": "granted", "mark": NO_MARK, "kept": {"sequence": 0, "hash": filled(0, 32)},
        "states": [note.write().hex() for note in NOTES], "keys": [{"epoch": 1, "token_key": TOKEN_KEY}],
        "erasures": [], "erased": [], "batches": list(batches), "now": NOW, "retention_days": 365, **changes,
    })


def findings(batches: Sequence[str], **changes: Any) -> list[tuple[int | None, str]]:
    """Of batches by place; of none by number, below zero."""
    found = audit(batches, **changes)["findings"]
    assert all((one["batch"] is None) != (one["sequence"] is None) for one in found)
    return [(one["batch"] if one["sequence"] is None else -one["sequence"], one["code"]) for one in found]


def test_a_line_in_any_order() -> None:
    out = audit([LINE[2], LINE[0], LINE[1]])
    assert out == {
        "findings": [], "totals": [{"token": token(), "milliseconds": 15}], "mark": mark(3), "erased": [],
        "kept": {"sequence": 0, "hash": filled(0, 32)},
    }
    again = audit(LINE, mark=mark(3))
    assert (again["findings"], again["mark"]) == ([], mark(5))
    assert again["totals"][0]["milliseconds"] == 25
    assert findings(LINE[3:], mark=mark(3)) == [(-3, "sequence_gap")]
    assert findings([LINE[0], *LINE[2:]], mark=mark(3)) == [(0, "chain_broken"), (-2, "sequence_gap")]


def test_senders() -> None:
    assert findings(["0000"]) == [(0, "bad_magic")]
    assert findings([batch(1, account_id=filled(1, 16))]) == [(0, "wrong_account")]
    assert findings([batch(1, agent_id=filled(1, 16))]) == [(0, "unknown_agent")]
    for request in (None, "00", request_of("manager")):
        assert findings(LINE[:1], members=[{"agent_id": AGENT, "request": request}]) == [(0, "unknown_agent")]
    other = id_of(party("manager"))
    members = [{"agent_id": AGENT, "request": request_of()}, {"agent_id": other, "request": None}]
    theirs = batch(1, agent_id=other, seed=party("manager").seed.hex())
    assert findings([theirs], members=members) == [(0, "wrong_recipient")]
    assert findings([batch(1, seed=party("manager").seed.hex())]) == [(0, "signature_invalid")]


def test_repeats_and_forks() -> None:
    other = batch(2, LINE[0], made=NOW + 1)
    assert findings([LINE[0], LINE[1], LINE[1], other]) == [(2, "sequence_repeat"), (3, "sequence_fork")]
    assert findings([*LINE[:3], LINE[1], other], mark=mark(3)) == [(3, "sequence_repeat"), (4, "sequence_fork")]
    assert findings([batch(3)], mark=mark(3)) == [(0, "sequence_fork"), (-3, "sequence_gap")]


def test_what_retention_took() -> None:
    kept = {"sequence": 3, "hash": sha256(LINE[2])}
    assert findings([LINE[1], LINE[3], batch(3)], mark=mark(3), kept=kept) == []
    whole = audit(LINE[:3], mark=mark(3), kept=kept)
    assert whole["totals"][0]["milliseconds"] == 15
    assert (whole["findings"], whole["erased"], whole["kept"]) == ([], [], kept)
    part = audit([LINE[0], LINE[2]], mark=mark(3), kept=kept)
    assert part["totals"][0]["milliseconds"] == 5
    assert (part["findings"], part["erased"]) == ([], [{"first": 1, "last": 2}])
    assert findings([], mark=mark(3), kept={"sequence": 3, "hash": filled(1, 32)}) == [(-3, "chain_broken")]
    now = NOW + 7 * 24 * HOUR
    assert findings([LINE[2]], mark=mark(3), retention_days=7, now=now) == [(-2, "sequence_gap")]
    for given in ([LINE[2]], LINE[2:]):
        taken = audit(given, mark=mark(3), retention_days=7, now=now + 1)
        assert taken["kept"] == {"sequence": 2, "hash": sha256(LINE[1])}
        assert (taken["findings"], taken["erased"]) == ([], [{"first": 1, "last": 2}])
    assert audit([LINE[3]], mark=mark(3), retention_days=7, now=now + 1)["kept"] == kept


def test_gaps_and_chains() -> None:
    assert findings([LINE[0], LINE[2], LINE[3]]) == [(1, "sequence_gap")]
    broken = batch(2)
    assert findings([LINE[0], broken, LINE[2]]) == [(1, "chain_broken"), (2, "sequence_gap")]


def test_states_of_batches() -> None:
    def one(**changes: Any) -> list[tuple[int | None, str]]:
        return findings([batch(1, **changes)])

    assert one(state=filled(9, 32)) == [(0, "state_fork")]
    assert one(state=filled(9, 32), state_generation=2, state_counter=1) == [(0, "state_fork")]
    assert one(state=filled(9, 32), state_generation=2, state_counter=2) == [(0, "state_withheld")]
    assert one(state=filled(9, 32), state_generation=3, state_counter=0) == [(0, "state_withheld")]
    assert findings(LINE[:1], mark={**NO_MARK, "generation": 1, "counter": 2}) == [(0, "counter_rollback")]
    assert one(state=filled(0x21, 32)) == [(0, "epoch_mismatch")]
    assert one(made=NOW + 24 * HOUR) == []
    assert one(made=NOW + 24 * HOUR + 1) == [(0, "state_stale")]
    out = audit([batch(1, state=filled(0x12, 32))])
    assert (out["mark"]["generation"], out["mark"]["counter"]) == (1, 2)
    assert audit([batch(1, state=filled(9, 32))])["mark"]["generation"] == 0


def test_tokens_of_batches() -> None:
    unopened = batch(1, records=[record(token("62", key=filled(2, 64)))])
    assert findings([unopened]) == [(0, "token_open_failed")]
    assert findings(LINE[:1], keys=[]) == [(0, "no_epoch_key")]
    two = [{"epoch": 1, "token_key": filled(3, 64)}, {"epoch": 1, "token_key": TOKEN_KEY}]
    assert findings(LINE[:1], keys=two) == []
    idle = batch(1, records=[record()])
    assert findings([idle], keys=[]) == []
    assert audit([unopened])["mark"] == NO_MARK


def test_who_went_counts_no_more() -> None:
    out = audit(LINE, mark=mark(3), status="removed")
    assert [(one["batch"], one["code"]) for one in out["findings"]] == [(3, "revoked"), (4, "revoked")]
    assert out["totals"][0]["milliseconds"] == 15


def test_what_was_erased() -> None:
    erasure = {"first": 2, "last": 3, "before_hash": sha256(LINE[0]), "last_hash": sha256(LINE[2])}
    assert findings([LINE[0], *LINE[3:]], mark=mark(3), erasures=[erasure]) == []
    assert findings([*LINE, LINE[1]], mark=mark(3), erasures=[erasure]) == []
    other = {**erasure, "last_hash": filled(1, 32)}
    assert findings([LINE[3]], mark=mark(3), erasures=[other]) == [(-3, "sequence_gap")]
    ranges = [{"first": 1, "last": 3}, {"first": 3, "last": 4}, {"first": 5, "last": 9}]
    assert findings(LINE[:3], mark=mark(3), erased=ranges) == [(-9, "erased_unseen"), (-4, "erased_unseen")]


def test_findings_of_history() -> None:
    unopened = batch(1, records=[record(token("62", key=filled(2, 64)))])
    second = batch(2, unopened)
    of_two = {"sequence": 2, "hash": sha256(second), "generation": 1, "counter": 1}
    out = audit([second, unopened], mark=of_two)
    assert out["findings"] == [{"batch": 1, "sequence": None, "code": "token_open_failed"}]
    assert out["totals"] == [{"token": token(), "milliseconds": 5}]
    assert out["mark"] == of_two


def test_rules() -> None:
    keys = [{"epoch": epoch, "token_key": filled(epoch, 64)} for epoch in (1, 2)]
    definition = {"field": "url", "category": "neutral", "value": "61", "seen": True, "past": [1]}
    inputs = {"account_id": ACCOUNT, "epoch": 2, "keys": keys, "definitions": [definition]}
    rule_set = ask("rules/make", inputs)["rule_set"]
    for epoch in (1, 2):
        assert token(epoch=epoch, key=filled(epoch, 64)) in rule_set
    hidden = {**definition, "value": "62", "seen": False}
    assert ask("rules/make", {**inputs, "definitions": [definition, hidden]})["rule_set"] == rule_set
    assert refusal("rules/make", {**inputs, "definitions": [{**definition, "value": "61" * 4096}]}) == "value_too_long"
    assert refusal("rules/make", {**inputs, "definitions": [{**definition, "value": "ff"}]}) == "value_not_utf8"
    assert refusal("rules/make", {**inputs, "definitions": [{**definition, "past": [3]}]}) == "no_epoch_key"
    opening = {"account_id": ACCOUNT, "epoch": 2, "expected_hash": sha256(rule_set), "rule_set": rule_set}
    ask("rules/open", opening)
    ask("rules/open", {**opening, "expected_hash": filled(0, 32), "rule_set": "00"})
    assert refusal("rules/open", {**opening, "rule_set": None}) == "chain_broken"
    assert refusal("rules/open", {**opening, "expected_hash": filled(1, 32)}) == "chain_broken"
    assert refusal("rules/open", {**opening, "rule_set": "00", "expected_hash": sha256("00")}) == ("truncated", 0)
    assert refusal("rules/open", {**opening, "account_id": filled(1, 16)}) == "wrong_account"
    assert refusal("rules/open", {**opening, "epoch": 1}) == "epoch_mismatch"
