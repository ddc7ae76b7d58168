"""What is older than an account keeps goes by itself (section 12)."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Account, Running, new_account, now
from endkey_client.enums import BlobField, RecordKind, TokenField
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import JSON, MESSAGE, Problem
from endkey_client.wire.messages import Item, Record

DAY = 86_400_000


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path).start()
    yield running
    running.stop()


def sent(agent: AgentOverHTTP, made: int, *items: Item) -> str:
    """The hash of a batch with one record, both of a time."""
    message = agent.batch([Record(RecordKind.application, made, 1_000, list(items))], made)
    agent.upload()
    return hashlib.sha256(message).hexdigest()


def later(running: Running, account: Account, days: int) -> OwnerOverHTTP:
    """The owner, signed in at the service as it is some days from now."""
    running.stop()
    running.days = days
    running.start()
    device = OwnerOverHTTP.at(running.service(), account.owner.typed)
    device.sign_in()
    return device


def why(owner: OwnerOverHTTP, kind: str, name: str) -> str | None:
    """Why something is not there; None where it is."""
    try:
        owner.service.request("GET", f"{owner.path}/{kind}/{name}")
    except Problem as problem:
        assert problem.type == "erased"
        return str(problem.members["reason"])
    return None


def settled(owner: OwnerOverHTTP, kind: str, names: list[str]) -> list[str | None]:
    """The same of several, once the service has swept."""
    deadline = time.monotonic() + 60
    while True:
        heard = [why(owner, kind, name) for name in names]
        if any(heard) or time.monotonic() > deadline:
            return [why(owner, kind, name) for name in names]
        time.sleep(0.1)


def test_what_is_older_than_is_kept_goes_by_itself(own: Running) -> None:
    """H-12-4, H-12-5: nobody asks, and the newest of an agent stays; what is sent again does not come back (H-12-1)."""
    account = new_account(own, "retention@example.com")
    owner, agent, other = account.owner, account.agent(), account.agent()
    path = f"{owner.path}/retention"
    assert owner.service.request("GET", path).json() == {"days": 365, "blob_days": 365}
    owner.service.request("PUT", path, b'{"days": 100, "blob_days": 30}', JSON)
    old, picture = now() - 50 * DAY, agent.blob(BlobField.screenshot, b"picture")
    lone, _ = agent.blob(BlobField.screenshot, b"nobody refers to it")
    for blob in (picture[0], lone):
        agent.upload_blob(blob)
    token = agent.token(TokenField.url, "seen once")
    batches = [sent(agent, old, Item.of(token), Item.of(picture[1])), sent(agent, old + DAY), sent(agent, now()),
               sent(other, old)]
    blobs = [hashlib.sha256(blob).hexdigest() for blob in (picture[0], lone)]

    assert reported(owner)["records"] == 4
    soon = later(own, account, 20)
    assert settled(soon, "blobs", blobs[:1]) == ["retention"]
    assert [why(soon, "batches", name) for name in batches] == [None] * 4
    assert why(soon, "blobs", blobs[1]) is None
    # 110 days after the first was made, and 60 after it came.
    late = later(own, account, 60)
    assert settled(late, "batches", batches[:1]) == ["retention"]
    assert [why(late, "batches", name) for name in batches[1:]] == [None] * 3
    assert settled(late, "blobs", blobs[1:]) == ["retention"]
    assert reported(late)["records"] == 3
    listed = {one["hash"]: one["erased"] for one in late.service.items(f"{late.path}/batches")}
    assert listed[batches[0]] is not None and all(listed[name] is None for name in batches[1:])
    with own.database() as database:
        assert database.execute("SELECT token FROM token").fetchall() == []
    with pytest.raises(Problem, match="erased"):
        agent.service.request("PUT", f"{agent.path}/blobs/{blobs[0]}", picture[0], MESSAGE)
    # A year later of each agent the newest is left.
    last = later(own, account, 365)
    assert settled(last, "batches", batches[1:2]) == ["retention"]
    assert [why(last, "batches", name) for name in batches] == ["retention", "retention", None, None]


def reported(owner: OwnerOverHTTP) -> dict[str, int]:
    return dict(owner.report(bounds=[0, now() + 1_000 * DAY])["total"])


def test_what_came_just_now_stays(own: Running) -> None:
    """H-12-5, however old it is; H-12-6."""
    account = new_account(own, "grace@example.com")
    agent = account.agent()
    names = [sent(agent, now() - 500 * DAY), sent(agent, now() - 490 * DAY)]
    soon = later(own, account, 5)
    time.sleep(1)
    assert [why(soon, "batches", name) for name in names] == [None, None]
    assert settled(later(own, account, 8), "batches", names) == ["retention", None]


def test_batches_go_in_their_order(own: Running) -> None:
    """H-12-4: nothing goes behind one that stays."""
    account = new_account(own, "order@example.com")
    agent = account.agent()
    names = [sent(agent, made) for made in (now() - 500 * DAY, now(), now() - 490 * DAY, now() - 480 * DAY)]
    assert settled(later(own, account, 8), "batches", names) == ["retention", None, None, None]


def test_who_says_nothing_loses_nothing(own: Running) -> None:
    """H-12-6."""
    account = new_account(own, "nothing@example.com")
    agent = account.agent()
    names = [sent(agent, now() - 500 * DAY), sent(agent, now())]
    own.stop()
    with own.database() as database:
        database.execute("UPDATE account SET retention_days = NULL, blob_days = NULL")
    own.start()
    late = later(own, account, 900)
    assert late.service.request("GET", f"{late.path}/retention").json() == {"days": None, "blob_days": None}
    time.sleep(1)
    assert [why(late, "batches", name) for name in names] == [None, None]


def test_days_are_those_of_the_vault(account: Account) -> None:
    path = f"{account.owner.path}/retention"
    for days, blob_days in ((6, 7), (7, 3_651), (-1, 7), (7.5, 7)):
        with pytest.raises(Problem, match="malformed"):
            body = f'{{"days": {days}, "blob_days": {blob_days}}}'.encode()
            account.owner.service.request("PUT", path, body, JSON)
