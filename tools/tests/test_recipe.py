"""The player of recipes: what it reads of CONTRIBUTING.md, and that what goes wrong is noticed."""

import json
import sys
from pathlib import Path

import pytest

from endkey_tools import recipe
from endkey_tools.processes import Failed
from endkey_tools.repository import ROOT


def test_the_registry_gets_one_value_more() -> None:
    text = (ROOT / "spec/registry.json").read_text(encoding="utf-8")
    before, after = json.loads(text), json.loads(recipe.registry(text))
    assert after["enums"]["TokenField"] == [
        *before["enums"]["TokenField"],
        {"name": recipe.NAME, "value": recipe.NUMBER, "meaning": recipe.MEANING}]
    after["enums"]["TokenField"].pop()
    assert after == before


def test_a_registry_without_the_enumeration_fails() -> None:
    with pytest.raises(Failed):
        recipe.registry('{"enums": {}}')


def test_the_faulty_client_that_knows_a_field_more_goes_on() -> None:
    text = (ROOT / "clients/python/mutants/catalogue/messages.py").read_text(encoding="utf-8")
    edited = recipe.catalogue(text)
    changed = [pair for pair in zip(text.splitlines(), edited.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [pair[0].strip().startswith('("enum-token-field-6"') for pair in changed] == [True]
    with pytest.raises(Failed):
        recipe.catalogue(edited)


def test_commands_are_those_of_the_section() -> None:
    other = "## Next\n\n```sh recipe\nthree\n```\n"
    page = "## To add a field kind\n\n1. So:\n\n   ```sh recipe\n   one\n   two\n   ```\n\n" + other
    assert recipe.commands(page) == ["one", "two"]
    with pytest.raises(Failed):
        recipe.commands(other)


CLIENT = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    if request["cmd"] == "hello":
        print(json.dumps({"seq": 0}))
    elif request["cmd"] == "run":
        out = {"token": "00"} if request["op"] == "token/seal" else OPENED
        print(json.dumps({"seq": request["seq"], "outcome": OUTCOME, "out": out}))
"""
RIGHT = {"field": recipe.NAME, "epoch": recipe.EPOCH, "value": recipe.VALUE}


def client(outcome: str, opened: dict) -> dict:
    code = CLIENT.replace("OUTCOME", repr(outcome)).replace("OPENED", repr(opened))
    return {"title": "a client", "command": [sys.executable, "-c", code]}


def test_a_client_that_opens_what_it_seals(tmp_path: Path) -> None:
    assert recipe.token_of(client("ok", RIGHT), tmp_path) == "00"


@pytest.mark.parametrize(("outcome", "opened"), [("error", RIGHT), ("ok", {**RIGHT, "field": "url"})])
def test_a_client_that_does_not_know_the_field_fails(outcome: str, opened: dict, tmp_path: Path) -> None:
    with pytest.raises(Failed):
        recipe.token_of(client(outcome, opened), tmp_path)


def test_too_many_edited_files_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcd":
        (tmp_path / name).write_text("", encoding="utf-8")
    recipe.git(tmp_path, "init", "--quiet")
    recipe.commit(tmp_path)
    monkeypatch.setattr(recipe, "EDITS", {name: lambda text: text + "x" for name in "abcd"})
    with pytest.raises(Failed, match="takes 4 edited files"):
        recipe.edit(tmp_path)
    monkeypatch.setattr(recipe, "EDITS", {name: lambda text: text + "x" for name in "abc"})
    assert recipe.edit(tmp_path) == ["a", "b", "c"]
    monkeypatch.setattr(recipe, "EDITS", {"a": lambda text: text})
    with pytest.raises(Failed, match="changed nothing"):
        recipe.edit(tmp_path)
