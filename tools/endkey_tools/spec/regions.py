"""The generated regions of spec/endkey.md: tables from registry.json, examples from vectors, the table of privacy.py.

A region stands between `<!-- BEGIN name -->` and `<!-- END name -->` and is one of REGISTRY's `registry:X`,
`vectors:ID,ID,...`
(these vectors, in order) and `privacy`.
"""

import json
import re
import textwrap

REGION = re.compile(r"<!-- BEGIN (\S+) -->\n(.*?)<!-- END \1 -->", re.S)
MARK = re.compile(r"<!-- (?:BEGIN|END) (\S+) -->")


class Unfilled(Exception):
    """A region whose source is not there."""


def table(head, rows):
    def line(cells):
        return "| " + " | ".join(map(str, cells)) + " |\n"

    return "\n" + line(head) + "|---" * len(head) + "|\n" + "".join(map(line, rows)) + "\n"


def code(text):
    return f"`{text}`" if text else ""


def limits(registry):
    return table(
        ["name", "value", "meaning"],
        [[code(one["name"]), f"{one['value']:,}", one["meaning"]] for one in registry["limits"]],
    )


def labels(registry):
    def row(one):
        use = {"hash": "H", "hkdf": "Derive", "siv-ad": "AD", "ed25519": "Ed25519"}[one["use"]]
        length = one.get("output") or (f"{one['length']} bytes" if "length" in one else "")
        return [code(one["label"]), use, code(one.get("key")), code(one.get("context") or one["input"]), length]

    return table(["label", "use", "key", "context or input", "output"], map(row, registry["labels"]))


def message_types(registry):
    return table(
        ["type", "name", "struct", "section", "meaning"],
        [
            [one["value"], code(one["name"]), one["struct"], one["section"], one["meaning"]]
            for one in registry["messageTypes"]
        ],
    )


def enums(registry):
    return table(
        ["enum", "values"],
        [
            [name, ", ".join(f"{one['value']} {code(one['name'])}" for one in values)]
            for name, values in registry["enums"].items()
        ],
    )


def presentation(enums):
    """Enumerations in the presentation language, in lines that a page of text holds."""

    def one(name, values):
        items = [f"{value['name']}({value['value']})," for value in values] + ["(255)"]
        line = f"enum {{ {' '.join(items)} }} {name};"
        if len(line) <= 69:
            return line
        return (
            "enum {\n"
            + textwrap.fill(" ".join(items), 68, initial_indent="  ", subsequent_indent="  ")
            + f"\n}} {name};"
        )

    return "\n~~~ tls-presentation\n" + "\n".join(one(*pair) for pair in enums.items()) + "\n~~~\n\n"


def events(key):
    return lambda registry: table(["event", "meaning"], [[code(one["event"]), one["meaning"]] for one in registry[key]])


def machine(key):
    def event(name):
        return name if name == "any other" else code(name)

    return lambda registry: table(
        ["phase", "event", "next phase", "output, or error"],
        [
            [
                code(one["phase"]),
                event(one["event"]),
                code(one["next"]),
                one.get("output") or "error " + code(one["error"]),
            ]
            for one in registry[key]
        ],
    )


def errors(registry):
    return table(
        ["code", "layer", "trigger"], [[code(one["code"]), one["layer"], one["trigger"]] for one in registry["errors"]]
    )


REGISTRY = {
    "registry:limits": limits,
    "registry:labels": labels,
    "registry:messageTypes": message_types,
    "registry:enums": enums,
    "registry:enums-presentation": lambda registry: presentation(registry["enums"]),
    "registry:messageTypes-presentation": lambda registry: presentation({"MessageType": registry["messageTypes"]}),
    "registry:agentEvents": events("agentEvents"),
    "registry:agentMachine": machine("agentMachine"),
    "registry:ownerEvents": events("ownerEvents"),
    "registry:ownerMachine": machine("ownerMachine"),
    "registry:errors": errors,
}


def flat(value, path=""):
    """(name, text) of every value in a vector's part: `keys[0].epoch`, hex as it is, null as `none`."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from flat(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from flat(one, f"{path}[{index}]")
    else:
        yield path, "none" if value is None else json.dumps(value) if not isinstance(value, str) else value


def values(part):
    lines = []
    for name, text in flat(part):
        first = f"{name} = {text}"
        lines += (
            [first]
            if len(first) <= 69
            else [f"{name} =", *textwrap.wrap(text, 64, initial_indent="    ", subsequent_indent="    ")]
        )
    return lines


def example(test):
    """One vector: its comment, then what goes in, intermediate values in order, what comes out."""
    blocks = []
    for title, part in (("in", test["in"]), ("trace", test.get("trace")), ("out", test["expect"].get("out"))):
        if part:
            blocks.append(f"~~~ values\n-- {title} --\n" + "\n".join(values(part)) + "\n~~~\n")
    if test["expect"]["outcome"] == "reject":
        offset = test["expect"].get("offset")
        blocks.append(f"Refused: `{test['expect']['code']}`" + ("" if offset is None else f" at {offset}") + ".\n")
    return f"\n{test['comment']} ({code(test['id'])})\n\n" + "\n".join(blocks)


def named(vectors, name):
    test = vectors.test(name)
    if test is None:
        raise Unfilled(f"no vector {name}")
    return test


def content(name, registry, vectors, privacy):
    if name in REGISTRY:
        return REGISTRY[name](registry)
    if name == "privacy":
        return "\n" + privacy() + "\n"
    if name.startswith("vectors:"):
        return "".join(map(example, (named(vectors, one) for one in name.removeprefix("vectors:").split(",")))) + "\n"
    raise Unfilled(f"no region of that name is known: {name}")


def fill(text, registry, vectors, privacy):
    """The text with every region made anew, and what could not be filled."""
    faults = []

    def one(match):
        try:
            made = content(match[1], registry, vectors, privacy)
        except Unfilled as reason:
            faults.append(f"{match[1]}: {reason}")
            made = match[2]
        return f"<!-- BEGIN {match[1]} -->\n{made}<!-- END {match[1]} -->"

    return REGION.sub(one, text), faults
