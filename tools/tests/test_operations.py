"""spec/operations.json: that the checks of the suite against it find what is wrong."""

import copy
import json

import pytest

from endkey_tools import operations as module
from endkey_tools.operations import BadSource, Reader, Suite, document_faults, operations
from endkey_tools.suite import vector_files


@pytest.fixture
def suite():
    return Suite(operations(), json.loads(module.SCHEMA.read_text(encoding="utf-8")))


def file(op):
    return copy.deepcopy(next(one for one in vector_files() if one["op"] == op))


def test_the_suite_keeps_to_the_table():
    assert module.check()[1] == []


@pytest.mark.parametrize(("member", "value"), [
    ("epoch", 0), ("epoch", 1.5), ("epoch", "1"), ("account_id", "00"), ("account_id", None), ("field", "no_field"),
    ("value", "0G"), ("value", "0"),
])
def test_an_input_of_another_type_is_found(suite, member, value):
    seal = file("token/seal")
    seal["tests"][0]["in"][member] = value
    suite.take_vectors([seal])
    assert len(suite.faults) == 1
    assert seal["tests"][0]["id"] in suite.faults[0]


def test_a_missing_and_an_unknown_member_are_found(suite):
    seal = file("token/seal")
    del seal["tests"][0]["in"]["epoch"]
    seal["tests"][1]["in"]["more"] = 1
    suite.take_vectors([seal])
    assert len(suite.faults) == 2


def test_a_code_that_the_operation_does_not_give_is_found(suite):
    opening = file("token/open")
    rejected = next(test for test in opening["tests"] if test["expect"]["outcome"] == "reject")
    rejected["expect"]["code"] = "grant_open_failed"
    suite.take_vectors([opening])
    assert any("does not give grant_open_failed" in fault for fault in suite.faults)


def test_a_code_that_nothing_shows_is_found(suite):
    files = [one for one in vector_files() if one["op"] != "rsa/check"]
    suite.take_vectors(files)
    suite.finish()
    assert "rsa/check: no vector shows bad_key; write one, or say in `unshown` why none can" in suite.faults


@pytest.mark.parametrize("edit", [
    lambda files: files.remove(next(one for one in files if one["op"] == "hash")),
    lambda files: files.append(files[0]),
    lambda files: next(one for one in files if one["op"] == "hash")["tests"].clear(),
])
def test_a_file_that_is_missing_empty_or_there_twice_is_found(suite, edit):
    files = copy.deepcopy(vector_files())
    edit(files)
    suite.take_vectors(files)
    suite.take_scenarios(json.loads(module.SCENARIOS.read_text(encoding="utf-8"))["scenarios"])
    suite.finish()
    assert len(suite.faults) == 1


def test_another_order_in_the_document_is_found():
    text = module.DOCUMENT.read_text(encoding="utf-8")
    assert document_faults(text, operations()) == []
    other = text.replace("| value_too_long, value_not_utf8 |", "| value_not_utf8, value_too_long |")
    assert document_faults(other, operations())
    assert document_faults("", operations())


@pytest.mark.parametrize("edit", [
    lambda one: one["operations"].append(one["operations"][0]),
    lambda one: one["operations"][0].update(group="other"),
    lambda one: one["operations"][0].update(order=["no_such_code"]),
    lambda one: one["operations"][0].update(order=["format"]),
    lambda one: one["operations"][0]["in"][0].update(of="NoEnum"),
    lambda one: one["operations"][0]["in"][1].update(type="bytes"),
    lambda one: one["operations"][0]["in"].append(one["operations"][0]["in"][0]),
    lambda one: one["operations"][0]["in"][1].update(secert=True),
    lambda one: one["operations"][0].update(profile=["agent"]),
    lambda one: one["operations"][0].update(profiles=["agnet"]),
    lambda one: one["operations"][0].update(profiles=[]),
    lambda one: one["operations"][0].update(cost=0),
    lambda one: one["operations"][0].update(cost="1"),
    lambda one: one["types"]["epoch"].update(min=5, max=4),
    lambda one: one["types"]["counter"].update(max="no_limit"),
    lambda one: next(other for other in one["operations"] if "unshown" in other)["unshown"].update(bad_key=" "),
])
def test_a_table_that_contradicts_itself_is_refused(edit):
    source = json.loads(module.SOURCE.read_text(encoding="utf-8"))
    edit(source)
    with pytest.raises(BadSource):
        Reader(source, json.loads(module.REGISTRY.read_text(encoding="utf-8"))).read()
