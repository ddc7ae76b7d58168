"""What the tests of the client share."""

from collections.abc import Callable

import pytest


@pytest.fixture
def report(subtests: pytest.Subtests) -> Callable[..., None]:
    """Takes whether something holds, and what that is; the test goes on, and fails at its end if anything did not
    hold.
    """

    def holds(passed: object, name: str, detail: str = "") -> None:
        with subtests.test(msg=name):
            assert passed, detail

    return holds
