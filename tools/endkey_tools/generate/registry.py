"""From spec/registry.json: enumerations, limits, labels, codes and machines in Swift, Python and JavaScript."""

import re
from pathlib import PurePosixPath

from endkey_tools.generate.source import bounds, camel, grammar, grouped, line_comment, number, registry, wrapped

WIRE = "Sources/EndkeyWire/Generated"
ENDKEY = "Sources/Endkey/Generated"
PRIMITIVES = "Sources/EndkeyPrimitives/Generated"
PYTHON = "clients/python/endkey_client"
WEB = "clients/web/endkey"

# Limits that the algorithms know, which know no message.
SUITE_LIMITS = ("chunk", "smallest_factor")

LAYERS = {
    "format": "A message or a text that its grammar does not allow.",
    "policy": "Something that the protocol does not do.",
    "auth": "Who it is from, or whom it is for.",
    "crypto": "Something that does not open: one code for each thing, whatever was wrong with it.",
    "state": "What this end remembers forbids it.",
}


def outputs() -> dict[PurePosixPath, str]:
    files = {
        f"{WIRE}/MessageType.swift": swift_message_type(),
        f"{WIRE}/Enumerations.swift": swift_enumerations(),
        f"{WIRE}/Limit.swift": swift_limits("public ", "Limit", "The limits of the protocol. §6.1",
                                            [one["name"] for one in registry()["limits"]]),
        f"{WIRE}/WireError+Code.swift": swift_wire_codes(),
        f"{PRIMITIVES}/SuiteLimit.swift": swift_limits(
            "", "SuiteLimit", "The limits of the protocol that its algorithms enforce. §6.1", SUITE_LIMITS),
        f"{ENDKEY}/ErrorCode.swift": swift_error_codes(),
        f"{ENDKEY}/Label+Names.swift": swift_labels(),
        f"{PYTHON}/enums.py": python_enums(),
        f"{PYTHON}/limits.py": python_limits(),
        f"{PYTHON}/codes.py": python_codes(),
        f"{PYTHON}/labels.py": python_labels(),
        f"{WEB}/registry.mjs": javascript(),
    }
    return {PurePosixPath(path): text for path, text in files.items()}


# Swift


def swift(*blocks: str) -> str:
    return "\n\n".join([line_comment("registry"), *blocks]) + "\n"


def doc(text: str, indent: str = "") -> str:
    return "\n".join(wrapped(text, f"{indent}/// ", f"{indent}/// ", 110))


def sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def swift_enum(name: str, about: str, values: list[dict]) -> str:
    """An enumeration of one byte; each value with its meaning, and the section that says more, if there is one."""
    lines = []
    for one in values:
        section = f" §{one['section']}" if "section" in one else ""
        lines += [doc(sentence(one["meaning"]) + section, "  "), f"  case {camel(one['name'])} = {one['value']}"]
    body = "\n".join(lines)
    return f"{doc(about)}\npublic enum {name}: UInt8, WireEnum {{\n{body}\n}}"


def swift_message_type() -> str:
    about = "The types of messages, by their numbers on the wire. §8.1"
    return swift(swift_enum("MessageType", about, registry()["messageTypes"]))


def swift_enumerations() -> str:
    meanings = registry()["enumMeanings"]
    return swift(*(
        swift_enum(name, f"{meanings[name]} §8.2", values)
        for name, values in registry()["enums"].items()))


def swift_limits(access: str, name: str, about: str, names) -> str:
    lines = []
    for one in registry()["limits"]:
        if one["name"] in names:
            kind = ": UInt64" if one["value"] > 2**32 else ""
            lines += [doc(f"`{one['name']}`: {one['meaning']}.", "  "),
                      f"  {access}static let {camel(one['name'])}{kind} = {grouped(one['value'])}"]
    return swift(f"/// {about}\n{access}enum {name} {{\n" + "\n".join(lines) + "\n}")


def raw_case(name: str) -> str:
    return f"case {camel(name)}" + (f' = "{name}"' if camel(name) != name else "")


def swift_wire_codes() -> str:
    cases = []
    for one in registry()["errors"]:
        if one["layer"] == "format":
            cases += [doc(sentence(one["trigger"]), "    "), f"    {raw_case(one['code'])}"]
    return swift("extension WireError {\n"
                 "  /// The codes of the layer `format`. Raw values are the registry's names. §19\n"
                 "  public enum Code: String, CaseIterable, Sendable {\n" + "\n".join(cases) + "\n  }\n}")


