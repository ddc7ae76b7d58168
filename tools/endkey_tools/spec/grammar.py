"""Reads the presentation language of section 2.1: definitions, and the rules that stand in comments.

A definition is one of Alias, Enum and Struct. Nothing here knows a struct of the protocol by name.
"""

import re
from dataclasses import dataclass, field
from typing import Any

BASE = {"uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8}


class GrammarError(Exception):
    pass


class Fault(Exception):
    """The first fault of a message: code and offset of section 2.2."""

    def __init__(self, code, offset):
        super().__init__(f"{code} at {offset}")
        self.code, self.offset = code, offset

    def __eq__(self, other):
        return isinstance(other, Fault) and (self.code, self.offset) == (other.code, other.offset)


@dataclass
class Rules:
    """What a comment states in the forms of section 2.1."""

    sizes: Any = None  # `64 or 128 bytes`
    before: tuple | None = None  # `41 bytes before sealed`
    range: Any = None  # `0..2^53-1`
    values: list | None = None  # `0 or 1`
    union: Any = None  # `a TokenField or a BlobField`
    # `master if role is manager`, `0..1 if role is manager`, `0 exactly if status is granted`: value, field, its value,
    # whether exactly
    case: Any = None
    below: str | None = None  # `at most last`
    order: list | None = None  # `strictly ascending by field || value`; [] is the whole element
    most: int | None = None  # `at most 256 elements`
    types: Any = None  # `type agent_state or owner_state`
    epoch: str | None = None  # `epoch 0`, `epoch from 0`
    content: str | None = None  # `is a SealedBlob`
    optional: str | None = None  # `is empty or an AccountState`
    padding: Any = None  # `zeros to a multiple of 4096 bytes`

    def count(self):
        return sum(value not in (None, False) for value in vars(self).values())


@dataclass
class Field:
    kind: str
    name: str
    # None; ("constant", v); ("bytes", n); ("rest", n); ("vector", a, b); ("named", field); ("select", struct, field,
    # {case: Field})
    form: Any
    rules: Rules = field(default_factory=Rules)


@dataclass
class Alias:
    name: str
    base: str
    size: int
    rules: Rules


@dataclass
class Enum:
    name: str
    values: dict  # name -> number
    size: int


@dataclass
class Struct:
    name: str
    fields: list
    rules: Rules


NUMBER = r"\d+(?:\^\d+(?:-\d+)?)?"
FORMS = [
    ("sizes", rf"((?:{NUMBER}, )*{NUMBER}(?: or {NUMBER})?) bytes"),
    ("before", rf"({NUMBER}) bytes before (\w+)"),
    ("range", rf"({NUMBER})\.\.({NUMBER})"),
    ("values", rf"((?:{NUMBER}, )*{NUMBER} or {NUMBER})"),
    ("order", r"strictly ascending(?: by (\w+(?: \|\| \w+)*))?"),
    ("most", rf"at most ({NUMBER}) elements"),
    ("types", r"type (\w+(?: or \w+)*)"),
    ("epoch", r"epoch (0|from 0)"),
    ("content", r"is an? (\w+)"),
    ("optional", r"is empty or an? (\w+)"),
    ("padding", rf"zeros to a multiple of ({NUMBER}) bytes"),
    ("union", r"an? (\w+) or an? (\w+)"),
    ("case", rf"(\w+|{NUMBER}\.\.{NUMBER}) (exactly )?if (\w+) is (\w+)"),
    ("below", r"at most ([a-z]\w*)"),
]
# A clause that looks like a rule and is none is a slip of the pen, not prose.
LOOKS_LIKE_RULE = re.compile(
    r"\d\S*(\.\.| or | bytes|, )|\d+\.\.|at most|type |epoch |is (an?|empty) |.*ascending|.*elements|.* multiple of"
)


def number(text):
    power = re.fullmatch(r"(\d+)\^(\d+)(?:-(\d+))?", text)
    return int(text) if not power else int(power[1]) ** int(power[2]) - int(power[3] or 0)


def rules(comment):
    """The rules among the clauses, which semicolons separate."""
    found = Rules()
    for clause in filter(None, (part.strip() for part in comment.split(";"))):
        for name, pattern in FORMS:
            match = re.fullmatch(pattern, clause)
            if match:
                break
        else:
            if LOOKS_LIKE_RULE.match(clause):
                raise GrammarError(f"comment is no rule of section 2.1: {clause!r}")
            continue
        if name in ("sizes", "values"):
            value: Any = [number(text) for text in re.split(r", | or ", match[1])]
        elif name == "before":
            value = (number(match[1]), match[2])
        elif name == "range":
            value = (number(match[1]), number(match[2]))
        elif name == "order":
            value = match[1].split(" || ") if match[1] else []
        elif name in ("most", "padding"):
            value = number(match[1])
        elif name == "types":
            value = match[1].split(" or ")
        elif name == "union":
            value = match.groups()
        elif name == "case":
            value = match[1], match[3], match[4], match[2] is not None
        else:
            value = match[1]
        setattr(found, name, value)
    return found


TOKEN = re.compile(rf'\s+|(/\*.*?\*/|"[^"]*"|{NUMBER}|\w+|\.\.|[][<>{{}}();:,=.])', re.S)


class Parser:
    def __init__(self, text):
        self.tokens, position = [], 0
        while position < len(text):
            match = TOKEN.match(text, position)
            if not match:
                raise GrammarError(f"cannot read: {text[position : position + 30]!r}")
            position = match.end()
            if match[1]:
                self.tokens.append(match[1])

    def peek(self):
        while self.tokens and self.tokens[0].startswith("/*"):
            self.tokens.pop(0)  # a comment that follows no declaration
        return self.tokens[0] if self.tokens else None

    def take(self, expected=None):
        token = self.peek()
        if token is None or (expected and token != expected):
            raise GrammarError(f"expected {expected or 'more'}, found {token}")
        return self.tokens.pop(0)

    def end(self):
        """The semicolon of a declaration, and the comment that belongs to it."""
        self.take(";")
        if self.tokens and self.tokens[0].startswith("/*"):
            return rules(self.tokens.pop(0)[2:-2])
        return Rules()

    def definitions(self):
        while self.peek():
            head = self.take()
            yield self.enum() if head == "enum" else self.struct() if head == "struct" else self.alias(head)

    def alias(self, base):
        name, size = self.take(), BASE.get(base)
        if base == "opaque":
            self.take("[")
            size = number(self.take())
            self.take("]")
        if size is None:
            raise GrammarError(f"{name}: {base} is no base type")
        return Alias(name, base, size, self.end())

    def enum(self):
        values: dict[str, int] = {}
        greatest = None
        self.take("{")
        while greatest is None:
            name = None if self.peek() == "(" else self.take()
            self.take("(")
            value = number(self.take())
            self.take(")")
            if name is None:
                greatest = value
                break
            if name in values or value in values.values():
                raise GrammarError(f"enum: {name}({value}) is there twice")
            values[name] = value
            self.take(",")
        self.take("}")
        name = self.take()
        self.end()
        if any(value > greatest for value in values.values()):
            raise GrammarError(f"{name}: a value above ({greatest})")
        return Enum(name, values, (greatest.bit_length() + 7) // 8)

    def struct(self):
        fields = []
        self.take("{")
        while self.peek() != "}":
            fields.append(self.field())
        self.take("}")
        name = self.take()
        if len({one.name for one in fields}) != len(fields):
            raise GrammarError(f"{name}: a field is there twice")
        return Struct(name, fields, self.end())

    def field(self):
        kind = self.take()
        if kind == "select":
            return self.select()
        name, mark = self.take(), self.peek()
        form: tuple | None = None
        if mark == "=":
            self.take()
            value = self.take()
            form = ("constant", value.strip('"').encode() if value[0] == '"' else number(value))
        elif mark == "[":
            self.take()
            size = self.take()
            if self.peek() == "..":
                self.take()
                form = ("rest", number(size))
            else:
                form = ("bytes", number(size)) if size[0].isdigit() else ("named", size)
            self.take("]")
            if self.peek() == "=":
                self.take()
                value = self.take().strip('"').encode()
                if form != ("bytes", len(value)):
                    raise GrammarError(f"{name}: constant of another size")
                form = ("constant", value)
        elif mark == "<":
            self.take()
            least = number(self.take())
            self.take("..")
            form = ("vector", least, number(self.take()))
            self.take(">")
        if kind == "opaque" and form is None:
            raise GrammarError(f"{name}: opaque without a size")
        return Field(kind, name, form, self.end())

    def select(self):
        self.take("(")
        struct = self.take()
        self.take(".")
        selector = self.take()
        self.take(")")
        self.take("{")
        cases = {}
        while self.peek() != "}":
            self.take("case")
            name = self.take()
            self.take(":")
            if name in cases:
                raise GrammarError(f"select ({struct}.{selector}): case {name} is there twice")
            cases[name] = self.field()
        self.take("}")
        return Field("select", f"select {selector}", ("select", struct, selector, cases), self.end())


class Grammar:
    """All definitions of the document, by name."""

    def __init__(self, text):
        self.types: dict[str, Any] = {}
        for one in Parser(text).definitions():
            if one.name in self.types or one.name in BASE:
                raise GrammarError(f"{one.name} is defined twice")
            self.types[one.name] = one
        self.check()

    def all(self, kind):
        return {name: one for name, one in self.types.items() if isinstance(one, kind)}

    def fields(self):
        """Every field, with its struct; those of select cases too."""
        for struct in self.all(Struct).values():
            for one in struct.fields:
                yield struct, one
                if one.form and one.form[0] == "select":
                    yield from ((struct, case) for case in one.form[3].values())

    def all_rules(self):
        for one in [*self.all(Alias).values(), *self.all(Struct).values()]:
            yield one.rules
        for _, one in self.fields():
            yield one.rules

    def check(self):
        """Every type, selector, key and content that is named exists."""
        for struct, one in self.fields():
            where = f"{struct.name}.{one.name}"
            if one.kind not in self.types and one.kind not in BASE and one.kind not in ("opaque", "select"):
                raise GrammarError(f"{where}: {one.kind} is not defined")
            for name in filter(None, [one.rules.content, one.rules.optional, *(one.rules.union or [])]):
                if name not in self.types:
                    raise GrammarError(f"{where}: {name} is not defined")
            self.check_values(struct, one, where)
            for key in one.rules.order or []:
                self.resolve(one.kind, key, where)
            for name in one.rules.types or []:
                if name not in self.types["MessageType"].values:
                    raise GrammarError(f"{where}: no message type {name}")
            if one.form and one.form[0] == "select":
                _, owner, selector, cases = one.form
                enum = self.types[self.resolve(owner, selector, where)]
                if set(cases) != set(enum.values):
                    raise GrammarError(f"{where}: cases are not the values of {enum.name}")
            if one.form and one.form[0] == "rest" and one is not struct.fields[-1]:
                raise GrammarError(f"{where}: fields follow the rest")
            if one.form and one.form[0] == "named":
                self.resolve(struct.name, one.form[1], where)

    def check_values(self, struct, one, where):
        """The values that clauses name are of the field's enum, and of the other field's."""
        wanted = []
        if one.rules.case:
            value, other, selected, _ = one.rules.case
            wanted.append((self.resolve(struct.name, other, where), selected))
            if not value[0].isdigit():
                wanted.append((one.kind, value))
        if one.rules.below:
            self.resolve(struct.name, one.rules.below, where)
        for kind, name in wanted:
            enum = self.types.get(kind)
            if not isinstance(enum, Enum) or name not in enum.values:
                raise GrammarError(f"{where}: {name} is no value of {kind}")

    def resolve(self, kind, name, where):
        """The type of field `name` of struct `kind`, or of each of its cases."""
        for one in self.types[kind].fields if isinstance(self.types.get(kind), Struct) else []:
            if one.name == name:
                return one.kind
            if one.form and one.form[0] == "select":
                found = [self.resolve(case.kind, name, where) for case in one.form[3].values()]
                return found[0]
        raise GrammarError(f"{where}: {kind} has no field {name}")

    # Sizes, in bytes. An upper bound of None is none that the struct states.

    def bounds(self, kind):
        if kind in BASE:
            return BASE[kind], BASE[kind]
        one = self.types[kind]
        if not isinstance(one, Struct):
            return one.size, one.size
        pairs = [self.field_bounds(part) for part in one.fields]
        return sum(low for low, _ in pairs), None if any(high is None for _, high in pairs) else sum(
            h for _, h in pairs
        )

    def field_bounds(self, one):
        form = one.form
        if form is None:
            return self.bounds(one.kind)
        if form[0] == "constant":
            return (len(form[1]),) * 2 if isinstance(form[1], bytes) else self.bounds(one.kind)
        if form[0] == "bytes":
            return form[1], form[1]
        if form[0] == "vector":
            return prefix(form[2]) + form[1], prefix(form[2]) + form[2]
        if form[0] == "select":
            pairs = [self.field_bounds(case) for case in form[3].values()]
            highs = [high for _, high in pairs]
            return min(low for low, _ in pairs), None if None in highs else max(highs)
        return (form[1] if form[0] == "rest" else 0), None

    def sizes(self, kind):
        """All sizes of a struct whose only freedom is a select; None if it has another."""
        total = {0}
        for one in self.types[kind].fields:
            cases = one.form[3].values() if one.form and one.form[0] == "select" else [one]
            found = set()
            for case in cases:
                low, high = self.field_bounds(case)
                if low != high:
                    return None
                found.add(low)
            total = {a + b for a in total for b in found}
        return total

    def element_size(self, one):
        """Of a vector's elements, when it is fixed."""
        low, high = (1, 1) if one.kind == "opaque" else self.bounds(one.kind)
        return low if low == high else None

    def size_faults(self):
        """Comments on sizes that the fields do not bear out, and how many comments there are."""
        faults, count = [], 0
        for struct in self.all(Struct).values():
            if struct.rules.sizes:
                count += 1
                found = self.sizes(struct.name)
                if found != set(struct.rules.sizes):
                    faults.append(f"{struct.name}: {struct.rules.sizes} bytes are stated, its fields have {found}")
            if struct.rules.before:
                count += 1
                stated, name = struct.rules.before
                names = [one.name for one in struct.fields]
                if name not in names:
                    faults.append(f"{struct.name}: no field {name}")
                    continue
                pairs = [self.field_bounds(one) for one in struct.fields[: names.index(name)]]
                if any(low != high for low, high in pairs) or sum(low for low, _ in pairs) != stated:
                    faults.append(f"{struct.name}: {stated} bytes before {name} are stated, its fields have {pairs}")
        for struct, one in self.fields():
            if one.form and one.form[0] == "vector" and one.kind != "opaque":
                count += 1
                low, _ = self.bounds(one.kind)
                if 0 < one.form[1] < low:
                    faults.append(f"{struct.name}.{one.name}: no element has fewer than {low} bytes")
                size = self.element_size(one)
                if size and one.form[1] % size:
                    faults.append(f"{struct.name}.{one.name}: bounds are no multiple of {size}")
        return faults, count


def prefix(greatest):
    """The bytes of a vector's length."""
    return (greatest.bit_length() + 7) // 8
