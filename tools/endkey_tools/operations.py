"""Holds vectors and scenarios against spec/operations.json: inputs, outputs, codes, and that each code is shown."""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from endkey_tools.repository import ROOT
from endkey_tools.suite import vector_files

SOURCE = ROOT / "spec/operations.json"
DOCUMENT = ROOT / "spec/endkey.md"
REGISTRY = ROOT / "spec/registry.json"
SCHEMA = ROOT / "vectors/schema/operations.schema.json"
SCENARIOS = ROOT / "vectors/conformance/scenarios.json"

Type = dict[str, Any]

# What an operation and a type may say: a misspelt `secret` must not be one that nobody reads.
OPERATION_MEMBERS = {
    "about", "as", "chosen", "cost", "format", "group", "in", "name", "order", "out", "parses", "profiles", "section",
    "steps", "told", "unshown",
}
TYPE_MEMBERS = {"length", "max", "members", "min", "name", "note", "null", "of", "secret", "type", "values", "when"}
PROFILES = {"agent", "owner", "service"}
# Their operations have no vector file: the runner asks them by checks of its own, and by scenarios.
WITHOUT_FILE = {"handles", "random"}


class BadSource(Exception):
    """spec/operations.json contradicts itself or the registry."""


@dataclass
class Operation:
    """An operation, with names of types and bounds resolved: a type has a kind of its own and numbers for bounds."""

    name: str
    source: dict[str, Any]
    input: list[Type]
    output: list[Type]
    own_codes: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)

    @property
    def head(self) -> str:
        """What the vector file of the operation says about it."""
        section = self.source["section"]
        several = " to " in section or " and " in section
        return f"{self.source['about']} Section{'s' if several else ''} {section}."

    @property
    def order(self) -> list[str | list[str]]:
        return self.source.get("order", [])


@dataclass
class Operations:
    source: dict[str, Any]
    registry: dict[str, Any]
    all: dict[str, Operation]

    @property
    def layers(self) -> dict[str, str]:
        return {error["code"]: error["layer"] for error in self.registry["errors"]}

    def of_group(self, group: str) -> list[Operation]:
        return [one for one in self.all.values() if one.source["group"] == group]


def code_of(check: str) -> str:
    """`counter_rollback` of `counter_rollback (pin)`."""
    return check.split(" (")[0]


@cache
def operations() -> Operations:
    """What spec/operations.json says, checked against the registry."""
    source = json.loads(SOURCE.read_text(encoding="utf-8"))
    registry = json.loads(REGISTRY.read_text(encoding="utf-8"))
    return Reader(source, registry).read()


