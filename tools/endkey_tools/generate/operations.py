"""From spec/operations.json: the tables of vectors/README.md, the JSON Schema, the tables of runner and clients."""

import json
import re
import textwrap
from pathlib import PurePosixPath
from typing import Any

from endkey_tools.operations import Operation, Operations, Type, code_of, operations
from endkey_tools.repository import ROOT

README = PurePosixPath("vectors/README.md")
SCHEMA = PurePosixPath("vectors/schema/operations.schema.json")
SWIFT = PurePosixPath("Sources/EndkeySuite/OperationTable.swift")
PYTHON = PurePosixPath("clients/python/endkey_client/operation_table.py")
JAVASCRIPT = PurePosixPath("clients/web/conformance/operation-table.mjs")

MADE = "Made by `tools/run generate operations` of spec/operations.json; not edited by hand."
REGION = re.compile(r"(<!-- BEGIN operations:(\S+) -->\n).*?(<!-- END operations:\2 -->)", re.DOTALL)
WIDTH = 116


def outputs() -> dict[PurePosixPath, str]:
    table = operations()
    return {
        README: readme(table, (ROOT / README).read_text(encoding="utf-8")),
        SCHEMA: schema(table),
        SWIFT: swift(table),
        PYTHON: python(table),
        JAVASCRIPT: javascript(table),
    }


# vectors/README.md


def readme(table: Operations, text: str) -> str:
    regions = [match[2] for match in REGION.finditer(text)]
    if sorted(regions) != sorted(table.source["groups"]):
        groups = ", ".join(table.source["groups"])
        raise SystemExit(f"{README} has the regions {', '.join(regions)}; spec/operations.json the groups {groups}")
    return REGION.sub(lambda match: f"{match[1]}\n{group(table, match[2])}\n{match[3]}", text)


def group(table: Operations, name: str) -> str:
    of_group = table.of_group(name)
    rows = [
        f"| `{one.name}` | {one.head.replace('|', ' ')} | {checks(one)} | {', '.join(one.source['profiles'])} |\n"
        for one in of_group
    ]
    head = "| op | what it does | checks, in this order | profiles |\n|---|---|---|---|\n"
    return f"{head}{''.join(rows)}\n```\n{''.join(map(signature, of_group))}```\n"


def checks(operation: Operation) -> str:
    if "as" in operation.source:
        return f"as `{operation.source['as']}`"
    parts = []
    for group in operation.order:
        some = [group] if isinstance(group, str) else group
        parts.append(" or ".join(map(shown_check, some)))
    for other in operation.source.get("steps", []):
        parts.append(f"those of `{other}`")
    text = ", ".join(parts)
    return text + (f"; told in {operation.source['told']}" if "told" in operation.source else "")


def shown_check(check: str) -> str:
    """`counter_rollback (pin)` with its code as code."""
    name = code_of(check)
    return check if name == "format" else f"`{name}`{check.removeprefix(name)}"


def signature(operation: Operation) -> str:
    """`name(in) -> out`, wrapped; then its notes."""
    if "as" in operation.source:
        text = f"{operation.name}(in of {operation.source['as']} without {operation.source['chosen']}) -> its out"
    else:
        text = f"{operation.name}({listing(operation.input)}) -> {listing(operation.output) or 'nothing'}"
    lines = textwrap.wrap(text, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    for path, note in notes(operation.input + operation.output, ""):
        lines += textwrap.wrap(f"{path}: {note}", WIDTH, initial_indent="    # ", subsequent_indent="    #   ")
    return "\n".join(lines) + "\n"


def notes(members: list[Type], place: str) -> list[tuple[str, str]]:
    found = []
    for member in members:
        path = f"{place}{member['name']}"
        found += [(path, member["note"])] if "note" in member else []
        inner = member["of"] if member["type"] == "list" else member
        found += notes(inner.get("members", []), f"{path}.")
    return found


def listing(members: list[Type]) -> str:
    return ", ".join(map(shown_member, members))


def shown_member(member: Type) -> str:
    mark = ("*" if member.get("secret") else "") + ("?" if member.get("null") or "when" in member else "")
    name = f"{member['name']}{mark}"
    if member["type"] == "hex":
        return name + size(member)
    return f"{name}: {shown(member)}"


def size(type: Type) -> str:
    least, most = type["min"], type["max"]
    if most is None:
        return f"[{least}...]" if least else ""
    return f"[{most}]" if least == most else f"[{least}..{most}]"


def shown(type: Type) -> str:
    match type["type"]:
        case "hex":
            return f"bytes{size(type)}"
        case "number":
            return type.get("named") or f"{type['min']}..{type['max']}"
        case "enum":
            return type["of"] if "of" in type else " | ".join(type["values"])
        case "list":
            return f"[{shown(type['of'])}]"
        case "object":
            return "{" + listing(type["members"]) + "}"
        case "either":
            return " | ".join("{" + shown_member(member) + "}" for member in type["members"])
        case other:
            return str(other)


# JSON Schema


def schema(table: Operations) -> str:
    definitions: dict[str, Any] = {}
    for name, one in table.all.items():
        codes = sorted(one.codes, key=list(table.layers).index)
        definitions[f"{name} in"] = schema_of({"type": "object", "members": one.input}, codes)
        definitions[f"{name} out"] = schema_of({"type": "object", "members": one.output}, codes)
        definitions[f"{name} code"] = {"enum": codes} if codes else False
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Inputs, outputs and codes of the operations of Endkey's client protocol",
        "description": f"{MADE} $defs holds `OP in`, `OP out` and `OP code` of each operation.",
        "$defs": definitions,
    }
    return json.dumps(made, indent=1) + "\n"


