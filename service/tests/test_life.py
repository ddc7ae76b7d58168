"""An account's whole life, between an owner and agents that know nothing of the service but `spec/http.md`."""

import dataclasses
import hashlib
import os

import pytest
from conftest import Account, Running, new_account, new_keys, now
from endkey_client import keys
from endkey_client.enums import BlobField, ItemType, RecordKind, TokenField
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import Problem
from endkey_client.passwords import Typed
from endkey_client.wire.messages import Item, Record

MINUTE = 60_000


def record(agent: AgentOverHTTP, start: int, duration: int, title: str, *, application: str = "Editor") -> Record:
    items = [agent.token(TokenField.application_name, application), agent.token(TokenField.window_title, title)]
    return Record(RecordKind.application, start, duration, [Item.of(one) for one in items])


def test_whole_life(running: Running) -> None:
    account = new_account(running, "Life@Example.com")
    owner, start = account.owner, now() - 60 * MINUTE
    agent = account.agent()

    # A batch with a picture.
    picture, reference = agent.blob(BlobField.screenshot, b"picture" * 1000)
    shot = Record(RecordKind.screenshot, start, 0, [Item(ItemType.blob, reference)])
    agent.batch([record(agent, start, 5 * MINUTE, "Letter"), shot], now())
    assert agent.upload_blob(picture) == 201
    assert agent.upload_blob(picture) == 200
    assert agent.upload() == [201]

    # The audit counts it, the service's report says the same, and the picture comes back.
    done = owner.audit(agent.agent.agent_id(), now())
    assert not done.findings
    assert sum(done.totals.values()) == 2 * 5 * MINUTE
    report = owner.report(bounds=[start - 1, now()], group=["application_name"])
    assert report["unverified"] is True
    assert [(row["application_name"][:5], row["ms"]) for row in report["rows"] if row["ms"]] == [("ekt1_", 5 * MINUTE)]
    fetched = owner.service.request("GET", f"{owner.path}/blobs/{reference.digest.hex()}").body
    assert fetched == picture

    # A rotation: the agent goes on under the new keys, and what was sent stays countable.
    owner.act("rotate", now())
    agent.refresh(now())
    assert agent.keys()[0].header.epoch == 2
    agent.batch([record(agent, start + 10 * MINUTE, 3 * MINUTE, "Letter")], now())
    assert agent.upload() == [201]
    done = owner.audit(agent.agent.agent_id(), now())
    assert (done.findings, done.mark.sequence) == ([], 2)

    # Removed: it is told, its uploads are refused, and it keeps the right to see why.
    owner.act("remove", now(), agents=[agent.agent.agent_id()])
    agent.refresh(now())
    assert agent.agent.phase == "revoked"
    with pytest.raises(Problem, match="agent-listed"):
        agent.service.request("PUT", f"{agent.path}/batches/{'0' * 64}", b"x", "application/vnd.endkey.message")


def test_second_device_opens_what_the_first_made(account: Account) -> None:
    account.agent()
    device = OwnerOverHTTP.at(account.running.service(), account.owner.typed)
    device.sign_in()
    device.open()
    assert device.device.whole().contents == account.owner.device.whole().contents


def test_password_change_ends_other_sessions(running: Running) -> None:
    account = new_account(running, "password@example.com")
    other = OwnerOverHTTP.at(running.service(), account.owner.typed)
    other.sign_in()
    account.owner.change_password(Typed(b"password@example.com", b"another battery staple", None), now())
    with pytest.raises(Problem, match="no-credential"):
        other.open()
    with pytest.raises(Problem, match="login-failed"):
        OwnerOverHTTP.at(running.service(), Typed(b"password@example.com", b"correct horse battery", None)).sign_in()
    again = OwnerOverHTTP.at(running.service(), account.owner.typed)
    again.sign_in()
    again.open()


def test_recovery_key_opens_an_owners_session(account: Account) -> None:
    service = account.running.service()
    key = keys.recovery_key(account.own.seed, account.owner.account_id)
    members = {"account": account.owner.account_id.hex(), "recovery": key.hex()}
    session = service.post_json("/v1/sessions", members).json()
    assert session["role"] == "owner"
    with pytest.raises(Problem, match="login-failed"):
        service.post_json("/v1/sessions", {**members, "recovery": os.urandom(32).hex()})


