"""The guide of clients/beginnings: what it names of the suite exists."""

from endkey_tools.clients.beginnings import traps


def test_vectors_are_read_from_the_last_column_alone() -> None:
    page = "| `not-this` |\n## Traps\n\n| where | trap | vectors |\n|---|---|---|\n| a | `b` | `one-id`, `two-id` |\n"
    assert traps(page) == ["one-id", "two-id"]
