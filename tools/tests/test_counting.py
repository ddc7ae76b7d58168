"""What each tool reports is counted, and nothing reported is a failure."""

import pytest

from endkey_tools.counting import counted
from endkey_tools.processes import Failed, run


@pytest.mark.parametrize(
    ("output", "count"),
    [
        ("✔ Test run with 487 tests in 56 suites passed after 3 seconds.", 487),
        ("noise\n12 passed, 0 failed\n3 passed, 0 failed\n", 15),
        ("12 passed in 0.31s\n", 12),
        ("9 passed, 473 subtests passed in 20.35s\n", 9), ("263 passed, 39 deselected in 52.91s\n", 263),
        ("152 passed, 1 skipped in 60.31s (0:01:00)\n", 152),
    ],
)
def test_what_is_reported_is_counted(output: str, count: int) -> None:
    assert counted(output) == count


@pytest.mark.parametrize("output", ["", "0 passed, 0 failed\n", "3 passed, 1 failed\n", "2 failed, 3 passed in 1s\n"])
def test_nothing_or_a_failure_is_no_count(output: str) -> None:
    with pytest.raises(Failed):
        counted(output)


def test_a_failed_command_is_thrown(capfd) -> None:
    with pytest.raises(Failed, match=r"\(3\) sh -c"):
        run("sh", "-c", "echo said; exit 3")
    assert capfd.readouterr().out == "said\n"
