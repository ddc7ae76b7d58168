"""What ends do with a peer that is no service, or one that lies (H-3-1, H-4.1-4, H-10-2, H-10-4)."""

from __future__ import annotations

import http.client
import http.server
import json
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import Desk, activity, milliseconds
from conftest import Running

START = 1_764_000_000_000
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Liar:
    """Answers every request in one way, at a port of its own."""

    def __init__(self) -> None:
        self.answer: Answer = lambda handler: None
        self.paths: list[str] = []
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def respond(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                liar.paths.append(self.path)
                liar.answer(self)
                self.close_connection = True

            do_GET = do_PUT = do_POST = do_HEAD = do_PATCH = respond

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


LIES: dict[str, tuple[Answer, str]] = {
    "html": (says(200, b"<html>Welcome", "text/html"), "no service of Endkey"),
    "redirect": (says(302, Location="https://elsewhere.example/"), "not followed"),
    "redirect to here": (says(307, Location="/.well-known/endkey2"), "not followed"),
    "nothing": (lambda handler: None, "cannot be reached"),
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
    config = desk.folder / "pc1/config.json"
    honest = config.read_text(encoding="utf-8")
    config.write_text(honest.replace(desk.origin, liar.origin), encoding="utf-8")
    try:
        done = desk.record("pc1", activity(START, 1_000), status=4)
    finally:
        config.write_text(honest, encoding="utf-8")
    assert said in done.error
    assert set(liar.paths) == {"/.well-known/endkey"}
    # The service is honest again.
    assert desk.run("agent", "send", "pc1").output.endswith(": 1 record\n")


def test_what_was_kept_has_arrived_once(desk: Desk) -> None:
    audit = desk.audit()
    assert audit["findings"] == []
    assert milliseconds(audit) == 1_000 * len(LIES)


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