class Reader:
    def __init__(self, source: dict[str, Any], registry: dict[str, Any]):
        self.source = source
        self.limits = {one["name"]: one["value"] for one in registry["limits"]}
        self.codes = {one["code"]: one["layer"] for one in registry["errors"]}
        self.registry = registry
        self.named = {one["name"]: one for one in source["operations"]}

    def read(self) -> Operations:
        if len(self.named) != len(self.source["operations"]):
            raise BadSource("an operation stands twice")
        made: dict[str, Operation] = {}
        for name, one in self.named.items():
            self.check_members(name, one)
            base = self.named[one["as"]] if "as" in one else one
            given = [member for member in base["in"] if member["name"] != one.get("chosen")]
            if "as" in one and len(given) + 1 != len(base["in"]):
                raise BadSource(f"{name}: {one['as']} has no {one['chosen']}")
            made[name] = Operation(name, one, self.members(given, name), self.members(base["out"], name))
            if one["group"] not in self.source["groups"]:
                raise BadSource(f"{name}: no group {one['group']}")
        for operation in made.values():
            operation.own_codes = self.own_codes(operation.source)
        for operation in made.values():
            operation.codes = self.all_codes(operation.name)
            unknown = operation.codes - self.codes.keys()
            if unknown:
                raise BadSource(f"{operation.name}: the registry has no code {', '.join(sorted(unknown))}")
        return Operations(self.source, self.registry, made)

    def check_members(self, name: str, one: dict[str, Any]) -> None:
        unknown = one.keys() - OPERATION_MEMBERS
        if unknown:
            raise BadSource(f"{name}: unknown: {', '.join(sorted(unknown))}")
        profiles = one["profiles"]
        if not profiles or len(set(profiles)) != len(profiles) or not PROFILES.issuperset(profiles):
            raise BadSource(f"{name}: the profiles are some of {', '.join(sorted(PROFILES))}")
        if type(one["cost"]) is not int or one["cost"] < 1:
            raise BadSource(f"{name}: the cost is a number from 1 on")
        for code, reason in one.get("unshown", {}).items():
            if not reason.strip():
                raise BadSource(f"{name}: {code} is not shown, without a reason")

    # Types

    def members(self, members: list[Type], place: str) -> list[Type]:
        names = [member["name"] for member in members]
        if len(set(names)) != len(names):
            raise BadSource(f"{place}: a member stands twice")
        return [self.type(member, f"{place}: {member['name']}") for member in members]

    def type(self, given: Type, place: str) -> Type:
        made = dict(given)
        unknown = made.keys() - TYPE_MEMBERS
        if unknown:
            raise BadSource(f"{place}: unknown: {', '.join(sorted(unknown))}")
        if made["type"] in self.source["types"]:
            made["named"] = made["type"]
            made |= self.source["types"][made["type"]]
        match made["type"]:
            case "hex":
                length = made.pop("length", None)
                if length is not None:
                    made["min"] = made["max"] = length
                made["min"] = self.bound(made.get("min", 0))
                made["max"] = self.bound(made.get("max"))
            case "number":
                made["min"], made["max"] = self.bound(made["min"]), self.bound(made["max"])
            case "enum":
                made["values"] = made.get("values") or self.listed(made["of"], place)
            case "list":
                made["of"] = self.type(made["of"], place)
                made.setdefault("min", 0)
            case "object" | "either":
                made["members"] = self.members(made["members"], place)
            case "text" | "boolean" | "code":
                pass
            case other:
                raise BadSource(f"{place}: no type {other}")
        low, high = made.get("min"), made.get("max")
        if low is not None and high is not None and low > high:
            raise BadSource(f"{place}: from {low} to {high}")
        return made

    def bound(self, value: int | str | None) -> int | None:
        if isinstance(value, str) and value not in self.limits:
            raise BadSource(f"the registry has no limit {value}")
        return self.limits[value] if isinstance(value, str) else value

    def listed(self, name: str, place: str) -> list[str]:
        """The names of a list of the registry."""
        if name in self.registry["enums"]:
            return [one["name"] for one in self.registry["enums"][name]]
        if name.startswith("labels:"):
            return [one["label"] for one in self.registry["labels"] if one["use"] == name.removeprefix("labels:")]
        if name in ("agentEvents", "ownerEvents"):
            return [one["event"] for one in self.registry[name]]
        if name == "ownerPhases":
            return list(dict.fromkeys(one["phase"] for one in self.registry["ownerMachine"]))
        raise BadSource(f"{place}: the registry has no list {name}")

    # Codes

    def own_codes(self, one: dict[str, Any]) -> set[str]:
        checks = [check for group in one.get("order", []) for check in ([group] if isinstance(group, str) else group)]
        has_format = "format" in checks
        if has_format != bool(one.get("format") or one.get("parses")):
            raise BadSource(f"{one['name']}: `format` stands in the order exactly where there are codes of it")
        wrong = [code for code in one.get("format", []) if self.codes.get(code) != "format"]
        if wrong:
            raise BadSource(f"{one['name']}: no codes of layer format: {', '.join(wrong)}")
        return {code_of(check) for check in checks if check != "format"} | set(one.get("format", []))

    def all_codes(self, name: str) -> set[str]:
        one = self.named[name]
        if "as" in one:
            return self.all_codes(one["as"])
        codes = self.own_codes(one)
        for other in one.get("parses", []):
            codes |= {code for code in self.all_codes(other) if self.codes[code] == "format"}
        for other in one.get("steps", []):
            codes |= self.all_codes(other)
        return codes


# What the suite holds


def codes_in(type: Type, value: Any) -> Iterator[str]:
    """The codes that a value of an output tells."""
    if value is None:
        return
    match type["type"]:
        case "code":
            yield value
        case "list":
            for element in value:
                yield from codes_in(type["of"], element)
        case "object" | "either":
            for member in type["members"]:
                if member["name"] in value:
                    yield from codes_in(member, value[member["name"]])


def told(operation: Operation, out: dict[str, Any]) -> set[str]:
    return set(codes_in({"type": "object", "members": operation.output}, out))


