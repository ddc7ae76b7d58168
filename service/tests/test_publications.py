"""What a publication replaces, and which are refused, in the order of section 8."""

import dataclasses
import hashlib
import http.client
import json
import threading
import time
from typing import Any

import pytest
from conftest import Account, Running, new_account, now
from endkey_client import keys, passwords
from endkey_client.enums import RecordKind, Role, TokenField
from endkey_client.errors import Refused
from endkey_client.over_http.envelopes import KeysAndLogin, Publication
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import MESSAGE, PUBLICATION, Problem
from endkey_client.passwords import Typed
from endkey_client.publication import Act, Says
from endkey_client.wire.messages import AccountState, Grant, Item, Record
from test_rights import join


@pytest.fixture(scope="module")
def account(running: Running) -> Account:
    return new_account(running, "publications@example.com")


def made(owner: OwnerOverHTTP, name: str, **changes: Any) -> Publication:
    """A publication of an act that is not sent: the device forgets it."""
    device = owner.device
    device.publish(device.making(Act(name, device.whole().contents, **changes), Says(), now()))
    publication = owner.publication()
    device.memory.pending = None
    device.phase = "open"
    return publication


def reopen(owner: OwnerOverHTTP) -> None:
    """The device starts again: it opens what the service has."""
    owner.device.restart()
    owner.open()


def login_of(owner: OwnerOverHTTP) -> passwords.Login:
    assert owner.head is not None
    return passwords.login_of(owner.stretched, owner.head, owner.typed)


def wrap_of(owner: OwnerOverHTTP, epoch: int) -> bytes:
    assert owner.head is not None
    return passwords.make_wrap(owner.stretched, owner.head, epoch, owner.device.whole().master_key).write()


def refused(owner: OwnerOverHTTP, publication: Publication) -> tuple[str, str | None]:
    with pytest.raises(Problem) as caught:
        owner.service.request("POST", f"{owner.path}/publications", publication.write(), PUBLICATION)
    return caught.value.type, caught.value.members.get("what")


def stored(owner: OwnerOverHTTP) -> tuple[bytes, bytes]:
    whole = owner.service.request("GET", f"{owner.path}/whole").body
    return whole, owner.service.request("GET", f"{owner.path}/state").body


def test_inconsistent_parts(account: Account, other_account: Account) -> None:
    """Each is refused by its name, and nothing of it is stored (H-8-1)."""
    owner = account.owner
    before = stored(owner)
    rotation = made(owner, "rotate")
    foreign = made(other_account.owner, "rotate")
    old_state = owner.device.whole().state.write()
    edit = made(owner, "edit")

    def changed(**parts: Any) -> tuple[str, str | None]:
        return refused(owner, dataclasses.replace(rotation, **parts))

    assert changed(vault=foreign.vault) == ("inconsistent", "account")
    assert changed(state=foreign.state) == ("inconsistent", "account")
    assert changed(masters=foreign.masters) == ("inconsistent", "account")
    assert changed(vault=edit.vault) == ("inconsistent", "epoch")
    assert changed(state=None) == ("inconsistent", "epoch")
    assert changed(masters=made(owner, "rotate").masters) == ("inconsistent", "epoch")
    assert changed(masters=[]) == ("inconsistent", "masters")
    assert changed(masters=rotation.masters * 2) == ("inconsistent", "masters")
    assert refused(owner, dataclasses.replace(edit, state=old_state)) == ("inconsistent", "state")
    assert changed(expect=bytes(32)) == ("other-publication", None)
    assert stored(owner) == before


def test_keys_of_the_owner_come_with_a_wrap(account: Account) -> None:
    owner = account.owner
    edit = made(owner, "edit")
    login = login_of(owner)
    own = KeysAndLogin(owner.device.whole().person_keys, login.id, login.verifier)
    assert refused(owner, dataclasses.replace(edit, keys=own)) == ("inconsistent", "wrap")


def test_login_of_another_person(account: Account, other_account: Account) -> None:
    owner, other = account.owner, other_account.owner
    theirs, whole = login_of(other), owner.device.whole()
    wrap = wrap_of(owner, whole.state.header.epoch)
    before = stored(owner)
    edit = dataclasses.replace(
        made(owner, "edit"), keys=KeysAndLogin(whole.person_keys, theirs.id, theirs.verifier), wrap=wrap)
    assert refused(owner, edit) == ("login-taken", None)
    assert stored(owner) == before


def test_a_repetition_is_answered_as_before(account: Account) -> None:
    """The answer was lost: the same bytes again change nothing, and take no ordinal (H-4.3-2)."""
    owner = account.owner
    rotation = made(owner, "rotate")
    answers = [
        owner.service.request("POST", f"{owner.path}/publications", rotation.write(), PUBLICATION).json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1] == {
        "vault": hashlib.sha256(rotation.vault).hexdigest(), "state": hashlib.sha256(rotation.state or b"").hexdigest()}
    reopen(owner)