def swift_error_codes() -> str:
    errors = registry()["errors"]
    cases, layers, layer_cases, meanings, parser = [], [], [], [], []
    for layer, about in LAYERS.items():
        names = [one["code"] for one in errors if one["layer"] == layer]
        cases += [f"  // {layer.capitalize()}. {about}", ""]
        for one in errors:
            if one["layer"] == layer:
                cases += [doc(sentence(one["trigger"]), "  "), f"  {raw_case(one['code'])}"]
        cases.append("")
        layers += [f"    /// {about}", f"    case {layer}"]
        listed = wrapped(", ".join(f".{camel(name)}" for name in names) + ":", "    case ", "      ", 110)
        layer_cases += [*listed, f"      .{layer}"]
    for one in errors:
        case = f"    case .{camel(one['code'])}:"
        text = f'"{one["meaning"]}"'
        meanings += [f"{case} {text}"] if len(case) + len(text) < 110 else [case, f"      {text}"]
        if one["layer"] == "format":
            parser.append(f"      case .{camel(one['code'])}: .{camel(one['code'])}")
    return swift(
        "public import EndkeyWire",
        "/// Every error of the protocol. Raw values are the registry's names. The list is closed. §19\n"
        "public enum ErrorCode: String, CaseIterable, Sendable {" + "\n" + "\n".join(cases)
        + "\n  /// The layers of errors. Only those of `format` carry an offset. §19\n"
        "  public enum Layer: String, CaseIterable, Sendable {\n" + "\n".join(layers) + "\n  }\n\n"
        "  /// The layer that refuses with this code. §19\n"
        "  public var layer: Layer {\n    switch self {\n" + "\n".join(layer_cases) + "\n    }\n  }\n\n"
        "  /// What it means, in words for a person. §19\n"
        "  public var meaning: String {\n    switch self {\n" + "\n".join(meanings) + "\n    }\n  }\n}",
        "extension ErrorCode {\n  /// The code of a parser, under the same name.\n"
        "  public init(_ code: WireError.Code) {\n    self =\n      switch code {\n" + "\n".join(parser)
        + "\n      }\n  }\n}")


def label_size(text: str) -> int:
    """The sum of the numbers in brackets, as in `account_id[16] || epoch[4]`."""
    return sum(int(size) for size in re.findall(r"\[(\d+)\]", text))


def labels(*uses: str) -> list[dict]:
    return [one for one in registry()["labels"] if one["use"] in uses]


def label_switch(name: str, about: str, value) -> str:
    """A property of a derived label; labels of one value share a line."""
    groups: dict[int, list[str]] = {}
    for one in labels("hkdf"):
        groups.setdefault(value(one), []).append(f".{camel(one['label'])}")
    lines = []
    for size, names in groups.items():
        *before, last = wrapped(", ".join(names) + ":", "      case ", "        ", 110)
        lines += [f"{last} {size}"] if not before else [*before, last, f"        {size}"]
    return (f"    /// {about}\n    package var {name}: Int {{\n      switch self {{\n" + "\n".join(lines)
            + "\n      }\n    }")


def swift_labels() -> str:
    def cases(*uses: str) -> str:
        return "\n".join(f"    {raw_case(one['label'])}" for one in labels(*uses))

    return swift(
        "extension Label {\n"
        "  /// Labels of hashes: `H(label, data)`. §2.3, §6.2\n"
        f"  package enum Hashed: String, CaseIterable {{\n{cases('hash')}\n  }}\n\n"
        "  /// Labels of derived keys: `Derive(key, label, context, n)`. §2.3, §6.2\n"
        f"  package enum Derived: String, CaseIterable {{\n{cases('hkdf')}\n\n"
        + label_switch("keyCount", "The number of bytes of the derived key, n.", lambda one: one["length"]) + "\n\n"
        + label_switch("contextCount", "The number of bytes of the context.", lambda one: label_size(one["context"]))
        + "\n  }\n\n"
        "  /// Labels that go before what is signed or authenticated. §6.2\n"
        f"  enum Prefixed: String, CaseIterable {{\n{cases('siv-ad', 'ed25519')}\n  }}\n}}")


# Python


def python(about: str, *blocks: str, apart: int = 1) -> str:
    gap = "\n" * (apart + 1)
    return f'{line_comment("registry", "#")}\n"""{about}"""\n\n' + gap.join(blocks) + "\n"


def python_enums() -> str:
    enums = {"MessageType": registry()["messageTypes"], **registry()["enums"]}
    classes = [f"class {name}(IntEnum):\n" + "\n".join(f"    {one['name']} = {one['value']}" for one in values)
               for name, values in enums.items()]
    return python(
        "The enumerations of section 8.2 and the message types of section 8.1. "
        "The names are those of the specification.",
        "from enum import IntEnum", *classes, apart=2)


