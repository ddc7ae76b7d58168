"""Each check of the specification finds nothing in a sound repository, and the fault that is planted for it."""

import re
import shutil
from pathlib import Path
from unittest import mock

import planted
import pytest

from endkey_tools.spec import checks
from endkey_tools.spec.check import look, miscounted
from endkey_tools.spec.repository import Repository


@pytest.fixture(scope="module", autouse=True)
def fewer_cases():
    with mock.patch.multiple(checks, MUTANTS=2_000, NEAR_MISSES=1_200):
        yield


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("a sound repository") / "sound"
    planted.build(root)
    return root


@pytest.fixture(scope="module")
def shared(sound: Path) -> Repository:
    return planted.open_repository(sound)


@pytest.fixture(scope="module")
def counts(shared: Repository) -> dict[str, int]:
    """How many things each check finds in the sound repository, as far as it was asked."""
    return {}


def count_of(name: str, shared: Repository, counts: dict[str, int]) -> int:
    if name not in counts:
        count, faults = look(shared, name)
        assert not faults
        counts[name] = count
    return counts[name]


def test_every_check_has_plants() -> None:
    assert set(planted.PLANTS) == set(checks.ALL)


@pytest.mark.parametrize("name", checks.ALL)
def test_nothing_is_wrong_in_a_sound_repository(name: str, shared: Repository, counts: dict[str, int]) -> None:
    count = count_of(name, shared, counts)
    assert count > 0
    assert miscounted(count - 1, count)
    assert not miscounted(count, count)
    assert miscounted(count, None)


@pytest.mark.parametrize(
    ("name", "plant", "reason"),
    [
        pytest.param(name, plant, reason, id=f"{name}: {title}")
        for name, plants in planted.PLANTS.items()
        for title, plant, reason in plants
    ],
)
def test_a_planted_fault_is_convicted(name, plant, reason, sound, shared, counts, tmp_path) -> None:
    count = count_of(name, shared, counts)
    damaged = tmp_path / "damaged"
    shutil.copytree(sound, damaged)
    with plant(damaged):
        found, faults = look(planted.open_repository(damaged), name)
    faults = faults + miscounted(found, count)
    assert any(re.search(reason, fault, re.S) for fault in faults), faults[:3]