def schema_of(type: Type, codes: list[str]) -> dict[str, Any]:
    made = bare_schema(type, codes)
    return {"anyOf": [{"type": "null"}, made]} if type.get("null") else made


def bare_schema(type: Type, codes: list[str]) -> dict[str, Any]:
    match type["type"]:
        case "hex":
            made: dict[str, Any] = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
            if type["min"]:
                made["minLength"] = 2 * type["min"]
            if type["max"] is not None:
                made["maxLength"] = 2 * type["max"]
            return made
        case "text":
            return {"type": "string"}
        case "number":
            return {"type": "integer", "minimum": type["min"], "maximum": type["max"]}
        case "boolean":
            return {"type": "boolean"}
        case "enum":
            return {"enum": type["values"]}
        case "code":
            return {"enum": codes}
        case "list":
            least = {"minItems": type["min"]} if type["min"] else {}
            return {"type": "array", "items": schema_of(type["of"], codes), **least}
        case "either":
            return {"oneOf": [object_schema([member], codes) for member in type["members"]]}
        case _:
            return object_schema(type["members"], codes)


def object_schema(members: list[Type], codes: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "required": [member["name"] for member in members if "when" not in member],
        "properties": {member["name"]: schema_of(member, codes) for member in members},
    }
    conditions = []
    for member in members:
        for other, values in member.get("when", {}).items():
            given, present = {"properties": {other: {"enum": values}}}, {"required": [member["name"]]}
            conditions.append({"if": given, "then": present, "else": {"not": present}})
    return made | ({"allOf": conditions} if conditions else {})


# Swift


def swift(table: Operations) -> str:
    layers = "".join(f'    {quoted(code)}: .{layer},\n' for code, layer in table.layers.items())
    named = [
        f"  private static let {identifier(name)} = OperationDescription(\n"
        f"    {quoted(name)}, {quoted(one.head)}, [{', '.join('.' + profile for profile in one.source['profiles'])}],\n"
        f"    cost: {one.source['cost']},\n"
        f"    in: [{swift_members(one.input)}],\n    out: [{swift_members(one.output)}],\n"
        f"    codes: [{', '.join(map(quoted, sorted(one.codes, key=list(table.layers).index)))}])\n"
        for name, one in table.all.items()
    ]
    names = textwrap.fill(", ".join(map(identifier, table.all)), 104, initial_indent="    ", subsequent_indent="    ")
    return (
        f"// swift-format-ignore-file\n// {MADE}\n\n"
        "extension Layer {\n  /// The layer of each code of the registry.\n"
        f"  static let ofCode: [String: Layer] = [\n{layers}  ]\n}}\n\n"
        "extension OperationDescription {\n"
        "  /// Every operation, in the order of the table.\n"
        f"  public static let all: [OperationDescription] = [\n{names},\n  ]\n\n"
        + "\n".join(named) + "}\n"
    )


def identifier(name: str) -> str:
    first, *rest = re.split(r"[/-]", name)
    made = first + "".join(part[:1].upper() + part[1:] for part in rest)
    return made


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def swift_members(members: list[Type]) -> str:
    return ", ".join(map(swift_member, members))


def swift_member(member: Type) -> str:
    parts = [quoted(member["name"]), swift_type(member)]
    if member.get("null"):
        parts.append("isNullable: true")
    for other, values in member.get("when", {}).items():
        parts.append(f"when: ({quoted(other)}, [{', '.join(map(quoted, values))}])")
    return f"Member({', '.join(parts)})"


def swift_type(type: Type) -> str:
    match type["type"]:
        case "hex":
            return f".hex({type['min']}...{'Int.max' if type['max'] is None else type['max']})"
        case "number":
            return f".number({type['min']}...{type['max']})"
        case "enum":
            return f".name([{', '.join(map(quoted, type['values']))}])"
        case "list":
            return f".list({swift_type(type['of'])}, from: {type['min']})"
        case "object" | "either":
            return f".{type['type']}([{swift_members(type['members'])}])"
        case other:
            return f".{other}"


