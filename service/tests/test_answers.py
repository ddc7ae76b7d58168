"""What every answer has, uploads of blobs, and requests that wait."""

import hashlib
import http.server
import os
import threading

import pytest
from conftest import Account, Running, new_account, new_keys, now
from endkey_client import keys
from endkey_client.enums import BlobField, Role
from endkey_client.errors import Refused
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.owner import OwnerOverHTTP
from endkey_client.over_http.service import MESSAGE, Problem, Service, Unsettled
from endkey_client.texts.secrets import EnrolmentCode


def test_discovery(running: Running) -> None:
    """H-3-3. That nothing else is stored by a cache (H-4.2-1) is looked at in every answer of every test."""
    answer = running.service().request("GET", "/.well-known/endkey")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.json()["api"] == f"{running.origin}/v1"
    assert answer.json()["store"] == answer.headers["endkey-store"]


def test_pages_of_any_origin_may_ask(account: Account) -> None:
    """H-4.2-2."""
    for method, path in (("OPTIONS", f"{account.owner.path}/whole"), ("GET", f"{account.owner.path}/state")):
        headers = Service(account.running.origin, account.owner.service.credential).request(method, path).headers
        assert headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in headers and "set-cookie" not in headers
        assert "ETag" in headers["access-control-expose-headers"]


def test_etags(account: Account) -> None:
    owner = account.owner
    for path in (f"{owner.path}/state", f"{owner.path}/whole", f"{owner.path}/grant"):
        answer = owner.service.request("GET", path)
        again = owner.service.request("GET", path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
    state = owner.service.request("GET", f"{owner.path}/state")
    assert state.headers["etag"] == f'"{hashlib.sha256(state.body).hexdigest()}"'


def test_logins_have_one_refusal(account: Account) -> None:
    """A wrong key, an unknown login and an unknown account are the same bytes (H-5.1-2)."""
    bodies = []
    for members in ({"login_id": "5a" * 32, "login_key": "00" * 32},
                    {"account": "5a" * 16, "recovery": "00" * 32},
                    {"account": account.owner.account_id.hex(), "recovery": "00" * 32}):
        with pytest.raises(Problem) as caught:
            account.running.service().post_json("/v1/sessions", members)
        bodies.append(caught.value.answer.body)
    assert len(set(bodies)) == 1 and b"login-failed" in bodies[0]


def test_codes_let_in_as_many_as_they_say(running: Running) -> None:
    """H-5.3-1: neither beyond its uses, nor for another role, nor in an account that is not there."""
    account = new_account(running, "uses@example.com")
    code = account.owner.make_code(now(), uses=1)
    first, second = (AgentOverHTTP.pin(running.service(), code, new_keys()) for _ in range(2))
    first.ask()
    first.ask()
    with pytest.raises(Problem, match="admission-refused") as refused:
        second.ask()
    manager_code = account.owner.make_code(now(), Role.manager)
    agent = AgentOverHTTP.pin(running.service(), account.code, new_keys())
    decoded = EnrolmentCode.decode(manager_code)
    agent.admission = keys.admission_key(decoded.secret, decoded.account_id)
    with pytest.raises(Problem, match="admission-refused") as other:
        agent.ask()
    assert refused.value.answer.body == other.value.answer.body


def test_requests_can_be_refused(account: Account) -> None:
    """And what is refused waits no more (H-5.3-2, H-5.3-3 for its place)."""
    agent = AgentOverHTTP.pin(account.running.service(), account.code, new_keys())
    agent.ask()
    path = f"{agent.path}/requests/{agent.agent.agent_id().hex()}"
    assert account.owner.service.request("GET", path).body == agent.agent.request.write()
    assert agent.service.request("GET", path).body == agent.agent.request.write()
    account.owner.service.request("DELETE", path)
    with pytest.raises(Problem, match="not-found"):
        account.owner.service.request("GET", path)


def test_blobs_are_checked_when_they_are_complete(account: Account) -> None:
    """Nothing of one that fails is kept (H-9-1); one that passes comes back as it was sent (H-7.3-2)."""
    agent, other = account.agent(), account.agent()
    blob, _ = agent.blob(BlobField.screenshot, os.urandom(300_000))
    foreign, _ = other.blob(BlobField.screenshot, b"x")
    for message, digest, problem in (
            (blob, "00" * 32, "digest-mismatch"), (foreign, hashlib.sha256(foreign).hexdigest(), "wrong-agent"),
            (b"junk" * 30, hashlib.sha256(b"junk" * 30).hexdigest(), "malformed")):
        path = f"{agent.path}/blobs/{digest}"
        with pytest.raises(Problem, match=problem):
            agent.service.request("PUT", path, message, MESSAGE)
        with pytest.raises(Problem):
            account.owner.service.request("GET", path)
        with pytest.raises(Unsettled):  # 404 to HEAD, which has no document
            agent.service.request("HEAD", path)
    assert agent.upload_blob(blob) == 201
    path = f"{agent.path}/blobs/{hashlib.sha256(blob).hexdigest()}"
    assert account.owner.service.request("GET", path).body == blob


def test_a_whole_is_judged_by_its_parts(account: Account, other_account: Account) -> None:
    """A service that gives another account's whole deceives nobody (H-6-2), and a damaged envelope is told (H-6-1)."""
    device = OwnerOverHTTP.at(account.running.service(), account.owner.typed)
    device.sign_in()
    theirs = other_account.owner.service.request("GET", f"{other_account.owner.path}/whole").body

    class Lying(Service):
        body = theirs

        def request(self, *arguments, **options):
            answer = super().request(*arguments, **options)
            answer.body = self.body
            return answer

    lying = Lying(account.running.origin, device.service.credential)
    device.service = lying
    with pytest.raises(Refused):
        device.open()
    lying.body = theirs[:-1]
    with pytest.raises(Refused, match="truncated"):
        device.open()


@pytest.mark.parametrize("status", [301, 307, 308, 200])
def test_clients_follow_no_redirect_and_bound_answers(status: int) -> None:
    """H-4.1-4, H-10-4."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            if status == 200:
                self.send_header("Content-Length", str(1 << 30))
                self.end_headers()
                try:
                    while True:
                        self.wfile.write(bytes(1 << 20))
                except OSError:
                    return
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        service = Service(f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(Unsettled):
            service.request("GET", "/v1/session")
        assert asked == ["/v1/session"]
    finally:
        server.shutdown()
        server.server_close()
