"""The checker checked: what must survive, what must be refused, and what must make `run --check` fail."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .. import freeze, operators, record
from ..mutant import FROZEN, PACKAGE, SOURCES, BadMutant, Mutant, read_sources
from ..pool import Pool, Run
from ..report import Matrix
from ..suite import Vector, fnv1a, hash_of, read_vectors

RUN = Path(__file__).resolve().parents[1] / "run"
ICV = "if not backend.equal(a, INITIAL_VALUE):"


def kw(name: str, old: str, new: str) -> Mutant:
    return Mutant(name, "a test's", "primitives/kw.py", old, new)


IDENTITY = kw("identity", ICV, f"{ICV}  # the same")
MODULE = kw("identity-of-module", "ROUNDS = 6", "ROUNDS = 3 + 3")
FAULTY = kw("icv-unchecked", ICV, "if False:")
CRASH = kw("crash", ICV, "if a[8]:")
LOOP = kw("loop", ICV, "while True:\n        pass\n    if False:")
DEAD = kw("dead", ICV, "__import__('os').kill(__import__('os').getpid(), 9)\n    if False:")
RUNNABLE = (IDENTITY, MODULE, FAULTY, CRASH, LOOP, DEAD)


@pytest.fixture(scope="module")
def vectors() -> list[Vector]:
    return [vector for vector in read_vectors() if vector.op == "kw/unwrap"]


@pytest.fixture(scope="module")
def runs(vectors: list[Vector]) -> dict[str, Run]:
    pool = Pool(vectors, 2, time_limit=1)
    assert not pool.coverage.failed
    return {run.mutant.name: run for run in pool.run(RUNNABLE)}


@pytest.mark.parametrize("text, hash", [(b"a", 0xAF63DC4C8601EC8C), (b"foobar", 0x85944171F73967E8)])
def test_fnv_1a_is_as_published(text: bytes, hash: int) -> None:
    assert fnv1a(text) == hash


def test_the_hash_of_an_output_does_not_depend_on_the_order_of_keys() -> None:
    assert hash_of({"b": 1, "a": "\u00e9"}) == hash_of({"a": "\u00e9", "b": 1})


@pytest.mark.parametrize("mutant", [
    kw("missing", "no such text", ""), kw("twice", "backend.", ""), kw("same", ICV, ICV), kw("no-python", ICV, "if ("),
    Mutant("no-module", "a test's", "primitives/no_such.py", ICV, "if False:"),
], ids=lambda mutant: mutant.name)
def test_what_is_not_one_edit_is_refused(mutant: Mutant) -> None:
    with pytest.raises(BadMutant, match=mutant.name):
        mutant.code()


def test_an_edit_that_changes_nothing_survives(runs: dict[str, Run]) -> None:
    assert runs["identity"].wrong == {}


def test_an_edit_outside_of_functions_meets_all_vectors(runs: dict[str, Run], vectors: list[Vector]) -> None:
    assert runs["identity-of-module"].vectors == vectors
    assert runs["identity-of-module"].wrong == {}


def test_a_fault_is_found(runs: dict[str, Run]) -> None:
    assert runs["icv-unchecked"].wrong


@pytest.mark.parametrize("name", ["crash", "loop", "dead"])
def test_an_exception_a_loop_and_a_dead_process_are_errors(runs: dict[str, Run], name: str) -> None:
    assert {wrong.answer for wrong in runs[name].wrong.values()} == {"error"}
    assert len(runs[name].wrong) == 1 or name == "crash"


@pytest.fixture
def matrix(vectors: list[Vector], runs: dict[str, Run], tmp_path: Path) -> Any:
    """Makes a matrix of some runs; every negative vector that finds nothing is excused unless told otherwise."""
    idle = [v.id for v in vectors if v.is_negative and v.id not in runs["icv-unchecked"].wrong]
    excuses = {id: "a test's" for id in idle}

    def made(*names: str, excuses: dict[str, str] = excuses) -> Matrix:
        return Matrix(vectors, [runs[name] for name in names], excuses, tmp_path)

    return made


def test_files_are_drift_until_they_are_written_and_when_they_differ(matrix: Any, tmp_path: Path) -> None:
    good = matrix("icv-unchecked")
    assert good.faults() == []
    assert len(good.drift()) == 3
    good.write()
    assert good.drift() == []
    (tmp_path / "kills.json").write_text("{}\n")
    assert len(good.drift()) == 1


def test_a_run_is_told_from_one_of_other_inputs_and_from_files_that_were_edited(
    matrix: Any, vectors: list[Vector], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = tmp_path / "ran.json"
    monkeypatch.setattr(record, "RECORD", kept)
    good = matrix("icv-unchecked")
    mutants = [run.mutant for run in good.runs]
    good.write()
    record.write(mutants, good)

    def drift(mutants: list[Mutant] = mutants, vectors: list[Vector] = vectors) -> list[str]:
        return [fault.split(":")[0] for fault in record.drift(mutants, vectors, tmp_path, kept)]

    assert drift() == []
    assert drift(vectors=vectors[:-1]) == ["vectors"]
    assert drift(mutants=[dataclasses.replace(mutants[0], new="")]) == ["catalogue"]
    (tmp_path / "kills.md").write_text("edited\n")
    assert drift() == ["vectors/kills.md"]


def test_each_mutant_is_asked_for_and_each_negative_vector_once(matrix: Any, vectors: list[Vector]) -> None:
    run = matrix("icv-unchecked").runs[0]
    both = record.least([Run(run.mutant, [vector for vector in vectors if vector.id in run.wrong])] * 2)
    assert [len(one.vectors) for one in both] == [sum(v.is_negative and v.id in run.wrong for v in vectors), 1]
    assert record.least([Run(run.mutant, [])]) == []


def test_a_vector_that_no_longer_finds_a_mutant_is_a_fault(runs: dict[str, Run]) -> None:
    found = runs["icv-unchecked"]
    right = next(vector for vector in found.vectors if vector.id in found.wrong)
    wrong = next(vector for vector in found.vectors if vector.id not in found.wrong)
    assert record.ask([Run(found.mutant, [right])], 1) == []
    faults = record.ask([Run(found.mutant, [right, wrong])], 1)
    assert len(faults) == 1 and faults[0].startswith(f"icv-unchecked: {wrong.id} does not find it any more")


def test_kills_json_has_its_form(matrix: Any, tmp_path: Path) -> None:
    matrix("icv-unchecked").write()
    kills = json.loads((tmp_path / "kills.json").read_text())
    assert list(kills) == ["mutants"]
    assert [list(mutant) for mutant in kills["mutants"].values()] == [["fault", "killedBy"]]


def test_a_survivor_is_a_fault(matrix: Any) -> None:
    assert matrix("icv-unchecked", "identity").faults() == ["identity: no vector finds it"]


def test_a_known_survivor_is_no_fault_until_it_is_found(matrix: Any) -> None:
    good = matrix("icv-unchecked", "identity")
    good.known = {"identity": "a vector that is missing"}
    assert good.faults() == []
    assert "none yet: a vector that is missing" in good.row(good.runs[1])
    good.known = {"identity": "x", "icv-unchecked": "x", "gone": "x"}
    assert good.faults() == ["icv-unchecked: is no survivor", "gone: is no survivor"]


def test_a_negative_vector_that_finds_nothing_is_a_fault(matrix: Any) -> None:
    idle = matrix("icv-unchecked").idle()
    assert idle and len(matrix("icv-unchecked", excuses={}).faults()) == len(idle)


def test_an_excuse_that_nothing_needs_is_a_fault(matrix: Any) -> None:
    excuses = {**matrix("icv-unchecked").excuses, "no-such-vector": "x"}
    assert matrix("icv-unchecked", excuses=excuses).faults() == [
        "no-such-vector: an excuse for no vector that needs one"]


def answers(name: str, line: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, RUN, "client", name], input=line + b"\n", capture_output=True)


def test_a_mutant_is_a_client_of_the_line_protocol(vectors: list[Vector]) -> None:
    vector = next(vector for vector in vectors if vector.id == "kw-unwrap-icv-zero")
    assert json.loads(answers("kw-icv-unchecked", vector.line).stdout)["outcome"] == "ok"


def test_a_client_by_an_unknown_name_is_refused() -> None:
    assert answers("no-such-mutant", b"").returncode == 2


def test_freezing_names_the_mutants_that_no_longer_apply() -> None:
    refactored = {**SOURCES, "primitives/kw.py": SOURCES["primitives/kw.py"].replace(ICV, "if a != INITIAL_VALUE:")}
    assert freeze.inapplicable([IDENTITY, MODULE], SOURCES) == []
    assert freeze.inapplicable([IDENTITY, MODULE], refactored) == [
        "identity: its old text stands 0 times in primitives/kw.py, not once"]


def test_freezing_leaves_nothing_of_the_copy_before(tmp_path: Path) -> None:
    (tmp_path / "gone.py").write_text("")
    freeze.copy(FROZEN / PACKAGE, tmp_path)
    assert read_sources(tmp_path) == SOURCES


KW_EDITS = {edit.name: edit for edit in operators.Operators("primitives/kw.py").edits}


def test_rules_make_edits_of_one_place_with_names_of_their_own() -> None:
    edits = operators.made()
    assert len({edit.name for edit in edits}) == len(edits)
    assert {edit.fault.split(":")[0] for edit in edits} >= {
        "skipped", "exchanged", "wider", "one side", "first half", "only the first", "forgotten", "another code"}
    assert all(edit.source() != SOURCES[edit.module] for edit in edits)


def test_what_a_rule_makes_is_found(vectors: list[Vector]) -> None:
    pool = Pool(vectors, 2, stops_at_first=True)
    skipped = [edit for name, edit in KW_EDITS.items() if ":skipped" in name]
    assert skipped and all(run.wrong for run in pool.run(skipped))


def test_a_record_is_wrong_when_a_vector_no_longer_finds_its_mutant(
    vectors: list[Vector], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = [edit for name, edit in KW_EDITS.items() if ":skipped" in name][:1]
    monkeypatch.setattr(operators, "RECORD", tmp_path / "operators.json")
    monkeypatch.setattr(operators, "EQUAL", tmp_path / "equal.json")
    monkeypatch.setattr(operators, "WAITING", tmp_path / "waiting.json")
    for record, faults in [
        ({}, f"{edits[0].name}: no vector finds it"), ({edits[0].name: "no-such-vector"}, "is no vector"),
        ({"gone": "kw-unwrap-icv-zero"}, "gone: no rule makes it"),
        ({edits[0].name: next(vector.id for vector in vectors if not vector.is_negative)}, "does not find it any more"),
    ]:
        (tmp_path / "operators.json").write_text(json.dumps(record))
        assert any(faults in fault for fault in operators.check(edits, vectors, 1)[1])
