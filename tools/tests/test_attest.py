"""Each implementation that is asked about the vectors notices wrong ones; what a comparison of records tells apart."""

import copy
from typing import Any

import pytest

from endkey_tools.attest.witnesses import WITNESSES, agreeing, differences, is_checked, read_record
from endkey_tools.suite import vector_files

pytestmark = pytest.mark.attest


def changed(value: Any) -> Any:
    """Another value of the same kind; nothing if there is none."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and value:
        return value[:-1] + ("1" if value[-1] == "0" else "0")
    if isinstance(value, dict):
        for key, member in value.items():
            if (other := changed(member)) is not None:
                return {**value, key: other}
    if isinstance(value, list):
        for index, member in enumerate(value):
            if (other := changed(member)) is not None:
                return [*value[:index], other, *value[index + 1 :]]
    return None


def tampered(file: dict[str, Any]) -> dict[str, Any]:
    """The file with wrong vectors alone: another output, a rejection called right, a right one called rejected, ..."""
    tests: list[dict[str, Any]] = []

    def plant(test: dict[str, Any], name: str, expect: dict[str, Any]) -> None:
        tests.append({**test, "id": f"{name}-{test['id']}", "expect": expect})

    accepted = [test for test in file["tests"] if test["expect"]["outcome"] == "ok"]
    rejected = [test for test in file["tests"] if test["expect"]["outcome"] == "reject"]
    for test in accepted:
        if (out := changed(test["expect"]["out"])) is not None:
            plant(test, "output", {"outcome": "ok", "out": out})
            break
    if rejected:
        plant(accepted[0], "rejected", rejected[0]["expect"])
        plant(rejected[0], "accepted", accepted[0]["expect"])
        plant(rejected[0], "code", {**rejected[0]["expect"], "code": "other"})
        for test in rejected:
            if "offset" in test["expect"]:
                plant(test, "offset", {**test["expect"], "offset": test["expect"]["offset"] + 1})
                break
    return {**file, "tests": tests}


@pytest.fixture(scope="module")
def files() -> list[dict[str, Any]]:
    return vector_files()


@pytest.fixture(scope="module")
def planted(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [tampered(file) for file in files]


@pytest.fixture
def recorded() -> dict[str, Any]:
    return read_record()


def test_each_file_has_wrong_vectors(planted: list[dict[str, Any]]) -> None:
    assert [file["op"] for file in planted if not file["tests"]] == []


@pytest.mark.parametrize("name", WITNESSES)
def test_wrong_vectors_are_noticed(name: str, planted: list[dict[str, Any]]) -> None:
    ask, client, libraries = WITNESSES[name]
    _, results = ask(planted)
    noticed = {file["op"]: results[file["op"]] for file in planted}
    assert [test["id"] for file in planted for test in file["tests"]
            if test["id"] not in noticed[file["op"]]["wrong"]] == []
    assert [op for op, result in noticed.items() if agreeing(result, client, libraries, set())] == []


@pytest.mark.parametrize(("name", "library"), [
    (name, library) for name, (_, _, libraries) in WITNESSES.items() for library in libraries])
def test_a_spoiled_library_agrees_on_nothing(
    name: str, library: str, files: list[dict[str, Any]], recorded: dict[str, Any]
) -> None:
    ask, client, libraries = WITNESSES[name]
    claimed = [file for file in files if library in recorded["agreed"].get(file["op"], [])]
    assert claimed
    _, results = ask(claimed, library, garbled=True)
    assert [op for op, result in results.items() if library in agreeing(result, client, libraries, set())] == []


def test_a_record_is_like_itself(recorded: dict[str, Any]) -> None:
    assert differences(recorded, copy.deepcopy(recorded)) == []


def test_a_record_that_says_too_much_or_too_little_is_found(recorded: dict[str, Any]) -> None:
    for op, names in recorded["agreed"].items():
        fewer, none = copy.deepcopy(recorded), copy.deepcopy(recorded)
        fewer["agreed"][op].remove(names[0])
        del none["agreed"][op]
        for before, now in ((recorded, fewer), (fewer, recorded), (none, recorded), (recorded, none)):
            assert differences(before, now)


def test_a_vector_without_a_witness_needs_a_reason(files: list[dict[str, Any]], recorded: dict[str, Any]) -> None:
    id = files[0]["tests"][0]["id"]
    assert differences(recorded, {**recorded, "unchecked": {id: "a reason"}})
    assert differences({**recorded, "unchecked": {id: ""}}, {**recorded, "unchecked": {id: ""}})


@pytest.mark.parametrize(("id", "checked"), [
    ("a", False),  # by the reference's own library alone
    ("b", True),  # by a foreign one
    ("c", True),  # without cryptography
])
def test_who_checks_a_vector(id: str, checked: bool) -> None:
    result = {"wrong": {}, "computed": {"PyNaCl": ["a"], "pycryptodome": ["b"]}, "disagreed": {}}
    assert is_checked(id, result, ["pycryptodome", "PyNaCl"]) is checked
