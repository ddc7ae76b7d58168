"""Events: what is stored is told to whoever listens (spec/http.md, section 13.2)."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import Account, Running, new_account, new_keys, now
from endkey_client.enums import RecordKind, TokenField
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import Problem
from endkey_client.wire.messages import Item, Record
from test_alerts import put, sum_of_day


class Events:
    """An answer that goes on, read event by event."""

    def __init__(self, account: Account, after: object = None, credential: str | None = None):
        self.connection = http.client.HTTPConnection("127.0.0.1", account.running.port, timeout=60)
        headers = {"Authorization": f"Bearer {credential or account.owner.service.credential}"}
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        self.connection.request("GET", f"{account.owner.path}/events", headers=headers)
        self.answer = self.connection.getresponse()

    def close(self) -> None:
        self.connection.close()

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        fields: dict[str, str] = {}
        while line := self.answer.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name not in ("", ":"):
                fields[name] = value
            elif fields:
                assert fields["event"] == "changed"
                data = json.loads(fields["data"])
                yield int(fields["id"]), data["lists"], data["vault"]
                fields = {}

    def next(self) -> tuple[int, list[str], str]:
        return next(iter(self))

    def is_over(self) -> bool:
        """Whether it ends, before anything else is told."""
        return next(iter(self), None) is None


@pytest.fixture
def own(running: Running) -> Account:
    return new_account(running, f"{os.urandom(6).hex()}@example.com")


def send(agent: AgentOverHTTP) -> None:
    token = agent.token(TokenField.application_name, "Editor")
    agent.batch([Record(RecordKind.application, now() - 60_000, 30_000, [Item.of(token)])], now())
    assert agent.upload() == [201]


def test_what_is_stored_is_told(own: Account) -> None:
    """Within seconds, and to whoever comes back (H-13.2-1)."""
    agent = own.agent()
    with closing(Events(own)) as events:
        assert events.answer.getheader("Content-Type") == "text/event-stream"
        assert events.answer.getheader("Cache-Control") == "no-store"
        begin, lists, vault = events.next()
        assert lists == []
        started = time.monotonic()
        send(agent)
        ordinal, lists, same = events.next()
        assert (lists, same) == (["batches"], vault) and ordinal > begin
        assert time.monotonic() - started < 30
        AgentOverHTTP.pin(own.running.service(), own.code, new_keys()).ask()
        assert events.next()[1] == ["requests"]
        own.owner.act("rotate", now())
        assert events.next()[2] != vault
        put(own, sum_of_day(1))
        while "firings" not in (last := events.next())[1]:
            pass
    with closing(Events(own, begin)) as events:
        assert events.next() == (last[0], ["batches", "requests", "firings"], last[2])
    with closing(Events(own, last[0])) as events:
        assert events.next() == (last[0], [], last[2])
    with closing(Events(own, 2 ** 53 - 1)) as events:
        assert events.next()[1] == ["batches", "requests", "firings"]


@pytest.mark.parametrize("after", ["x", "-1", "01", "", 2 ** 53])
def test_last_event_id_is_strict(own: Account, after: object) -> None:
    with closing(Events(own, after)) as events:
        assert (events.answer.status, json.loads(events.answer.read())["type"]) == (400, "urn:endkey:http:1:malformed")


def test_events_end_with_the_session(own: Account) -> None:
    """With a logout, with time, and with the right to read; and they are no use of it (H-13.2-2)."""
    for end in ("used = 0", "expires = 0", None):
        device = OwnerOverHTTP.at(own.running.service(), own.owner.typed)
        device.sign_in()
        with closing(Events(own, credential=device.service.credential)) as events:
            events.next()
            with own.running.database() as database:
                newest = "token_hash = (SELECT token_hash FROM session ORDER BY expires DESC, rowid DESC LIMIT 1)"
                if end is not None:
                    database.execute(f"UPDATE session SET {end} WHERE {newest}")
            if end is None:
                device.service.request("DELETE", "/v1/session")
            assert events.is_over()
            with pytest.raises(Problem, match="no-credential"):
                device.service.request("GET", "/v1/session")


def test_events_are_no_use_of_a_session(own: Account) -> None:
    with own.running.database() as database:
        before = database.execute("SELECT SUM(used) FROM session").fetchone()[0]
        with closing(Events(own)) as events:
            events.next()
            time.sleep(2.5)
            assert database.execute("SELECT SUM(used) FROM session").fetchone()[0] == before


def test_the_oldest_of_a_session_gives_way(own: Account) -> None:
    """H-13.2-3."""
    listening = [Events(own) for _ in range(5)]
    try:
        for events in listening:
            events.next()
        assert listening[0].is_over()
        own.owner.act("rotate", now())
        for events in listening[1:]:
            events.next()
    finally:
        for events in listening:
            events.close()


def test_a_service_that_stops_waits_for_no_listener(tmp_path: Path) -> None:
    running = Running(tmp_path).start()
    try:
        with closing(Events(new_account(running, "stop@example.com"))) as events:
            events.next()
            started = time.monotonic()
            running.stop()
            assert time.monotonic() - started < 60
            assert events.is_over()
    finally:
        running.stop()


def test_quiet_is_heard(own: Account) -> None:
    with closing(Events(own)) as events:
        events.next()
        while events.answer.readline() != b":\n":
            pass
