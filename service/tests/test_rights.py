"""Who may ask for what: every resource that the program has, by every kind of caller (spec/http.md, section 7)."""

import os
import subprocess
from dataclasses import dataclass

import openapi_spec_validator
import pytest
from conftest import PROGRAM, Account, Running, new_account, new_keys, now
from endkey_client import backend
from endkey_client.enums import Role
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import Problem, Unsettled, agent_credential, person_credential
from endkey_client.passwords import Typed
from endkey_client.texts import base64url
from interface import DESCRIPTION, operations

CALLERS = ["nobody", "nonsense", "unknown agent", "unknown person", "foreign agent", "foreign owner", "ungranted",
           "agent", "listed", "pending", "manager", "stale owner", "owner"]
# What each caller hears: a problem's first letters, or + for anything that is not about rights.
LETTERS = {"c": "no-credential", "f": "not-found", "a": "not-allowed", "g": "not-granted", "l": "agent-listed",
           "o": "owner-required", "r": "fresh-required", "+": ""}
ANYBODY = "+++++++++++++"
PERSON = "ccccffaaa++++"
ACTIVE = "ccccffaaaa+++"
OWNER = "ccccffaaaoo++"
FRESH = "ccccffaaaoor+"
UPLOADER = "ccccffg+laaaa"
EITHER = "ccccff+++++++"
EITHER_ACTIVE = "ccccff+++a+++"
TABLE = {
    "GET /.well-known/endkey": ANYBODY,
    "POST /v1/heads": ANYBODY,
    "POST /v1/sessions": ANYBODY,
    "POST /v1/accounts": ANYBODY,
    "GET /v1/session": "cccca+aaa++++",
    "DELETE /v1/session": None,  # It would end what the table needs: test_logout.
    "GET /v1/a/{a}/whole": PERSON,
    "GET /v1/a/{a}/state": EITHER,
    "POST /v1/a/{a}/publications": ACTIVE,
    "PUT /v1/a/{a}/wrap": OWNER,
    "POST /v1/a/{a}/grants": ACTIVE,
    "GET /v1/a/{a}/grant": EITHER,
    "PUT /v1/a/{a}/requests/{i}": "cc+++++++++++",
    "GET /v1/a/{a}/requests/{i}": "ccccffaaaa+++",
    "DELETE /v1/a/{a}/requests/{i}": ACTIVE,
    "GET /v1/a/{a}/requests": ACTIVE,
    "GET /v1/a/{a}/agents": ACTIVE,
    "PUT /v1/a/{a}/batches/{h}": UPLOADER,
    "GET /v1/a/{a}/batches/{h}": EITHER_ACTIVE,
    "GET /v1/a/{a}/batches": ACTIVE,
    "GET /v1/a/{a}/retention": ACTIVE,
    "PUT /v1/a/{a}/retention": FRESH,
    "POST /v1/a/{a}/erasures": FRESH,
    "PUT /v1/a/{a}/blobs/{h}": UPLOADER,
    "HEAD /v1/a/{a}/blobs/{h}": UPLOADER,
    "PATCH /v1/a/{a}/blobs/{h}": UPLOADER,
    "GET /v1/a/{a}/blobs/{h}": ACTIVE,
    "POST /v1/a/{a}/reports": ACTIVE,
    "GET /v1/a/{a}/alerts": ACTIVE,
    "PUT /v1/a/{a}/alerts": ACTIVE,
    "GET /v1/a/{a}/firings": ACTIVE,
    "POST /v1/a/{a}/acknowledgements": ACTIVE,
    "GET /v1/a/{a}/events": ACTIVE,
    "GET /v1/a/{a}/webhook": OWNER,
    "PUT /v1/a/{a}/webhook": FRESH,
    "DELETE /v1/a/{a}/webhook": FRESH,
}


@dataclass
class Cast:
    """One account, and the credential of each kind of caller."""

    account: Account
    credentials: dict[str, str | None]


def join(running: Running, code: bytes, login: bytes) -> OwnerOverHTTP:
    return OwnerOverHTTP.join(running.service(), code, Typed(login, b"p" * 12, None), new_keys())


