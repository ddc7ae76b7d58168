"""Decodes and encodes any struct of the specification, driven by the structs of the document alone.

    tools/run codec STRUCTS [--context Grant.kind=scoped] < lines

STRUCTS is the file structs.txt that tools/run render writes. Reads `<StructName> <hex>` a line and writes, a line,
{"ok":true} or {"ok":false,"code":"...","offset":N}, as `endkey inspect --lines` does; with --fields, the fields too.
The names TokenText, BlobText, CodeText, SecretText and RecoveryText stand for text forms, given as hex of the text.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from . import texts
from .grammar import BASE, Alias, Enum, Fault, Field, Grammar, Rules, Struct, prefix

CONSTANT_CODES = {"magic": "bad_magic", "version": "unknown_version", "type": "unexpected_type"}


class Codec:
    """Values are dicts for structs, ints for numbers and enums, bytes for opaque, lists for vectors.

    `context` holds what a struct takes from outside itself: `Grant.kind` for GrantContents.
    `spans`, after decode, lists (offset, size, kind of field) of all that was read: mutants are aimed with it.
    """

    def __init__(self, grammar):
        self.grammar = grammar
        self.spans = []

    def decode(self, name, data, context=None):
        self.data, self.offset, self.start, self.end, self.spans = data, 0, 0, len(data), []
        self.context = dict(context or {})
        value = self.struct(self.grammar.types[name])
        if self.offset != self.end:
            raise Fault("trailing_bytes", self.offset)
        return value

    # Decoding

    def take(self, size, kind):
        if size > self.end - self.offset:
            raise Fault("truncated", self.offset)
        start = self.offset
        self.offset += size
        self.spans.append((start, size, kind))
        return self.data[start : self.offset]

    def struct(self, struct, rules=None):
        value: dict[str, Any] = {}
        starts: dict[str, int] = {}
        outer = self.start
        self.start = self.offset
        for one in struct.fields:
            starts[one.name] = self.offset
            # The rules on a header's use bind fields of the header.
            passed = rules if rules and struct.name == "Header" else None
            self.field(struct, one, value, passed)
        for one in struct.fields:
            if not self.fits(struct, one, value):
                raise Fault("value_out_of_range", starts[one.name])
        self.start = outer
        return value

    def fits(self, struct, one, value):
        """Whether a field has a value that the other fields of the struct allow."""
        if one.rules.below and value[one.name] > value[one.rules.below]:
            return False
        if not one.rules.case:
            return True
        wanted, other, name, exactly = one.rules.case
        types = self.grammar.types
        asked = value[other] == types[self.grammar.resolve(struct.name, other, "")].values[name]
        if wanted[0].isdigit():
            low, _, high = wanted.partition("..")
            has = int(low) <= value[one.name] <= int(high or low)
        else:
            has = value[one.name] == types[one.kind].values[wanted]
        return has == asked if exactly else has or not asked

    def field(self, struct, one, value, header):
        form, start = one.form, self.offset
        if form is None:
            value[one.name] = self.scalar(struct, one, header)
        elif form[0] == "constant":
            expected = form[1] if isinstance(form[1], bytes) else form[1].to_bytes(BASE[one.kind], "big")
            if self.take(len(expected), "constant") != expected:
                raise Fault(CONSTANT_CODES[one.name], start)
        elif form[0] == "bytes":
            value[one.name] = self.take(form[1], "opaque")
        elif form[0] == "named":
            value[one.name] = self.take(value[form[1]], "opaque")
        elif form[0] == "rest":
            if self.end - start < form[1]:
                raise Fault("truncated", start)
            value[one.name] = self.take(self.end - start, "opaque")
        elif form[0] == "vector":
            value[one.name] = self.vector(one)
        else:
            case = self.case(struct, form, value)
            self.field(struct, case, value, None)

    def case(self, struct, form, value):
        _, owner, selector, cases = form
        number = value[selector] if owner == struct.name else self.context[f"{owner}.{selector}"]
        enum = self.grammar.types[self.grammar.resolve(owner, selector, "")]
        return cases[{v: k for k, v in enum.values.items()}[number]]

    def scalar(self, struct, one, header):
        kind = self.grammar.types.get(one.kind)
        start = self.offset
        if isinstance(kind, Struct):
            return self.struct(kind, one.rules)
        if isinstance(kind, Enum):
            number = int.from_bytes(self.take(kind.size, "enum"), "big")
            if header and header.types and one.kind == "MessageType":
                if number not in [kind.values[name] for name in header.types]:
                    raise Fault("unexpected_type", start)
            if number not in self.values(one):
                raise Fault("unknown_value", start)
            return number
        if isinstance(kind, Alias) and kind.base == "opaque":
            return self.take(kind.size, "opaque")
        size = kind.size if kind else BASE[one.kind]
        number = int.from_bytes(self.take(size, "number"), "big")
        low, high = self.range(one, header)
        if not low <= number <= high:
            lengths = [part.form[1] for part in struct.fields if part.form and part.form[0] == "named"]
            raise Fault("length_out_of_range" if one.name in lengths else "value_out_of_range", start)
        if self.values(one) and number not in self.values(one):
            raise Fault("unknown_value", start)
        return number

    def values(self, one):
        """The only values of a number or an enum, or None."""
        types = self.grammar.types
        if one.rules.union:
            return [number for name in one.rules.union for number in types[name].values.values()]
        kind = types.get(one.kind)
        if isinstance(kind, Enum):
            return list(kind.values.values())
        return one.rules.values

    def range(self, one, header):
        kind = self.grammar.types.get(one.kind)
        low, high = (kind and kind.rules.range) or (0, 2 ** (8 * (kind.size if kind else BASE[one.kind])) - 1)
        if header and header.epoch and one.kind == "Epoch":
            return (0, 0) if header.epoch == "0" else (0, high)
        return one.rules.range or (low, high)

    def vector(self, one):
        _, least, greatest = one.form
        start = self.offset
        length = int.from_bytes(self.take(prefix(greatest), "length"), "big")
        size = self.grammar.element_size(one)
        if (
            not least <= length <= greatest
            or (size and length % size)
            or (one.rules.sizes and length not in one.rules.sizes)
            or (one.rules.padding and length != (self.start - self.offset) % one.rules.padding)
        ):
            raise Fault("length_out_of_range", start)
        if length > self.end - self.offset:
            raise Fault("truncated", self.offset)
        outer, self.end = self.end, self.offset + length
        if one.rules.content or (one.rules.optional and length):
            value = self.struct(self.grammar.types[one.rules.content or one.rules.optional])
            if self.offset != self.end:
                raise Fault("trailing_bytes", self.offset)
        elif one.rules.padding:
            for index in range(length):
                if self.data[self.offset + index]:
                    raise Fault("not_canonical", self.offset + index)
            value = self.take(length, "opaque")
        elif one.kind == "opaque":
            value = self.take(length, "opaque")
        else:
            value = self.elements(one)
        self.end = outer
        return value

    def elements(self, one):
        found: list = []
        last = None
        while self.offset < self.end:
            start = self.offset
            if one.rules.most is not None and len(found) == one.rules.most:
                raise Fault("length_out_of_range", start)
            holder: dict[str, Any] = {}
            self.field(None, Field(one.kind, "element", None, Rules()), holder, None)
            element = holder["element"]
            if one.rules.order is not None:
                key = self.key(one, element)
                if last is not None and key <= last:
                    raise Fault("not_canonical", start)
                last = key
            self.spans.append((start, self.offset - start, "element"))
            found.append(element)
        return found

    def key(self, one, element):
        """What an order compares: the bytes of the fields named, vectors without their length."""
        if not one.rules.order:
            return element if isinstance(element, bytes) else self.encode(one.kind, element)
        return b"".join(self.key_part(one.kind, element, name) for name in one.rules.order)

    def key_part(self, kind, element, name):
        for one in self.grammar.types[kind].fields:
            if one.form and one.form[0] == "select":
                case = self.case(self.grammar.types[kind], one.form, element)
                return self.key_part(case.kind, element[case.name], name)
            if one.name == name:
                return self.encode(one.kind, element[name])
        raise KeyError(name)

    # Encoding

    def encode(self, name, value, context=None):
        if context is not None:
            self.context = dict(context)
        kind = self.grammar.types.get(name)
        if isinstance(value, bytes):
            return value
        if isinstance(value, int):
            return value.to_bytes(kind.size if kind else BASE[name], "big")
        return b"".join(self.encode_field(kind, one, value) for one in kind.fields)

    def encode_field(self, struct, one, value):
        form = one.form
        if form is None:
            return self.encode(one.kind, value[one.name])
        if form[0] == "constant":
            return form[1] if isinstance(form[1], bytes) else form[1].to_bytes(BASE[one.kind], "big")
        if form[0] == "select":
            return self.encode_field(struct, self.case(struct, form, value), value)
        content = value[one.name]
        if form[0] == "vector":
            if isinstance(content, dict):
                content = self.encode(one.rules.content or one.rules.optional, content)
            elif one.kind != "opaque":
                content = b"".join(self.encode(one.kind, element) for element in content)
            return len(content).to_bytes(prefix(form[2]), "big") + content
        return content

    # Making valid values, for seeds

    def make(self, name, rng, context=None):
        """A random valid value of a struct, small where it may be."""
        self.context = dict(context or {})
        return self.make_struct(self.grammar.types[name], rng, None)

    def make_struct(self, struct, rng, rules):
        value: dict[str, Any] = {}
        for one in struct.fields:
            if one.rules.padding:
                size = len(b"".join(self.encode_field(struct, before, value) for before in struct.fields[:-1])) + 2
                value[one.name] = bytes(-size % one.rules.padding)
            else:
                self.make_field(struct, one, value, rng, rules if struct.name == "Header" else None)
        for one in struct.fields:
            if one.rules.below:
                value[one.name] = min(value[one.name], value[one.rules.below] or 1)
                value[one.rules.below] = max(value[one.name], value[one.rules.below])
            while not self.fits(struct, one, value):
                self.make_field(struct, one, value, rng, None)
        return value

    def make_field(self, struct, one, value, rng, header):
        form = one.form
        if form is None:
            value[one.name] = self.make_scalar(one, rng, header)
        elif form[0] == "bytes":
            value[one.name] = rng.randbytes(form[1])
        elif form[0] == "named":
            value[form[1]] = rng.randint(
                *next(part.rules.range[0:1] * 2 for part in struct.fields if part.name == form[1])
            )
            value[one.name] = rng.randbytes(value[form[1]])
        elif form[0] == "rest":
            value[one.name] = rng.randbytes(form[1] + rng.choice([0, 0, 1, 40]))
        elif form[0] == "vector":
            value[one.name] = self.make_vector(one, rng)
        elif form[0] == "select":
            self.make_field(struct, self.case(struct, form, value), value, rng, None)

    def make_scalar(self, one, rng, header):
        kind = self.grammar.types.get(one.kind)
        if isinstance(kind, Struct):
            return self.make_struct(kind, rng, one.rules)
        if isinstance(kind, Enum):
            if header and header.types and one.kind == "MessageType":
                return kind.values[rng.choice(header.types)]
            return rng.choice(self.values(one))
        if isinstance(kind, Alias) and kind.base == "opaque":
            return rng.randbytes(kind.size)
        if values := self.values(one):
            return rng.choice(values)
        low, high = self.range(one, header)
        return rng.choice([low, high, min(high, low + 1), rng.randint(low, high)])

    def make_vector(self, one, rng):
        _, least, greatest = one.form
        if one.rules.content or (one.rules.optional and rng.random() < 0.5):
            return self.make_struct(self.grammar.types[one.rules.content or one.rules.optional], rng, None)
        if one.rules.optional:
            return b""
        if one.kind == "opaque":
            if one.rules.sizes:
                return rng.randbytes(rng.choice(one.rules.sizes[:5]))
            return rng.randbytes(least + rng.choice([0, 0, 1, min(30, greatest - least)]))
        wanted = rng.randint(1 if least else 0, min(3, one.rules.most or 3))
        found: dict = {}
        for _ in range(wanted):
            holder: dict[str, Any] = {}
            self.make_field(None, Field(one.kind, "element", None, Rules()), holder, rng, None)
            found.setdefault(
                self.key(one, holder["element"]) if one.rules.order is not None else len(found), holder["element"]
            )
        return [found[key] for key in sorted(found)]


def answer(codec, name, data, context=None):
    """One line's answer: None if the bytes are right, else the fault."""
    try:
        if name in texts.FORMS:
            texts.decode(codec, name, data)
        else:
            codec.decode(name, data, context)
        return None
    except Fault as fault:
        return fault


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run codec", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("structs")
    parser.add_argument("--fields", action="store_true", help="print offset, size and kind of each field read")
    parser.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what a struct takes from outside itself, as a number",
    )
    given = parser.parse_args(arguments)
    codec = Codec(Grammar(Path(given.structs).read_text(encoding="utf-8")))
    context = {name: int(value) for name, value in (pair.split("=") for pair in given.context)}
    for line in sys.stdin:
        name, _, text = line.strip().partition(" ")
        fault = answer(codec, name, bytes.fromhex(text), context)
        out: dict[str, Any] = {"ok": fault is None}
        if fault is not None:
            out |= {"code": fault.code, "offset": fault.offset}
        if given.fields:
            out["fields"] = codec.spans
        print(json.dumps(out, separators=(",", ":")), flush=True)
    return 0
