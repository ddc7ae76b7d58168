"""The messages in Swift: declaration, initialisers, parser and serialiser of each struct of `spec/endkey.md`.

For the fuzzers, also the call that makes each value again of its own fields.

Fields, sizes, bounds, orders and sections come from the document's structs; what a field means, in words, from
`structs` in `spec/registry.json`. What a message does beyond its fields stays by hand in `Sources/EndkeyWire`, as do
the structs of BY_HAND.
"""

from pathlib import PurePosixPath

from endkey_tools.generate.source import (
    Alias,
    Enum,
    Field,
    Struct,
    camel,
    formatted_swift,
    grammar,
    grouped,
    line_comment,
    registry,
    section_of,
    wrapped,
)

FOLDER = "Sources/EndkeyWire/Generated/Messages"
LISTS = "Sources/EndkeyWire/Generated/WireStructs.swift"
REBUILDING = "Sources/EndkeyFuzz/Generated/RebuiltStructs.swift"

# Structs that are not made here, and why.
BY_HAND = {
    "Header": "its type decides which epochs it may have",
    "Token": "it is held as its bytes, and read without a copy: the hot path",
    "Item": "it is an enum in Swift, of the case that `type` selects",
    "SealedBlob": "its first 41 bytes are a value of their own, for those who read it as a stream",
    "BlobText": "only a text form holds it",
    "SecretText": "it is read from its text, never from its bytes",
    "GrantContents": "it is selected by the kind of the Grant that holds it",
}

SECTIONS = {"8.1": "header", "8.3": "messages", "8.4": "contents", "15.1": "blobText", "17": "spool"}

# Structs that Swift has under another name, or reads from a text alone.
UNREAD = {"BlobText", "SpoolFrame", "SecretText"}

# Fields of sealed contents that are keys: never copied, a range into the bytes that hold them.
SECRETS = {"p", "q", "seed", "secret", "master_key", "token_key", "agent_key"}
# Contents of which a part is secret.
SEALED = {"ScopedKeys", "AccountKeys", "Code", "EpochKeys", "AgentContents", "GrantContents", "PastKey",
          "VaultContents"}

# Types that Swift gives to what is plain bytes in the document.
TYPES = {("EnrolmentRequest", "nonce"): "Hash", ("Rule", "v"): "SyntheticIV"}
# Fields that are computed over the others: zeros until then.
MADE_LATER = {"mac", "ciphertext", "signature", "check"}
# Structs that Swift has without what they seal, under another name.
HEADS = {"SpoolFrame": "SpoolFrameHead"}

ALIASES = {"AccountId": "AccountID", "AgentId": "AgentID", "Hash": "Hash"}


def outputs() -> dict[PurePosixPath, str]:
    structs = {name: one for name, one in grammar().all(Struct).items() if name not in BY_HAND}
    messages = [Message(struct) for struct in structs.values()]
    texts = {PurePosixPath(f"{FOLDER}/{one.name}.swift"): one.text() for one in messages}
    return formatted_swift({**texts, PurePosixPath(LISTS): lists(), PurePosixPath(REBUILDING): rebuilding(messages)})


def messages_by_type() -> list[str]:
    """The structs of the messages, in the order of their types, and the token."""
    return list(dict.fromkeys(one["struct"] for one in registry()["messageTypes"])) + ["Token"]


def array(names: list[str]) -> str:
    return ", ".join(f"{name}.self" for name in names)


def rebuilding(messages: "list[Message]") -> str:
    """How each value is made again of its own fields, for the fuzzers."""
    head = f"""{line_comment('wire')}

internal import EndkeyWire

/// The structs of `WireStructs.messages`, as what can be made again of its parts.
let rebuildableMessages: [any (WireStruct & Rebuildable).Type] = [{array(messages_by_type())}]
"""
    return "\n".join([head, *(one.rebuilding() for one in messages)])


