"""Requests, answers and problems (sections 3, 4, 7 and 14)."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ..texts import base64url
from .decoding import Members, Unsettled, array_of, decode, integer, members, text, truth

MESSAGE = "application/vnd.endkey.message"
PUBLICATION = "application/vnd.endkey.publication"
GRANTS = "application/vnd.endkey.grants"
REQUESTS = "application/vnd.endkey.requests"
BATCHES = "application/vnd.endkey.batches"
JSON = "application/json"
WHOLE = "application/vnd.endkey.whole"
PROBLEM = "application/problem+json"
# No listing has more pages (H-4.3-3).
PAGES_MAX = 10_000
NEXT = re.compile(r"<\?after=(0|[1-9][0-9]{0,15})[&>]")
# No answer is larger (section 4.3), but for what one item has above it.
ANSWER_MAX = 128 << 20
# Seconds without progress (H-10-4).
PATIENCE = 60


class Problem(Exception):
    """A request that was refused: the name of the problem's type, and its members."""

    def __init__(self, answer: Answer):
        self.answer = answer
        self.status = answer.status
        self.type: str = answer.members({"type": text})["type"].removeprefix("urn:endkey:http:1:")
        self.members: dict[str, Any] = answer.json()
        super().__init__(f"{self.status} {self.type}")


@dataclass(frozen=True)
class Yes:
    """What an answer of class 2xx must be; another is none (H-10-5)."""

    statuses: tuple[int, ...]
    type: str | None = None
    # A member of its JSON, and what that says of what is stored now.
    named: tuple[str, str] | None = None

    @staticmethod
    def body(type: str) -> Yes:
        return Yes((200,), type)

    @staticmethod
    def stored(member: str, name: bytes) -> Yes:
        return Yes((200, 201), JSON, (member, name.hex()))

    def check(self, answer: Answer) -> Answer:
        if answer.status not in self.statuses or (self.type is not None and answer.type != self.type):
            raise Unsettled(f"status {answer.status} and type {answer.type} are no answer to this")
        if self.named is not None:
            member, name = self.named
            if answer.members({member: text})[member] != name:
                raise Unsettled("an answer is that to something else")
        return answer


NOTHING = Yes((204,))
ANY_JSON = Yes((200, 201), JSON)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str | None:
        return self.headers.get("content-type")

    def json(self) -> Any:
        return decode(self.body)

    def members(self, readers: Members) -> dict[str, Any]:
        return members(self.json(), readers)


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
        """An answer of class 2xx, or 304 to a condition. Problem or Unsettled is raised otherwise."""
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
            rest = response.length
        except (OSError, http.client.HTTPException) as error:
            raise Unsettled(str(error)) from error
        finally:
            connection.close()
        if len(read) > ANSWER_MAX:
            raise Unsettled("an answer is too large")
        if rest:
            raise Unsettled("an answer broke off")
        answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, read)
        self.store = answer.headers.get("endkey-store", self.store)
        if answer.status // 100 == 2 or (answer.status == 304 and "If-None-Match" in sent):
            return answer
        if answer.type == PROBLEM and answer.status // 100 == 4:
            raise Problem(answer)
        raise Unsettled(f"status {answer.status}")

    def ask(
        self, yes: Yes, method: str, path: str, body: bytes | None = None, type: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """The answer that this document gives, or 304 to a condition."""
        answer = self.request(method, path, body, type, headers)
        return answer if answer.status == 304 else yes.check(answer)

    def post_json(self, path: str, members: dict[str, Any], yes: Yes = ANY_JSON) -> Answer:
        return self.ask(yes, "POST", path, json.dumps(members).encode(), JSON)

    # Listings (section 4.3)

    def items(
        self, path: str, query: str = "", limit: int = 1000, readers: Members | None = None
    ) -> Iterator[dict[str, Any]]:
        """All items of a listing, page by page, with all their members, or with those of `readers`."""
        after = last = 0
        for _ in range(PAGES_MAX):
            page = self.ask(ANY_JSON, "GET", f"{path}?after={after}&limit={limit}{query}").members(
                {"items": array_of(lambda item: item), "end": truth, "next": integer})
            for item in page["items"]:
                ordinal = members(item, {"ordinal": integer})["ordinal"]
                if ordinal <= last:
                    raise Unsettled("the items of a listing are not in their order")
                last = ordinal
                yield item if readers is None else members(item, readers)
            if page["end"]:
                return
            after = moved(after, page["next"], len(page["items"]))
        raise Unsettled("a listing has too many pages")

    def messages(self, path: str, type: str, query: str = "", limit: int = 1000) -> Iterator[bytes]:
        """All messages of a listing that is read as a stream."""
        after = 0
        for _ in range(PAGES_MAX):
            answer = self.ask(
                Yes.body(type), "GET", f"{path}?after={after}&limit={limit}{query}", headers={"Accept": type})
            given = list(split(answer.body))
            yield from given
            link = answer.headers.get("link")
            if link is None:
                return
            target = NEXT.match(link)
            if target is None:
                raise Unsettled("a listing does not say where it goes on")
            after = moved(after, int(target[1]), len(given))
        raise Unsettled("a listing has too many pages")


def moved(after: int, following: int, count: int) -> int:
    """Where the next page of a listing begins, behind one that had `count` items (H-4.3-3)."""
    if following <= after or count == 0:
        raise Unsettled("a listing does not move on")
    return following


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
