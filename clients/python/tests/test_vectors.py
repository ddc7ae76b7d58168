"""All vectors, as lines, through the handler that standard input uses."""

import pytest
import vectors
from endkey_tools.suite import is_right

from endkey_client.operation_table import OPERATION_TYPES
from endkey_client.operations import OPERATIONS


@pytest.mark.parametrize(
    ("op", "test"),
    [pytest.param(file["op"], test, id=test["id"]) for file in vectors.files() for test in file["tests"]],
)
def test_vector(op, test):
    got = vectors.run(op, test["in"])
    assert is_right(test["expect"], got), f"expected {vectors.short(test['expect'])}\n  got {vectors.short(got)}"


def test_the_client_has_the_operations_of_the_table_and_no_others():
    assert OPERATIONS.keys() == OPERATION_TYPES.keys()
