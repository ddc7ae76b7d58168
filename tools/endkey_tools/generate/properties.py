"""From spec/formal/properties.json: the page of what examines each property and each attack."""

import json
from pathlib import PurePosixPath
from typing import Any

from endkey_tools.repository import ROOT
from endkey_tools.spec.properties import TABLE

HEAD = """\
# What examines each property and each attack

<!-- Made by `tools/run generate properties` from properties.json; not edited by hand. -->

Models are those of [README.md](README.md), with the claims, goals or cases that say it; ProVerif's records have no
names. Vectors are the operations of which a vector cites one of the rules, which stand in [endkey.md](../endkey.md).
Scenarios are in `vectors/conformance/scenarios.json`, tests in `Tests/CommandTests`. `tools/run spec` fails where one
of these is not there.
"""


def outputs() -> dict[PurePosixPath, str]:
    table = json.loads((ROOT / TABLE).read_text(encoding="utf-8"))
    properties = ["## Properties", "", *head("property"), *(
        line(f"**{name}**", row) for name, row in table["properties"].items())]
    attacks = ["## Attacks", "", "Each must fail, heal or be reported.", "", *head("attack", "outcome", "of"), *(
        line(f"{number}. {row['attack']}", row, row["outcome"], ", ".join(row["properties"]))
        for number, row in enumerate(table["attacks"], 1))]
    text = "\n".join([HEAD, *properties, "", *attacks]) + "\n"
    return {PurePosixPath(TABLE).with_suffix(".md"): text}


def head(*names: str) -> list[str]:
    columns = [*names, "rules", "models", "vectors", "scenarios", "tests"]
    return [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]


def line(title: str, row: dict[str, Any], *more: str) -> str:
    models = [model + (f" {', '.join(named)}" if named else "") for model, named in row["models"].items()]
    cells = {
        "rules": ", ".join(row["requirements"]), "models": "; ".join(models),
        **{kind: ", ".join(f"`{one}`" for one in row[kind]) for kind in ("vectors", "scenarios")},
        "tests": "; ".join(row["tests"]),
    }
    reasons = {kind: f"none: {why}" for kind, why in row.get("without", {}).items()}
    return f"| {' | '.join([title, *more, *(cells | reasons).values()])} |"