def python_limits() -> str:
    lines = [f"{one['name'].upper()} = {number(one['value'])}" for one in registry()["limits"]]
    sizes = next(one for one in grammar().types["Token"].fields if one.name == "c").rules.sizes
    structs = [
        f"TOKEN_SIZES = ({', '.join(grouped(size) for size in sizes)})",
        f"BLOB_TEXT_MIN = {number(bounds('BlobText', 'blob')[0])}",
        f"RECORDS_MIN = {number(bounds('RecordBatch', 'records')[0])}",
        f"NONCES_MAX = {number(bounds('Code', 'nonces')[1])}",
        f"LIST_MAX = {number(bounds('VaultContents', 'codes')[1])}",
    ]
    return python("The limits of section 6.1, then bounds that the structs of section 8 state.",
                  "\n".join(lines), "\n".join(structs))


def python_codes() -> str:
    lines = [f'    "{one["code"]}": "{one["layer"]}",' for one in registry()["errors"]]
    return python("The codes of section 19, each with its layer.", "CODES = {\n" + "\n".join(lines) + "\n}")


def python_labels() -> str:
    hashed = ", ".join(f'"{one["label"]}"' for one in labels("hash"))
    lengths = "\n".join(f'    "{one["label"]}": {one["length"]},' for one in labels("hkdf"))
    contexts = "\n".join(f'    "{one["label"]}": {label_size(one["context"])},' for one in labels("hkdf"))
    return python(
        "The labels of section 6.2.",
        f"# The labels of hashes.\nHASH_LABELS = ({hashed})",
        "# The labels that are used with Derive, and the length of what each derives.\nLENGTHS = {\n"
        + lengths + "\n}",
        "# The length of each label's context.\nCONTEXTS = {\n" + contexts + "\n}")


# JavaScript


def script_object(entries: list[str], indent: str, head: str, width: int = 120) -> str:
    """`head{ a: 1, b: 2 },` in a line if it fits, else in as few lines as hold the entries."""
    line = f"{indent}{head}{{ {', '.join(entries)} }},"
    if len(line) <= width:
        return line
    inner = wrapped(", ".join(entries) + ",", f"{indent}  ", f"{indent}  ", width)
    return "\n".join([f"{indent}{head}{{", *inner, f"{indent}}},"])


def javascript() -> str:
    def entries(values: list[dict]) -> list[str]:
        return [f"{one['name']}: {one['value']}" for one in values]

    def block(about: str, kind: str | None, name: str, lines: list[str], brackets: str = "{}") -> str:
        comment = f"/** {about} */" if kind is None else f"/**\n * {about}\n * @type {{{kind}}}\n */"
        return f"{comment}\nexport const {name} = {brackets[0]}\n" + "\n".join(lines) + f"\n{brackets[1]};"

    def steps(who: str) -> list[str]:
        return ["  [" + ", ".join(f'"{one[key]}"' for key in ("phase", "event", "next"))
                + (f', "{one["error"]}"],' if "error" in one else ", null],") for one in registry()[f"{who}Machine"]]

    rows = "[string, string, string, string | null][]"
    blocks = [
        block("Message types (section 8.1).", "Record<string, number>", "MESSAGE_TYPES",
              [f"  {entry}," for entry in entries(registry()["messageTypes"])]),
        block("Enumerations (section 8.2).", "Record<string, Record<string, number>>", "ENUMS",
              [script_object(entries(values), "  ", f"{name}: ") for name, values in registry()["enums"].items()]),
        block("Limits (section 6.1).", None, "LIMITS", [f"  {entry}," for entry in entries(registry()["limits"])]),
        block("The bytes of the key that each label of `Derive` makes (section 6.2).", "Record<string, number>",
              "KEY_LENGTHS", [f'  "{one["label"]}": {one["length"]},' for one in labels("hkdf")]),
        block("The bytes of the context that each label of `Derive` takes (section 6.2).", "Record<string, number>",
              "CONTEXT_LENGTHS", [f'  "{one["label"]}": {label_size(one["context"])},' for one in labels("hkdf")]),
        block("Codes and their layers (section 19).", "Record<string, string>", "CODES",
              [f'  {one["code"]}: "{one["layer"]}",' for one in registry()["errors"]]),
        block("The agent's state machine (section 10.3): phase, event, next phase, error.", rows, "AGENT_MACHINE",
              steps("agent"), "[]"),
        block("The owner's state machine (section 10.4): phase, event, next phase, error.", rows, "OWNER_MACHINE",
              steps("owner"), "[]"),
    ]
    return "\n\n".join([line_comment("registry"), "// The numbers, names and state machines of spec/registry.json.",
                        *blocks]) + "\n"
