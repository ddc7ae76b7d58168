"""What strangers, agents and persons of bad intent send costs others neither memory nor logins nor secrets."""

import hashlib
import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
from conftest import PROGRAM, Account, Running, new_account, new_keys, now
from endkey_client.enums import BlobField, RecordKind, Role, TokenField
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.envelopes import Publication, read_whole
from endkey_client.over_http.service import JSON, MESSAGE, PUBLICATION, Answer, Problem, Unsettled
from endkey_client.wire.messages import Item, Record
from test_rights import join

PART = "application/partial-upload"


def heard(service, *request, **options) -> str | int:
    """The type of a problem, or the status of any other answer."""
    try:
        return service.request(*request, **options).status
    except Problem as problem:
        return problem.type


def raw(running: Running, request: bytes) -> bytes:
    """The first bytes of the answer to these."""
    host, port = running.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(request)
        return connection.recv(65536)


def test_bodies_that_would_be_refused_are_not_read(tmp_path: Path) -> None:
    """A closed sign-up, no credential and a length above the limit are known before (H-4.1-5)."""
    running = Running(tmp_path, []).start()
    try:
        head = b" HTTP/1.1\r\nHost: x\r\nContent-Type: " + PUBLICATION.encode() + b"\r\nContent-Length: "
        closed = raw(running, b"POST /v1/accounts" + head + b"1000\r\n\r\n")
        assert closed.startswith(b"HTTP/1.1 403 ") and b"signup-refused" in closed
        nobody = raw(running, b"POST /v1/a/" + b"0" * 32 + b"/publications" + head + b"1000\r\n\r\n")
        assert nobody.startswith(b"HTTP/1.1 401 ")
        running.stop()
        running.options = ["--signup", "open"]
        running.start()
        assert raw(running, b"POST /v1/accounts" + head + b"2000000\r\n\r\n").startswith(b"HTTP/1.1 413 ")
    finally:
        running.stop()


def test_nobody_is_told_hashes_of_an_account(account: Account) -> None:
    """H-5.2-1."""
    owner = account.owner
    assert owner.head is not None
    whole = read_whole(owner.head.write(), owner.service.request("GET", f"{owner.path}/whole").body)
    assert whole is not None
    vault = whole.owner_vault[:-1] + bytes([whole.owner_vault[-1] ^ 1])
    publication = Publication(bytes(32), vault, None, None, None, None, [], [])
    with pytest.raises(Problem) as caught:
        account.running.service().request("POST", "/v1/accounts", publication.write(), PUBLICATION)
    assert set(caught.value.members) == {"type", "title", "status"}


def test_requests_that_waited_too_long_are_made_anew(running: Running) -> None:
    """H-5.3-5: an agent's and a person's, whether or not they were swept."""
    account = new_account(running, "expired@example.com")
    agent = AgentOverHTTP.pin(running.service(), account.code, new_keys())
    agent.ask()
    person = join(running, account.owner.make_code(now(), Role.manager), b"expires@example.com")
    person.sign_in()
    with running.database() as database:
        database.execute("UPDATE request SET received = 0 WHERE account = ?", (account.owner.account_id,))
    agent.ask()
    assert [one["status"] for one in account.owner.service.items(f"{account.owner.path}/agents")] == ["pending"]
    with pytest.raises(Problem, match="no-credential"):
        person.service.request("GET", "/v1/session")
    join(running, account.owner.make_code(now(), Role.manager), b"expires@example.com").sign_in()


def test_logins_of_those_who_wait_stay_theirs(running: Running) -> None:
    """H-5.3-6."""
    account = new_account(running, "waiting@example.com")
    first = join(running, account.owner.make_code(now(), Role.manager), b"wanted@example.com")
    with pytest.raises(Problem, match="login-taken"):
        join(running, account.owner.make_code(now(), Role.manager), b"wanted@example.com")
    first.sign_in()


