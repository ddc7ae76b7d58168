"""All vectors, as lines, through the handler that standard input uses."""

import pytest
import vectors


@pytest.mark.parametrize(
    ("op", "test"),
    [pytest.param(file["op"], test, id=test["id"]) for file in vectors.files() for test in file["tests"]],
)
def test_vector(op, test):
    got = vectors.run(op, test["in"])
    assert vectors.agrees(test["expect"], got), f"expected {vectors.short(test['expect'])}\n  got {vectors.short(got)}"
