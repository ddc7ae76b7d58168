"""The scheduler of .ci/test: order, dependencies, failures."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from endkey_tools.ci import schedule
from endkey_tools.ci.schedule import Schedule, Step


def passing() -> int:
    return 1


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Stands in for tools/run: a shell script that gets `test --step NAME`."""
    (tmp_path / "tools").mkdir()
    monkeypatch.setattr(schedule, "ROOT", tmp_path)
    monkeypatch.setattr(schedule, "LOGS", tmp_path / "logs")

    def write(text: str) -> None:
        file = tmp_path / "tools/run"
        file.write_text(f'#!/bin/sh\nname=$3\n{text}\necho "1 passed, 0 failed"\n', encoding="utf-8")
        file.chmod(0o755)

    return write


def test_two_run_at_a_time_and_output_stays_whole(script, capfd) -> None:
    # Each waits for another, so that one at a time would never end; after two minutes it fails.
    script("""
        echo "$name begins"; touch "began-$name"; left=1200
        until [ "$(ls began-* | wc -l)" -ge 2 ]; do
          left=$((left - 1)); [ $left -gt 0 ] || exit 1; sleep 0.1
        done
        echo "$name ends"
    """)
    steps = {name: Step(passing) for name in ("one", "two", "three", "four")}
    assert Schedule(steps, list(steps), 2, with_needs=True).run() == 0
    out = capfd.readouterr().out
    for name in steps:
        assert f"== {name}\n{name} begins\n{name} ends\n1 passed, 0 failed\n== {name}: 1 passed" in out
    assert out.endswith("4 passed, 0 failed\n")


def test_a_failure_is_shown_again_and_what_needs_it_does_not_run(script, capfd, tmp_path) -> None:
    script('touch "ran-$name"; [ "$name" != build ] || { echo "it broke"; exit 1; }')
    steps = {"build": Step(passing), "unit": Step(passing, needs=("build",)), "late": Step(passing, needs=("unit",)),
             "format": Step(passing)}
    assert Schedule(steps, list(steps), 2, with_needs=True).run() == 1
    out = capfd.readouterr().out
    assert "== FAILED: build; all of its output is in logs/build.log, its last lines are\nit broke\n" in out
    assert "== not run: unit, which needs build" in out
    assert "== not run: late, which needs unit" in out
    assert out.endswith("1 passed, 3 failed\n")
    assert (tmp_path / "ran-format").exists()
    assert not (tmp_path / "ran-unit").exists()


def test_a_step_that_says_no_count_fails(script, capfd) -> None:
    script("exit 0")
    assert Schedule({"silent": Step(passing)}, ["silent"], 2, with_needs=True).run() == 1


def test_only_takes_what_it_needs() -> None:
    steps = {"build": Step(passing), "unit": Step(passing, needs=("build",)), "format": Step(passing)}
    assert Schedule(steps, ["unit"], 2, with_needs=True).wanted == ["build", "unit"]
    assert Schedule(steps, ["unit"], 2, with_needs=False).wanted == ["unit"]


def test_the_dearest_chain_starts_first() -> None:
    steps = {"cheap": Step(passing, cost=5), "dear": Step(passing, cost=50), "build": Step(passing, cost=10),
             "long": Step(passing, needs=("build",), cost=60)}
    assert Schedule(steps, list(steps), 2, with_needs=True).waiting[:3] == ["build", "long", "dear"]


def test_what_is_held_by_one_is_not_given_to_another(script, capfd, tmp_path) -> None:
    script('mkdir held || exit 1; sleep 0.2; rmdir held')
    steps = {name: Step(passing, holds="folder") for name in ("one", "two", "three")}
    assert Schedule(steps, list(steps), 3, with_needs=True).run() == 0


def test_a_step_that_never_ends_is_ended(script, capfd, monkeypatch) -> None:
    monkeypatch.setattr(schedule, "LIMIT", 1)
    script('[ "$name" != endless ] || { echo "it waits"; sleep 3600; }')
    steps = {"endless": Step(passing), "other": Step(passing)}
    assert Schedule(steps, list(steps), 1, with_needs=True).run() == 1
    out = capfd.readouterr().out
    assert "its last lines are\nit waits\nended after 1 s, which no step may take\n" in out
    assert out.endswith("1 passed, 1 failed\n")


def test_what_a_step_leaves_behind_does_not_hold_the_others(script, capfd, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(schedule, "GRACE", 0.1)
    script('sleep 3600 & echo $! >left; sleep 1')
    assert Schedule({"one": Step(passing)}, ["one"], 1, with_needs=True).run() == 0
    left = int((tmp_path / "left").read_text(encoding="utf-8"))
    with pytest.raises(ProcessLookupError):
        for _ in range(600):
            os.kill(left, 0)
            time.sleep(0.1)
