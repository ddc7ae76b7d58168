"""What a person sends and gets no answer to is done once, whatever is done again (H-10-6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from command import PASSWORD, PATIENCE, Desk, activity
from conftest import Running, new_account, new_keys, now
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import Service, Unsettled
from endkey_client.passwords import Typed
from network import Interrupted

MINUTE = 60_000
START = 1_764_000_000_000


@pytest.fixture(scope="module")
def desk(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An account that is unlocked, so that no command stretches the password."""
    desk = Desk(tmp_path_factory.mktemp("lost") / "desk", running.origin, "lost@example.com")
    desk.create()
    desk.owner("account", "unlock", "--for", "2h")
    desk.secret("pcs.code", desk.run("account", "code", "owner", "--uses", "20", "--label", "room").output.strip())
    for name in ("pc", "pc-True", "pc-False"):
        ask(desk, name)
        desk.run("grant", "owner")
        desk.run("agent", "accept", name)
    for turn in range(4):
        desk.record("pc", activity(START + turn * MINUTE, MINUTE))
    yield desk
    desk.run("account", "lock", "owner")


def ask(desk: Desk, name: str) -> None:
    desk.run("agent", "request", name, "--service", desk.origin, "--code-file", "pcs.code")


def interrupted(desk: Desk, resource: str, arrives: bool, *words: str, given: str = "") -> None:
    """Kills an owner's command in the moment when its request for a resource has arrived at the service, or nowhere."""
    path = Interrupted(int(desk.origin.rsplit(":", 1)[1]), resource, arrives)
    config = desk.folder / "owner/config.json"
    honest = config.read_text(encoding="utf-8")
    config.write_text(honest.replace(desk.origin, path.origin), encoding="utf-8")
    process = desk.start(*words)
    try:
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
        process.stdin = None
        while not path.seen.wait(0.2):
            assert process.poll() is None, process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)
        config.write_text(honest, encoding="utf-8")
        path.close()


def said(desk: Desk, *words: str) -> dict[str, Any]:
    return dict(json.loads(desk.run(*words[:2], "owner", *words[2:], "--json").output))


def granted(desk: Desk) -> int:
    return sum(one["status"] == "granted" for one in said(desk, "account", "open")["members"])


@dataclass
class Act:
    """A command, and by how much it changes what is measured, once."""

    words: Callable[[Desk, bool], tuple[str, ...]]
    measure: Callable[[Desk], int]
    change: int = 1
    resource: str = "/publications"
    given: str = ""
    # What comes next where the same command would be another act.
    then: tuple[str, ...] | None = None


OPEN = ("account", "open", "owner")


def always(*words: str) -> Callable[[Desk, bool], tuple[str, ...]]:
    return lambda desk, arrives: (words[0], "owner") if len(words) == 1 else (*words[:2], "owner", *words[2:])


def of_agent(*words: str) -> Callable[[Desk, bool], tuple[str, ...]]:
    return lambda desk, arrives: (*words[:2], "owner", "--agent", desk.id(f"pc-{arrives}"), *words[2:])


def asking(desk: Desk, name: str) -> str:
    """A computer that asks to be let in; its id."""
    ask(desk, name)
    return desk.id(name)


def grant(name: str) -> Callable[[Desk, bool], tuple[str, ...]]:
    return lambda desk, arrives: ("grant", "owner", "--agent", asking(desk, f"{name}-{arrives}"))


def of_member(kind: str) -> Callable[[Desk], int]:
    return lambda desk: int(said(desk, "account", "open")[kind])


ACTS: dict[str, Act] = {
    "rotate": Act(always("account", "rotate"), of_member("epoch"), then=OPEN),
    "code": Act(always("account", "code"), lambda desk: len(said(desk, "account", "codes")["codes"]), then=OPEN),
    "label": Act(of_agent("account", "label", "desk"),
                 lambda desk: sum(one["label"] == "desk" for one in said(desk, "account", "open")["members"])),
    "rules": Act(always("account", "rules", "--set", "-"),
                 lambda desk: desk.run("account", "rules", "owner").output.count("Ledger"),
                 given='{"field":"application_name","value":"Ledger","category":"productive"}\n'),
    "retention": Act(always("account", "retention", "--days", "99"),
                     lambda desk: int(said(desk, "account", "open")["retentionDays"] == 99)),
    "grant": Act(grant("one"), granted, then=("grant", "owner")),
    "keys of a grant": Act(grant("two"), granted, resource="/grants", then=("grant", "owner")),
    "refuse": Act(lambda desk, arrives: ("account", "refuse", "owner", "--id", asking(desk, f"three-{arrives}")),
                  lambda desk: len(said(desk, "account", "agents")["waiting"]), -1, "/requests/"),
    "remove": Act(of_agent("account", "remove", "--keep-others"), of_member("epoch"), then=OPEN),
    "audit": Act(always("batch", "audit"),
                 lambda desk: max(one["auditedSequence"] for one in said(desk, "account", "open")["members"]), 4),
    "erase": Act(lambda desk, arrives: ("batch", "erase", "owner", "--agent", desk.id("pc"), "--last",
                                        "1" if arrives else "2"),
                 lambda desk: int(said(desk, "batch", "audit")["counted"]), -1, "/erasures"),
    "renew": Act(always("account", "renew"), of_member("stateCounter"), then=OPEN),
    "repair": Act(always("account", "repair", "--keep-others"), of_member("stateCounter"), then=OPEN),
}
# What is there once cannot come a second time.
NEVER_AGAIN = ("rules", "retention", "audit")


