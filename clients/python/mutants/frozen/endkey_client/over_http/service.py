"""Requests, answers and problems (sections 3, 4, 7 and 14)."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ..texts import base64url

MESSAGE = "application/vnd.endkey.message"
PUBLICATION = "application/vnd.endkey.publication"
GRANTS = "application/vnd.endkey.grants"
REQUESTS = "application/vnd.endkey.requests"
BATCHES = "application/vnd.endkey.batches"
JSON = "application/json"
# No answer is larger (section 4.3), but for what one item has above it.
ANSWER_MAX = 128 << 20
# Seconds without progress (H-10-4).
PATIENCE = 60


class Problem(Exception):
    """A request that was refused: the name of the problem's type, and its members."""

    def __init__(self, answer: Answer):
        self.answer = answer
        self.status = answer.status
        self.members: dict[str, Any] = answer.json()
        self.type = str(self.members.get("type", "")).removeprefix("urn:endkey:http:1:")
        super().__init__(f"{self.status} {self.type}")


class Unsettled(Exception):
    """No answer, or none that this document gives: the same bytes are sent again later (section 10)."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            raise Unsettled("an answer is no JSON") from None


@dataclass
class Service:
    """A service at an origin, and the credential that is shown to it."""

    origin: str
    credential: str | None = None
    store: str | None = field(default=None, init=False)

    def request(
        self, method: str, path: str, body: bytes | None = None, type: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """An answer of class 2xx, or 304. Problem or Unsettled is raised otherwise."""
        address = urlsplit(self.origin)
        sent = dict(headers or {})
        if self.credential is not None:
            sent["Authorization"] = f"Bearer {self.credential}"
        if type is not None:
            sent["Content-Type"] = type
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(address.hostname or "", address.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            read = response.read(ANSWER_MAX + 1)
        except (OSError, http.client.HTTPException) as error:
            raise Unsettled(str(error)) from error
        finally:
            connection.close()
        if len(read) > ANSWER_MAX:
            raise Unsettled("an answer is too large")
        answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, read)
        self.store = answer.headers.get("endkey-store", self.store)
        if answer.status // 100 == 2 or answer.status == 304:
            return answer
        if answer.headers.get("content-type") == "application/problem+json" and answer.status // 100 == 4:
            raise Problem(answer)
        raise Unsettled(f"status {answer.status}")

    def post_json(self, path: str, members: dict[str, Any]) -> Answer:
        return self.request("POST", path, json.dumps(members).encode(), JSON)

    # Listings (section 4.3)

    def items(self, path: str, query: str = "", limit: int = 1000) -> Iterator[dict[str, Any]]:
        """All items of a listing, page by page."""
        after = 0
        while True:
            page = self.request("GET", f"{path}?after={after}&limit={limit}{query}").json()
            yield from page["items"]
            if page["end"]:
                return
            if page["next"] <= after:
                raise Unsettled("a listing does not move on")
            after = page["next"]

    def messages(self, path: str, type: str, query: str = "", limit: int = 1000) -> Iterator[bytes]:
        """All messages of a listing that is read as a stream."""
        after = 0
        while True:
            answer = self.request("GET", f"{path}?after={after}&limit={limit}{query}", headers={"Accept": type})
            yield from split(answer.body)
            link = answer.headers.get("link")
            if link is None:
                return
            following = int(link.removeprefix("<?after=").split(">")[0])
            if following <= after:
                raise Unsettled("a listing does not move on")
            after = following


def split(stream: bytes) -> Iterator[bytes]:
    """The messages of a stream, each behind its length."""
    place = 0
    while place < len(stream):
        length = int.from_bytes(stream[place:place + 4], "big")
        place += 4
        if length > len(stream) - place:
            raise Unsettled("a stream ends within a message")
        yield stream[place:place + length]
        place += length


def person_credential(account_id: bytes, secret: bytes) -> str:
    return "ekp1_" + base64url.encode(account_id + secret).decode()


def agent_credential(account_id: bytes, agent_id: bytes, upload_key: bytes) -> str:
    return "eka1_" + base64url.encode(account_id + agent_id + upload_key).decode()
