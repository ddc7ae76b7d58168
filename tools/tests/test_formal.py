"""What the runner of the formal models convicts: a failure is planted at a time, and exactly the right checks fail."""

import copy
import shutil
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from endkey_tools.formal import COUNTS, HERE, TABLES, checks, report

pytestmark = pytest.mark.formal

Tables = dict[str, Any]
Change = Callable[[Path, Tables], None]


def cut(spin: Iterable[tuple[str, list[str]]] = (), maude: Iterable[str] = ()) -> Tables:
    """The tables of some models only, so that a planted failure costs little."""
    return {
        "spin": {name: {variant: list(TABLES["spin"][name][variant]) for variant in variants}
                 for name, variants in spin},
        "claims": {name: list(TABLES["claims"][name]) for name, _ in spin},
        "maude": {name: {variant: list(goals) for variant, goals in TABLES["maude"][name].items()} for name in maude},
    }


def edit(file: str, old: str, new: str) -> Change:
    def change(root: Path, tables: Tables) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        (root / file).write_text(text.replace(old, new), encoding="utf-8")

    return change


def expect(tool: str, name: str, variant: str, outcome: list[str]) -> Change:
    def change(root: Path, tables: Tables) -> None:
        tables[tool][name][variant] = outcome

    return change


def expect_search(case: str, outcome: str) -> Change:
    def change(root: Path, tables: Tables) -> None:
        tables["search"][case] = outcome

    return change


def drop(tool: str, name: str, variant: str) -> Change:
    def change(root: Path, tables: Tables) -> None:
        del tables[tool][name][variant]

    return change


PARTS: dict[str, Tables] = {
    "latch": cut(spin=[("latch", list(TABLES["spin"]["latch"]))]),
    "enrolment": cut(maude=["enrolment"]),
    "records": {
        **cut(spin=[("certificate", list(TABLES["spin"]["certificate"]))], maude=["tokens"]), "records": True},
    "searched": {
        **cut(), "search": {case: TABLES["search"][case] for case in ("wraps as stated", "wraps are final")}},
}


def without(tool: str, name: str, claim: str) -> set[str]:
    """The checks of a model's variants that are not expected to break a claim or to find a goal."""
    first = {"spin": "", "maude": "safe"}[tool]
    return {
        f"{tool} {name}: {'as specified' if variant == first else variant}"
        for variant, broken in TABLES[tool][name].items() if claim not in broken
    }


# What is planted; the part of the models that is then run; the change; the checks that must fail.
PLANTS: list[tuple[str, str, Change, set[str]]] = [
    (
        "a weakened rule declared safe (Spin)",
        "latch",
        expect("spin", "latch", "OLD_KEYS", []),
        {"spin latch: OLD_KEYS"},
    ),
    (
        "an attack expected where there is none (Spin)",
        "latch",
        expect("spin", "latch", "", ["current_keys"]),
        {"spin latch: as specified"},
    ),
    (
        "a weakening that no longer weakens (Spin)",
        "latch",
        edit("spin/latch.pml", "#ifdef NO_LATCH", "#ifdef NO_LATC"),
        {"spin latch: flags", "spin latch: NO_LATCH"},
    ),
    (
        "a rule lost from the specified model (Spin)",
        "latch",
        edit("spin/latch.pml", "phase == REVOKED && !listed)", "phase == REVOKED)"),
        without("spin", "latch", "revoked_silent"),
    ),
    (
        "an honest run that cannot be reached (Spin)",
        "latch",
        edit("spin/latch.pml", "-> honestEnd = true", "-> skip"),
        {"spin latch: reach_honest"},
    ),
    (
        "a claim taken out of the model (Spin)",
        "latch",
        edit("spin/latch.pml", "ltl current_keys", "/* */ // ltl current_keys"),
        {"spin latch: claims", "spin latch: OLD_KEYS"},
    ),
    (
        "a model that does not compile (Spin)",
        "latch",
        edit("spin/latch.pml", "active proctype", "active protype"),
        {f"spin latch: {v or 'as specified'}" for v in TABLES["spin"]["latch"]},
    ),
    (
        "a shortened list (Spin)",
        "latch",
        drop("spin", "latch", "OLD_KEYS"),
        {"spin latch: flags", "number of checks"},
    ),
    (
        "a rule lost from another model (Spin)",
        "records",
        edit("spin/certificate.pml", "-> end2 =", "-> end1 = now + 3; end2 ="),
        {"spin certificate: as specified"},
    ),
    (
        "a weakened rule declared safe (Maude)",
        "enrolment",
        expect("maude", "enrolment", "noPin", []),
        {"maude enrolment: noPin"},
    ),
    (
        "a weakening that no longer weakens (Maude)",
        "enrolment",
        edit("maude/enrolment.maude", "if V == A or F has noPin or", "if V == A or"),
        {"maude enrolment: noPin"},
    ),
    (
        "a rule lost from the specified model (Maude)",
        "enrolment",
        edit("maude/enrolment.maude", "if V == A or F has noPin or F has weakId", "if true"),
        without("maude", "enrolment", "planted"),
    ),
    (
        "an honest run that cannot be reached (Maude)",
        "enrolment",
        edit("maude/enrolment.maude", "granted(a, a) held(o, o) P", "granted(a, b) held(o, o) P"),
        {"maude enrolment: honest", "maude enrolment: goals"},
    ),
    (
        "a rule that Maude ignores with a warning",
        "enrolment",
        edit("maude/enrolment.maude", "if V == A or", "if V === A or"),
        {"maude enrolment"},
    ),
    (
        "a shortened list (Maude)",
        "enrolment",
        drop("maude", "enrolment", "weakId"),
        {"maude enrolment: flags", "number of checks"},
    ),
    (
        "a changed program of a recorded run",
        "records",
        edit("proverif/tokens.pv", "\nprocess", "\nprocess 0 |"),
        {"records tokens"},
    ),
    (
        "a changed comment",
        "records",
        edit("proverif/tokens.pv", "(* P9", "(* Property P9"),
        set(),
    ),
    (
        "an outcome without a run",
        "records",
        edit("proverif/results.json", '"run": "ProVerif 2.05, 2026-11-29"', '"run": null'),
        {f"records {path.stem}" for path in (HERE / "proverif").glob("*.pv")},
    ),
    (
        "a search that finds other than is written",
        "searched",
        expect_search("wraps are final", "600 situations, 0 locked out although the grant is there"),
        {"search: wraps are final"},
    ),
    (
        "a lost key that costs less than is found",
        "records",
        edit("README.md", "`lostCode` reads, joins", "`lostCode` reads"),
        {"records: lost keys"},
    ),
]


@cache
def base(part: str) -> dict[str, int]:
    """How many checks of each tool a part has; they pass before anything is planted."""
    lines = list(checks(HERE, PARTS[part]))
    assert [title for title, fault, _ in lines if fault] == []
    return {tool: sum(title.split()[0].rstrip(":") == tool for title, _, _ in lines) for tool in COUNTS}


@pytest.mark.parametrize(("part", "change", "convicted"), [plant[1:] for plant in PLANTS],
                         ids=[plant[0] for plant in PLANTS])
def test_the_right_checks_convict(part: str, change: Change, convicted: set[str], tmp_path: Path) -> None:
    counts = base(part)
    root = tmp_path / "formal"
    shutil.copytree(HERE, root)
    tables = copy.deepcopy(PARTS[part])
    change(root, tables)
    _, found = report(root, tables, counts, show=lambda line: None)
    # A model that fails whole also has fewer checks.
    assert set(found) - ({"number of checks"} - convicted) == convicted
