"""What goes wrong between an end and its service: each end says what, keeps what it has, and goes on (section 10)."""

from __future__ import annotations

import contextlib
import http.server
import json
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import PASSWORD, PATIENCE, PROGRAM, Desk, Done, activity, milliseconds
from conftest import Running, ahead
from endkey_client.over_http.decoding import integer
from endkey_client.over_http.service import Service, Unsettled
from network import whole_message
from test_lies import Answer, Liar, between, facing, liar, problem, says, wait_for

__all__ = ["liar"]
MINUTE = 60_000
START = 1_764_000_000_000
Talk = Callable[[socket.socket], None]


@pytest.fixture(scope="module")
def desk(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("faults") / "desk", running.origin, "faults@example.com")
    desk.create()
    desk.enrol("pc1")
    return desk


class Peer:
    """Takes connections at a port of its own, keeps what is asked, and says what it likes."""

    def __init__(self, talk: Talk):
        self.talk = talk
        self.heard: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client: socket.socket) -> None:
        client.settimeout(60)
        with contextlib.suppress(OSError), client:
            self.heard.append(client.recv(1 << 16, socket.MSG_PEEK))
            self.talk(client)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@contextlib.contextmanager
def peer(talk: Talk) -> Iterator[Peer]:
    made = Peer(talk)
    try:
        yield made
    finally:
        made.close()