class Suite:
    """Vectors and scenarios, held against the table."""

    def __init__(self, table: Operations, schema: dict[str, Any]):
        import jsonschema

        self.table = table
        self.faults: list[str] = []
        self.count = 0
        self.ids: set[str] = set()
        self.files: list[str] = []
        self.shown: dict[str, set[str]] = {name: set() for name in table.all}
        self.validators = {
            (name, side): jsonschema.Draft202012Validator(schema["$defs"][f"{name} {side}"])
            for name in table.all for side in ("in", "out")
        }

    def hold(self, place: str, name: str, side: str, value: Any) -> None:
        self.count += 1
        for error in self.validators[name, side].iter_errors(value):
            self.faults.append(f"{place}: {side}{error.json_path.removeprefix('$')}: {error.message[:200]}")

    def show(self, place: str, name: str, codes: set[str]) -> None:
        self.shown[name] |= codes
        for code in sorted(codes - self.table.all[name].codes):
            self.faults.append(f"{place}: {name} does not give {code}, says spec/operations.json")

    def take_vectors(self, files: list[dict[str, Any]]) -> None:
        for file in files:
            name = file["op"]
            if name not in self.table.all:
                self.faults.append(f"{name}: has a file, and is not in spec/operations.json")
                continue
            self.files.append(name)
            if not file["tests"]:
                self.faults.append(f"{name}: its file is empty")
            if file["about"] != self.table.all[name].head:
                self.faults.append(f"{name}: its file is about something else")
            for test in file["tests"]:
                self.ids.add(test["id"])
                self.hold(test["id"], name, "in", test["in"])
                if test["expect"]["outcome"] == "ok":
                    self.hold(test["id"], name, "out", test["expect"]["out"])
                    self.show(test["id"], name, told(self.table.all[name], test["expect"]["out"]))
                else:
                    self.show(test["id"], name, {test["expect"]["code"]})

    def take_scenarios(self, scenarios: list[dict[str, Any]]) -> None:
        for one in scenarios:
            role = one["role"]
            self.hold(one["id"], f"{role}/open", "in", one["open"])
            self.hold(one["id"], f"{role}/open", "out", {"handle": 1, **one["opened"]})
            for number, step in enumerate(one["steps"], 1):
                place = f"{one['id']}, step {number}"
                if "vector" in step:
                    if step["vector"] not in self.ids:
                        self.faults.append(f"{place}: no vector {step['vector']}")
                    continue
                self.hold(place, f"{role}/step", "in", {"handle": 1, **step["in"]})
                self.hold(place, f"{role}/step", "out", step["expect"])
                codes = told(self.table.all[f"{role}/step"], step["expect"])
                self.show(place, f"{role}/step", codes)
                if role == "agent":  # A runner plays them by this one as well.
                    self.show(place, "agent/run", codes)

    def finish(self) -> None:
        """Each operation has a file, and each code of its own is shown, or excused; what is excused is not shown."""
        for name, operation in self.table.all.items():
            expected = 0 if operation.source["group"] in WITHOUT_FILE else 1
            if self.files.count(name) != expected:
                self.faults.append(f"{name}: vector files: {self.files.count(name)}, not {expected}")
            excused = set(operation.source.get("unshown", {}))
            for code in sorted(operation.own_codes - self.shown[name] - excused):
                self.faults.append(f"{name}: no vector shows {code}; write one, or say in `unshown` why none can")
            for code in sorted(excused & self.shown[name]):
                self.faults.append(f"{name}: {code} is shown, and needs no excuse")
            for code in sorted(excused - operation.own_codes):
                self.faults.append(f"{name}: {code} is excused, and is none of its codes")
            self.count += len(operation.own_codes)


# The order of checks in the document

ROW = re.compile(r"^\| ([a-z-]+/[a-z-]+) \| [^|]* \| ([^|]*) \|$", re.MULTILINE)


def documented(text: str) -> dict[str, list[list[str]]]:
    """The order of checks of each operation of the document's section 19.1; alternatives as a list."""
    orders: dict[str, list[list[str]]] = {}
    for name, order in ROW.findall(text):
        if match := re.fullmatch(r"as (\S+), without the last", order):
            orders[name] = orders[match[1]][:-1]
        else:
            orders[name] = [check.split(" or ") for check in re.split(r", (?![^(]*\))", order)]
    return orders


def document_faults(text: str, table: Operations) -> list[str]:
    orders = documented(text)
    faults = [] if orders else ["spec/endkey.md: no table of the order of checks was found"]
    for name, order in orders.items():
        if name not in table.all:
            faults.append(f"spec/endkey.md, order of checks: no operation {name}")
        elif order != [[group] if isinstance(group, str) else group for group in table.all[name].order]:
            faults.append(f"spec/endkey.md and spec/operations.json give other orders of checks for {name}")
    return faults


def check() -> tuple[int, list[str]]:
    suite = Suite(operations(), json.loads(SCHEMA.read_text(encoding="utf-8")))
    suite.faults += document_faults(DOCUMENT.read_text(encoding="utf-8"), suite.table)
    suite.take_vectors(vector_files())
    suite.take_scenarios(json.loads(SCENARIOS.read_text(encoding="utf-8"))["scenarios"])
    suite.finish()
    return suite.count, suite.faults


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="tools/run operations", description=__doc__).parse_args(arguments)
    count, faults = check()
    for fault in faults:
        print(fault)
    print(f"{max(count - len(faults), 0)} passed, {len(faults)} failed")
    return 1 if faults or not count else 0


