"""Answers of JSON: what is none is one error, whatever is wrong with it (H-10-5)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from endkey_client.over_http import decoding
from endkey_client.over_http.decoding import Unsettled
from endkey_client.over_http.service import ANY_JSON, JSON, NOTHING, Answer, Service, Yes, moved, split

NO_JSON = [
    b"", b"{", b"\xff", b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"a": 1, "a": 1}', b"NaN", b"-Infinity", b"1.0",
    b"1e3", b"9007199254740992", b"-9007199254740992", b"9" * 5_000, b"[" * 200_000, b'{"a":' * 200_000, b"'a'",
    b"{} {}",
]


@pytest.mark.parametrize("body", NO_JSON, ids=range(len(NO_JSON)))
def test_no_json(body: bytes) -> None:
    with pytest.raises(Unsettled):
        decoding.decode(body)


def test_integers_to_the_greatest() -> None:
    assert decoding.decode(b"[9007199254740991, -9007199254740991]") == [(1 << 53) - 1, 1 - (1 << 53)]


VALUES: list[Any] = [None, True, 0, -1, "", "ZZ", "0", "AB", "ab", "ekp1_a b", "ekp1_\n", [], [None], {}, {"a": None}]
READERS: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
    "text": (decoding.text, [value for value in VALUES if isinstance(value, str)]),
    "truth": (decoding.truth, [True]),
    "integer": (decoding.integer, [0, -1]),
    "hexadecimal": (decoding.hexadecimal(1), ["ab"]),
    "optional": (decoding.optional(decoding.integer), [None, 0, -1]),
    "array": (decoding.array_of(decoding.integer), [[]]),
    "bearer": (decoding.bearer, []),
}


@pytest.mark.parametrize("name", READERS)
def test_reader_takes_what_it_reads_and_nothing_else(name: str) -> None:
    read, taken = READERS[name]
    for value in VALUES:
        if any(value is one or (type(value) is type(one) and value == one) for one in taken):
            decoding.members({"a": value}, {"a": read})
        else:
            with pytest.raises(Unsettled):
                decoding.members({"a": value}, {"a": read})
    for value in (None, [], "a", 1, {}, {"b": 1}):
        with pytest.raises(Unsettled):
            decoding.members(value, {"a": read})


class Scripted(Service):
    """Gives answers in their order."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__("https://service.example")
        self.answers = list(answers)

    def request(self, *_: Any, **__: Any) -> Answer:
        return self.answers.pop(0)


def answer(status: int, body: Any = None, type: str = JSON, **headers: str) -> Answer:
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {"content-type": type, **headers}, content)


@pytest.mark.parametrize("yes, given", [
    (NOTHING, answer(200)), (ANY_JSON, answer(202, {})), (ANY_JSON, answer(200, {}, "text/html")),
    (Yes.body("a/b"), answer(201, b"", "a/b")), (Yes.stored("hash", b"\1"), answer(201, {"hash": "02"})),
    (Yes.stored("hash", b"\1"), answer(201, {})), (Yes.stored("hash", b"\1"), answer(201, [])),
    (Yes.stored("hash", b"\1"), answer(201, {"hash": 1})), (Yes.stored("hash", b"\1"), answer(201)),
])
def test_no_yes(yes: Yes, given: Answer) -> None:
    with pytest.raises(Unsettled):
        Scripted(given).ask(yes, "PUT", "/")


def test_yes_names_what_was_sent() -> None:
    assert Scripted(answer(201, {"hash": "01"})).ask(Yes.stored("hash", b"\1"), "PUT", "/").status == 201


def test_listing_ends_within_its_pages() -> None:
    """H-4.3-3"""
    pages = [answer(200, {"items": [{"ordinal": n}], "end": False, "next": n}) for n in range(1, 10_002)]
    service = Scripted(*pages)
    with pytest.raises(Unsettled):
        list(service.items("/a"))
    assert len(service.answers) == 1


def test_listing_moves_on() -> None:
    assert moved(1, 2, 1) == 2
    for after, following, count in ((1, 1, 1), (2, 1, 1), (1, 2, 0)):
        with pytest.raises(Unsettled):
            moved(after, following, count)


@pytest.mark.parametrize("stream", [b"\0", b"\0\0\0", b"\0\0\0\1", b"\xff\xff\xff\xffEK", b"\0\0\0\0\0"])
def test_stream_that_ends_early(stream: bytes) -> None:
    with pytest.raises(Unsettled):
        list(split(stream))
