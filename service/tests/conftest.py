"""A service of the tests' own, accounts at it, and people and computers who use them."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "clients/python"))

from Crypto.PublicKey import RSA  # noqa: E402
from endkey_client.over_http.agent import AgentOverHTTP  # noqa: E402
from endkey_client.over_http.owner import OwnerOverHTTP  # noqa: E402
from endkey_client.over_http.service import Service  # noqa: E402
from endkey_client.passwords import Typed  # noqa: E402
from endkey_client.wire.contents import AccountKeys  # noqa: E402
from interface import CheckedService  # noqa: E402

PROGRAM = Path(os.environ.get("ENDKEY_SERVICE", ROOT / "service/.build/debug/endkey-service"))


# Seconds for which a session is fresh: spec/http.md, section 5.
FRESH = 600


def now() -> int:
    return time.time_ns() // 1_000_000


def new_keys() -> AccountKeys:
    """RSA and Ed25519 keys of a person or an agent."""
    while True:
        made = RSA.generate(2048)
        p, q = sorted((made.p, made.q), reverse=True)
        if p.bit_length() == q.bit_length() == 1024:
            return AccountKeys(p.to_bytes(128, "big"), q.to_bytes(128, "big"), os.urandom(32))


# libfaketime sets variables where it is loaded first, and Swift finds no arguments behind those: `env` has them set.
AHEAD = ["env"]


def ahead(days: int) -> dict[str, str]:
    """The environment of a program whose clock is some days ahead, as libfaketime makes it."""
    if not days:
        return dict(os.environ)
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return {**os.environ, "LD_PRELOAD": str(library), "FAKETIME": f"+{days}d", "DONT_FAKE_MONOTONIC": "1"}


@dataclass
class Running:
    """The program, on a port of its own, with a folder of its own."""

    folder: Path
    options: list[str] = field(default_factory=lambda: ["--signup", "open"])
    process: subprocess.Popen[str] | None = None
    origin: str = ""
    port: int = 0
    days: int = 0  # How far its clock is ahead.

    def start(self) -> Running:
        self.process = subprocess.Popen(
            [*(AHEAD if self.days else []), PROGRAM, "--data", self.folder / "data", "--port", str(self.port),
             *self.options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", env=ahead(self.days))
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("endkey-service: at "):
                self.origin = line.split()[-1]
                self.port = int(self.origin.rsplit(":", 1)[1])
                # A pipe that nobody reads stops who writes to it.
                threading.Thread(target=said.extend, args=(self.process.stdout,), daemon=True).start()
                return self
        raise AssertionError("the service did not start:\n" + "".join(said))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=60)
        self.process = None

    def back_up(self) -> None:
        """Keeps a copy of what is stored."""
        self.stop()
        shutil.copytree(self.folder / "data", self.folder / "backup")
        self.start()

    def restore(self) -> None:
        """Goes on from the copy, and says that its data are others."""
        self.stop()
        shutil.rmtree(self.folder / "data")
        (self.folder / "backup").rename(self.folder / "data")
        with self.database() as database:
            database.execute("UPDATE meta SET store = randomblob(16)")
        self.start()

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """What the service has stored, whether it runs or not. Changes are kept when the body ends."""
        with closing(sqlite3.connect(self.folder / "data/service.sqlite", timeout=60)) as database, database:
            yield database

    def forget_attempts(self) -> None:
        """All of one address counts together, and the tests have no other."""
        with self.database() as database:
            database.execute("DELETE FROM attempt")

    def service(self, credential: str | None = None) -> Service:
        return CheckedService(self.origin, credential)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    service = Running(tmp_path_factory.mktemp("service")).start()
    yield service
    service.stop()


@dataclass
class Account:
    running: Running
    owner: OwnerOverHTTP
    own: AccountKeys
    code: bytes
    signed_in: float = field(default_factory=time.monotonic)

    def stay_fresh(self) -> None:
        """Signs in again before the session is no longer fresh."""
        if time.monotonic() > self.signed_in + FRESH / 2:
            self.owner.sign_in()
            self.signed_in = time.monotonic()

    def agent(self) -> AgentOverHTTP:
        """A computer that has keys."""
        agent = AgentOverHTTP.pin(self.running.service(), self.code, new_keys())
        agent.ask()
        self.owner.admit(agent.agent.request.write(), now())
        agent.refresh(now())
        assert agent.agent.phase == "active"
        return agent


def new_account(running: Running, name: str) -> Account:
    own = new_keys()
    typed = Typed(name.encode(), b"correct horse battery", None)
    owner = OwnerOverHTTP.create(running.service(), typed, own, 365, now())
    return Account(running, owner, own, owner.make_code(now(), uses=100))


def pytest_runtest_call(item: pytest.Item) -> None:
    """A test's services have counted no attempt, and its accounts have fresh sessions, whatever ran before it."""
    assert isinstance(item, pytest.Function)
    for value in item.funcargs.values():
        if isinstance(value, Running):
            value.forget_attempts()
    for value in item.funcargs.values():
        if isinstance(value, Account):
            value.stay_fresh()


@pytest.fixture(scope="session")
def account(running: Running) -> Account:
    return new_account(running, "ada@example.com")


@pytest.fixture(scope="session")
def other_account(running: Running) -> Account:
    return new_account(running, "grace@example.com")
