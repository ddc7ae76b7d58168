"""Peers that rest, that are many, and that send much at once cost others nothing (section 4.4)."""

import os
import socket
import time
from pathlib import Path

import pytest
from conftest import Account, Running, new_account, now
from endkey_client.enums import BlobField, RecordKind, TokenField
from endkey_client.over_http.service import BATCHES, Service
from endkey_client.wire.messages import Item, Record

MIB = 1 << 20
# Seconds that nothing here takes, on however slow a computer.
LONG = 60


def connected(running: Running, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", running.port), timeout=LONG, source_address=(source, 0))


def is_closed(connection: socket.socket) -> bool:
    """Whether the service closes the connection, whatever it says before."""
    try:
        while connection.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def head(service: Service, method: str, path: str, type: str, length: int) -> bytes:
    return (f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.credential}\r\n"
            f"Content-Type: {type}\r\nContent-Length: {length}\r\n\r\n").encode()


def resident(running: Running) -> int:
    """Bytes of memory that the program has."""
    assert running.process is not None
    lines = Path(f"/proc/{running.process.pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) << 10


def test_peers_that_rest_are_cut_off(tmp_path: Path) -> None:
    """H-4.4-1: before a request, within its head, within its body, after its answer, and with an answer untaken."""
    running = Running(tmp_path, ["--signup", "open", "--patience", "2"]).start()
    try:
        account = new_account(running, "rests@example.com")
        owner, agent = account.owner, account.agent()
        field = [Item.of(agent.token(TokenField.url, "x" * 1_000))]
        for _ in range(2):
            agent.batch([Record(RecordKind.application, now(), 1, field)] * 10_000, now())
        agent.upload()
        path = f"{owner.path}/publications"
        begun = [
            b"", b"GET /v1/sess", b"GET /.well-known/endkey HTTP/1.1\r\nHost: localhost\r\n\r\n",
            head(owner.service, "POST", path, "application/vnd.endkey.publication", 1_000_000) + bytes(1_000),
            head(owner.service, "POST", path, "text/plain", 1_000_000) + bytes(1_000),
        ]
        resting = [connected(running) for _ in begun]
        for connection, sent in zip(resting, begun, strict=True):
            connection.sendall(sent)
        for connection, sent in zip(resting, begun, strict=True):
            assert is_closed(connection), sent[:40]
            connection.close()
        with connected(running) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            connection.sendall((f"GET {owner.path}/batches HTTP/1.1\r\nHost: x\r\nAccept: {BATCHES}\r\n"
                                f"Authorization: Bearer {owner.service.credential}\r\n\r\n").encode())
            time.sleep(6)
            with pytest.raises(ConnectionError):
                for _ in range(100):
                    connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
                    time.sleep(0.1)
        # Whoever moves is not late: a body of six seconds.
        with connected(running) as connection:
            connection.sendall(head(owner.service, "POST", f"{owner.path}/reports", "application/json", 24_000))
            for _ in range(24):
                time.sleep(0.25)
                connection.sendall(b" " * 1_000)
            assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")
    finally:
        running.stop()


def test_connections_of_one_address_are_limited(tmp_path: Path) -> None:
    """H-4.4-2: others find room."""
    running = Running(tmp_path, ["--connections", "40"]).start()
    try:
        held = [connected(running, "127.0.0.2") for _ in range(30)]
        for connection in held[10:]:
            assert is_closed(connection)
        for _ in range(5):
            assert running.service().request("GET", "/.well-known/endkey").status == 200
        for connection in held:
            connection.close()
        deadline = time.monotonic() + LONG
        while True:
            with connected(running, "127.0.0.2") as connection:
                connection.sendall(b"GET /.well-known/endkey HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                try:
                    if connection.recv(65536).startswith(b"HTTP/1.1 200 "):
                        break
                except ConnectionError:
                    pass
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        running.stop()


def test_bodies_have_a_bounded_memory_together(running: Running, account: Account, other_account: Account) -> None:
    """H-4.4-3: of those who hold most the greatest gives way; what is small comes in."""
    before = resident(running)
    agent = other_account.agent()
    held = []
    try:
        for _ in range(8):
            connection = connected(running)
            held.append(connection)
            service = account.owner.service
            connection.sendall(head(service, "POST", f"{account.owner.path}/publications",
                                    "application/vnd.endkey.publication", 34 * MIB))
            try:
                connection.sendall(bytes(30 * MIB))
            except ConnectionError:
                pass
        assert resident(running) - before < 220 * MIB
        agent.batch([Record(RecordKind.application, now(), 1, [Item.of(agent.token(TokenField.url, "x"))])], now())
        assert agent.upload() == [201]
        blob, _ = agent.blob(BlobField.screenshot, os.urandom(2 * MIB))
        assert agent.upload_blob(blob) == 201
    finally:
        for connection in held:
            connection.close()
