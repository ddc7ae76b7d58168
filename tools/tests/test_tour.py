"""The comparison of the README's tour with what it prints."""

import subprocess

import pytest

from endkey_tools.ci.tour import compare, script, tour_of
from endkey_tools.processes import Failed

PAGE = """Before.

```sh tour
name=ana; echo "account 1f" >&2
```

```text
account ...
```

```sh tour
echo "$name|40 min"
```

```text
ana|40 min
```
"""


def printed(page: str) -> str:
    return subprocess.run(
        ["sh", "-euc", script(tour_of(page))], capture_output=True, encoding="utf-8", check=True).stdout


def test_stages_share_a_shell_and_errors_are_compared() -> None:
    compare(tour_of(PAGE), printed(PAGE))


@pytest.mark.parametrize(("before", "after"), [
    ("account ...\n", "agent ...\n"),  # another word
    ("account ...\n", "account 1f...\n"),  # the wildcard stands for something
    ("account ...\n", "account ...\nmore\n"),  # a line that is not printed
    ("ana|40 min\n", "\n"),  # a line changed
    ("account ...\n```", "```"),  # a line that is not shown
])
def test_a_difference_is_found(before: str, after: str) -> None:
    page = PAGE.replace(before, after, 1)
    assert page != PAGE
    with pytest.raises(Failed):
        compare(tour_of(page), printed(page))


@pytest.mark.parametrize("page", ["", "```sh tour\ntrue\n```\n"])
def test_a_page_without_a_tour_or_output_fails(page: str) -> None:
    with pytest.raises(Failed):
        tour_of(page)
