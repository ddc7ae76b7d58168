"""Webhooks: that something fired is told, to nobody whom a service had better not call (spec/http.md, section 13.3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Account, Running, new_account
from endkey_client.over_http.service import JSON, Problem
from test_alerts import put, send, sum_of_day, until

SECRET = bytes(range(32))


class Receiver:
    """Takes calls, and answers with the statuses given, the last of them again and again."""

    def __init__(self) -> None:
        self.statuses = [204]
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))
                statuses = receiver.statuses
                self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def until(self, count: int) -> None:
        deadline = time.monotonic() + 120
        while len(self.heard) < count:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture(scope="module")
def calling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    service = Running(tmp_path_factory.mktemp("calling"), ["--signup", "open", "--webhooks", "local"]).start()
    yield service
    service.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


def set_webhook(account: Account, url: str) -> None:
    body = json.dumps({"url": url, "secret": SECRET.hex()}).encode()
    account.owner.service.request("PUT", f"{account.owner.path}/webhook", body, JSON)


def tries(account: Account) -> int:
    return int(account.owner.service.request("GET", f"{account.owner.path}/webhook").json()["tries"])


def in_a_while(account: Account, count: int) -> None:
    """Waits until so many calls were in vain, and makes it time for the next."""
    deadline = time.monotonic() + 120
    while tries(account) != count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with account.running.database() as database:
        database.execute("UPDATE webhook SET next_at = 0")


def test_what_fires_is_told_signed_and_without_content(calling: Running, receiver: Receiver) -> None:
    """Once; and nobody hears the secret (H-13.3-3)."""
    account = new_account(calling, "told@example.com")
    set_webhook(account, receiver.url)
    agent = account.agent()
    put(account, sum_of_day(60_000))
    send(agent, 1)
    firing, = until(account, lambda found: len(found) == 1)
    receiver.until(1)
    path, headers, body = receiver.heard[0]
    assert path == "/hook"
    assert json.loads(body) == {"account": account.owner.account_id.hex(), "firing": firing["ordinal"]}
    assert headers["webhook-id"] == f"{account.owner.account_id.hex()}-{firing['ordinal']}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 600
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(SECRET, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
    answer = account.owner.service.request("GET", f"{account.owner.path}/webhook")
    assert answer.json() == {"url": receiver.url, "tries": 0}
    # Nothing is told twice, and nothing after it was dropped.
    account.owner.service.request("DELETE", f"{account.owner.path}/webhook")
    send(account.agent(), 1)
    until(account, lambda found: len(found) == 2)
    time.sleep(2.5)
    assert len(receiver.heard) == 1
    assert account.owner.service.request("GET", f"{account.owner.path}/webhook").json() == {"url": None, "tries": 0}


def test_what_is_not_taken_is_told_again(calling: Running, receiver: Receiver) -> None:
    """By redirects nobody is led elsewhere; with 8 calls it is given up (H-13.3-2), until something else fires."""
    account = new_account(calling, "again@example.com")
    receiver.statuses = [302, 500, 404, 302]
    set_webhook(account, receiver.url)
    put(account, sum_of_day(60_000))
    send(account.agent(), 1)
    for count in range(1, 8):
        in_a_while(account, count)
    receiver.until(8)
    deadline = time.monotonic() + 120
    while tries(account) != 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert {path for path, _, _ in receiver.heard} == {"/hook"}
    assert len({headers["webhook-id"] for _, headers, _ in receiver.heard}) == 1
    receiver.statuses = [204]
    send(account.agent(), 1)
    receiver.until(9)
    assert json.loads(receiver.heard[8][2])["firing"] > json.loads(receiver.heard[0][2])["firing"]


ADDRESSES = [
    "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]",
    "[fd00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:db8::1]",
]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    service = Running(tmp_path_factory.mktemp("public"), ["--signup", "open", "--webhooks", "public"]).start()
    yield new_account(service, "public@example.com")
    service.stop()


@pytest.mark.parametrize("url", [
    *(f"https://{address}/" for address in ADDRESSES), "http://93.184.216.34/", "ftp://example.com/", "//example.com/",
    "example.com", "file:///etc/passwd", "https://", "https://user@example.com/", "https://user:word@example.com/",
    "https://example.com/#part", "https://exa mple.com/", "https://example.com/\n", "https://ex\u00e4mple.com/", "",
    "https://example.com/" + "x" * 2_000,
])
def test_a_service_calls_public_addresses_alone(public: Account, url: str) -> None:
    """H-13.3-1."""
    with pytest.raises(Problem, match="webhook-refused"):
        set_webhook(public, url)


@pytest.mark.parametrize(
    "url", ["https://example.com/hook?x=1", "https://93.184.216.34:8443/", "https://[2606:4700::1]/"])
def test_public_addresses_may_be_called(public: Account, url: str) -> None:
    set_webhook(public, url)


def test_a_name_of_a_private_address_is_not_called(tmp_path: Path, receiver: Receiver) -> None:
    """What counts is the address that is connected to (H-13.3-1)."""
    running = Running(tmp_path, ["--signup", "open", "--webhooks", "public"]).start()
    try:
        account = new_account(running, "rebound@example.com")
        set_webhook(account, receiver.url.replace("http://127.0.0.1", "https://localhost"))
        put(account, sum_of_day(60_000))
        heard: list[object] = []
        receiver.server.get_request, get = lambda: heard.append(1) or get(), receiver.server.get_request  # type: ignore
        send(account.agent(), 1)
        in_a_while(account, 1)
        in_a_while(account, 2)
        assert heard == []
    finally:
        running.stop()


def test_webhooks_are_off_unless_allowed(running: Running) -> None:
    account = new_account(running, f"{os.urandom(6).hex()}@example.com")
    assert running.service().request("GET", "/.well-known/endkey").json()["features"] == []
    with pytest.raises(Problem, match="webhook-refused"):
        set_webhook(account, "https://example.com/")


def test_webhooks_are_a_feature_where_they_are_allowed(calling: Running) -> None:
    assert calling.service().request("GET", "/.well-known/endkey").json()["features"] == ["webhooks"]
