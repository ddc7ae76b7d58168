"""How reports of memcheck are judged by the markers in the source."""

from pathlib import Path

import pytest

from endkey_tools.fuzz import secrets
from endkey_tools.fuzz.secrets import Operation, Place, Sources, judge

SWIFT = """\
func unwrap() {
  // declassified(verdict): whether the tag is right
  guard tag == expected else { throw .refused }
  if secret > 3 { leak() }
  // declassified(counter, maybe): where the blocks end
  // It may be computed without a jump.
  if low & 0xff > 1 { carry() }
}
"""


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sources:
    (tmp_path / "A.swift").write_text(SWIFT, encoding="utf-8")
    monkeypatch.setattr(secrets, "PUBLIC", {"none": set(), "unwrap": {"verdict", "counter"}})
    monkeypatch.setattr(secrets, "DEPENDENT", {"slow": "all of it"})
    return Sources(tmp_path)


def judged(name: str, sources: Sources, *lines: int) -> tuple[list[str], set[Place]]:
    operation, used = Operation(), set[Place]()
    for line in lines:
        operation.ours[Place("A.swift", line)] += 1
    return judge(name, operation, sources, used)[0], used


def test_a_marked_line_may_be_reported(sources: Sources) -> None:
    assert judged("unwrap", sources, 3) == ([], {Place("A.swift", 2)})
    assert judged("unwrap", sources, 3, 7) == ([], {Place("A.swift", 2), Place("A.swift", 5)})


@pytest.mark.parametrize(
    ("name", "lines", "fault"),
    [
        ("unwrap", [3, 4], "A.swift:4 if secret > 3 { leak() }  <- not declassified"),
        ("none", [3], "declassified(verdict) is not of it"),
        ("unwrap", [3, 0], "A.swift:0"),
        ("unwrap", [7], "nothing is reported that is declassified(verdict)"),
        ("unwrap", [], "nothing is reported that is declassified(verdict)"),
        ("slow", [], "nothing is reported"),
        ("leak-planted", [], "nothing is reported"),
    ],
)
def test_everything_else_is_a_fault(sources: Sources, name: str, lines: list[int], fault: str) -> None:
    faults, _ = judged(name, sources, *lines)
    assert len(faults) == 1
    assert fault in faults[0]


def test_a_marker_that_is_almost_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "A.swift").write_text("// declassified(verdict)\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="not a marker"):
        Sources(tmp_path)
