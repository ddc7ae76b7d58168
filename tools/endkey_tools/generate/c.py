"""From spec/registry.json: the numbers and names of the C interface, and how Swift's error codes map to them."""

import textwrap
from pathlib import PurePosixPath
from typing import Any

from endkey_tools.generate.registry import LAYERS, sentence
from endkey_tools.generate.source import camel, line_comment, registry, wrapped

HEADER = "Sources/CEndkeyHeader"

# The interface's own: name, number, meaning.
OWN = [
    ("buffer_too_small", -1, "the caller's buffer is too small, and its count says what is needed"),
    ("bad_argument", -2, "an argument is NULL, or a number that stands for nothing"),
    ("nothing", -3, "there is nothing of what was asked for"),
]


def outputs() -> dict[PurePosixPath, str]:
    files = {f"{HEADER}/include/endkey_codes.h": codes_header(), f"{HEADER}/status.c": names(),
             "Sources/CEndkey/Generated/ErrorCode+Status.swift": swift()}
    return {PurePosixPath(path): text for path, text in files.items()}


def statuses() -> list[tuple[str, int, str]]:
    """The protocol's errors: a hundred numbers for each layer, in the order of the registry."""
    found: list[tuple[str, int, str]] = []
    for layer_number, layer in enumerate(LAYERS, 1):
        of_layer = [one for one in registry()["errors"] if one["layer"] == layer]
        found += [(one["code"], 100 * layer_number + place, one["trigger"]) for place, one in enumerate(of_layer)]
    return found


def comment(text: str, indent: str = "") -> str:
    return "\n".join(wrapped(f"{text} */", f"{indent}/* ", f"{indent} * ", 110))


def snake(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name).lstrip("_").upper()


def constants(entries: list[str]) -> str:
    return "enum {\n" + ",\n".join(entries) + "\n};"


def codes_header() -> str:
    errors = [f"{comment(sentence(meaning), '  ')}\n  EK_{name.upper()} = {value}"
              for name, value, meaning in [("ok", 0, "it was done"), *OWN, *statuses()]]
    enums: dict[str, list[dict[str, Any]]] = {"MessageType": registry()["messageTypes"], **registry()["enums"]}
    meanings = {"MessageType": "The types of messages, by their numbers on the wire. Section 8.1",
                **{name: f"{text} Section 8.2" for name, text in registry()["enumMeanings"].items()}}
    blocks = [f"{comment(meanings[name] + '.')}\n" + constants(
                  [f"  EK_{snake(name)}_{one['name'].upper()} = {one['value']}" for one in values])
              for name, values in enums.items()]
    about = comment("What came of a call: 0, an error of the protocol, or below 0 one of this interface. The hundreds "
                    "of an error are its layer: " + ", ".join(
                        f"{100 * number} {layer}" for number, layer in enumerate(LAYERS, 1)) + ". Section 19.")
    return "\n\n".join([
        f"/* {line_comment('c', '').strip()} */\n#ifndef ENDKEY_CODES_H\n#define ENDKEY_CODES_H", "#include <stdint.h>",
        f"{about}\ntypedef int32_t ek_status;", constants(errors), *blocks, "#endif"]) + "\n"


def returning(text: str) -> str:
    """`return` of a text, in the pieces that fit on a line."""
    lines = textwrap.wrap(text, 104, drop_whitespace=False)
    return "      return " + "\n             ".join(f'"{line}"' for line in lines) + ";"


def names() -> str:
    everything = [("ok", 0, "it was done"), *OWN, *statuses()]

    def function(name: str, values: list[tuple[str, str]], other: str) -> str:
        cases = "\n".join(f"    case EK_{code.upper()}:\n{returning(text)}" for code, text in values)
        return (f"const char *{name}(ek_status status) {{\n  switch (status) {{\n{cases}\n    default:\n"
                f'      return "{other}";\n  }}\n}}')

    return "\n\n".join([
        line_comment("c"), '#include "endkey.h"',
        function("ek_status_name", [(code, code) for code, _, _ in everything], "unknown"),
        function("ek_status_meaning", [(code, meaning) for code, _, meaning in everything],
                 "this number is no status")]) + "\n"


def swift() -> str:
    cases = "\n".join(f"    case .{camel(name)}: EK_{name.upper()}" for name, _, _ in statuses())
    return "\n\n".join([
        line_comment("c"), "internal import CEndkeyHeader\ninternal import Endkey",
        "extension ErrorCode {\n  /// The number of the code in C.\n  var status: Int {\n    switch self {\n"
        + cases + "\n    }\n  }\n}"]) + "\n"
