"""Ends with a handle, and operations with randomness of the client's own: what the scenarios do not show."""

import json
from pathlib import Path

import pytest
import vectors

from endkey_client import operations

SCENARIOS = Path(__file__).resolve().parents[3] / "vectors/conformance/scenarios.json"
RANDOMISED = {
    "blob/seal-random": ("blob-seal", "salt"),
    "enrolment/request-random": ("enrolment-request", "nonce"),
    "grant/make-random": ("grant-make", "oaep_seed"),
    "code/random": ("text-code-encode", "secret"),
}


def step(role, handle, given):
    return vectors.run(f"{role}/step", {"handle": handle, **given})


def check_handles(report, role, scenario):
    first, second = (vectors.run(f"{role}/open", scenario["open"])["out"]["handle"] for _ in range(2))
    report(first != second, f"two of {role} have two handles")
    moving = next(one for one in scenario["steps"] if one["expect"]["phase"] != scenario["opened"]["phase"])
    for one in scenario["steps"][: scenario["steps"].index(moving) + 1]:
        step(role, first, one["in"])
    lifeless = {"event": "restart", "message": None} | ({"messages": None} if role == "owner" else {})
    report(step(role, first, lifeless)["outcome"] == "ok", f"{role}: a handle goes on")
    answer = step(role, second, lifeless)
    report(answer["out"] == {**scenario["opened"], "code": None}, f"{role}: the other end has not moved", str(answer))
    vectors.run(f"{role}/close", {"handle": first})
    for operation in ("step", "close"):
        answer = vectors.run(f"{role}/{operation}", {"handle": first, **(lifeless if operation == "step" else {})})
        report(answer["outcome"] == "error", f"{role}/{operation} of a closed handle", str(answer))
    for handle in (0, -1, second + 1, "1", None, True):
        answer = step(role, handle, lifeless)
        report(answer["outcome"] == "error", f"{role}/step of handle {handle!r}", str(answer))
    third = vectors.run(f"{role}/open", scenario["open"])["out"]["handle"]
    report(third not in (first, second), f"{role}: no handle is given twice")
    answer = step(role, third, {**lifeless, "event": "no such"})
    report(answer["outcome"] == "error", f"{role}/step of an unknown event", str(answer))


def check_memory(report, scenario):
    """What an owner's device keeps is sealed; damaged, it is refused and not taken for that of a fresh device."""
    opening = next(one["in"] for one in scenario["steps"] if one["expect"]["phase"] == "open")
    handle = vectors.run("owner/open", scenario["open"])["out"]["handle"]
    step("owner", handle, opening)
    memory = operations.OWNERS.ends[handle].memory
    salt = bytes.fromhex(opening["messages"]["password_wrap"])[37:69]
    report(salt not in memory.sealed, "what the device remembers is sealed")
    step("owner", handle, {"event": "lock", "messages": None, "message": None})
    sealed, state = memory.sealed, memory.state
    for place in (31, 60, len(sealed) - 1):
        memory.sealed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        answer = step("owner", handle, opening)["out"]
        report(
            answer == {"phase": "locked", "code": "local_state_open_failed"}, f"memory damaged at {place}", str(answer)
        )
    memory.sealed, memory.state = sealed, state[:-1] + bytes([state[-1] ^ 1])
    answer = step("owner", handle, opening)["out"]
    report(answer == {"phase": "locked", "code": "local_state_open_failed"}, "another state remembered", str(answer))
    memory.state = state
    answer = step("owner", handle, opening)["out"]
    report(answer == {"phase": "open", "code": None}, "the memory as it was", str(answer))


def check_randomised(report):
    files = {file["op"].replace("/", "-"): file for file in vectors.files()}
    for op, (base, chosen) in RANDOMISED.items():
        given = next(test["in"] for test in files[base]["tests"] if test["expect"]["outcome"] == "ok")
        unchosen = {key: value for key, value in given.items() if key != chosen}
        made = [json.dumps(vectors.run(op, unchosen)) for _ in range(8)]
        report(len(set(made)) == 8 and all('"ok"' in one for one in made), f"{op} gives no output twice")
        report(vectors.run(op, given)["outcome"] == "error", f"{op} takes no {chosen}")


@pytest.fixture(scope="module")
def scenarios():
    return {one["id"]: one for one in json.loads(SCENARIOS.read_text(encoding="utf-8"))["scenarios"]}


@pytest.mark.parametrize(
    ("role", "scenario"), [("agent", "scenario-agent-replay"), ("owner", "scenario-owner-key-swapped")]
)
def test_handles(report, scenarios, role, scenario):
    check_handles(report, role, scenarios[scenario])


def test_memory(report, scenarios):
    check_memory(report, scenarios["scenario-owner-key-swapped"])


def test_randomised(report):
    check_randomised(report)
