"""Bodies, paths and headers that are not as they must be: each gets its problem, and nothing is stored."""

import hashlib
import json
import socket

import pytest
from conftest import Account, new_keys, now
from endkey_client.enums import RecordKind, TokenField
from endkey_client.over_http.agent import AgentOverHTTP
from endkey_client.over_http.service import JSON, MESSAGE, PUBLICATION, Problem, Yes
from endkey_client.wire.messages import Item, PasswordHeader, Record


def problem(service, *request, **options) -> Problem:
    with pytest.raises(Problem) as caught:
        service.request(*request, **options)
    return caught.value


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b'{"login_id": 1}', b'{"login_id": "AB"}', b'{"login_id": "' + b"AB" * 32 + b'"}',
    b'{"login_id": "' + b"ab" * 32 + b'", "more": 1}',
    b'{"login_id": "' + b"ab" * 32 + b'", "login_id": "' + b"ab" * 32 + b'"}', b"\xff", b"\xef\xbb\xbf{}",
])
def test_json_is_strict(account: Account, body: bytes) -> None:
    """H-3-2."""
    assert problem(account.running.service(), "POST", "/v1/heads", body, JSON).type == "malformed"


def test_media_type_and_encoding(account: Account) -> None:
    """H-4.1-1."""
    body = json.dumps({"login_id": "ab" * 32}).encode()
    service = account.running.service()
    assert problem(service, "POST", "/v1/heads", body).type == "media-type"
    assert problem(service, "POST", "/v1/heads", body, MESSAGE).type == "media-type"
    assert problem(
        service, "POST", "/v1/heads", body, JSON, headers={"Content-Encoding": "gzip"}).type == "media-type"


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v2/heads", "/v1//heads", "/v1/heads/", "/V1/heads",
                                  "/v1/%68eads", "/v1/a/" + "AB" * 16 + "/state", "/v1/a/" + "a" * 31 + "/state"])
def test_unknown_paths(account: Account, path: str) -> None:
    """H-4.1-3."""
    found = problem(account.owner.service, "GET", path)
    assert (found.status, found.type) == (404, "not-found")


def test_method_names_what_is_allowed(account: Account) -> None:
    found = problem(account.running.service(), "DELETE", "/v1/heads")
    assert (found.status, found.type) == (405, "method")


@pytest.mark.parametrize("query", ["?after=-1", "?after=01", "?after=x", "?limit=0", "?limit=1001", "?more=1", "?after",
                                   "?after=1&after=1", "?after=9007199254740992", "?status=all"])
def test_queries_are_strict(account: Account, query: str) -> None:
    assert problem(account.owner.service, "GET", f"{account.owner.path}/requests{query}").type == "malformed"


@pytest.mark.parametrize("change", [
    {"bounds": []}, {"bounds": [1]}, {"bounds": [2, 1]}, {"bounds": [1, 1]}, {"bounds": list(range(402))},
    {"bounds": [0, 2**53]}, {"bounds": [0, 0.5]}, {"group": ["bound", "bound"]}, {"group": ["no"]}, {"group": "agent"},
    {"group": ["bound", "agent", "kind", "url"]}, {"limit": 0}, {"limit": 50001}, {"order": "size"}, {"as_of": -1},
    {"where": {"agents": ["x"]}}, {"where": {"kinds": ["x"]}}, {"where": {"tokens": ["ekt1_"]}},
    {"where": {"categories": ["x"]}}, {"where": {"more": []}}, {"more": 1},
])
def test_reports_are_strict(account: Account, change: dict[str, object]) -> None:
    body = json.dumps({"bounds": [0, 1], **change}).encode()
    assert problem(account.owner.service, "POST", f"{account.owner.path}/reports", body, JSON).type == "malformed"


def test_batches_are_held_against_their_path_and_sender(account: Account) -> None:
    """Against nothing else: a number that was there before is stored as well (H-7.3-1)."""
    agent, other = account.agent(), account.agent()
    record = Record(RecordKind.application, now(), 1, [Item.of(agent.token(TokenField.url, "x"))])
    message = agent.batch([record], now())
    digest = hashlib.sha256(message).hexdigest()
    path = f"{agent.path}/batches/"
    assert problem(agent.service, "PUT", path + "0" * 64, message, MESSAGE).type == "digest-mismatch"
    assert problem(other.service, "PUT", path + digest, message, MESSAGE).type == "wrong-agent"
    cut = message[:-1]
    found = problem(agent.service, "PUT", path + hashlib.sha256(cut).hexdigest(), cut, MESSAGE)
    assert (found.type, found.members["code"]) == ("malformed", "truncated")
    assert found.members["offset"] == len(cut) - 63
    assert problem(account.owner.service, "GET", path + digest).type == "not-found"
    assert agent.upload() == [201]
    agent.sequence, agent.previous = 0, bytes(32)
    agent.batch([record, record], now())
    assert agent.upload() == [201]


def test_publications_are_strict(account: Account) -> None:
    path = f"{account.owner.path}/publications"
    for body, offset in ((b"", 0), (b"EKpv", 0), (b"EKpu" + b"\0" * 31, 4)):
        found = problem(account.owner.service, "POST", path, body, PUBLICATION)
        assert (found.type, found.members["offset"]) == ("malformed", offset)


def test_large_bodies_are_refused_unread(account: Account) -> None:
    """The answer comes although no byte of the body was sent (H-4.1-2)."""
    host, port = account.running.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            b"POST /v1/heads HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 10737418240\r\n\r\n")
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ") and b'"limit":1024' in answer
    assert b"connection: close" in answer.lower()


def test_chunked_bodies_are_bounded_too(account: Account) -> None:
    host, port = account.running.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            b"POST /v1/heads HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n800\r\n" + b" " * 2048 + b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_heads_of_unknown_logins(account: Account) -> None:
    """They look like real ones, and stay (H-5.1-1)."""
    service = account.running.service()

    def head(login: str) -> bytes:
        return service.post_json("/v1/heads", {"login_id": login}, Yes.body(MESSAGE)).body

    one, again, other = head("00" * 32), head("00" * 32), head("01" * 32)
    real = account.owner.head
    assert real is not None
    assert one == again != other
    assert len(one) == len(real.write()) == 69
    # Counters and account secrets differ among real ones, too (H-5.1-5).
    for part in (slice(0, 4), slice(20, 24), slice(32, 36)):
        assert one[part] == real.write()[part]
    assert PasswordHeader.parse(one).iterations == 600_000


def test_logins_are_limited(account: Account) -> None:
    """H-5.1-3."""
    service = account.running.service()
    members = {"login_id": "77" * 32, "login_key": "00" * 32}
    types = []
    for _ in range(12):
        with pytest.raises(Problem) as caught:
            service.post_json("/v1/sessions", members)
        types.append(caught.value.type)
    assert types == ["login-failed"] * 10 + ["slow-down"] * 2


def test_requests_name_their_keys(account: Account) -> None:
    agent = AgentOverHTTP.pin(account.running.service(), account.code, new_keys())
    other = AgentOverHTTP.pin(account.running.service(), account.code, new_keys())
    path = f"{agent.path}/requests/{agent.agent.agent_id().hex()}"
    found = problem(agent.service, "PUT", path, other.agent.request.write(), MESSAGE,
                    headers={"Endkey-Admission": agent.admission.hex()})
    assert found.type == "id-mismatch"
