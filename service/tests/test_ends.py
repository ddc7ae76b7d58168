"""Both ends at work over HTTP: the commands of `endkey`, against the program."""

import json
import random
import signal
import time
from pathlib import Path

import pytest
from command import PATIENCE, Desk, activity, milliseconds
from conftest import Running
from network import BadNetwork, Interrupted

MINUTE = 60_000
START = 1_764_000_000_000
TURNS = 8


@pytest.fixture
def desk(running: Running, tmp_path: Path) -> Desk:
    """A person with an account of their own."""
    desk = Desk(tmp_path / "desk", running.origin, f"{tmp_path.name}@example.com")
    desk.create()
    return desk


def test_whole_life_of_an_account(running: Running, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", running.origin, "Life.of@example.com")
    desk.create()
    first = desk.enrol("pc1", "--label", "room")
    (desk.folder / "shot").write_bytes(random.Random(1).randbytes(700_000))
    assert desk.record("pc1", activity(START, 40 * MINUTE), activity(
        START + 40 * MINUTE, 0, screenshot="shot")).output == "batch 1: 2 records\n"
    audit = desk.audit()
    assert (audit["counted"], audit["findings"], milliseconds(audit)) == (1, [], 40 * MINUTE)

    # Its picture comes back.
    desk.owner("batch", "fetch", "--out", "fetched")
    rows = desk.run("batch", "list", *(str(path) for path in (desk.folder / "fetched").glob("*/*.ek"))).output
    digest = next(row.split(",")[5].strip('"') for row in rows.splitlines() if "screenshot" in row)
    desk.owner("blob", "open", digest, "--named-by", first, "--out", "picture")
    assert (desk.folder / "picture").read_bytes() == (desk.folder / "shot").read_bytes()

    # Another device of the same person, and a person more, who joins, signs and is removed.
    desk.run("account", "open", "second", "--service", desk.origin, "--login", desk.login, "--newest",
             "--password-file", "password")
    desk.secret("ben.code", desk.owner("account", "code", "--role", "manager").output.strip())
    desk.secret("ben.password", "another battery")
    ben = ("--password-file", "ben.password")
    asked = desk.run("account", "person", "join", "ben", "--service", desk.origin, "--login", f"ben-{desk.login}",
                     "--code-file", "ben.code", *ben).output
    person = asked.split()[1]
    waits = desk.run("account", "open", "ben", *ben, status=1)
    assert "has not let you in yet" in waits.error
    desk.owner("account", "person", "add", "--approve", person, "--label", "Ben")
    assert f"manager {person} granted" in desk.run("account", "open", "ben", "--newest", *ben).output
    assert desk.run("account", "rotate", "ben", *ben).output.startswith("epoch 2,")
    desk.run("agent", "accept", "pc1")
    assert desk.record("pc1", activity(START + 90 * MINUTE, MINUTE)).output == "batch 2: 1 record\n"
    desk.owner("account", "person", "remove", "--person", person, "--keep-others")
    refused = desk.run("account", "rotate", "ben", *ben, status=1)
    # The service knows the login no more, and answers as for any that nobody has.
    assert "pin_mismatch" in refused.error

    # New keys, another password, and the account begun anew.
    desk.run("agent", "accept", "pc1")
    desk.secret("new", "staple battery horse")
    desk.owner("account", "password", "--new-password-file", "new")
    (desk.folder / "password").rename(desk.folder / "old")
    (desk.folder / "new").rename(desk.folder / "password")
    desk.owner("account", "rotate")
    wrong = desk.run("account", "rotate", "second", "--password-file", "old", status=1)
    assert "head_changed" in wrong.error
    desk.run("account", "rotate", "second", "--password-changed", *("--password-file", "password"))
    desk.owner("account", "repair", "--keep-others")
    desk.run("agent", "accept", "pc1")
    assert desk.record("pc1", activity(START + 95 * MINUTE, MINUTE)).output == "batch 3: 1 record\n"
    audit = desk.audit()
    assert (audit["counted"], audit["findings"], milliseconds(audit)) == (3, [], 42 * MINUTE)

    # All that is left is the recovery text: it gives back name and computers.
    desk.secret("after", "after the loss")
    again = ("account", "recover", "found", "--service", desk.origin, "--login", desk.login,
             "--recovery-file", "recovery.txt", "--password-file", "after")
    shown = desk.run(*again, status=1)
    assert f"agent {first}" in shown.output
    digits = shown.output.split("state ")[1].split("(")[1].split(")")[0]
    desk.run(*again, "--state", digits, "--keep", first)
    desk.run("agent", "accept", "pc1")
    assert desk.record("pc1", activity(START + 100 * MINUTE, MINUTE)).output == "batch 4: 1 record\n"
    assert "head_changed" in desk.owner("account", "rotate", status=1).error


def test_server_hears_of_retention_and_of_locks(desk: Desk, running: Running) -> None:
    """H-10-7 and H-10-8."""
    account = bytes.fromhex(json.loads(desk.owner("account", "open", "--json").output)["account"])

    def stored(columns: str, table: str) -> list[tuple[object, ...]]:
        with running.database() as database:
            return database.execute(f"SELECT {columns} FROM {table} WHERE account = ?", (account,)).fetchall()

    assert stored("retention_days, blob_days", "account") == [(365, 365)]
    desk.owner("account", "retention", "--days", "100", "--blob-days", "30")
    assert stored("retention_days, blob_days", "account") == [(100, 30)]
    assert len(stored("person", "session")) == 1
    for _ in range(2):
        desk.run("account", "lock", "owner")
        assert stored("person", "session") == []
    assert not (desk.folder / "owner/session").exists()
    # What holds the password, and what holds the session, are two files.
    desk.owner("account", "unlock")
    for _ in range(2):
        desk.run("account", "open", "owner")
    assert desk.run("account", "lock", "owner").output == "owner: locked\n"
    assert stored("person", "session") == []


def test_nothing_captured_is_lost_or_doubled(tmp_path: Path) -> None:
    """By a network that cuts, halves, delays and repeats, and by kills of the service and of the agent (H-10-2)."""
    running = Running(tmp_path / "service").start()
    network = BadNetwork(running.port)
    agent = None
    try:
        desk = Desk(tmp_path / "desk", running.origin)
        desk.create()
        desk.enrol("pc1")
        config = desk.folder / "pc1/config.json"
        config.write_text(config.read_text(encoding="utf-8").replace(running.origin, network.origin), encoding="utf-8")
        chance = random.Random(2)
        (desk.folder / "shot").write_bytes(chance.randbytes(600_000))
        turns = 0
        # As long as it takes on a slow computer.
        while turns < TURNS or not all(network.counts.values()) and turns < 10 * TURNS:
            turn, turns = turns, turns + 1
            lines = [activity(START + (turn * 10 + n) * MINUTE, MINUTE, f"{n}") for n in range(10)]
            if turn % 3 == 0:
                lines[0]["screenshot"] = "shot"
            desk.run("agent", "capture", "pc1", given="".join(json.dumps(one) + "\n" for one in lines))
            agent = desk.start("agent", "run", "pc1", "--every", "0", "--socket", "socket")
            time.sleep(chance.uniform(0.5, 2.5))
            if turn % 2:
                running.stop(signal.SIGKILL)
            agent.kill()
            agent.communicate(timeout=60)
            if turn % 2:
                running.start()
        network.is_bad = False
        desk.run("agent", "send", "pc1")
        assert all(network.counts.values()), network.counts
        audit = desk.audit()
        assert (audit["findings"], milliseconds(audit)) == ([], turns * 10 * MINUTE)
    finally:
        if agent is not None:
            agent.kill()
            agent.communicate(timeout=60)
        network.close()
        running.stop()


@pytest.mark.parametrize("rotates", [True, False])
def test_server_that_was_restored_is_given_what_it_lost(tmp_path: Path, rotates: bool) -> None:
    """What was confirmed in the last days is sent again when the server says that its data are others (H-10-1), and the
    account is put back (H-10-9)."""
    running = Running(tmp_path / "service").start()
    try:
        desk = Desk(tmp_path / "desk", running.origin)
        desk.create()
        desk.enrol("pc1")
        (desk.folder / "shot").write_bytes(random.Random(3).randbytes(300_000))
        desk.record("pc1", activity(START, MINUTE))
        running.back_up()
        desk.record("pc1", activity(START + MINUTE, MINUTE, screenshot="shot"))
        if rotates:
            desk.owner("account", "rotate")
        desk.secret("pc2.code", desk.owner("account", "code").output.strip())
        desk.run("agent", "accept", "pc1")
        running.restore()
        lost = "2 changes" if rotates else "1 change"
        opened = desk.owner("account", "open")
        assert f"lacked {lost} of the account: this device has put them back" in opened.error
        assert f"epoch   {1 + rotates}" in opened.output
        assert desk.owner("account", "open").error == ""
        desk.run("agent", "request", "pc2", "--service", desk.origin, "--code-file", "pc2.code")
        desk.owner("grant")
        desk.run("agent", "accept", "pc2")
        assert desk.audit()["counted"] == 1
        assert desk.record("pc1", activity(START + 2 * MINUTE, MINUTE)).output == "batch 3: 1 record\n"
        audit = desk.audit()
        assert (audit["counted"], audit["findings"], milliseconds(audit)) == (3, [], 3 * MINUTE)
    finally:
        running.stop()


def test_an_audit_asks_for_pictures_and_fetches_none(running: Running, desk: Desk) -> None:
    agent = desk.enrol("pc1")
    (desk.folder / "shot").write_bytes(random.Random(4).randbytes(300_000))
    desk.record("pc1", activity(int(time.time() * 1000), MINUTE, screenshot="shot"))
    assert (desk.audit()["findings"], desk.audit()["missingBlobs"]) == ([], [])
    with running.database() as data:
        data.execute("DELETE FROM blob WHERE agent = ?", [bytes.fromhex(agent)])
    missing = desk.audit(status=1)["missingBlobs"]
    assert isinstance(missing, list)
    assert [(one["agent"], one["batch"]) for one in missing] == [(agent, 1)]
    assert "blob_missing" in desk.owner("batch", "audit", "--acknowledge").error
    assert desk.audit()["findings"] == []


def test_every_other_command_of_the_account(desk: Desk) -> None:
    """What the life above leaves out."""
    first, second = desk.enrol("pc1", "--label", "room", "--uses", "2"), desk.enrol("pc2", "--label", "hall")
    desk.owner("account", "label", "--agent", second, "kitchen")
    desk.owner("account", "rules", "--set", "-", given='{"field":"application_name","value":"Ledger",'
               '"category":"productive"}\n')
    assert "Ledger" in desk.owner("account", "rules").output
    desk.owner("account", "retention", "--days", "30")
    desk.owner("account", "renew")
    (desk.folder / "recovery.txt").rename(desk.folder / "paper")
    desk.owner("account", "recovery", "--recovery-file", "recovery.txt")
    assert (desk.folder / "recovery.txt").read_bytes() == (desk.folder / "paper").read_bytes()

    # A code that a person has to let in by hand, and one that waits and comes by another code.
    desk.ask("pc3", "--approval", "manual")
    assert "approval_required" in desk.owner("grant", status=1).error
    desk.secret("again.code", desk.owner("account", "code").output.strip())
    desk.run("agent", "request", "pc3", "--code-file", "again.code")
    desk.owner("grant")
    desk.run("agent", "accept", "pc3")

    # Erased batches are noted, and are gone.
    for turn in range(2):
        desk.record("pc1", activity(START + turn * MINUTE, MINUTE))
    assert desk.owner("batch", "erase", "--agent", first, "--last", "1").output == "1 batch erased\n"
    audit = desk.audit()
    assert (audit["counted"], audit["findings"], milliseconds(audit)) == (1, [], MINUTE)

    # Who leaves in good order, and who is removed.
    desk.owner("account", "retire", "--agent", second, "--audit")
    desk.owner("account", "remove", "--agent", first, "--audit", "--keep-others")
    for name in ("pc1", "pc2"):
        assert "revoked" in desk.run("agent", "accept", name, status=1).error
        assert "revoked" in desk.record(name, activity(START, MINUTE), status=1).error
    desk.run("agent", "accept", "pc3")


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("has_session", [False, True])
def test_password_change_without_an_answer(desk: Desk, arrives: bool, has_session: bool) -> None:
    """It is on the disk, and is sent with the next command: whichever password the server has by then is asked for."""
    path = Interrupted(int(desk.origin.rsplit(":", 1)[1]), "/publications", arrives)
    config = desk.folder / "owner/config.json"
    honest = config.read_text(encoding="utf-8")
    desk.owner("account", "open")
    config.write_text(honest.replace(desk.origin, path.origin), encoding="utf-8")
    desk.secret("new", "staple battery horse")
    try:
        lost = desk.owner("account", "password", "--new-password-file", "new", status=2)
    finally:
        config.write_text(honest, encoding="utf-8")
        path.close()
    assert "kept on this device" in lost.error
    if not has_session:
        (desk.folder / "owner/session").unlink()
    if not (arrives or has_session):
        # The old password sends the new one.
        assert "head_changed" in desk.owner("account", "open", status=1).error
    (desk.folder / "new").rename(desk.folder / "password")
    desk.owner("account", "open")
    desk.owner("account", "rotate")


def test_two_devices_at_once(desk: Desk) -> None:
    """Of acts that start from one vault, one is stored, and the other is made again on top of it."""
    desk.run("account", "open", "second", "--service", desk.origin, "--login", desk.login, "--newest",
             "--password-file", "password")
    both = [desk.start("account", "code", folder, "--label", folder, "--password-file", "password")
            for folder in ("owner", "second")]
    codes = []
    for process in both:
        output, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, error
        codes.append(output.strip())
    assert len(set(codes)) == 2
    for number, code in enumerate(codes):
        desk.secret(f"{number}.code", code)
        desk.run("agent", "request", f"pc{number}", "--service", desk.origin, "--code-file", f"{number}.code")
    desk.owner("grant")
    for number in range(2):
        desk.run("agent", "accept", f"pc{number}")