@pytest.mark.parametrize(("name", "arrives"), [
    (name, arrives) for name in ACTS for arrives in (True, False) if not (arrives and name in NEVER_AGAIN)])
def test_act_is_done_once(desk: Desk, name: str, arrives: bool) -> None:
    act = ACTS[name]
    words = act.words(desk, arrives)
    before = act.measure(desk)
    interrupted(desk, act.resource, arrives, *words, given=act.given)
    # Who refuses a request that went is told that nobody asks.
    desk.run(*(act.then or words), given="" if act.then else act.given, status=int(name == "refuse" and arrives))
    assert act.measure(desk) == before + act.change


def test_code_whose_making_nobody_answered_is_told(desk: Desk) -> None:
    """Nobody could tell its text later."""
    path = Interrupted(int(desk.origin.rsplit(":", 1)[1]), "/publications", False)
    config = desk.folder / "owner/config.json"
    honest = config.read_text(encoding="utf-8")
    config.write_text(honest.replace(desk.origin, path.origin), encoding="utf-8")
    try:
        done = desk.run("account", "code", "owner", status=2)
    finally:
        config.write_text(honest, encoding="utf-8")
        path.close()
    assert "`endkey account open` sends it again" in done.error
    desk.secret("late.code", done.output.strip())
    request = ("agent", "request", "late", "--service", desk.origin, "--code-file", "late.code")
    assert "no code lets this in" in desk.run(*request, status=1).error
    desk.run("account", "open", "owner")
    desk.run("agent", "request", "late")
    assert desk.run("grant", "owner").output == f"granted to agent {desk.id('late')}\n"


@pytest.mark.parametrize("arrives", [True, False])
def test_recovery_goes_on(running: Running, tmp_path: Path, arrives: bool) -> None:
    """From the folder of the run before, whose keys no other run has."""
    path = Interrupted(running.port, "/publications", arrives)
    path.is_bad = False
    try:
        desk = Desk(tmp_path / "desk", path.origin, f"recovers-{arrives}@example.com")
        desk.create()
        computer = desk.enrol("pc")
        desk.secret("password", "after the loss")
        words = ("account", "recover", "found", "--service", desk.origin, "--login", desk.login, "--recovery-file",
                 "recovery.txt", "--keep", computer, *PASSWORD)
        digits = desk.run(*words, status=1).output.split("state ")[1].split("(")[1].split(")")[0]
        path.is_bad = True
        lost = desk.run(*words, "--state", digits, status=2)
        assert "the same command again sends it again" in lost.error
        path.is_bad = False
        assert desk.run(*words, "--state", digits).output.startswith("epoch 2,")
        desk.run("agent", "accept", "pc")
        assert desk.owner("account", "open", folder="found").output.count("granted") == 2
        assert "exists already" in desk.run(*words, "--state", digits, status=2).error
    finally:
        path.close()


@pytest.mark.parametrize("arrives", [True, False])
def test_python_begins_once(running: Running, arrives: bool) -> None:
    """What was made is the caller's before it is sent."""
    path = Interrupted(running.port, "/accounts", arrives)
    try:
        typed = Typed(f"python-{arrives}@example.com".encode(), b"correct horse battery", None)
        owner = OwnerOverHTTP.prepare(Service(path.origin), typed, new_keys(), 365, now())
        with pytest.raises(Unsettled):
            owner.begin()
        path.is_bad = False
        owner.begin()
        owner.make_code(now())
    finally:
        path.close()


def test_python_puts_back_what_a_restored_service_lost(tmp_path: Path) -> None:
    """H-10-9."""
    running = Running(tmp_path / "service").start()
    try:
        account = new_account(running, "restored@example.com")
        owner = account.owner
        running.back_up()
        owner.act("rotate", now())
        code = owner.make_code(now())
        running.restore()
        owner.device.restart()
        owner.sign_in()
        owner.open()
        assert owner.device.findings == [] and owner.device.whole().state.header.epoch == 2
        AgentOverHTTP.pin(running.service(), code, new_keys()).ask()
        owner.make_code(now())
    finally:
        running.stop()


def test_fewer_days_are_told_by_a_person_alone(desk: Desk, running: Running) -> None:
    """Of what an end settles by itself, it tells the service no fewer days than it has (H-10-8)."""
    account = bytes.fromhex(said(desk, "account", "open")["account"])

    def kept() -> tuple[int, int]:
        with running.database() as database:
            found = database.execute("SELECT retention_days, blob_days FROM account WHERE account = ?", (account,))
            days, blob_days = found.fetchone()
        return int(days), int(blob_days)

    desk.run("account", "retention", "owner", "--days", "200", "--blob-days", "20")
    days = ("account", "retention", "owner", "--days", "50", "--blob-days", "30")
    interrupted(desk, "/publications", True, *days)
    assert "the service keeps them for 200 and 30" in desk.run("account", "open", "owner").error
    assert kept() == (200, 30)
    desk.run(*days)
    assert kept() == (50, 30)