def test_recoveries_are_limited_by_address(tmp_path: Path) -> None:
    """H-5.1-3: beyond the limit nothing is kept of what a stranger names."""
    running = Running(tmp_path).start()
    try:
        said = []
        for _ in range(64):
            body = json.dumps({"account": os.urandom(16).hex(), "recovery": "00" * 32}).encode()
            said.append(heard(running.service(), "POST", "/v1/sessions", body, JSON))
        # A slot of time may end meanwhile.
        assert said.count("login-failed") >= 60 and set(said) <= {"login-failed", "slow-down"}
        with running.database() as database:
            kept = database.execute("SELECT COUNT(*) FROM attempt").fetchone()[0]
        assert kept <= 2 * said.count("login-failed") + 2
    finally:
        running.stop()


def test_what_is_erased_leaves_no_tokens_and_does_not_come(running: Running) -> None:
    """H-12-2: tokens that others use stay. H-12-3: a blob that has not come yet."""
    account = new_account(running, "tokens@example.com")
    agent, owner = account.agent(), account.owner
    secret, shared = agent.token(TokenField.window_title, "secret"), agent.token(TokenField.url, "shared")
    records = [Record(RecordKind.application, now(), 1, [Item.of(secret), Item.of(shared)])]
    digest = hashlib.sha256(agent.batch(records, now())).hexdigest()
    agent.batch([Record(RecordKind.application, now(), 1, [Item.of(shared)])], now())
    agent.upload()
    blob, _ = agent.blob(BlobField.screenshot, os.urandom(1_000))
    coming = hashlib.sha256(blob).hexdigest()
    erasure = {"agent": agent.agent.agent_id().hex(), "batches": [digest], "blobs": [coming]}
    assert owner.service.post_json(f"{owner.path}/erasures", erasure).json() == {"erased": 1}
    with running.database() as database:
        rows = database.execute("SELECT token FROM token WHERE account = ?", (owner.account_id,)).fetchall()
    assert rows == [(shared.write(),)]
    path = f"{agent.path}/blobs/{coming}"
    assert heard(agent.service, "PUT", path, blob, MESSAGE) == "erased"
    assert heard(agent.service, "PATCH", path, blob, PART, {"Upload-Offset": "0"}) == "erased"
    assert heard(owner.service, "GET", path) == "erased"


def test_parts_are_held_against_what_is_there(account: Account) -> None:
    """H-9-2."""
    agent = account.agent()
    blob, _ = agent.blob(BlobField.screenshot, os.urandom(1_000))
    path = f"{agent.path}/blobs/{hashlib.sha256(blob).hexdigest()}"

    def part(body: bytes, offset: int, complete: str = "?0") -> str | int:
        headers = {"Upload-Offset": str(offset), "Upload-Complete": complete}
        return heard(agent.service, "PATCH", path, body, PART, headers)

    assert part(b"", 777) == "mismatching-upload-offset"
    with pytest.raises(Unsettled):  # 404 to HEAD: nothing began.
        agent.service.request("HEAD", path)
    assert part(b"", 0) == 204
    assert part(blob[:100], 0) == 204
    assert part(b"", 5, "?1") == part(b"", 0) == "mismatching-upload-offset"
    assert part(blob[100:], 100) == 204
    assert part(b"", len(blob), "?1") == 201
    assert heard(agent.service, "PUT", path, b"other", MESSAGE) == "digest-mismatch"
    assert heard(agent.service, "PUT", path, blob, MESSAGE) == 200
    assert account.owner.service.request("GET", path).body == blob


def test_conditions_of_all_forms(account: Account) -> None:
    agent, owner = account.agent(), account.owner
    blob, _ = agent.blob(BlobField.screenshot, b"x")
    agent.upload_blob(blob)
    for path in (f"{owner.path}/state", f"{owner.path}/blobs/{hashlib.sha256(blob).hexdigest()}"):
        tag = owner.service.request("GET", path).headers["etag"]
        for condition in (tag, f"W/{tag}", f'"x", {tag}', f'{tag},"x"', "*"):
            answer = owner.service.request("GET", path, headers={"If-None-Match": condition})
            assert (answer.status, answer.body) == (304, b""), condition
        assert owner.service.request("GET", path, headers={"If-None-Match": '"x"'}).status == 200


