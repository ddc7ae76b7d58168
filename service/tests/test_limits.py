"""What is limited, for whom, and what that tells strangers and costs others (sections 4.2, 5 and 9)."""

import hashlib
import http.client
import json
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Running, new_account, new_keys, now
from endkey_client.enums import BlobField, RecordKind, Role, TokenField
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import JSON, Problem, Unsettled
from endkey_client.primitives.hashes import labelled_hash
from endkey_client.wire.messages import Item, PasswordHeader, Record
from test_rights import join

PART = "application/partial-upload"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path).start()
    yield running
    running.stop()


def asked(running: Running, source: str, path: str, members: dict[str, str]) -> tuple[int, bytes, str | None]:
    """A JSON request from an address of this computer: status, body and Retry-After of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60, source_address=(source, 0))
    try:
        connection.request("POST", path, json.dumps(members), {"Content-Type": JSON})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers["Retry-After"]
    finally:
        connection.close()


def test_strangers_do_not_lock_out_the_owner(own: Running) -> None:
    """H-5.1-4: 200 wrong logins from twenty addresses; and the owner's own count not (H-5.1-3)."""
    owner = new_account(own, "locked@example.com").owner
    wrong = {"login_id": labelled_hash("login-id", b"locked@example.com").hex(), "login_key": "00" * 32}
    for _ in range(12):
        owner.sign_in()
    heard = [asked(own, f"127.0.1.{n % 20}", "/v1/sessions", wrong) for n in range(200)]
    said = Counter(status for status, _, _ in heard)
    assert said[401] in (100, 200) and said[429] in (100, 0)  # A slot of time may end meanwhile.
    assert all(wait is not None and 0 < int(wait) <= 901 for status, _, wait in heard if status == 429)
    for _ in range(300):
        asked(own, f"127.0.2.{_ % 20}", "/v1/heads", {"login_id": wrong["login_id"]})
    owner.sign_in()
    with own.database() as database:
        kept = database.execute("SELECT what FROM attempt WHERE slot = 0").fetchall()
    assert [len(what) for what, in kept] == [32]


def test_an_office_signs_in(own: Running) -> None:
    """H-5.1-4: heads of logins that came in from an address before count there for each login alone."""
    owners = [new_account(own, f"{name}@office.example").owner for name in ("one", "two")]
    strange = [asked(own, "127.0.0.1", "/v1/heads", {"login_id": f"{n:064x}"})[0] for n in range(130)]
    assert 429 in strange
    for owner in owners:
        owner.sign_in()
    login = {"login_id": labelled_hash("login-id", b"one@office.example").hex()}
    said = Counter(asked(own, "127.0.0.1", "/v1/heads", login)[0] for _ in range(130))
    assert said[200] >= 59 and said[429] > 0
    owners[1].sign_in()


def test_heads_do_not_tell_logins(own: Running) -> None:
    """H-5.1-5, H-5.1-1: invented heads differ as real ones do, and stay."""
    heads = []
    for n in range(300):
        login = hashlib.sha256(str(n).encode()).hexdigest()
        both = [asked(own, f"127.0.3.{n // 25}", "/v1/heads", {"login_id": login}) for _ in range(2)]
        assert both[0][0] == 200 and both[0][1] == both[1][1]
        heads.append(PasswordHeader.parse(both[0][1]))
    assert len({head.salt for head in heads}) == 300
    for values in (Counter(head.counter for head in heads), Counter(head.account_secret for head in heads)):
        assert len(values) >= 2 and values.most_common(1)[0][1] > 150
    accounts = Counter(head.header.account_id for head in heads)
    assert max(accounts.values()) > 1 and len(accounts) > 200
    assert {head.iterations for head in heads} == {600_000}


