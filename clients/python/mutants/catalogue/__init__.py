"""The mutants, by topic. A topic is a file with a list MUTANTS."""

from importlib import import_module
from pathlib import Path

from ..mutant import Mutant

TOPICS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__")


def topic(name: str) -> list[Mutant]:
    return import_module(f"{__name__}.{name}").MUTANTS


def all_mutants() -> list[Mutant]:
    mutants = [mutant for name in TOPICS for mutant in topic(name)]
    names = [mutant.name for mutant in mutants]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise SystemExit(f"failed: names that stand twice: {', '.join(sorted(twice))}")
    return mutants