def test_races(running: Running) -> None:
    """Of publications that start from one vault, exactly one is stored, however many come at once (H-8-2)."""
    account = new_account(running, "races@example.com")
    for _ in range(5):
        publications = [made(account.owner, "rotate").write() for _ in range(8)]
        results: list[str] = []
        go = threading.Barrier(len(publications))

        def send(body: bytes, go: threading.Barrier = go, results: list[str] = results) -> None:
            service = running.service(account.owner.service.credential)
            go.wait(timeout=60)
            try:
                service.request("POST", f"{account.owner.path}/publications", body, PUBLICATION)
                results.append("stored")
            except Problem as problem:
                results.append(problem.type)

        threads = [threading.Thread(target=send, args=(body,)) for body in publications]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        assert sorted(results) == ["other-publication"] * 7 + ["stored"]
        reopen(account.owner)


def test_wraps_that_come_later(account: Account) -> None:
    """Beside other keys, and of another epoch, they are refused (H-8-3)."""
    owner = account.owner
    whole = owner.device.whole()
    held = f'"{hashlib.sha256(whole.person_keys).hexdigest()}"'

    def put(epoch: int, condition: str | None) -> str:
        wrap = wrap_of(owner, epoch)
        headers = {} if condition is None else {"If-Match": condition}
        try:
            owner.service.request("PUT", f"{owner.path}/wrap", wrap, MESSAGE, headers)
        except Problem as problem:
            return problem.type
        return "stored"

    epoch = whole.state.header.epoch
    assert put(epoch, held) == "stored"
    assert put(epoch + 1, held) == "stale-epoch"
    assert put(epoch, f'"{"0" * 64}"') == "other-keys"
    assert put(epoch, None) == "condition-required"
    assert put(epoch, "held") == "malformed"


def test_grants_of_a_dead_state_are_refused(account: Account) -> None:
    """Each by its own reason; the others are stored."""
    owner, agent = account.owner, account.agent()
    stale = agent.service.request("GET", f"{agent.path}/grant").body
    owner.act("rotate", now())
    fresh = agent.service.request("GET", f"{agent.path}/grant").body
    unknown = Grant.parse(fresh)
    unknown.recipient = b"\0" * 16
    answer = owner.service.request(
        "POST", f"{owner.path}/grants", stale + fresh + unknown.write(), "application/vnd.endkey.grants").json()
    assert answer["stored"] == 1
    assert [one["type"].rsplit(":", 1)[1] for one in answer["refused"]] == ["stale-epoch", "unknown-recipient"]


def test_rights_to_upload_follow_the_state(account: Account) -> None:
    """Listed, an agent uploads no more; its right does not come back before a Grant that is stored later (H-5-2)."""
    owner, agent = account.owner, account.agent()

    def upload() -> str:
        try:
            agent.service.request("PUT", f"{agent.path}/batches/{'0' * 64}", b"x", MESSAGE)
        except Problem as problem:
            return problem.type
        return "stored"

    assert upload() == "digest-mismatch"
    owner.act("retire", now(), agents=[agent.agent.agent_id()])
    assert upload() == "agent-listed"
    for _ in range(3):  # The state forgets it; the service does not.
        owner.act("rotate", now())
    state = AccountState.parse(owner.service.request("GET", f"{owner.path}/state").body)
    assert agent.agent.agent_id() not in state.revoked
    assert upload() == "agent-listed"


def test_sessions_of_a_removed_person_end(running: Running, account: Account) -> None:
    """H-5-3."""
    owner = account.owner
    manager = join(running, owner.make_code(now(), Role.manager), b"removed@example.com")
    manager.sign_in()
    request = next(one for one in owner.requests() if one[440:] and manager.account_id == owner.account_id)
    owner.add_person(request, now())
    manager.open()
    person = keys.id_of(manager.device.whole().keys)
    owner.act("remove_person", now(), persons=[person])
    with pytest.raises(Problem, match="no-credential"):
        manager.open()
    # The head that is told of a login nobody has may ask for an account secret.
    with pytest.raises((Problem, Refused), match="login-failed|account_secret_mismatch"):
        OwnerOverHTTP.at(running.service(), Typed(b"removed@example.com", b"p" * 12, None)).sign_in()


