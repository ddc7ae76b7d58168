"""What ends do with a peer that is no service, or one that lies (H-3-1, H-4.1-4, H-4.3-3, H-10-2,
H-10-4, H-10-5, H-10-6)."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import http.client
import http.server
import json
import os
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command import PASSWORD, Desk, activity, milliseconds
from conftest import Account, Running, new_account, now
from endkey_client import passwords
from endkey_client.enums import MessageType
from endkey_client.errors import Refused
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import MESSAGE, Service, Unsettled
from endkey_client.wire.header import Header

START = 1_764_000_000_000
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Liar:
    """Answers every request in one way, at a port of its own."""

    def __init__(self) -> None:
        self.answer: Answer = lambda handler: None
        self.paths: list[str] = []
        self.body = b""
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def respond(self) -> None:
                liar.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                liar.paths.append(self.path)
                liar.answer(self)
                self.close_connection = True

            do_GET = do_PUT = do_POST = do_HEAD = do_PATCH = do_DELETE = respond

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def liar() -> Iterator[Liar]:
    liar = Liar()
    yield liar
    liar.server.shutdown()
    liar.server.server_close()


@pytest.fixture(scope="module")
def desk(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("lies") / "desk", running.origin, "lies@example.com")
    desk.create()
    desk.enrol("pc1")
    return desk


def says(status: int, body: bytes = b"", type: str = "application/json", **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)
    return answer


def discovery(api: str) -> bytes:
    return json.dumps({"api": api, "protocol": [1], "store": "0" * 32, "signup": "open", "limits": {},
                       "features": []}).encode()


def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 65_536)
    except OSError:
        pass


def endless_header(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.flush_headers()
    try:
        for number in range(1_000_000):
            handler.wfile.write(f"X-{number}: {'y' * 1000}\r\n".encode())
    except OSError:
        pass


def problem(name: str, status: int, **headers: str) -> Answer:
    body = json.dumps({"type": f"urn:endkey:http:1:{name}", "title": "", "status": status}).encode()
    return says(status, body, "application/problem+json", **headers)


@contextlib.contextmanager
def facing(desk: Desk, folder: str, liar: Liar) -> Iterator[None]:
    """The end in a folder asks the liar for a while."""
    config = desk.folder / folder / "config.json"
    honest = config.read_text(encoding="utf-8")
    config.write_text(honest.replace(desk.origin, liar.origin), encoding="utf-8")
    try:
        yield
    finally:
        config.write_text(honest, encoding="utf-8")


def between(running: Running, liar: Liar, lies: dict[tuple[str, str], Answer], is_stored: bool = False) -> Answer:
    """Hands on to a service, but for what it answers itself, by method and a part of the path: instead of the service,
    or after it (`is_stored`)."""
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        lie = next((lie for (method, part), lie in lies.items()
                    if handler.command == method and part in handler.path), None)
        if lie is not None and not is_stored:
            return lie(handler)
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        headers = {**dict(handler.headers), "Host": f"127.0.0.1:{running.port}"}
        connection.request(handler.command, handler.path, liar.body or None, headers)
        given = connection.getresponse()
        body = given.read()
        connection.close()
        if lie is not None:
            return lie(handler)
        if "well-known" in handler.path:
            body = discovery(f"{liar.origin}/v1")
        handler.send_response_only(given.status)
        for name, value in given.getheaders():
            if name.lower() not in ("content-length", "connection"):
                handler.send_header(name, value)
        if given.status not in (204, 304):
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)
    return answer


LIES: dict[str, tuple[Answer, str]] = {
    "html": (says(200, b"<html>Welcome", "text/html"), "a service of Endkey"),
    "redirect": (says(302, Location="https://elsewhere.example/"), "not followed"),
    "redirect to here": (says(307, Location="/.well-known/endkey2"), "not followed"),
    "nothing": (lambda handler: None, "broke off"),
    "endless": (endless, "longer than it may be"),
    "endless header": (endless_header, "longer than it may be"),
    "fault": (says(500), "status 500"),
    "missing": (says(404, b"not here", "text/plain"), "is the address right?"),
    "too many": (problem("slow-down", 429, Retry_After="999999999"), "too many requests"),
    "not JSON": (says(200, b"{"), "no service of Endkey"),
    "a member twice": (says(200, b'{"api": "http://127.0.0.1/v1", "api": "x", "protocol": [1]}'), "no service of"),
    "another version": (says(200, discovery("http://127.0.0.1/v1").replace(b"[1]", b"[2]")), "no version of Endkey"),
    "another host": (says(200, discovery("https://elsewhere.example/v1")), "another place"),
    "a host that ends like this one": (says(200, discovery("http://x127.0.0.1/v1")), "another place"),
    "a user before the host": (says(200, discovery("http://127.0.0.1@elsewhere.example/v1")), "another place"),
    "a file": (says(200, discovery("file:///etc/passwd")), "another place"),
}


@pytest.mark.parametrize("name", LIES)
def test_what_is_captured_stays_with_whoever_answers(desk: Desk, liar: Liar, name: str) -> None:
    liar.answer, said = LIES[name]
    with facing(desk, "pc1", liar):
        done = desk.record("pc1", activity(START, 1_000), status=4)
    assert said in done.error
    assert set(liar.paths) == {"/.well-known/endkey"}
    # The service is honest again.
    assert desk.run("agent", "send", "pc1").output.endswith(": 1 record\n")


def test_what_was_kept_has_arrived_once(desk: Desk) -> None:
    audit = desk.audit()
    assert audit["findings"] == []
    assert milliseconds(audit) == 1_000 * len(LIES)


OTHER = json.dumps({"ordinal": 1, "hash": "0" * 64, "id": "0" * 32, "vault": "0" * 64, "state": "0" * 64}).encode()


def names(status: int, type: str) -> Answer:
    """Names what was sent, but not as this protocol does."""
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        name = handler.path.rsplit("/", 1)[-1]
        says(status, json.dumps({"ordinal": 1, "hash": name, "id": name}).encode(), type)(handler)
    return answer


# What has a status that is no refusal, and is no yes (H-10-5).
NO_YES: dict[str, Answer] = {
    "an empty object": says(200, b"{}"),
    "another thing": says(201, OTHER),
    "half an object": says(201, b'{"ordinal": 1, "hash'),
    "a list": says(201, b"[]"),
    "a page": says(200, b"<p>Welcome", "text/html"),
    "nothing": says(204),
    "unchanged": says(304),
    "elsewhere": says(307, Location="https://elsewhere.example/"),
    "its name as text": names(201, "text/plain"),
    "its name as accepted": names(202, "application/json"),
}


@pytest.mark.parametrize("name", NO_YES)
def test_batch_is_delivered_when_the_answer_names_it(desk: Desk, running: Running, liar: Liar, name: str) -> None:
    liar.answer = between(running, liar, {("PUT", "/batches/"): NO_YES[name]})
    before = kept(desk, "delivered")
    with facing(desk, "pc1", liar):
        done = desk.record("pc1", activity(START, 1_000), status=4)
    assert "not delivered yet" in done.output
    assert kept(desk, "delivered") == before
    assert any("/batches/" in path for path in liar.paths)
    desk.run("agent", "send", "pc1")
    assert len(kept(desk, "delivered")) == len(before) + 1


def kept(desk: Desk, folder: str) -> set[str]:
    return {path.name for path in (desk.folder / "pc1" / folder).glob("*.ek")}


def test_blob_is_delivered_when_the_answer_names_it(desk: Desk, running: Running, liar: Liar) -> None:
    """Also one that is sent in parts, and whatever `HEAD` says of it."""
    complete = says(204, Upload_Offset="5", Upload_Complete="?1")
    gone = says(410)
    for size, head, lie in (
            (1_000, complete, "a page"), (300_000, complete, "nothing"), (300_000, complete, "another thing"),
            (300_000, gone, "an empty object")):
        (desk.folder / "shot").write_bytes(os.urandom(size))
        (desk.folder / "shot").chmod(0o600)
        liar.answer = between(running, liar, {
            ("PUT", "/blobs/"): NO_YES[lie], ("PATCH", "/blobs/"): NO_YES[lie], ("HEAD", "/blobs/"): head})
        before = kept(desk, "delivered")
        with facing(desk, "pc1", liar):
            desk.record("pc1", {**activity(START, 1_000), "kind": "screenshot", "screenshot": "shot"}, status=4)
        assert kept(desk, "delivered") == before
        desk.run("agent", "send", "pc1")
        assert len(kept(desk, "delivered")) == len(before) + 1


@pytest.mark.parametrize("name", ["an empty object", "another thing", "a page", "unchanged"])
def test_publication_is_settled_when_the_answer_names_it(
        desk: Desk, running: Running, liar: Liar, name: str) -> None:
    liar.answer = between(running, liar, {("POST", "/publications"): NO_YES[name]})
    with facing(desk, "owner", liar):
        done = desk.owner("account", "rotate", status=2)
    assert "kept on this device" in done.error
    assert "has reached the service now" in desk.owner("account", "open").error


@pytest.mark.parametrize("name", ["an empty object", "a page"])
def test_request_waits_when_the_answer_names_it(desk: Desk, running: Running, liar: Liar, name: str) -> None:
    liar.answer = between(running, liar, {("PUT", "/requests/"): NO_YES[name]})
    folder = f"asks {name}"
    desk.secret("asks.code", desk.owner("account", "code").output.strip())
    done = desk.run("agent", "request", folder, "--service", liar.origin, "--code-file", "asks.code", status=2)
    assert "kept on this device" in done.error
    liar.answer = between(running, liar, {})
    assert desk.id(folder) in desk.run("agent", "request", folder).output


@pytest.mark.parametrize("is_stored", [True, False])
def test_what_makes_keys_is_kept_before_it_is_sent(
        desk: Desk, running: Running, liar: Liar, tmp_path: Path, is_stored: bool) -> None:
    """H-10-6: the answer was lost, whether or not the service has stored what was sent. It is sent again."""
    def lost(*parts: tuple[str, str]) -> None:
        liar.answer = between(running, liar, dict.fromkeys(parts, lambda handler: None), is_stored)

    def honest() -> None:
        liar.answer = between(running, liar, {})

    name = f"lost-{is_stored}"
    desk.secret("join.code", desk.owner("account", "code", "--role", "manager").output.strip())
    join = ("account", "person", "join", name, "--service", liar.origin, "--login", f"{name}@join", *PASSWORD)
    lost(("PUT", "/requests/"))
    assert "kept on this device" in desk.run(*join, "--code-file", "join.code", status=2).error
    honest()
    asked = desk.run(*join).output
    assert desk.run(*join).output == asked
    person = asked.split()[1]
    assert person in desk.owner("account", "person", "list").output
    desk.owner("account", "person", "add", "--approve", person)
    assert person in desk.owner("account", "open", folder=name).output

    other = Desk(tmp_path / "desk", liar.origin, f"{name}@example.com")
    lost(("POST", "/accounts"))
    make = ("account", "create", "owner", "--service", liar.origin, "--login", other.login, "--recovery-file", "paper",
            *PASSWORD)
    assert "sends it again" in other.run(*make, status=2).error
    honest()
    assert "account" in other.owner("account", "open").output
    other.owner("account", "recovery", "--recovery-file", "paper")


def page(**members: object) -> Answer:
    return says(200, json.dumps({"items": [], "next": 0, "end": True, **members}).encode())


def onward(type: str) -> Answer:
    """Empty pages without end."""
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        after = int(handler.path.split("after=")[1].split("&")[0])
        if type == "application/json":
            page(end=False, next=after + 1)(handler)
        else:
            says(200, b"", type, Link=f'<?after={after + 1}>; rel="next"')(handler)
    return answer


AGENT = {"ordinal": 1, "id": "0" * 32, "status": "granted", "last_seen": None, "last_sequence": None,
         "granted_epoch": None, "batches": 0, "bytes": 0, "skew_ms": None}
# Listings that this protocol does not have (H-4.3-3).
NO_LISTING: dict[str, Answer] = {
    "a page": says(200, b"<p>Welcome", "text/html"),
    "no members": says(200, b"{}"),
    "a list": says(200, b"[]"),
    "deep": says(200, b"[" * 200_000),
    "no items": page(items=None),
    "an item that is null": page(items=[None]),
    "an item without members": page(items=[{}]),
    "an id that is none": page(items=[{**AGENT, "id": "zz"}]),
    "an id with capitals": page(items=[{**AGENT, "id": "A" * 32}]),
    "an ordinal that is none": page(items=[{**AGENT, "ordinal": -1}]),
    "an item twice": page(items=[AGENT, AGENT]),
    "empty pages": onward("application/json"),
    "one page again": page(items=[AGENT], next=0, end=False),
    "NaN": says(200, b'{"items": [], "end": false, "next": NaN}'),
    "a fraction": page(items=[AGENT], next=1.5, end=False),
    "beyond integers": page(items=[AGENT], next=1 << 60, end=False),
    "digits without end": says(200, b'{"items": [], "end": false, "next": ' + b"9" * 5_000 + b"}"),
}
REQUESTS, BATCHES = "application/vnd.endkey.requests", "application/vnd.endkey.batches"
NO_STREAM: dict[str, Answer] = {
    "JSON": page(),
    "empty pages": onward(REQUESTS),
    "a message that ends early": says(200, b"\0\0\xff\xffEK", REQUESTS),
    "a message that is none": says(200, b"\0\0\0\5hello", REQUESTS),
    "no messages": says(200, b"\0\0\0\0", REQUESTS),
    "nowhere": says(200, b"", REQUESTS, Link="elsewhere"),
}


@pytest.mark.parametrize("name", NO_LISTING)
def test_listing_that_is_none_is_a_fault_of_the_service(
        desk: Desk, running: Running, liar: Liar, name: str) -> None:
    liar.answer = between(running, liar, {("GET", "/agents?"): NO_LISTING[name]})
    with facing(desk, "owner", liar):
        done = desk.owner("batch", "audit", status=2)
    assert "fault" in done.error or "as a service of Endkey" in done.error
    assert len(liar.paths) < 20


@pytest.mark.parametrize("name", NO_STREAM)
def test_requests_that_are_none_are_refused_by_every_command(
        desk: Desk, running: Running, liar: Liar, name: str) -> None:
    liar.answer = between(running, liar, {("GET", "/requests?"): NO_STREAM[name]})
    with facing(desk, "owner", liar):
        for command in (("grant",), ("account", "agents"), ("account", "person", "list")):
            done = desk.owner(*command, status=2)
            assert "fault" in done.error or "as a service of Endkey" in done.error


# The other client of this repository, with an account of its own.


@pytest.fixture(scope="module")
def python(running: Running) -> Account:
    return new_account(running, "lied-to@example.com")


def lied_to(python: Account, liar: Liar, lies: dict[tuple[str, str], Answer]) -> OwnerOverHTTP:
    liar.answer = between(python.running, liar, lies)
    return dataclasses.replace(python.owner, service=Service(liar.origin, python.owner.service.credential))


@pytest.mark.parametrize("name", NO_LISTING)
def test_python_says_of_every_listing_that_is_none_the_same(python: Account, liar: Liar, name: str) -> None:
    with pytest.raises(Unsettled):
        lied_to(python, liar, {("GET", "/agents?"): NO_LISTING[name]}).grant_missing()
    assert len(liar.paths) < 20


@pytest.mark.parametrize("name", ["JSON", "empty pages", "a message that ends early", "nowhere"])
def test_python_says_of_every_stream_that_is_none_the_same(python: Account, liar: Liar, name: str) -> None:
    with pytest.raises(Unsettled):
        lied_to(python, liar, {("GET", "/requests?"): NO_STREAM[name]}).requests()


@pytest.mark.parametrize("name", NO_YES)
def test_python_takes_nothing_else_for_stored(python: Account, liar: Liar, name: str) -> None:
    agent = python.agent()
    agent.service = Service(liar.origin, agent.service.credential)
    owner = lied_to(python, liar, {("PUT", ""): NO_YES[name], ("POST", "/publications"): NO_YES[name]})
    batch = agent.batch([], now())
    for send in (agent.upload, lambda: agent.upload_blob(b"blob"), agent.ask):
        with pytest.raises(Unsettled):
            send()
    assert agent.outbox == [batch]
    device = copy.deepcopy(python.owner.device)
    owner.device = device
    with pytest.raises(Unsettled):
        owner.act("rotate", now())
    assert device.memory.pending is not None


@pytest.mark.parametrize("name", ["[]", "{}", '{"type": 5}', "{", "[" * 200_000])
def test_python_reads_no_problem_that_is_none(python: Account, liar: Liar, name: str) -> None:
    answer = says(400, name.encode(), "application/problem+json")
    with pytest.raises(Unsettled):
        lied_to(python, liar, {("GET", "/whole"): answer}).open()


@pytest.mark.parametrize("change", [
    {"salt": bytes(32)}, {"iterations": 600_001}, {"header": Header(MessageType.person_keys, bytes(16), 0)}])
def test_python_holds_a_head_against_its_pins_before_it_stretches(
        python: Account, liar: Liar, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]) -> None:
    """R-12.7-2"""
    assert python.owner.head is not None
    head = dataclasses.replace(python.owner.head, **change)
    owner = lied_to(python, liar, {("POST", "/heads"): says(200, head.write(), MESSAGE)})
    monkeypatch.setattr(passwords, "stretch", lambda *_: pytest.fail("stretched under another head"))
    with pytest.raises(Refused, match="pin_mismatch"):
        owner.sign_in()
    assert liar.paths == ["/v1/heads"]


# After which answer an agent asks again when, in seconds: at most after an hour, whatever it is told.
PAUSES: dict[str, tuple[Answer, int]] = {
    "not-granted": (problem("not-granted", 403), 600),
    "no-credential": (problem("no-credential", 401), 3_600),
    "slow-down": (problem("slow-down", 429, Retry_After="999999999"), 3_600),
    "store-unavailable": (problem("store-unavailable", 503, Retry_After="120"), 120),
}


@pytest.mark.parametrize("name", PAUSES)
def test_agent_asks_seldom_while_it_is_refused(desk: Desk, liar: Liar, name: str) -> None:
    """H-10-3: it waits as it is told, and captures meanwhile."""
    answer, seconds = PAUSES[name]
    found = says(200, discovery(f"{liar.origin}/v1"))
    liar.answer = lambda handler: (found if "well-known" in handler.path else answer)(handler)
    shutil.copytree(desk.folder / "pc1", desk.folder / name)
    config = desk.folder / name / "config.json"
    config.write_text(config.read_text(encoding="utf-8").replace(desk.origin, liar.origin), encoding="utf-8")
    (desk.folder / name / "health").unlink(missing_ok=True)
    agent = desk.start("agent", "run", name, "--every", "0")
    try:
        assert agent.stdin is not None
        agent.stdin.write(json.dumps(activity(START, 1_000)) + "\n")
        agent.stdin.flush()
        health = wait_for(desk.folder / name / "health", lambda health: health["failures"] > 0)
        assert health["failures"] == 1
        assert seconds - 30 < health["next_attempt_s"] <= seconds
        assert len(liar.paths) == 2
    finally:
        agent.kill()
        agent.communicate(timeout=60)


def wait_for(path: Path, holds: Callable[[dict[str, int]], bool]) -> dict[str, int]:
    """What stands in a file of JSON, once it is so."""
    for _ in range(1_200):
        if path.exists() and holds(found := json.loads(path.read_text(encoding="utf-8"))):
            return dict(found)
        time.sleep(0.1)
    raise AssertionError(f"{path} is never so")


ORIGINS = {
    "http://track.example": "use https://", "https://": "an origin", "https://track.example/v1": "an origin",
    "https://me@track.example": "an origin", "ftp://track.example": "no address", "https://track.example:99999": "port",
    "http://127.0.0.1.example": "use https://", "https://track.example?x": "an origin",
}


@pytest.mark.parametrize("origin", ORIGINS)
def test_only_an_origin_is_taken(desk: Desk, origin: str) -> None:
    done = desk.run("account", "create", "new", "--service", origin, "--login", "l", "--password-file", "password",
                    status=1)
    assert ORIGINS[origin] in done.error
    assert not (desk.folder / "new").exists()


def test_certificates_are_checked(running: Running, tmp_path: Path) -> None:
    """A service behind TLS is asked if its certificate is good for the host, and trusted."""
    def made(name: str, host: str) -> Path:
        file = tmp_path / f"{name}.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
             file.with_suffix(".key"), "-out", file, "-days", "1000", "-subj", f"/CN={host}", "-addext",
             f"subjectAltName={host}"], check=True, capture_output=True, timeout=60)
        return file

    good, other = made("good", "IP:127.0.0.1"), made("other", "DNS:elsewhere.example")
    for served, trusted, said in ((good, None, "certificate"), (other, other, "certificate"), (good, good, "")):
        with Front(running, served) as origin:
            desk = Desk(tmp_path / f"{served.stem}-{trusted is not None}", origin, f"tls-{served.stem}@example.com")
            desk.trusted = trusted
            status = 0 if not said else 2
            done = desk.run("account", "create", "owner", "--service", origin, "--login", desk.login,
                            "--recovery-file", "paper", "--password-file", "password", status=status)
            assert said in done.error
            if not said:
                assert desk.enrol("pc1")


class Front:
    """TLS before a service."""

    def __init__(self, running: Running, certificate: Path):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))

        class Handler(http.server.BaseHTTPRequestHandler):
            def hand_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
                connection.request(self.command, self.path, body, dict(self.headers))
                answer = connection.getresponse()
                read = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("date", "server"):
                        self.send_header(name, value)
                self.end_headers()
                # The service says http:// of itself, which only a plain origin allows.
                self.wfile.write(read.replace(b'"http://', b'"https://') if "well-known" in self.path else read)
                connection.close()

            do_GET = do_PUT = do_POST = do_HEAD = do_PATCH = hand_on

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"https://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