def test_accounts_and_admissions_are_limited(own: Running) -> None:
    """H-5.2-2 and H-5.3-7, of one address alone."""
    account = new_account(own, "first@example.com")
    for _ in range(99):
        with pytest.raises(Problem, match="media-type"):
            own.service().request("POST", "/v1/accounts", b"x", "text/plain")
    with pytest.raises(Problem, match="slow-down") as caught:
        own.service().request("POST", "/v1/accounts", b"x", "text/plain")
    assert 0 < int(caught.value.answer.headers["retry-after"]) <= 3_601
    assert asked(own, "127.0.4.1", "/v1/accounts", {})[0] == 415

    admitted = AgentOverHTTP.pin(own.service(), account.code, new_keys())
    guessing = AgentOverHTTP.pin(own.service(), account.code, new_keys())
    guessing.admission = os.urandom(32)
    said = []
    for _ in range(40):
        with pytest.raises(Problem) as caught:
            guessing.ask()
        said.append(caught.value.type)
    assert set(said[:30]) == {"admission-refused"} and "slow-down" in said[30:]
    # Of another address nothing was refused.
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=60, source_address=("127.0.4.2", 0))
    connection.request(
        "PUT", f"{admitted.path}/requests/{admitted.agent.agent_id().hex()}", admitted.agent.request.write(),
        {"Content-Type": "application/vnd.endkey.message", "Endkey-Admission": admitted.admission.hex(),
         "Authorization": f"Bearer {admitted.service.credential}"})
    assert connection.getresponse().status == 201
    connection.close()