def lists() -> str:
    """Which structs there are, for whoever does the same with each."""
    types = registry()["messageTypes"]
    messages = messages_by_type()
    parts = [name for name in grammar().all(Struct) if name not in SEALED | UNREAD | set(messages)]
    cases = [f"case .{camel(one['name'])}: {one['struct']}.self" for one in types]

    return f"""{line_comment('wire')}

/// The structs of the specification that are read by themselves.
public enum WireStructs {{
  /// The messages: what has a type in its header, and the token.
  public static let messages: [any WireStruct.Type] = [{array(messages)}]

  /// The structs that messages and their contents consist of, without those that hold secrets.
  public static let parts: [any WireStruct.Type] = [{array(parts)}]
}}

extension MessageType {{
  /// The struct that a header of this type begins.
  public var message: any WireStruct.Type {{
    switch self {{
    {chr(10).join(cases)}
    }}
  }}
}}
"""


class Part:
    """A field as Swift has it."""

    def __init__(self, struct: Struct, field: Field):
        self.struct, self.field, self.name = struct, field, camel(field.name)
        self.secret = struct.name in SEALED and field.name in SECRETS
        self.kind = grammar().types.get(field.kind)
        self.form = field.form[0] if field.form else None
        self.late = field.name in MADE_LATER and self.form == "bytes"
        self.is_constant = self.form == "constant"
        # Whether a field of the struct has as many bytes as this one says.
        self.is_length = any(one.form == ("named", field.name) for one in struct.fields)
        # Whether its elements are of an epoch below that of the message that holds them.
        self.is_past = isinstance(self.kind, Struct) and any(one.rules.below for one in self.kind.fields)

    # The bounds of a vector, and its element.

    @property
    def bounds(self) -> str:
        _, least, most = self.field.form
        return f"{grouped(least)}...{grouped(most)}"

    @property
    def most(self) -> str:
        return grouped(self.field.form[2])

    @property
    def element(self) -> str:
        return ALIASES.get(self.field.kind, self.field.kind)

    @property
    def is_optional(self) -> bool:
        """A secret that is there in one size, or not at all."""
        return self.secret and self.form == "vector"

    @property
    def is_sized(self) -> bool:
        """A vector of bytes of a few sizes."""
        return self.form == "vector" and bool(self.field.rules.sizes)

    @property
    def type(self) -> str:
        if self.is_optional:
            return "Range<Int>?"
        if self.secret:
            return "Range<Int>"
        if self.form == "vector":
            return "[UInt8]" if self.field.kind == "opaque" else f"[{self.element}]"
        if (self.struct.name, self.field.name) in TYPES:
            return TYPES[self.struct.name, self.field.name]
        if self.form == "bytes":
            return "[UInt8]"
        if self.field.rules.values == [0, 1]:
            return "Bool"
        numbers = {"Counter": "UInt64", "Time": "UInt64", "Epoch": "UInt32"}
        if self.field.kind in numbers:
            return numbers[self.field.kind]
        if self.field.kind.startswith("uint"):
            return "UInt" + self.field.kind.removeprefix("uint")
        return ALIASES.get(self.field.kind, self.field.kind)

    # The number of its bytes: those that it always has, and an expression for the others.

    @property
    def least(self) -> int:
        if self.form == "vector":
            return grammar().field_bounds(self.field)[0] - self.field.form[1]
        return grammar().field_bounds(self.field)[0]

    @property
    def more(self) -> str | None:
        low, high = grammar().field_bounds(self.field)
        if self.is_optional:
            return f"({self.name}?.count ?? 0)"
        if self.form != "vector":
            return None if low == high else f"{self.name}.serializedCount"
        return self.content

    @property
    def content(self) -> str:
        """The bytes of a vector's content."""
        if self.field.kind == "opaque":
            return f"{self.name}.count"
        if grammar().element_size(self.field):
            return f"{self.element}.byteCount * {self.name}.count"
        return f"{self.name}.serializedCount"

    # What the document says of it.

    def about(self) -> str:
        texts = registry()["structs"][self.struct.name]["fields"]
        if self.field.name == "header":
            types = " or ".join(f"`{camel(one)}`" for one in self.field.rules.types)
            return f"The head of the message, of type {types}."
        return texts[self.field.name] + self.shape() + "."

    def shape(self) -> str:
        rules = self.field.rules
        if self.form == "bytes" and self.type in ("[UInt8]", "Range<Int>"):
            size = str(self.field.form[1])
            return f": the place of its {size} secret bytes" if self.secret else f": {size} bytes"
        if self.is_optional:
            return f": the place of its {max(rules.sizes)} secret bytes, or nil"
        if self.is_sized:
            return f": {' or '.join(str(size) for size in rules.sizes)} bytes"
        if self.form == "vector" and self.field.kind == "opaque":
            return f": {self.field.form[1]:,} to {self.field.form[2]:,} bytes"
        if self.form == "vector":
            most = f": at most {rules.most:,}" if rules.most else f": at most {self.field.form[2]:,} bytes"
            if size := grammar().element_size(self.field):
                most = f": at most {rules.most or self.field.form[2] // size:,}"
            if rules.order is None:
                return most
            keys = " and ".join(f"`{camel(key)}`" for key in rules.order)
            return most + ", strictly ascending" + (f" by {keys}" if keys else "")
        if self.field.kind == "Time":
            return ": milliseconds since 1970-01-01T00:00:00Z"
        return ""

    # Reading

    def reading(self) -> list[str]:
        name, field = self.field.name, self.field
        if self.is_constant:
            return [f'try reader.magic("{field.form[1].decode()}")']
        if self.is_optional:
            size = max(field.rules.sizes)
            return [f"let {self.name} = try reader.secret(",
                    f'"{name}", try reader.length("{name}", {self.bounds}) {{ {self.sizes("$0")} }})',
                    f"self.{self.name} = {self.name}.count == {size} ? {self.name} : nil"]
        return [f"{self.name} = try {self.read()}"]

    def read(self) -> str:
        name = self.field.name
        if self.field.kind == "Header":
            types = ", or: ".join(f".{camel(one)}" for one in self.field.rules.types)
            return f"reader.header({types})"
        if self.form == "vector":
            return self.read_vector()
        if self.secret:
            return f'reader.secret("{name}", {self.field.form[1]})'
        if self.type == "[UInt8]":
            return f'reader.bytes("{name}", {self.field.form[1]})'
        if self.form == "bytes" or self.type in ALIASES.values():
            return f'reader.fixed("{name}")'
        if self.type == "Bool":
            return f'reader.flag("{name}")'
        if self.field.kind in ("Counter", "Time"):
            return f'reader.counter("{name}")'
        if self.field.rules.below:
            return f'reader.epoch("{name}") {{ $0 > 0 && $0 < current }}'
        if self.field.kind == "Epoch":
            return f'reader.epoch("{name}")'
        if isinstance(self.kind, Enum):
            return f'reader.value("{name}")'
        if isinstance(self.kind, Struct):
            return f"{self.type}(parsing: &reader)" if self.field.kind in SEALED else f'reader.nested("{name}")'
        if self.is_length:
            return f'reader.length("{name}", of: {self.range})'
        return f'reader.{self.field.kind}("{name}")'

    @property
    def range(self) -> str:
        least, most = self.field.rules.range
        return f"{grouped(least)}...{grouped(most)}"

    def sizes(self, value: str) -> str:
        return " || ".join(f"{value} == {size}" for size in self.field.rules.sizes)

    def read_vector(self) -> str:
        name, rules = self.field.name, self.field.rules
        if self.field.kind == "opaque":
            sized = f" {{ {self.sizes('$0')} }}" if rules.sizes else ""
            return f'reader.opaque("{name}", {self.bounds}){sized}'
        arguments = [f'"{name}", {self.bounds}']
        if grammar().element_size(self.field):
            arguments.append(f"elementSize: {self.element}.byteCount")
        if rules.most:
            arguments.append(f"limit: {grouped(rules.most)}")
        if rules.order is not None:
            arguments.append(f"inOrder: {{ {self.order('$1', '$2', '$0')} }}")
        if self.is_past:
            arguments.append("of: { reader throws(WireError) in "
                             f"try {self.element}(parsing: &reader, before: epoch) }}")
        elif isinstance(self.kind, Alias):
            arguments.append('of: { reader throws(WireError) in try reader.fixed("") }')
        else:
            arguments.append(f"of: {self.element}.init(parsing:)")
        return f"reader.vector({', '.join(arguments)})"

    def order(self, first: str, second: str, owner: str) -> str:
        """That `second` may follow `first`; `owner` has the bytes of secrets."""
        keys = self.field.rules.order
        if not keys:
            return f"{first} < {second}"
        if len(keys) > 1:
            return f"{self.element}.inOrder({first}, {second})"
        key = keys[0]
        if self.field.kind in SEALED and key in SECRETS:
            member = camel(key)
            if owner == "secrets":
                return f"secrets.extracting({first}.{member}).precedes(secrets.extracting({second}.{member}))"
            return f"{owner}.precedes({first}.{member}, {second}.{member})"
        own = [one.name for one in self.kind.fields]
        member = camel(key) if key in own else f"{camel(key)}Number"
        return f"{first}.{member} < {second}.{member}"

    # Checking what an initialiser is given

    def checks(self, offset: str) -> list[str]:
        rules = self.field.rules
        if self.field.kind == "Header":
            types = ", or: ".join(f".{camel(one)}" for one in rules.types)
            return [f"try header.require({types})"]
        if self.is_optional:
            return [f"if let {self.name} {{ try Self.require({self.name}, count: {max(rules.sizes)}, "
                    f"at: {offset}) }}"]
        if self.is_sized:
            return [f"try Self.require({self.sizes(self.name + '.count')}, .lengthOutOfRange, at: {offset})"]
        if self.form == "vector":
            return self.vector_checks(offset)
        if self.secret or self.type == "[UInt8]":
            return [f"try Self.require({self.name}, count: {self.field.form[1]}, at: {offset})"]
        if self.field.kind in ("Counter", "Time"):
            return [f"try Self.require(counter: {self.name}, at: {offset})"]
        if self.field.kind == "Epoch":
            return [f"try Self.require(epoch: {self.name}, at: {offset})"]
        if self.is_length:
            return [f"try Self.require({self.range} ~= {self.name}, .lengthOutOfRange, at: {offset})"]
        return []

    def vector_checks(self, offset: str) -> list[str]:
        found = [f"try Self.require(length: {self.content}, in: {self.bounds}, at: {offset})"]
        if self.field.rules.most:
            found.append(f"try Self.require({self.name}.count <= {grouped(self.field.rules.most)}, "
                         f".lengthOutOfRange, at: {offset})")
        if self.field.rules.order is not None:
            found.append(f"try Self.require(ascending: {self.name}, at: {offset}) "
                         f"{{ {self.order('$0', '$1', 'secrets')} }}")
        if self.is_past:
            found.append(f"try Self.require({self.name}.allSatisfy {{ $0.epoch < epoch }}, .valueOutOfRange, "
                         f"at: {offset})")
        return found

    # Making the same value again

    @property
    def is_nested(self) -> bool:
        """Whether it consists of values that are themselves made again."""
        return isinstance(self.kind, Struct)

    def rebuilt(self) -> str:
        """The field, or another in its place where `parts` says so."""
        if self.secret:
            return f"parts.secret({self.name})"
        if self.type == "[UInt8]":
            return f"parts.bytes({self.name})"
        if self.form == "vector":
            return f"parts.list({self.name}, secrets)" if self.is_nested else f"parts.list({self.name})"
        if self.is_nested:
            return f"{self.name}.rebuilt(&parts, secrets)"
        return f"parts.number({self.name})" if self.type.startswith("UInt") else self.name

    # Writing

    def writing(self) -> list[str]:
        secrets = ", secrets: secrets" if self.field.kind in SEALED else ""
        if self.is_constant:
            return [f'writer.magic("{self.field.form[1].decode()}")']
        if self.is_optional:
            return [f"writer.length({self.name}?.count ?? 0, upTo: {self.most})",
                    f"if let {self.name} {{ writer.bytes(secrets.extracting({self.name})) }}"]
        if self.form == "vector" and self.field.kind == "opaque":
            return [f"writer.opaque({self.name}, upTo: {self.most})"]
        if self.form == "vector":
            each = (f"for element in {self.name} {{ writer.fixed(element) }}" if isinstance(self.kind, Alias)
                    else f"{self.name}.serialize(into: &writer{secrets})")
            return [f"writer.length({self.content}, upTo: {self.most})", each]
        if self.secret:
            return [f"writer.bytes(secrets.extracting({self.name}))"]
        if self.type == "[UInt8]":
            return [f"writer.bytes({self.name})"]
        if self.form == "bytes" or self.type in ALIASES.values():
            return [f"writer.fixed({self.name})"]
        if isinstance(self.kind, Struct):
            return [f"{self.name}.serialize(into: &writer{secrets})"]
        if isinstance(self.kind, Enum):
            return [f"writer.value({self.name})"]
        if self.type == "Bool":
            return [f"writer.uint8({self.name} ? 1 : 0)"]
        return [f"writer.uint{8 * self.least}({self.name})"]


