"""What the runner of the formal models convicts: a failure is planted at a time, and exactly the right checks fail."""

import copy
import shutil
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from endkey_tools.formal import (
    COUNTS,
    EXPECTED,
    HERE,
    MAUDE,
    PROVERIF,
    SECOND,
    SPIN,
    TABLES,
    checks,
    report,
)

pytestmark = pytest.mark.formal

Tables = dict[str, Any]
Change = Callable[[Path, Tables], None]


def cut(spin: Iterable[tuple[str, list[str]]] = (), maude: Iterable[str] = (), proverif: Iterable[str] = ()) -> Tables:
    """The tables of some models only, so that a planted failure costs little."""
    return {
        "spin": {name: {variant: list(TABLES["spin"][name][variant]) for variant in variants}
                 for name, variants in spin},
        "claims": {name: list(TABLES["claims"][name]) for name, _ in spin},
        "maude": {name: {variant: list(goals) for variant, goals in TABLES["maude"][name].items()} for name in maude},
        "proverif": list(proverif),
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
    "state": cut(spin=[("state", list(SPIN["state"]))]),
    "rotation": cut(maude=["rotation"]),
    "records": cut(proverif=PROVERIF),
    "second": {
        **cut(spin=[(f"{SECOND}/certificate", list(EXPECTED["spin"]["certificate"]))], maude=[f"{SECOND}/tokens"]),
        "records": True,
    },
    "searched": {
        **cut(), "search": {case: EXPECTED["search"][case] for case in ("wraps as stated", "wraps are final")}},
}

# What is planted; the part of the models that is then run; the change; the checks that must fail.
PLANTS: list[tuple[str, str, Change, set[str]]] = [
    (
        "a weakened rule declared safe (Spin)",
        "state",
        expect("spin", "state", "NO_FORK_CHECK", ["limit_one_line"]),
        {"spin state: NO_FORK_CHECK"},
    ),
    (
        "an attack expected where there is none (Spin)",
        "state",
        expect("spin", "state", "", ["linked", "limit_one_line"]),
        {"spin state: as specified"},
    ),
    (
        "a weakening that no longer weakens (Spin)",
        "state",
        edit("spin/state.pml", "#ifdef NO_PREV_CHECK", "#ifdef NO_PREV"),
        {"spin state: flags", "spin state: NO_PREV_CHECK"},
    ),
    (
        "a rule lost from the specified model (Spin)",
        "state",
        edit("spin/state.pml", "(epoch[s] >= epoch[last])", "true"),
        {
            f"spin state: {v}"
            for v in ("as specified", "NO_SIGNATURE_CHECK", "NO_COUNTER_CHECK", "NO_FORK_CHECK", "NO_PREV_CHECK")
        },
    ),
    (
        "an honest run that cannot be reached (Spin)",
        "state",
        edit("spin/state.pml", "-> honestEnd = true", "-> skip"),
        {"spin state: reach_honest"},
    ),
    (
        "a claim taken out of the model (Spin)",
        "state",
        edit("spin/state.pml", "ltl linked", "/* */ // ltl linked"),
        {"spin state: claims", "spin state: NO_PREV_CHECK", "spin state: NO_PERSIST"},
    ),
    (
        "a model that does not compile (Spin)",
        "state",
        edit("spin/state.pml", "active proctype", "active protype"),
        {f"spin state: {v or 'as specified'}" for v in SPIN["state"]},
    ),
    (
        "a shortened list (Spin)",
        "state",
        drop("spin", "state", "NO_PERSIST"),
        {"spin state: flags", "number of checks"},
    ),
    (
        "a weakened rule declared safe (Maude)",
        "rotation",
        expect("maude", "rotation", "oldKeys", []),
        {"maude rotation: oldKeys"},
    ),
    (
        "a weakening that no longer weakens (Maude)",
        "rotation",
        edit("maude/rotation.maude", "if F has grantRevoked or", "if"),
        {"maude rotation: grantRevoked"},
    ),
    (
        "a rule lost from the specified model (Maude)",
        "rotation",
        edit("maude/rotation.maude", "if I == J or F has oldKeys", "if true"),
        {f"maude rotation: {v}" for v in ("as specified", *list(MAUDE["rotation"])[1:]) if v != "oldKeys"},
    ),
    (
        "an honest run that cannot be reached (Maude)",
        "rotation",
        edit("maude/rotation.maude", "rl [grant] : { F | K | epoch(2)", "rl [grant] : { F | K | epoch(3)"),
        {
            "maude rotation: honest",
            "maude rotation: goals",
            "maude rotation: masterB",
            "maude rotation: lateMaster",
            "maude rotation: keyFromOld & masterB",
        },
    ),
    (
        "a rule that Maude ignores with a warning",
        "rotation",
        edit("maude/rotation.maude", "if I == J or F", "if I === J or F"),
        {"maude rotation"},
    ),
    (
        "a shortened list (Maude)",
        "rotation",
        drop("maude", "rotation", "oldKeys"),
        {"maude rotation: flags", "maude rotation: goals", "number of checks"},
    ),
    (
        "a changed .pv",
        "records",
        edit("proverif/grant.pv", "process", "(* *) process"),
        {"proverif grant.pv: record"},
    ),
    (
        "a .pv without a record",
        "records",
        edit("proverif/results.json", '"latch.pv"', '"other.pv"'),
        {"proverif latch.pv: record", "proverif: models"},
    ),
    (
        "a rule lost (Spin, second cut)",
        "second",
        edit(f"{SECOND}/spin/certificate.pml", "-> end2 =", "-> end1 = now + 3; end2 ="),
        {f"spin {SECOND}/certificate: as specified"},
    ),
    (
        "a weakened rule declared safe (Maude, second cut)",
        "second",
        expect("maude", f"{SECOND}/tokens", "broken", []),
        {f"maude {SECOND}/tokens: broken"},
    ),
    (
        "a changed program of a recorded run",
        "second",
        edit(f"{SECOND}/proverif/tokens.pv", "\nprocess", "\nprocess 0 |"),
        {f"records {SECOND}/tokens"},
    ),
    (
        "a changed comment",
        "second",
        edit(f"{SECOND}/proverif/tokens.pv", "(* P9", "(* Property P9"),
        set(),
    ),
    (
        "an outcome without a run",
        "second",
        edit(f"{SECOND}/proverif/results.json", '"run": "ProVerif 2.05, 2026-11-29"', '"run": null'),
        {f"records {SECOND}/{path.stem}" for path in (HERE / SECOND / "proverif").glob("*.pv")},
    ),
    (
        "a search that finds other than is written",
        "searched",
        expect_search("wraps are final", "600 situations, 0 locked out although the grant is there"),
        {f"search {SECOND}: wraps are final"},
    ),
    (
        "a lost key that costs less than is found",
        "second",
        edit(f"{SECOND}/README.md", "`lostCode` reads, joins", "`lostCode` reads"),
        {f"records {SECOND}: lost keys"},
    ),
    (
        "a verdict without a tool",
        "records",
        edit("proverif/results.json", '"not run"', '"as expected"'),
        {f"proverif {name}: record" for name in PROVERIF},
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
