"""Running other programs."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .repository import ROOT


class Failed(Exception):
    """A check did not hold, or a program that it needs failed; the text says which."""


def run(*command: object, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Runs a command, lets its output through as it comes, and returns it.

    Standard error is part of the output. Throws Failed when the command ends with another status than 0.
    """
    parts = [str(part) for part in command]
    process = subprocess.Popen(
        parts, cwd=cwd, env=env, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line)
    if process.wait() != 0:
        raise Failed(f"({process.returncode}) {' '.join(parts)}")
    return "".join(lines)