def test_addresses_behind_a_proxy_are_those_that_it_forwards_for(tmp_path: Path) -> None:
    """H-5.1-3: what a client says of itself stands before."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    # With an origin, the program does not say where it listens.
    running = Running(tmp_path, ["--behind-proxy", "--origin", f"http://127.0.0.1:{port}"], port=port).start()
    try:
        body = json.dumps({"login_id": "ab" * 32}).encode()

        def head(forwarded: str) -> int:
            try:
                return running.service().request("POST", "/v1/heads", body, JSON, {"X-Forwarded-For": forwarded}).status
            except Problem as problem:
                return problem.status

        assert [head(f"198.51.100.{n}, 203.0.113.7") for n in range(60)] == [200] * 60
        assert head("198.51.100.99, 203.0.113.7") == 429
        assert head("203.0.113.7, 203.0.113.8") == head("2001:db8::1") == 200
    finally:
        running.stop()


def test_full_disk_leaves_room_to_erase(own: Running) -> None:
    """H-4.2-5."""
    account = new_account(own, "full@example.com")
    owner, agent = account.owner, account.agent()
    field = Item.of(agent.token(TokenField.url, "x" * 1_000))
    message = agent.batch([Record(RecordKind.application, now(), 1, [field])] * 3_000, now())
    agent.upload()
    waiting = join(own, owner.make_code(now(), Role.manager), b"waits@example.com")
    blob, _ = agent.blob(BlobField.screenshot, os.urandom(1_000))
    own.stop()
    own.options += ["--reserve", "1000000000"]
    own.start()
    digest = hashlib.sha256(message).hexdigest()
    agent.batch([Record(RecordKind.application, now(), 1, [field])], now())
    with pytest.raises(Unsettled, match="503"):
        agent.upload()
    with pytest.raises(Unsettled, match="503"):
        agent.upload_blob(blob)
    with pytest.raises(Unsettled, match="503"):
        AgentOverHTTP.pin(own.service(), account.code, new_keys()).ask()
    waiting.sign_in()
    owner.sign_in()
    owner.make_code(now())
    assert owner.service.request("GET", f"{owner.path}/batches/{digest}").body == message
    erasure = {"agent": agent.agent.agent_id().hex(), "batches": [digest]}
    assert owner.service.post_json(f"{owner.path}/erasures", erasure).json() == {"erased": 1}
    owner.service.request("DELETE", "/v1/session")
    with pytest.raises(Problem, match="no-credential"):
        owner.service.request("GET", "/v1/session")
    own.stop()
    del own.options[-2:]
    own.start()
    assert agent.upload() == [201]


def test_uploads_that_do_not_end_are_few(own: Running) -> None:
    """H-9-4: the newest go on, and what is complete stays."""
    account = new_account(own, "many@example.com")
    agent, other = account.agent(), account.agent()
    whole, _ = agent.blob(BlobField.screenshot, b"whole")
    agent.upload_blob(whole)
    blobs = [agent.blob(BlobField.screenshot, os.urandom(1_000))[0] for _ in range(20)]
    others, _ = other.blob(BlobField.screenshot, os.urandom(1_000))

    def part(of: AgentOverHTTP, blob: bytes, start: int, end: int) -> int:
        headers = {"Upload-Offset": str(start), "Upload-Complete": "?1" if end == len(blob) else "?0"}
        path = f"{of.path}/blobs/{hashlib.sha256(blob).hexdigest()}"
        return of.service.request("PATCH", path, blob[start:end], PART, headers).status

    part(other, others, 0, 500)
    for blob in blobs:
        part(agent, blob, 0, 500)
        time.sleep(0.002)
    for blob in blobs[:4]:
        with pytest.raises(Problem, match="mismatching-upload-offset"):
            part(agent, blob, 500, len(blob))
    assert part(agent, blobs[-1], 500, len(blobs[-1])) == part(other, others, 500, len(others)) == 201
    assert agent.upload_blob(whole) == 200


def test_large_batches_do_not_keep_others_waiting(own: Running) -> None:
    """H-11-4: while 20,000 records come in, others write, and a report sees all of them or none."""
    account = new_account(own, "large@example.com")
    owner, agent, other = account.owner, account.agent(), account.agent()
    item = Item.of(agent.token(TokenField.url, "x"))
    start, count = now(), 20_000
    agent.batch([Record(RecordKind.application, start, 1, [item])] * count, now())
    sending = threading.Thread(target=agent.upload)
    sending.start()
    waits, seen = [], set()
    while sending.is_alive():
        other.batch([Record(RecordKind.application, start, 1, [item])], now())
        before = time.monotonic()
        other.upload()
        waits.append(time.monotonic() - before)
        where = {"agents": [agent.agent.agent_id().hex()]}
        seen.add(owner.report(bounds=[start, start + 1_000], where=where)["total"]["records"])
    sending.join(60)
    assert seen <= {0, count} and len(waits) >= 3
    assert owner.report(bounds=[start, start + 1_000])["total"]["records"] == count + len(waits)
    with own.database() as database:
        # What a stop broke off is taken up at the start.
        database.execute("UPDATE batch SET indexed = 512 WHERE size > 100000")
        database.execute("DELETE FROM activity WHERE n >= 512")
    own.stop()
    own.start()
    deadline = time.monotonic() + 60
    while owner.report(bounds=[start, start + 1_000])["total"]["records"] != count + len(waits):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_data_of_the_schema_before_are_taken_over(own: Running) -> None:
    account = new_account(own, "before@example.com")
    owner, agent = account.owner, account.agent()
    item = Item.of(agent.token(TokenField.url, "x"))
    messages = [agent.batch([Record(RecordKind.application, now(), 1, [item])], now()) for _ in range(2)]
    agent.upload()
    hashes = [hashlib.sha256(message).hexdigest() for message in messages]
    erasure = {"agent": agent.agent.agent_id().hex(), "batches": hashes[:1]}
    owner.service.post_json(f"{owner.path}/erasures", erasure)
    own.stop()
    with own.database() as database:
        for name in ("batch_unindexed", "blob_incomplete", "blob_reference_digest", "activity_long"):
            database.execute(f"DROP INDEX {name}")
        for name in ("alert_list", "firing", "webhook"):
            database.execute(f"DROP TABLE {name}")
        for column in ("account.retention_days", "account.blob_days", "batch.reason", "batch.indexed", "blob.reason"):
            table, name = column.split(".")
            database.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
        database.execute("UPDATE meta SET schema = 2")
    own.start()
    device = OwnerOverHTTP.at(own.service(), owner.typed)
    device.sign_in()
    assert device.service.request("GET", f"{owner.path}/batches/{hashes[1]}").body == messages[1]
    with pytest.raises(Problem, match="erased") as caught:
        device.service.request("GET", f"{owner.path}/batches/{hashes[0]}")
    assert caught.value.members["reason"] == "erasure"
    agent.batch([Record(RecordKind.application, now(), 1, [item])], now())
    assert agent.upload() == [201]
    assert device.report(bounds=[0, now() + 1])["total"]["records"] == 2
