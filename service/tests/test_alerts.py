"""Alerts fire for what is so, once, whatever happens meanwhile (spec/http.md, section 13.1)."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Account, Running, new_account, now
from endkey_client.enums import RecordKind, TokenField
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.service import JSON, Problem
from endkey_client.texts import base64url
from endkey_client.wire.messages import Item, Record

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
Members = dict[str, Any]


def days(before: int = 3, after: int = 3) -> list[int]:
    """Bounds of days, of which the third has the last hour."""
    start = now() - HOUR
    return [start + n * DAY for n in range(-before, after)]


def alert(on: str, ms: int, **members: object) -> Members:
    return {"id": os.urandom(8).hex(), "from": now() - 2 * DAY, "on": on, "ms": ms, **members}


def sum_of_day(ms: int, is_: str = "more", per: str = "agent", **members: object) -> Members:
    return alert("time", ms, **{"is": is_, "per": per, **members})


def tag(account: Account) -> str:
    return account.owner.service.request("GET", f"{account.owner.path}/alerts").headers["etag"]


def put(account: Account, *items: Members, bounds: list[int] | None = None, expected: str | None = None) -> None:
    body = json.dumps({"days": days() if bounds is None else bounds, "items": items}).encode()
    account.owner.service.request(
        "PUT", f"{account.owner.path}/alerts", body, JSON, {"If-Match": expected or tag(account)})


def fired(account: Account) -> list[Members]:
    return list(account.owner.service.items(f"{account.owner.path}/firings"))


def until(account: Account, is_so: Callable[[list[Members]], bool]) -> list[Members]:
    """What has fired, once it is so."""
    deadline = time.monotonic() + 120
    while not is_so(found := fired(account)):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


def judged(account: Account) -> None:
    """Waits until what was stored has been looked at."""
    deadline = time.monotonic() + 120
    while True:
        with account.running.database() as database:
            left = database.execute("SELECT COUNT(*) FROM alert_list WHERE due > done").fetchone()[0]
        if left == 0:
            return
        assert time.monotonic() < deadline
        time.sleep(0.1)


def send(agent: AgentOverHTTP, minutes: int, application: str = "Editor", start: int | None = None) -> str:
    """A record of the last hour, or of another time; the text of its token."""
    token = agent.token(TokenField.application_name, application)
    begins = now() - 30 * MINUTE if start is None else start
    agent.batch([Record(RecordKind.application, begins, minutes * MINUTE, [Item.of(token)])], now())
    assert agent.upload() == [201]
    return "ekt1_" + base64url.encode(token.write()).decode()


@pytest.fixture
def own(running: Running) -> Account:
    return new_account(running, f"{os.urandom(6).hex()}@example.com")


def test_a_sum_of_a_day_fires_once(own: Account) -> None:
    """At the limit, for each agent, and whatever comes later of the same day (H-13.1-1)."""
    first, second = own.agent(), own.agent()
    bounds = days()
    put(own, sum_of_day(20 * MINUTE), sum_of_day(30 * MINUTE, per="account"), bounds=bounds)
    each, whole = json.loads(own.owner.service.request("GET", f"{own.owner.path}/alerts").body)["items"]
    send(first, 19)
    judged(own)
    assert fired(own) == []
    send(second, 20)
    found = until(own, lambda found: len(found) == 2)
    assert {(one["alert"], one["agent"], one["day"], one["ms"]) for one in found} == {
        (each["id"], second.agent.agent_id().hex(), bounds[3], 20 * MINUTE),
        (whole["id"], None, bounds[3], 39 * MINUTE)}
    assert all(one["acknowledged"] is None and 0 < one["as_of"] < one["ordinal"] for one in found)
    send(second, 5, "Browser")
    send(first, 1)
    found = until(own, lambda found: len(found) == 3)
    assert found[-1]["agent"] == first.agent.agent_id().hex() and found[-1]["ms"] == 20 * MINUTE


def test_what_was_stored_fires_after_a_kill(tmp_path: Path) -> None:
    """Also where the service is killed as soon as it has acknowledged (H-13.1-2), and once all the same (H-13.1-1)."""
    running = Running(tmp_path).start()
    try:
        account = new_account(running, "killed@example.com")
        agents = [account.agent() for _ in range(3)]
        put(account, sum_of_day(MINUTE))
        judged(account)
        for agent in agents:
            agent.service.origin = running.origin
            send(agent, 1)
            running.stop(signal.SIGKILL)
            running.start()
        account.owner.service.origin = running.origin
        found = until(account, lambda found: len(found) == 3)
        assert {one["agent"] for one in found} == {agent.agent.agent_id().hex() for agent in agents}
        judged(account)
        assert fired(account) == found
    finally:
        running.stop()


def test_tokens_and_categories_select(own: Account) -> None:
    agent = own.agent()
    token = send(agent, 10, "Game")
    put(own, sum_of_day(10 * MINUTE, tokens=[token]), sum_of_day(10 * MINUTE, categories=["unproductive"]),
        sum_of_day(25 * MINUTE, categories=["neutral"]), sum_of_day(1, agents=["ab" * 16]))
    found = until(own, lambda found: len(found) == 1)
    assert found[0]["ms"] == 10 * MINUTE
    send(agent, 15, "Editor")
    found = until(own, lambda found: len(found) == 2)
    assert found[1]["ms"] == 25 * MINUTE


def test_late_batches_and_less(own: Account) -> None:
    """A day that has ended is judged by its sum then, and again for what comes later (H-13.1-2)."""
    agent = own.agent()
    bounds = days()
    send(agent, 60, start=bounds[2] - 60 * MINUTE)
    put(own, {**sum_of_day(2 * HOUR, "less"), "from": now() - 4 * DAY}, sum_of_day(2 * HOUR), bounds=bounds)
    # The first day was before all records, and the third has ended just now.
    found = until(own, lambda found: len(found) == 1)
    assert (found[0]["day"], found[0]["ms"]) == (bounds[1], 60 * MINUTE)
    send(agent, 60, start=bounds[1])
    found = until(own, lambda found: len(found) == 2)
    assert (found[1]["day"], found[1]["ms"]) == (bounds[1], 2 * HOUR)


def test_silence_and_expiry(tmp_path: Path) -> None:
    """By the clock alone, once for each silence."""
    running = Running(tmp_path).start()
    try:
        account = new_account(running, "silence@example.com")
        silent, heard, never = account.agent(), account.agent(), account.agent()
        put(account, alert("silence", 12 * HOUR), alert("expiry", 30 * DAY))
        silence, expiry = json.loads(account.owner.service.request("GET", f"{account.owner.path}/alerts").body)["items"]
        send(silent, 1)
        send(heard, 1)
        judged(account)
        assert fired(account) == []
        account.owner.act("retire", now(), agents=[heard.agent.agent_id()])
        state = account.owner.device.whole().state
        running.stop()
        running.days = 1
        running.start()
        account.owner.service.origin = running.origin
        account.owner.sign_in()
        found = until(account, lambda found: len(found) == 1)
        assert (found[0]["alert"], found[0]["agent"]) == (silence["id"], silent.agent.agent_id().hex())
        assert 12 * HOUR <= found[0]["ms"] <= 2 * DAY and abs(found[0]["day"] - now()) < HOUR
        silent.service.origin = running.origin
        send(silent, 1)
        running.stop()
        running.days = 50
        running.start()
        account.owner.service.origin = running.origin
        account.owner.sign_in()
        found = until(account, lambda found: len(found) == 3)
        assert {one["alert"] for one in found[1:]} == {silence["id"], expiry["id"]}
        ends = next(one for one in found if one["alert"] == expiry["id"])
        assert (ends["agent"], ends["day"]) == (None, state.valid_until) and ends["ms"] <= 30 * DAY
        assert never.agent.agent_id().hex() not in {one["agent"] for one in found}
    finally:
        running.stop()


def test_lists_follow_each_other(own: Account) -> None:
    """H-13.1-3, H-13.1-4."""
    send(own.agent(), 10)
    first, second = sum_of_day(MINUTE), sum_of_day(2 * MINUTE)
    before = tag(own)
    put(own, first, second)
    until(own, lambda found: len(found) == 2)
    with pytest.raises(Problem, match="precondition") as caught:
        put(own, second, expected=before)
    assert (caught.value.status, caught.value.members["etag"]) == (412, tag(own))
    path = f"{own.owner.path}/alerts"
    with pytest.raises(Problem, match="condition-required"):
        own.owner.service.request("PUT", path, b"{}", JSON)
    put(own, second)
    assert [one["alert"] for one in fired(own)] == [second["id"]]
    answer = own.owner.service.request("GET", path)
    assert own.owner.service.request("GET", path, headers={"If-None-Match": answer.headers["etag"]}).status == 304
    with pytest.raises(Problem, match="malformed"):
        put(own, {**sum_of_day(1), "from": now() - 36 * DAY})
    put(own, second, bounds=[])


def test_acknowledged(own: Account) -> None:
    send(own.agent(), 10)
    put(own, sum_of_day(MINUTE), sum_of_day(2 * MINUTE))
    found = until(own, lambda found: len(found) == 2)
    path, ordinals = f"{own.owner.path}/acknowledgements", [one["ordinal"] for one in found]
    assert own.owner.service.post_json(path, {"firings": [ordinals[0], 999_999]}).json() == {"acknowledged": 1}
    assert own.owner.service.post_json(path, {"firings": ordinals}).json() == {"acknowledged": 1}
    assert all(one["acknowledged"] is not None for one in fired(own))


@pytest.mark.parametrize("change", [
    {"id": "ab"}, {"id": "AB" * 8}, {"from": -1}, {"on": "never"}, {"ms": 0}, {"is": "equal"}, {"per": "person"},
    {"more": 1}, {"tokens": ["ekt1_"]}, {"categories": ["good"]}, {"agents": ["ab"]}, {"ms": 2 ** 53},
    {"agents": ["ab" * 16] * 65}, {"on": "silence"}, {"on": "expiry"}, {"from": None},
])
def test_alerts_are_strict(own: Account, change: Members) -> None:
    with pytest.raises(Problem, match="malformed"):
        put(own, {**sum_of_day(DAY), **change})


@pytest.mark.parametrize("members", [
    {"days": [2, 1]}, {"days": [1, 1]}, {"days": list(range(802))}, {"items": {}}, {"days": None}, {"zone": "UTC"},
    {"items": [{"id": "ab" * 8, "from": 2 ** 50, "on": "silence", "ms": DAY}] * 2},
    {"items": [{"id": f"{n:016x}", "from": 2 ** 50, "on": "silence", "ms": DAY} for n in range(201)]},
])
def test_lists_are_strict(own: Account, members: Members) -> None:
    body = json.dumps({"days": [], "items": [], **members}).encode()
    with pytest.raises(Problem, match="malformed"):
        own.owner.service.request("PUT", f"{own.owner.path}/alerts", body, JSON, {"If-Match": tag(own)})
    with pytest.raises(Problem, match="too-large"):
        own.owner.service.request(
            "PUT", f"{own.owner.path}/alerts", body + b" " * (256 << 10), JSON, {"If-Match": tag(own)})