@pytest.fixture(scope="module")
def cast(running: Running, other_account: Account) -> Cast:
    account = new_account(running, "matrix@example.com")
    owner, identifier = account.owner, account.owner.account_id
    ungranted = AgentOverHTTP.pin(running.service(), account.code, new_keys())
    ungranted.ask()
    agent, listed = account.agent(), account.agent()
    manager_code = owner.make_code(now(), Role.manager)
    manager = join(running, manager_code, b"lin@example.com")
    request = next(one for one in owner.requests() if len(one) > 440)
    manager.sign_in()
    owner.add_person(request, now())
    owner.act("retire", now(), agents=[listed.agent.agent_id()])
    pending_code = owner.make_code(now(), Role.manager)
    pending = join(running, pending_code, b"kim@example.com")
    pending.sign_in()
    stale = OwnerOverHTTP.at(running.service(), owner.typed)
    stale.sign_in()
    assert stale.service.credential is not None and other_account.owner.service.credential is not None
    secret = base64url.decode(stale.service.credential.removeprefix("ekp1_").encode())[16:]
    with running.database() as database:
        database.execute("UPDATE session SET fresh_until = 0 WHERE token_hash = ?", (backend.sha256(secret),))
    return Cast(account, {
        "nobody": None, "nonsense": "nonsense",
        "unknown agent": agent_credential(identifier, os.urandom(16), os.urandom(32)),
        "unknown person": person_credential(identifier, os.urandom(32)),
        "foreign agent": other_account.agent().service.credential,
        "foreign owner": other_account.owner.service.credential, "ungranted": ungranted.service.credential,
        "agent": agent.service.credential, "listed": listed.service.credential,
        "pending": pending.service.credential, "manager": manager.service.credential,
        "stale owner": stale.service.credential, "owner": owner.service.credential})


def resources() -> list[str]:
    return subprocess.run([PROGRAM, "resources"], capture_output=True, encoding="utf-8", check=True).stdout.splitlines()


def test_every_resource_has_a_row_and_a_description() -> None:
    assert sorted(resources()) == sorted(TABLE) == sorted(operations())


def test_description_is_valid() -> None:
    openapi_spec_validator.validate(DESCRIPTION)


@pytest.mark.parametrize("resource", [name for name, row in TABLE.items() if row is not None])
def test_rights(cast: Cast, resource: str) -> None:
    row = TABLE[resource]
    assert row is not None
    method, template = resource.split()
    path = template.replace("{a}", cast.account.owner.account_id.hex())
    path = path.replace("{i}", "0" * 32).replace("{h}", "0" * 64)
    heard = ""
    for caller in CALLERS:
        service = cast.account.running.service(cast.credentials[caller])
        headers = {"Endkey-Admission": "0" * 64} if "requests/" in path and method == "PUT" else {}
        if path.endswith("/events"):
            headers = {"Last-Event-ID": "none"}  # The answer to another would go on.
        try:
            service.request(method, path, headers=headers)
            said = ""
        except Problem as problem:
            said = problem.type
        except Unsettled:  # HEAD has no problem document.
            said = {"c": "no-credential"}.get(row[len(heard)], LETTERS[row[len(heard)]]) if method == "HEAD" else "?"
        rights = {name: letter for letter, name in LETTERS.items() if name}
        letter = rights.get(said, "+")
        # A resource that the caller may ask for, and that is not there, says so, too.
        heard += "+" if letter == "f" and row[len(heard)] == "+" else letter
    assert heard == row


def test_unknown_account_is_as_foreign_account(cast: Cast) -> None:
    """The answers are the same bytes (H-4.2-4)."""
    foreign = cast.account.running.service(cast.credentials["foreign owner"])
    answers = []
    for identifier in (cast.account.owner.account_id.hex(), "ab" * 16):
        with pytest.raises(Problem) as caught:
            foreign.request("GET", f"/v1/a/{identifier}/state")
        answers.append((caught.value.status, caught.value.members))
    assert answers[0] == answers[1]


def test_logout(account: Account) -> None:
    device = OwnerOverHTTP.at(account.running.service(), account.owner.typed)
    device.sign_in()
    device.service.request("DELETE", "/v1/session")
    with pytest.raises(Problem, match="no-credential"):
        device.service.request("GET", "/v1/session")