def test_erased_batches_do_not_come_back(running: Running) -> None:
    """Neither they (H-12-1), nor what was summed of them (H-12-2)."""
    account = new_account(running, "erase@example.com")
    agent, owner, start = account.agent(), account.owner, now() - 60 * MINUTE
    message = agent.batch([record(agent, start, MINUTE, "Secret")], now())
    agent.upload()
    digest = hashlib.sha256(message).hexdigest()
    members = {"agent": agent.agent.agent_id().hex(), "batches": [digest]}
    assert owner.service.post_json(f"{owner.path}/erasures", members).json() == {"erased": 1}
    assert owner.service.post_json(f"{owner.path}/erasures", members).json() == {"erased": 0}
    assert owner.report(bounds=[start - 1, now()], group=[])["total"] == {"ms": 0, "records": 0}
    agent.outbox = [message]
    assert agent.upload() == [410]
    assert [finding.code for finding in owner.audit(agent.agent.agent_id(), now()).findings] == ["erased_unseen"]


def test_repetition_changes_nothing(account: Account) -> None:
    agent = account.agent()
    agent.ask()
    agent.batch([record(agent, now(), MINUTE, "Twice")], now())
    sent = list(agent.outbox)
    assert agent.upload() == [201]
    agent.outbox = sent
    assert agent.upload() == [200]
    listed = list(account.owner.service.items(
        f"{account.owner.path}/batches", f"&agent={agent.agent.agent_id().hex()}"))
    assert [one["sequence"] for one in listed] == [1]


def test_admission(account: Account, other_account: Account) -> None:
    def asks(**changes: object) -> str:
        agent = AgentOverHTTP.pin(account.running.service(), account.code, new_keys())
        for name, value in changes.items():
            setattr(agent, name, value)
        with pytest.raises(Problem) as caught:
            agent.ask()
        return caught.value.type

    assert asks(admission=os.urandom(32)) == "admission-refused"
    assert asks(admission=other_account.code[:32]) == "admission-refused"
    stranger = AgentOverHTTP.pin(account.running.service(), account.code, new_keys())
    assert asks(service=stranger.service) == "id-mismatch"


def test_agent_that_waits_comes_by_another_code(account: Account) -> None:
    """The newer request takes the place of the earlier one, if it is admitted (H-5.3-4)."""
    agent = AgentOverHTTP.pin(account.running.service(), account.code, new_keys())
    agent.ask()
    first, credential = agent.agent.request.write(), agent.service.credential
    again = AgentOverHTTP.pin(account.running.service(), account.owner.make_code(now()), agent.agent.keys)
    again.service.credential, admission = credential, again.admission
    for held, refused in ((os.urandom(32), True), (admission, False)):
        again.admission = held
        if refused:
            with pytest.raises(Problem, match="admission-refused"):
                again.ask()
        else:
            again.ask()
        stored = account.owner.service.request(
            "GET", f"{account.owner.path}/requests/{agent.agent.agent_id().hex()}").body
        assert (stored == first) == refused


def test_agent_that_was_granted_comes_by_another_code(account: Account) -> None:
    """The request waits again, behind what was read; who refuses it leaves the agent what it has (H-5.3-4, H-5.3-5)."""
    owner, agent = account.owner, account.agent()
    identifier = agent.agent.agent_id().hex()

    def waiting(after: int = 0) -> list[int]:
        return [one["ordinal"] for one in owner.service.items(f"{owner.path}/requests", "&status=pending")
                if one["id"] == identifier and one["ordinal"] > after]

    newest = max(one["ordinal"] for one in owner.service.items(f"{owner.path}/requests"))
    assert waiting() == []
    again = AgentOverHTTP.pin(account.running.service(), owner.make_code(now()), agent.agent.keys)
    again.service.credential = agent.service.credential
    again.ask()
    assert len(waiting(newest)) == 1
    agent.refresh(now())
    owner.service.request("DELETE", f"{owner.path}/requests/{identifier}")
    assert waiting() == []
    assert owner.service.request("GET", f"{owner.path}/requests/{identifier}").body == again.agent.request.write()
    record = Record(RecordKind.application, now(), 1, [Item.of(agent.token(TokenField.url, "still here"))])
    agent.batch([record], now())
    assert agent.upload() == [201]


def test_two_publications_of_one_vault(account: Account) -> None:
    """Of publications that start from one vault, one is stored; the other end learns what is held."""
    first = account.owner
    second = OwnerOverHTTP.at(account.running.service(), first.typed)
    second.sign_in()
    second.open()
    second.device.confirm()
    first.act("rotate", now())
    with pytest.raises(Problem, match="other-publication") as caught:
        second.act("rotate", now())
    assert caught.value.members["vault"] == \
        hashlib.sha256(first.device.whole().vault).hexdigest()
    assert dataclasses.asdict(second.device)["phase"] == "settling"