# Python and JavaScript: functions that make the types


def python(table: Operations) -> str:
    rows = []
    for name, one in table.all.items():
        rows.append(f"    {quoted(name)}: OperationType(\n        {call('Object', one.input, 8, python_type)},\n"
                    f"        {call('Object', one.output, 8, python_type)}),\n")
    return (
        f'"""The operations of vectors/README.md and the types of their members.\n\n{MADE}\n"""\n\n'
        "from .value_types import Boolean, Either, Hex, List, Name, Nullable, Number, Object, OperationType, Text, When"
        "\n\n"
        f"OPERATION_TYPES: dict[str, OperationType] = {{\n{''.join(rows)}}}\n"
    )


def call(function: str, members: list[Type], indent: int, type_text: Any) -> str:
    """`Object({...})` on one line, or a member a line."""
    inner = [f"{quoted(member['name'])}: {type_text(member, indent + 4)}" for member in members]
    flat = f"{function}({{{', '.join(inner)}}})"
    if len(flat) + indent < 90 and "\n" not in flat:
        return flat
    pad = " " * (indent + 4)
    return f"{function}({{\n" + "".join(f"{pad}{one},\n" for one in inner) + " " * indent + "})"


def python_type(type: Type, indent: int) -> str:
    match type["type"]:
        case "hex":
            made = f"Hex({'' if type['max'] is None and not type['min'] else bounds(type, 'None')})"
        case "number":
            made = f"Number({type['min']}, {type['max']})"
        case "enum":
            made = wrapped("Name", type["values"], indent)
        case "list":
            made = f"List({python_type(type['of'], indent)}{', ' + str(type['min']) if type['min'] else ''})"
        case "object":
            made = call("Object", type["members"], indent, python_type)
        case "either":
            made = call("Either", type["members"], indent, python_type)
        case "boolean":
            made = "Boolean()"
        case _:
            made = "Text()"
    if type.get("null"):
        made = f"Nullable({made})"
    for other, values in type.get("when", {}).items():
        made = conditional("When", f"{quoted(other)}, ({', '.join(map(quoted, values))},)", made, indent)
    return made


def bounds(type: Type, none: str) -> str:
    most = none if type["max"] is None else type["max"]
    return f"{most}" if type["min"] == type["max"] else f"{type['min']}, {most}"


def wrapped(function: str, values: list[str], indent: int) -> str:
    flat = f"{function}({', '.join(map(quoted, values))})"
    if len(flat) + indent < 90:
        return flat
    pad = " " * (indent + 4)
    lines = textwrap.fill(", ".join(map(quoted, values)), 116, initial_indent=pad, subsequent_indent=pad)
    return f"{function}(\n{lines})"


def conditional(function: str, condition: str, made: str, indent: int) -> str:
    """A type that is there on a condition: on one line, or on one of its own."""
    flat = f"{function}({condition}, {made})"
    if len(flat) + indent < 100 or "\n" in made:
        return flat
    pad = " " * (indent + 4)
    return f"{function}(\n{pad}{condition},\n{pad}{made})"


def javascript(table: Operations) -> str:
    rows = []
    for name, one in table.all.items():
        rows.append(f"  {quoted(name)}: {{\n    in: {call('object', one.input, 4, javascript_type)},\n"
                    f"    out: {call('object', one.output, 4, javascript_type)},\n  }},\n")
    return (
        f"// The operations of vectors/README.md and the types of their members.\n//\n// {MADE}\n\n"
        "import { boolean, either, hex, list, name, nullable, number, object, text, when } "
        'from "./value-types.mjs";\n\n'
        "/** @type {Record<string, import(\"./value-types.mjs\").OperationType>} */\n"
        f"export const OPERATION_TYPES = {{\n{''.join(rows)}}};\n"
    )


def javascript_type(type: Type, indent: int) -> str:
    match type["type"]:
        case "hex":
            made = f"hex({'' if type['max'] is None and not type['min'] else bounds(type, 'Infinity')})"
        case "number":
            made = f"number({type['min']}, {type['max']})"
        case "enum":
            made = wrapped("name", type["values"], indent)
        case "list":
            made = f"list({javascript_type(type['of'], indent)}{', ' + str(type['min']) if type['min'] else ''})"
        case "object":
            made = call("object", type["members"], indent, javascript_type)
        case "either":
            made = call("either", type["members"], indent, javascript_type)
        case "boolean":
            made = "boolean()"
        case _:
            made = "text()"
    if type.get("null"):
        made = f"nullable({made})"
    for other, values in type.get("when", {}).items():
        made = conditional("when", f"{quoted(other)}, [{', '.join(map(quoted, values))}]", made, indent)
    return made
