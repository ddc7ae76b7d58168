"""What examines each property and each attack: spec/formal/properties.json."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import requirements

TABLE = "spec/formal/properties.json"
KINDS = ("requirements", "models", "vectors", "scenarios", "tests")
# An attack on what opens or is shown is in no operation that vectors have.
OPTIONAL = ("vectors",)
# Of what these begin with, no test and no scenario may be missing in the table.
OURS = re.compile(r"(?:.*\b)?(attack|property)[ -](\d+)\b")


def rows(table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], tuple[str, ...]]]:
    """(title, row, the kinds that it must have) of each property and each attack."""
    for name, row in table["properties"].items():
        yield f"property {name.removeprefix('P')}", row, KINDS
    for number, row in enumerate(table["attacks"], 1):
        yield f"attack {number}", row, tuple(kind for kind in KINDS if kind not in OPTIONAL)


def goals(model: Path) -> set[str]:
    """The goals of a model in Maude."""
    found = re.search(r"^  ops ([\w ]+) : Config -> Bool \.", model.read_text(encoding="utf-8"), re.M)
    return set(found[1].split()) if found else set()


class Examined:
    """What there is that a row may name."""

    def __init__(self, repository):
        folder = repository.root / "spec/formal"
        expected = tomllib.loads((folder / "expected.toml").read_text())
        # Tool and name of each model, with its claims, goals or cases; ProVerif's are recorded as wholes.
        self.models: dict[str, set[str]] = {"search": set(expected["search"])}
        self.models |= {f"spin {name}": set(expected["claims"][name]) for name in expected["spin"]}
        self.models |= {f"maude {name}": goals(folder / f"maude/{name}.maude") for name in expected["maude"]}
        records = json.loads((folder / "proverif/results.json").read_text())
        self.models |= {f"proverif {name}": set() for name in records}
        self.requirements = set(requirements.defined(repository.document)[0])
        self.vectors: dict[str, set[str]] = {}
        for operation, test in repository.vectors.all():
            self.vectors.setdefault(operation, set()).update(test.get("req", []))
        scenarios = json.loads((repository.root / "vectors/conformance/scenarios.json").read_text())
        self.scenarios = {one["id"] for one in scenarios["scenarios"]}
        self.tests = {
            name
            for text in repository.sources("Tests/CommandTests", ".swift").values()
            for name in re.findall(r'@Test\(\s*"((?:[^"\\]|\\.)*)"', text)
        }

    def faults(self, row: dict[str, Any]) -> Iterator[str]:
        """What a row names that is not there."""
        for model, named in row["models"].items():
            known = self.models.get(model)
            if known is None:
                yield f"no model {model!r}"
            elif known and not named:
                yield f"{model}: names no claim, goal or case"
            else:
                yield from (f"{model}: no {one!r}" for one in named if one not in known)
        if row["models"] and all(model.startswith("proverif ") for model in row["models"]):
            yield "no model that is run"
        for operation in row["vectors"]:
            if not self.vectors.get(operation, set()) & set(row["requirements"]):
                yield f"no vector of {operation} cites one of its requirements"
        for kind in ("requirements", "scenarios", "tests"):
            yield from (f"no {kind.removesuffix('s')} {one!r}" for one in row[kind] if one not in getattr(self, kind))


def properties(repository):
    """Every property and every attack has a model, vectors, a scenario and a command-line test, or a reason; all that
    is named exists.
    """
    table, examined, count = json.loads((repository.root / TABLE).read_text()), Examined(repository), 0
    stated = re.findall(r"^\* \*\*(P\d+)\*\*", repository.text, re.M)
    faults = [f"{name} is in one of text and table only" for name in sorted(set(stated) ^ set(table["properties"]))]
    listed = set()
    for title, row, needed in rows(table):
        without = row.get("without", {})
        count += sum(len(row[kind]) for kind in KINDS)
        faults += [f"{title} has no {kind}" for kind in needed if not row[kind] and kind not in without]
        faults += [f"{title}: the reason for no {kind} is not needed" for kind in without if row.get(kind)]
        faults += [f"{title}: no reason for no {kind}" for kind, why in without.items() if len(why) < 20]
        faults += [f"{title}: {fault}" for fault in examined.faults(row)]
        faults += [f"{title}: no property {name}" for name in row.get("properties", []) if name not in stated]
        listed |= {(title, one) for kind in ("scenarios", "tests") for one in row[kind]}
    for one in sorted(examined.tests | examined.scenarios):
        if (match := OURS.match(one)) and (f"{match[1]} {match[2]}", one) not in listed:
            faults.append(f"{match[1]} {match[2]} does not list {one!r}")
    return count, faults
