"""The rule of vectors/README.md, "What a right answer is"; JudgementTests.swift has the same cases."""

import json

import pytest

from endkey_tools.suite import is_right, vector_files

OUT = {"a": "00ff", "b": [1, {"c": None}]}
OK = {"outcome": "ok", "out": OUT}
FORMAT = {"outcome": "reject", "code": "truncated", "layer": "format", "offset": 3}
OTHER = {"outcome": "reject", "code": "bad_key", "layer": "policy"}


@pytest.mark.parametrize(("expect", "answer"), [
    (OK, {"outcome": "ok", "out": {"b": [1, {"c": None}], "a": "00ff"}}),
    (OK, {**OK, "trace": {"x": "00"}}),
    (FORMAT, {"outcome": "reject", "code": "truncated", "offset": 3, "native": "E1"}),
    (OTHER, {"outcome": "reject", "code": "bad_key"}),
])
def test_right(expect, answer):
    assert is_right(expect, {"seq": 1, **answer})


@pytest.mark.parametrize("out", [
    {"a": "00fe", "b": [1, {"c": None}]}, {"a": "00FF", "b": [1, {"c": None}]}, {"a": "00ff"}, {**OUT, "d": None},
    {"a": "00ff", "b": [{"c": None}, 1]}, {"a": "00ff", "b": [1]}, {"a": "00ff", "b": [True, {"c": None}]},
    {"a": "00ff", "b": [1.0, {"c": None}]}, {"a": "00ff", "b": [1, {"c": 0}]}, None,
])
def test_wrong_output(out):
    assert not is_right(OK, {"outcome": "ok", "out": out})


@pytest.mark.parametrize(("expect", "answer"), [
    (OK, FORMAT), (FORMAT, OK), (OK, {"outcome": "error", "detail": ""}), (FORMAT, {"outcome": "unsupported"}),
    (OK, {}),
    (FORMAT, {"outcome": "reject", "code": "trailing_bytes", "offset": 3}),
    (FORMAT, {"outcome": "reject", "offset": 3}),
    (FORMAT, {"outcome": "reject", "code": "truncated", "offset": 4}),
    (FORMAT, {"outcome": "reject", "code": "truncated"}),
    (OTHER, {"outcome": "reject", "code": "bad_key", "offset": 0}),
    (OTHER, {"outcome": "reject", "code": "bad_key", "out": {}}),
])
def test_wrong(expect, answer):
    assert not is_right(expect, answer)


def test_an_offset_stands_with_the_codes_of_layer_format_alone():
    for file in vector_files():
        for test in file["tests"]:
            assert ("offset" in test["expect"]) == (test["expect"].get("layer") == "format"), test["id"]


def test_other_files_of_the_folder_are_no_vector_files(tmp_path):
    (tmp_path / "kills.json").write_text("{}")
    with pytest.raises(FileNotFoundError):
        vector_files(tmp_path)
    (tmp_path / "hash.json").write_text(json.dumps({"schema": "endkey-vectors-1", "tests": []}))
    assert len(vector_files(tmp_path)) == 1