def answering(*pieces: bytes) -> Talk:
    def talk(client: socket.socket) -> None:
        whole_message(client)
        for piece in pieces:
            client.sendall(piece)
    return talk


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# What comes to an end that asks, and what it says of it.
ANSWERS: dict[str, tuple[Talk, str]] = {
    "closed": (lambda client: None, "broke off"),
    "nothing": (answering(), "broke off"),
    "half a head": (answering(HEAD), "no service"),
    "half a body": (answering(HEAD + b"Content-Length: 100\r\n\r\n{"), "broke off"),
    "half a chunk": (answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\n{"), "broke off"),
    "a chunk of no size": (answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"), ""),
    "another protocol": (answering(b"220 mail.example ESMTP\r\n"), "no server of HTTP"),
    "another version": (answering(b"HTTP/9.9 200 OK\r\n\r\n"), "no server of HTTP"),
    "two lengths": (answering(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "), ""),
    "a length below zero": (answering(HEAD + b"Content-Length: -1\r\n\r\n{}"), ""),
    "compressed": (
        answering(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00"), "no service"),
    "a line without end": (answering(HEAD + b"X: " + b"y" * 200_000), "longer than it may be"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_broken_answers(desk: Desk, name: str) -> None:
    talk, said = ANSWERS[name]
    with peer(talk) as server:
        origin = f"http://127.0.0.1:{server.port}"
        config = desk.folder / "pc1/config.json"
        honest = config.read_text(encoding="utf-8")
        config.write_text(honest.replace(desk.origin, origin), encoding="utf-8")
        try:
            done = desk.record("pc1", activity(START, 1_000), status=4)
        finally:
            config.write_text(honest, encoding="utf-8")
        assert said in done.error
        with pytest.raises(Unsettled):
            Service(origin).post_json("/v1/heads", {}).members({"member": integer})
    assert desk.run("agent", "send", "pc1").output.endswith(": 1 record\n")


def test_what_is_answered_by_garbage_is_kept(running: Running, liar: Liar, tmp_path: Path) -> None:
    """It may have arrived: its keys are on the disk, and it is sent again (H-10-6)."""
    desk = Desk(tmp_path / "desk", liar.origin, "garbage@example.com")

    def garbage(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"220 mail.example ESMTP\r\n")

    liar.answer = between(running, liar, {("POST", "/accounts"): garbage}, is_stored=True)
    make = ("account", "create", "owner", "--service", liar.origin, "--login", desk.login, "--recovery-file", "paper",
            *PASSWORD)
    assert "sends it again" in desk.run(*make, status=2).error
    liar.answer = between(running, liar, {})
    assert "account" in desk.owner("account", "open").output


def certificate(folder: Path, name: str, host: str, **environment: str) -> Path:
    """A file with a key and a certificate for a host, which nobody but itself has signed."""
    file = folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
         file.with_suffix(".key"), "-out", file, "-days", "1000", "-subj", f"/CN={host}", "-addext",
         f"subjectAltName={host}"], check=True, capture_output=True, timeout=60, env={**ahead(0), **environment})
    return file


def in_tls(file: Path) -> Talk:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, file.with_suffix(".key"))

    def talk(client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as secure:
            whole_message(secure)
            secure.sendall(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
    return talk


def test_certificates_that_are_refused(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent to who has none that is good; what is wrong with it is said, and what to look at."""
    past = {**ahead(2), "FAKETIME": "-2000d"}
    wrong = certificate(tmp_path, "other", "DNS:elsewhere.example")
    late = certificate(tmp_path, "late", "IP:127.0.0.1", **past)
    good = certificate(tmp_path, "good", "IP:127.0.0.1")
    cases: list[tuple[Talk, Path | None, str]] = [
        (in_tls(wrong), wrong, "certificate cannot be trusted"), (in_tls(late), late, "expired"),
        (in_tls(good), None, "certificate cannot be trusted"),
        (in_tls(good), desk.folder / "none", "SSL_CERT_FILE names"),
        (lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), None, "does not speak TLS"),
        (in_tls(good), good, "status 500")]
    for talk, trusted, said in cases:
        with peer(talk) as server:
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
            desk.trusted = trusted
            origin = f"https://127.0.0.1:{server.port}"
            done = desk.run("account", "open", "new", "--service", origin, "--login", "l", *PASSWORD, status=2)
            assert said in done.error
            assert not (desk.folder / "new").exists()
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted or tmp_path / "none"))
            with pytest.raises(Unsettled, match=None if said == "status 500" else "(?i)certificate|ssl"):
                Service(origin).post_json("/v1/heads", {})
    desk.trusted = None


def test_proxies(desk: Desk, tmp_path: Path) -> None:
    """A proxy hears of the host alone, and of nothing on this computer; who names it is told."""
    refusing = answering(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    with peer(refusing) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        environment = {"https_proxy": address, "http_proxy": address, "all_proxy": address}
        ask = ("account", "open", "new", "--service", "https://service.invalid", "--login", "l", *PASSWORD)
        done = run_with(desk, environment, *ask)
        assert "407" in done.error and "https_proxy" in done.error
        assert proxy.heard and all(
            heard.startswith(b"CONNECT service.invalid:443 ") and b"Authorization" not in heard
            for heard in proxy.heard)
        proxy.heard.clear()
        assert "no such host" in run_with(desk, {**environment, "NO_PROXY": "service.invalid"}, *ask).error
        assert run_with(desk, environment, "account", "open", "owner", *PASSWORD).status == 0
        assert proxy.heard == []


def run_with(desk: Desk, environment: dict[str, str], *words: str) -> Done:
    process = subprocess.run(
        [PROGRAM, *words], cwd=desk.folder, env={**desk.environment(), **environment}, capture_output=True, text=True,
        encoding="utf-8", timeout=PATIENCE)
    return Done(process.returncode, process.stdout, process.stderr)


def cut(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 20")


TROUBLES: dict[str, Answer] = {
    "cut": cut, "fault": says(500), "busy": problem("slow-down", 429, Retry_After="1"),
    "full": problem("store-unavailable", 503, Retry_After="1"), "elsewhere": says(302, Location="https://x.example/"),
    "page": says(200, b"<p>Welcome", "text/html"),
}


def test_agent_that_runs_goes_on_after_every_trouble(tmp_path: Path, liar: Liar) -> None:
    """One program: nothing is lost or doubled while its service fails, is killed, and comes back."""
    running = Running(tmp_path / "service").start()
    agent = None
    try:
        desk = Desk(tmp_path / "desk", running.origin, "resumes@example.com")
        desk.create()
        desk.enrol("pc1")
        with facing(desk, "pc1", liar):
            liar.answer = between(running, liar, {})
            agent = desk.start("agent", "run", "pc1", "--every", "0")
            assert agent.stdin is not None
            health = desk.folder / "pc1/health"
            delivered: list[str] = []
            for name in (*TROUBLES, "killed"):
                if name == "killed":
                    running.stop(signal.SIGKILL)
                    liar.answer = says(502)
                else:
                    liar.answer = between(running, liar, {("PUT", "/batches/"): TROUBLES[name]})
                agent.stdin.write(json.dumps(activity(START + len(delivered) * MINUTE, MINUTE)) + "\n")
                agent.stdin.flush()
                wait_for(health, lambda health: health["failures"] > 0)
                if name == "killed":
                    running.start()
                liar.answer = between(running, liar, {})
                wait_for(health, lambda health: health["delivered"] > len(delivered))
                delivered.append(name)
            agent.stdin.close()
            agent.stdin = None
            assert agent.wait(PATIENCE) == 0
        audit = desk.audit()
        assert (audit["findings"], milliseconds(audit)) == ([], (len(TROUBLES) + 1) * MINUTE)
    finally:
        if agent is not None:
            agent.kill()
            agent.communicate(timeout=PATIENCE)
        running.stop()