def test_parts_of_batches_and_blobs(account: Account) -> None:
    """H-7.3-3: of a blob that lies in several pieces, too."""
    agent, owner = account.agent(), account.owner
    blob, _ = agent.blob(BlobField.screenshot, os.urandom(700_000))
    agent.upload_blob(blob)
    batch = agent.batch([Record(RecordKind.application, now(), 1, [])], now())
    agent.upload()
    for path, whole in ((f"{owner.path}/blobs", blob), (f"{owner.path}/batches", batch)):
        path, count = f"{path}/{hashlib.sha256(whole).hexdigest()}", len(whole)

        def get(headers: dict[str, str], path: str = path) -> Answer:
            return owner.service.request("GET", path, headers=headers)

        tag = get({}).headers["etag"]
        assert get({}).headers["accept-ranges"] == "bytes"
        middle = count // 2
        for asked, first, last in (
                ("0-0", 0, 0), ("1-", 1, count - 1), ("-1", count - 1, count - 1), (f"-{count + 5}", 0, count - 1),
                (f"{middle - 9}-{middle + 9}", middle - 9, middle + 9), (f"5-{10 ** 30}", 5, count - 1)):
            answer = get({"Range": f"bytes={asked}", "If-Range": tag})
            assert answer.status == 206 and answer.body == whole[first:last + 1]
            assert answer.headers["content-range"] == f"bytes {first}-{last}/{count}"
        for unsatisfied in (f"{count}-", f"{10 ** 30}-", "-0"):
            with pytest.raises(Problem, match="range") as caught:
                get({"Range": f"bytes={unsatisfied}"})
            assert caught.value.status == 416 and caught.value.members["length"] == count
        for other in ("bytes=0-1,3-4", "bytes=5-4", "bytes=-", "bytes=+1-2", "lines=0-1", "bytes=0-1-2"):
            assert get({"Range": other}).body == whole
        for condition in ('"x"', f"W/{tag}"):
            assert get({"Range": "bytes=0-1", "If-Range": condition}).status == 200
        assert get({"Range": "bytes=0-1", "If-None-Match": tag}).status == 304


def test_headers_as_others_write_them(account: Account) -> None:
    """Schemes and types have no case; what cannot be read is the request's fault, and not the service's."""
    running, credential = account.running, (account.owner.service.credential or "").encode()
    end = b"\r\nHost: x\r\nConnection: close\r\n"
    for scheme in (b"bearer", b"BEARER"):
        answer = raw(running, b"GET /v1/session HTTP/1.1" + end + b"Authorization: " + scheme + b" " + credential
                     + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")
    body = json.dumps({"login_id": "cd" * 32}).encode()
    for type in ("application/json; charset=utf-8", "Application/JSON;charset=UTF-8"):
        assert heard(running.service(), "POST", "/v1/heads", body, type) == 200
    assert heard(running.service(), "POST", "/v1/heads", body, "application/json; charset=latin-1") == "media-type"
    coded = raw(running, b"POST /v1/heads HTTP/1.1" + end + b"Content-Type: application/json\r\n"
                b"Transfer-Encoding: xchunked\r\n\r\n")
    assert coded.startswith(b"HTTP/1.1 400 ")


def test_discovery_repeats_no_foreign_host(running: Running) -> None:
    """H-3-4."""
    answer = raw(running, b"GET /.well-known/endkey HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ") and b"evil" not in answer


def test_the_folder_is_for_its_user_alone_and_whole(tmp_path: Path) -> None:
    """A head key that is lost is told (H-5.1-1)."""
    running = Running(tmp_path).start()
    running.stop()
    data = tmp_path / "data"
    assert {path.stat().st_mode & 0o077 for path in (data, *data.iterdir())} == {0}
    (data / "head.key").unlink()
    done = subprocess.run([PROGRAM, "--data", data, "--port", "0"], capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode != 0 and "head.key" in done.stderr and "backup" in done.stderr
    assert not (data / "head.key").exists()


def test_reports_of_many_shapes_leave_nothing(running: Running) -> None:
    """The statement of each is its own, and none is kept."""
    account = new_account(running, "shapes@example.com")
    assert running.process is not None
    status = Path(f"/proc/{running.process.pid}/status")

    def resident() -> int:
        lines = status.read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])

    def ask(first: int, count: int) -> None:
        for number in range(first, first + count):
            account.owner.report(bounds=list(range(number * 1_000, number * 1_000 + 401)), group=["bound"])

    ask(0, 60)
    before = resident()
    ask(60, 120)
    # Kept statements are 100 KiB each.
    assert resident() - before < 8 << 10
