"""Whoever asks what a program does is told at once: nothing is built, run or written for it."""

import os
import subprocess
from pathlib import Path

import pytest

from endkey_tools.__main__ import COMMANDS
from endkey_tools.repository import ROOT

PROGRAMS: list[tuple[str, ...]] = [
    *(("tools/run", name) for name in COMMANDS), ("tools/run",), (".ci/test",), ("fuzz/run",), ("Benchmarks/run",),
    ("clients/judge",), ("clients/python/mutants/run",), ("service/run",),
]
LISTS = [(".ci/test", "--list"), ("fuzz/run", "--list"), ("clients/python/mutants/run", "--list")]


@pytest.mark.parametrize("command", [*((*program, "--help") for program in PROGRAMS), *LISTS], ids=" ".join)
def test_a_question_is_answered_at_once(command: tuple[str, ...], tmp_path: Path) -> None:
    called = tmp_path / "called"
    for tool in ("swift", "swiftc", "node", "git"):
        (tmp_path / tool).write_text(f"#!/bin/sh\necho $0 $* >> {called}\nexit 1\n")
        (tmp_path / tool).chmod(0o755)
    # As a script of Python's starts one, which .ci/setup has made.
    path = f"{tmp_path}:{ROOT / '.build/venv/bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        [ROOT / command[0], *command[1:]], env={**os.environ, "PATH": path}, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=300, check=False, encoding="utf-8")
    assert (done.returncode, called.exists()) == (0, False), done.stderr
    assert done.stdout.strip()
    if command[-1] == "--help" and command[0] != "service/run":
        assert done.stdout.startswith("usage:")