class Message:
    def __init__(self, struct: Struct):
        self.struct, self.name = struct, HEADS.get(struct.name, struct.name)
        self.parts = [Part(struct, field) for field in struct.fields if not (field.form and field.form[0] == "named")]
        self.fields = [part for part in self.parts if not part.is_constant]
        self.is_sealed = self.name in SEALED
        # What is known of the message that holds it: its epoch; the bytes that its secrets lie in.
        self.is_past = any(field.rules.below for field in struct.fields)
        self.holds_past = any(part.is_past for part in self.parts)
        self.needs_secrets = any(
            part.form == "vector" and part.field.kind in SEALED and (part.field.rules.order or [""])[0] in SECRETS
            for part in self.parts)
        self.is_signed = struct.fields[-1].name == "signature"

    def text(self) -> str:
        blocks = [*filter(None, ["\n".join(self.head())]),
                  "\n".join(self.declarations()), "\n".join(self.initialiser()),
                  "\n".join(self.parser()), self.count(), "\n".join(self.serialiser())]
        return (f"{line_comment('wire')}\n\n{self.about()}\npublic struct {self.name}: {self.protocol()} {{\n"
                + "\n\n".join(blocks) + "\n}\n")

    def protocol(self) -> str:
        if self.is_past or self.holds_past:
            return "SecretContents"
        return "SecretStruct" if self.is_sealed else "SignedMessage" if self.is_signed else "WireStruct"

    @property
    def size(self) -> int | None:
        return sum(part.least for part in self.parts) if all(part.more is None for part in self.parts) else None

    def about(self) -> str:
        entry, section = registry()["structs"][self.struct.name], section_of(self.struct.name)
        size = f": {self.size} bytes" if self.size else ""
        sections = " ".join(dict.fromkeys([f"§{section},", f"§{entry['section']}"])).replace(f"§{section}, §{section}",
                                                                                          f"§{section}")
        return "\n".join(wrapped(f"{entry['meaning']}{size}. {sections}", "/// ", "/// ", 110))

    def head(self) -> list[str]:
        section = SECTIONS[section_of(self.struct.name)]
        lines = [] if self.is_sealed else [f"  public static var section: Section {{ .{section} }}"]
        if self.size:
            lines += [f"  /// The number of bytes of each value: always {self.size}.",
                      f"  public static var byteCount: Int {{ {self.size} }}"]
        return lines

    def declarations(self) -> list[str]:
        lines = []
        for part in self.fields:
            lines += [*wrapped(part.about(), "  /// ", "  /// ", 110), f"  public let {part.name}: {part.type}"]
        return lines

    def initialiser(self) -> list[str]:
        def parameter(part: Part) -> str:
            late = f" = .zeros({part.field.form[1]})" if part.late else ""
            return f"{part.name}: {part.type}{late}"

        checks, constant, terms = [], 0, []
        for part in self.parts:
            offset = " + ".join([str(constant), *terms])
            if terms and len(part.checks(offset)) > 1:
                checks.append(f"let {part.name}Offset = {offset}")
                offset = f"{part.name}Offset"
            checks += part.checks(offset)
            constant += part.least
            terms += [part.more] if part.more else []
        throws = " throws(WireError)" if checks else ""
        about, given = ["A value of these fields."], []
        if self.holds_past:
            about.append("`epoch` is that of the message that holds it.")
            given.append("epoch: UInt32")
        if self.needs_secrets:
            about.append("`secrets` holds the secrets of its elements.")
            given.append("secrets: Span<UInt8>")
        if checks:
            about.append("A field that breaks a rule throws what the parser would, at the same offset.")
        return [*wrapped(" ".join(about), "  /// ", "  /// ", 110),
                f"  public init({', '.join([*given, *map(parameter, self.fields)])}){throws} {{", *checks,
                *(f"self.{part.name} = {part.name}" for part in self.fields), "  }"]

    def rebuilding(self) -> str:
        given = [*(["epoch: parts.epoch"] if self.holds_past else []),
                 *(["secrets: secrets"] if self.needs_secrets else [])]
        fields = ",\n".join([*given, *(f"{part.name}: {part.rebuilt()}" for part in self.fields)])
        can_throw = any(part.is_nested or part.checks("0") for part in self.fields)
        throws, attempt = (" throws(WireError)", "try ") if can_throw else ("", "")
        return (f"extension {self.name}: Rebuildable {{\n"
                f"  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>){throws} -> {self.name} {{\n"
                f"    {attempt}{self.name}(\n{fields})\n  }}\n}}\n")

    def parser(self) -> list[str]:
        lines = []
        if self.is_past:
            lines += ["  /// Reads the fields in order; its epoch is before `current`. R-8.4-1",
                      "  init(parsing reader: inout Reader, before current: UInt32) throws(WireError) {"]
        elif self.holds_past:
            lines += ["  /// Reads the whole content of a message whose header has this `epoch`.",
                      "  public init(parsing bytes: Span<UInt8>, epoch: UInt32) throws(WireError) {",
                      "self = try Self.whole(bytes) { reader throws(WireError) in",
                      f"try {self.name}(parsing: &reader, epoch: epoch)", "}", "}", "",
                      "  private init(parsing reader: inout Reader, epoch: UInt32) throws(WireError) {"]
        else:
            lines += ["  public init(parsing reader: inout Reader) throws(WireError) {"]
        for part in self.parts:
            lines += part.reading()
        return [*lines, "  }"]

    def count(self) -> str:
        if self.size:
            return "  public var serializedCount: Int { Self.byteCount }"
        constant = sum(part.least for part in self.parts)
        terms = " + ".join([str(constant), *(part.more for part in self.parts if part.more)])
        return f"  public var serializedCount: Int {{ {terms} }}"

    def serialiser(self) -> list[str]:
        secrets = ", secrets: Span<UInt8>" if self.is_sealed else ""
        lines = [f"  public func serialize(into writer: inout Writer{secrets}) {{"]
        for part in self.parts:
            lines += part.writing()
        return [*lines, "  }"]
