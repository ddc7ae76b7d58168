"""The tour of the README: its blocks marked `sh tour`, each with what it prints in the `text` block right behind it.

In an output, `...` stands for what differs from run to run, within a line.
"""

import re
from dataclasses import dataclass

from ..processes import Failed

STAGE = re.compile(r"```sh tour\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.S)
MARK = "\x1e"


@dataclass
class Stage:
    """A block of the tour, and the lines that it prints, errors included; none if the page does not show them."""

    commands: str
    output: list[str] | None


def tour_of(page: str) -> list[Stage]:
    """The stages of a page, in order."""
    stages = [
        Stage(match[1], None if match[2] is None else match[2].splitlines()) for match in STAGE.finditer(page)
    ]
    if not stages or all(stage.output is None for stage in stages):
        raise Failed("the page has no tour, or shows nothing of what it prints")
    return stages


def script(stages: list[Stage]) -> str:
    """One shell script of all stages, which share folder and variables. A mark is printed between two."""
    return "exec 2>&1\n" + f"printf '{MARK}'\n".join(stage.commands for stage in stages)


def compare(stages: list[Stage], printed: str) -> None:
    """Fails at the first line that was not printed as the page shows it."""
    parts = printed.split(MARK)
    if len(parts) != len(stages):
        raise Failed(f"{len(stages)} stages printed {len(parts)} parts")
    for number, (stage, part) in enumerate(zip(stages, parts, strict=True), 1):
        if stage.output is None:
            continue
        lines = part.splitlines()
        for shown, line in zip(stage.output, lines, strict=False):
            if not re.fullmatch(".+".join(map(re.escape, shown.split("..."))), line):
                raise Failed(f"stage {number} of the tour: the page shows {shown!r}, printed is {line!r}")
        if len(lines) != len(stage.output):
            raise Failed(f"stage {number} of the tour prints {len(lines)} lines, the page shows {len(stage.output)}")