@pytest.fixture(scope="module")
def owned(running: Running) -> tuple[Account, OwnerOverHTTP]:
    """An account, and a manager of it."""
    account = new_account(running, "owned@example.com")
    owner = account.owner
    manager = join(running, owner.make_code(now(), Role.manager), b"manager-of-owned@example.com")
    request = next(one for one in owner.requests() if one[440:])
    manager.sign_in()
    owner.add_person(request, now())
    manager.open()
    manager.device.confirm()
    return account, manager


def test_a_manager_changes_nothing_of_the_owners(owned: tuple[Account, OwnerOverHTTP]) -> None:
    """Neither who the owner is, nor the signers, their certificate, the recovery, or the last number (H-8-4)."""
    account, manager = owned
    before = stored(account.owner)
    rotation = made(manager, "rotate")
    state, whole, login = AccountState.parse(rotation.state or b""), manager.device.whole(), login_of(manager)
    own = next(one.verify_key for one in state.signers if one.verify_key != state.root_key)

    def changed(**changes: Any) -> tuple[str, str | None]:
        return refused(manager, dataclasses.replace(rotation, state=dataclasses.replace(state, **changes).write()))

    assert changed(root_key=own) == ("inconsistent", "root")
    for changes in (
        {"signers": [one for one in state.signers if one.verify_key == own]}, {"generation": state.generation + 1},
        {"generation": 2**32 - 1, "counter": 1}, {"certificate_from": state.certificate_from + 1},
        {"certificate_until": state.certificate_until + 1},
    ):
        assert changed(**changes)[0] in ("owner-required", "inconsistent"), changes
    assert changed(counter=2**53 - 1) == changed(counter=state.counter + 1) == ("inconsistent", "state")

    keys_of = KeysAndLogin(whole.person_keys, login.id, login.verifier, b"\1" * 32)
    assert refused(manager, dataclasses.replace(rotation, keys=keys_of)) == ("owner-required", None)
    wrap = wrap_of(manager, state.header.epoch)
    assert refused(manager, dataclasses.replace(rotation, wrap=wrap)) == ("owner-required", None)
    assert stored(account.owner) == before
    assert account.owner.service.request("GET", "/v1/session").json()["role"] == "owner"


def test_an_account_is_made_by_its_root_key_alone(running: Running, owned: tuple[Account, OwnerOverHTTP]) -> None:
    rotation = made(owned[0].owner, "rotate")
    state = AccountState.parse(rotation.state or b"")
    other = dataclasses.replace(state, root_key=b"\2" * 32)
    assert refused(owned[0].owner, dataclasses.replace(rotation, state=other.write())) == ("inconsistent", "root")


def test_a_right_that_is_lost_while_the_body_comes(running: Running, owned: tuple[Account, OwnerOverHTTP]) -> None:
    """A listed agent, a removed manager, and whoever signed out change nothing by what they began before (H-5-4)."""
    account, manager = owned
    owner, agent = account.owner, account.agent()
    reopen(owner)
    record = Record(RecordKind.application, now(), 1, [Item.of(agent.token(TokenField.url, "x"))])
    batch = agent.batch([record], now())
    upload = Slow(running, "PUT", f"{agent.path}/batches/{hashlib.sha256(batch).hexdigest()}",
                  agent.service.credential, MESSAGE, batch)
    owner.act("retire", now(), agents=[agent.agent.agent_id()])
    assert upload.rest() == (403, "agent-listed")

    reopen(manager)
    edit = made(manager, "edit").write()
    publication = Slow(running, "POST", f"{owner.path}/publications", manager.service.credential, PUBLICATION, edit)
    owner.act("remove_person", now(), persons=[keys.id_of(manager.device.whole().keys)])
    before = stored(owner)
    assert publication.rest() == (401, "no-credential")

    body = b'{"agent":"' + b"0" * 32 + b'","batches":[],"blobs":[]}'
    erasure = Slow(running, "POST", f"{owner.path}/erasures", owner.service.credential, "application/json", body)
    owner.service.request("DELETE", "/v1/session")
    assert erasure.rest() == (401, "no-credential")
    owner.sign_in()
    assert stored(owner) == before


class Slow:
    """A request of which all but the last byte is sent."""

    def __init__(self, running: Running, method: str, path: str, credential: str | None, type: str, body: bytes):
        host, port = running.origin.removeprefix("http://").split(":")
        self.connection = http.client.HTTPConnection(host, int(port), timeout=60)
        self.connection.putrequest(method, path)
        for name, value in (
            ("Authorization", f"Bearer {credential}"), ("Content-Type", type), ("Content-Length", str(len(body))),
        ):
            self.connection.putheader(name, value)
        self.connection.endheaders(body[:-1])
        self.last = body[-1:]
        # Until the service has looked who asks.
        time.sleep(0.5)

    def rest(self) -> tuple[int, str]:
        self.connection.send(self.last)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())["type"].rsplit(":", 1)[1]
