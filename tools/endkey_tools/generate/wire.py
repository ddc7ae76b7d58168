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
    "EnrolmentCode": "it is read from its text, never from its bytes",
    "SecretText": "it is read from its text, never from its bytes",
    "RecoveryText": "it is read from its text, never from its bytes",
    "GrantContents": "it is selected by the kind of the Grant that holds it",
}

SECTIONS = {"8.1": "header", "8.3": "messages", "8.4": "contents", "15.1": "blobText", "17": "spool"}

# Structs that Swift has under another name, or reads from a text alone.
UNREAD = {"BlobText", "SpoolFrame", "EnrolmentCode", "SecretText", "RecoveryText"}

# Fields of sealed contents that are keys: never copied, a place in the bytes that hold them.
SECRETS = {"p", "q", "seed", "secret", "master_key", "token_key", "agent_key"}
# Contents of which a part is secret.
SEALED = {"ScopedKeys", "AccountKeys", "Code", "AgentContents", "GrantContents", "PastKey", "VaultContents"}

# Types that Swift gives to what is plain bytes in the document.
TYPES = {("EnrolmentRequest", "nonce"): "Hash"}
# Names of `Bytes` of a size, of `BoundedBytes` and of `BoundedNumber`.
NAMES = {"Bytes<64> signature": "Signature", "Bytes<64> certificate": "Signature", "Bytes<256> modulus": "Modulus",
         "BoundedBytes<72, 16_777_215> sealed": "Sealed",
         "BoundedNumber<7, 3_650> retention_days": "RetentionDays",
         "BoundedNumber<7, 3_650> blob_days": "RetentionDays"}
# Numbers that are of one of several enums.
UNIONS = {("TokenField", "BlobField"): "CapturedField"}
# Fields that are computed over the others: zeros until they are.
MADE_LATER = {"mac", "ciphertext", "signature", "check"}
# What a receiver asks for by itself, whose greatest size section 6.1 states.
ASKED_FOR = ("PersonKeys", "PasswordWrap", "EnrolmentRequest", "PersonRequest", "Grant", "AccountState", "OwnerVault",
             "RuleSet", "RecordBatch")
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
    epochs = {f".{camel(kind)}": field.rules.epoch for struct in grammar().all(Struct).values()
              for field in struct.fields if field.kind == "Header" for kind in field.rules.types}
    none, any_ = (", ".join(kind for kind, rule in epochs.items() if rule == wanted) for wanted in ("0", "from 0"))

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

  /// Whether a header of this type may have this number in the place of an epoch. R-8.1-2
  func allows(epoch: UInt32) -> Bool {{
    switch self {{
    case {none}: epoch == 0
    case {any_}: true
    default: epoch > 0
    }}
  }}
}}
"""


class Part:
    """A field as Swift has it: its type holds what is valid, and knows how it is read and written."""

    def __init__(self, struct: Struct, field: Field):
        self.struct, self.field, self.name = struct, field, camel(field.name)
        self.secret = struct.name in SEALED and field.name in SECRETS
        self.kind = grammar().types.get(field.kind)
        self.form = field.form[0] if field.form else None
        self.late = field.name in MADE_LATER and self.form == "bytes"
        self.is_constant = self.form == "constant"
        self.is_header = field.kind == "Header"
        self.is_list = self.form == "vector" and field.kind != "opaque"
        # Whether a field of the struct has as many bytes as this one says.
        self.is_length = any(one.form == ("named", field.name) for one in struct.fields)
        # Zeros that the other fields decide on.
        self.is_padding = field.rules.padding is not None
        # A struct, or nothing.
        self.whole = field.rules.optional
        # Whether a value that it may have depends on other fields.
        self.is_bound = bool(field.rules.case or field.rules.below)

    @property
    def element(self) -> str:
        return ALIASES.get(self.field.kind, self.field.kind)

    @property
    def rule(self) -> str:
        """The type that says what a list may hold."""
        return self.name[0].upper() + self.name[1:]

    @property
    def type(self) -> str:
        if self.is_list:
            return f"BoundedList<{self.rule}>"
        if self.whole:
            return f"{self.whole}?"
        if self.form == "vector":
            bounded = f"BoundedBytes<{', '.join(map(grouped, self.field.form[1:]))}>"
            return NAMES.get(f"{bounded} {self.field.name}", bounded)
        if self.secret:
            return f"SecretPlace<{self.size}>"
        if (self.struct.name, self.field.name) in TYPES:
            return TYPES[self.struct.name, self.field.name]
        if self.form == "bytes":
            return NAMES.get(f"Bytes<{self.size}> {self.field.name}", f"Bytes<{self.size}>")
        if self.is_length:
            return f"ByteCount<{', '.join(map(grouped, self.field.rules.range))}>"
        if self.field.rules.values == [0, 1]:
            return "Bool"
        if self.field.rules.union:
            return UNIONS[self.field.rules.union]
        if self.is_bounded:
            bounded = f"BoundedNumber<{', '.join(map(grouped, self.field.rules.range))}>"
            return NAMES.get(f"{bounded} {self.field.name}", bounded)
        if self.field.kind.startswith("uint"):
            return "UInt" + self.field.kind.removeprefix("uint")
        return self.element

    @property
    def is_bounded(self) -> bool:
        """Whether it is a number of a range of its own, of no type that has one."""
        return self.field.kind.startswith("uint") and self.field.rules.range is not None and not self.is_length

    @property
    def size(self) -> int:
        """The bytes of what is of one size."""
        return self.field.form[1]

    # The properties that it is in Swift: name, type, meaning

    def properties(self) -> list[tuple[str, str, str]]:
        if self.is_constant or self.is_padding:
            return []
        if not self.is_header:
            return [(self.name, self.type, self.about())]
        types, epoch = self.field.rules.types, self.field.rules.epoch
        account = "The account of the message" + (", zero if there is none." if epoch == "from 0" else ".")
        return [*([("type", "HeaderType", "What the message is.")] if len(types) > 1 else []),
                ("accountID", "AccountID", account),
                *([] if epoch == "0" else [("epoch", "Epoch?", "The epoch of the message, nil if there is none.")]
                  if epoch else [("epoch", "Epoch", "The epoch of the message.")])]

    # The number of its bytes: those that it always has, and an expression for the others.

    @property
    def least(self) -> int:
        if self.form == "vector":
            return grammar().field_bounds(self.field)[0] - self.field.form[1]
        low, high = grammar().field_bounds(self.field)
        return low if low == high else 0

    @property
    def more(self) -> str | None:
        low, high = grammar().field_bounds(self.field)
        if self.whole:
            return f"({self.name}?.serializedCount ?? 0)"
        if self.is_padding:
            return None
        if self.form == "vector":
            return f"{self.name}.contentCount" if self.is_list else f"{self.name}.count"
        return None if low == high else f"{self.name}.serializedCount"

    # What the document says of it.

    def about(self) -> str:
        return registry()["structs"][self.struct.name]["fields"][self.field.name] + self.shape() + "."

    def shape(self) -> str:
        rules = self.field.rules
        if self.whole:
            return ""
        if self.form == "bytes" and self.type != "Hash":
            return ": " + (f"the place of its {self.size} secret bytes" if self.secret else f"{self.size} bytes")
        if rules.range and self.is_bounded:
            return f": {rules.range[0]:,} to {rules.range[1]:,}"
        if self.is_list:
            most = f": at most {rules.most:,}" if rules.most else f": at most {self.field.form[2]:,} bytes"
            if size := grammar().element_size(self.field):
                most = f": at most {rules.most or self.field.form[2] // size:,}"
            if rules.order is None:
                return most
            keys = " and ".join(f"`{camel(key)}`" for key in rules.order)
            return most + ", strictly ascending" + (f" by {keys}" if keys else "")
        if self.form == "vector":
            return f": {self.field.form[1]:,} to {self.field.form[2]:,} bytes"
        return ""

    # What a list may hold

    @property
    def needs_secrets(self) -> bool:
        return self.is_list and self.field.kind in SEALED and not SECRETS.isdisjoint(self.field.rules.order or [])

    def list_rule(self) -> list[str]:
        rules = self.field.rules
        protocol = "SecretListRule" if self.needs_secrets else "ListRule"
        lines = [f"  /// What `{self.name}` may hold.", f"  public enum {self.rule}: {protocol} {{",
                 "/// What the list consists of.", f"public typealias Element = {self.element}",
                 "/// The number of bytes of all elements.",
                 f"public static var bounds: ClosedRange<Int> {{ {'...'.join(map(grouped, self.field.form[1:]))} }}"]
        if rules.most:
            lines += ["/// The number of elements.", f"public static var countMax: Int {{ {grouped(rules.most)} }}"]
        if grammar().element_size(self.field):
            lines += ["/// The number of bytes of each element.",
                      f"public static var elementSize: Int {{ {self.element}.byteCount }}"]
        if rules.order is not None:
            lines += ["/// Whether `next` may follow `element`.",
                      f"public static func inOrder(_ element: {self.element}, _ next: {self.element}, "
                      "_ secrets: Span<UInt8>) -> Bool {", *self.order(), "}"]
        return [*lines, "}"]

    def order(self) -> list[str]:
        """That `next` may follow `element`: the first key in which they differ decides."""
        lines = []
        *before, last = self.field.rules.order or [None]
        for key in before:
            same = f"element{self.key(key)} == next{self.key(key)}"
            lines.append(f"guard {same} else {{ return {self.precedes(key)} }}")
        return [*lines, ("return " if lines else "") + self.precedes(last)]

    def key(self, key: str | None) -> str:
        """What follows the name of an element to say what is compared."""
        if key is None:
            return ""
        part = self.part(key)
        if part is None:
            return f".{camel(key)}Number"
        if isinstance(part.kind, Enum):
            return f".{part.name}.rawValue"
        return f".{part.name}"

    def part(self, key: str | None) -> "Part | None":
        """The field of an element that a key names, unless a case of it has that field."""
        kind = self.kind
        if not isinstance(kind, Struct):
            return None
        return next((Part(kind, one) for one in kind.fields if one.name == key), None)

    def precedes(self, key: str | None) -> str:
        """That `element` comes before `next` by a key alone."""
        first, second = f"element{self.key(key)}", f"next{self.key(key)}"
        part = self.part(key)
        if part is None:
            return f"{first} < {second}"
        if part.secret:
            return f"secrets.extracting({first}.range).precedes(secrets.extracting({second}.range))"
        if part.form == "vector":
            return f"{first}.bytes.span.precedes({second}.bytes.span)"
        if isinstance(part.kind, Struct):
            return f"{first}.serialized.span.precedes({second}.serialized.span)"
        return f"{first} < {second}"

    # Reading, writing, making the same value again

    def reading(self) -> str:
        name = self.field.name
        if self.is_constant:
            return f'try reader.magic("{self.field.form[1].decode()}")'
        if self.is_header:
            types, epoch = [f".{camel(one)}" for one in self.field.rules.types], self.field.rules.epoch
            if len(types) > 1:
                return "(type, accountID, epoch) = try reader.header()"
            if epoch == "0":
                return f"accountID = try reader.headerWithoutEpoch({types[0]})"
            return f"(accountID, epoch) = try reader.header({types[0]})"
        if self.is_padding:
            return f'try reader.padding("{name}", {grouped(self.field.rules.padding)}, since: start)'
        if self.whole:
            return f'{self.name} = try reader.{self.verb}("{name}", {grouped(self.field.form[2])})'
        if self.field.kind in SEALED and not self.is_list:
            return f"{self.name} = try {self.type}(parsing: &reader)"
        if self.is_bounded:
            return f'{self.name} = try reader.boundedNumber("{name}", {grammar().bounds(self.field.kind)[0]})'
        least = "" if self.least_counter is None else f", from: {self.least_counter}"
        return f'{self.name} = try reader.{self.verb}("{name}"{least})'

    @property
    def least_counter(self) -> int | None:
        """The least value of a Counter that may not be 0."""
        return self.field.rules.range[0] if self.field.kind == "Counter" and self.field.rules.range else None

    @property
    def verb(self) -> str:
        """What reader and writer call it."""
        if self.is_list:
            return "list"
        if self.whole:
            return "optionalContents" if self.whole in SEALED else "optionalStruct"
        if self.form == "vector":
            return "opaque"
        if self.secret:
            return "secret"
        if self.form == "bytes" or isinstance(self.kind, Alias) and self.kind.base == "opaque":
            return "fixed"
        if self.is_length:
            return "byteCount"
        if self.field.rules.union:
            return UNIONS[self.field.rules.union][0].lower() + UNIONS[self.field.rules.union][1:]
        if self.is_bounded:
            return "boundedNumber"
        if self.type == "Bool":
            return "flag"
        if isinstance(self.kind, Enum):
            return "value"
        if isinstance(self.kind, Struct):
            return "nested"
        return self.field.kind.lower()

    def writing(self) -> str:
        if self.is_constant:
            return f'writer.magic("{self.field.form[1].decode()}")'
        if self.is_header:
            return "header.serialize(into: &writer)"
        if self.is_padding:
            most = grouped(self.field.form[2])
            return f"writer.padding(Self.paddingCount(after: unpaddedCount), upTo: {most})"
        if self.whole:
            secrets = ", of: secrets" if self.whole in SEALED else ""
            return f"writer.{self.verb}({self.name}, upTo: {grouped(self.field.form[2])}{secrets})"
        if self.is_list or isinstance(self.kind, Struct):
            secrets = ", secrets: secrets" if self.field.kind in SEALED else ""
            return f"{self.name}.serialize(into: &writer{secrets})"
        width = f", {grammar().bounds(self.field.kind)[0]}" if self.is_bounded else ""
        return f"writer.{self.verb}({self.name}{width}" + (", of: secrets)" if self.secret else ")")

    def rebuilt(self, name: str) -> str:
        """A property, or another in its place where `parts` says so."""
        if self.is_list:
            return f"parts.list({name}" + (", secrets)" if isinstance(self.kind, Struct) else ")")
        if isinstance(self.kind, Struct) and not self.is_header:
            return f"{name}.rebuilt(&parts, secrets)"
        return f"parts.value({name})"


class Message:
    def __init__(self, struct: Struct):
        self.struct, self.name = struct, HEADS.get(struct.name, struct.name)
        self.parts = [Part(struct, field) for field in struct.fields if not (field.form and field.form[0] == "named")]
        self.is_sealed = self.name in SEALED
        self.is_padded = any(part.is_padding for part in self.parts)
        self.bound = [part for part in self.parts if part.is_bound]
        self.header = next((part.field.rules for part in self.parts if part.is_header), None)
        self.is_signed = struct.fields[-1].name == "signature"

    def text(self) -> str:
        rules = [part.list_rule() for part in self.parts if part.is_list]
        blocks = [self.head(), self.header_types(), self.declarations(), self.initialiser(), self.parser(),
                  self.count(), self.serialiser(), self.consistency(), self.header_of(), *rules]
        return (f"{line_comment('wire')}\n\n{self.about()}\npublic struct {self.name}: {self.protocol()} {{\n"
                + "\n\n".join("\n".join(block) for block in blocks if block) + "\n}\n")

    def protocol(self) -> str:
        return "SecretStruct" if self.is_sealed else "SignedMessage" if self.is_signed else "WireStruct"

    @property
    def size(self) -> int | None:
        if self.is_padded or any(part.more for part in self.parts):
            return None
        return sum(part.least for part in self.parts)

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
        elif self.struct.name in ASKED_FOR:
            greatest = grouped(grammar().bounds(self.struct.name)[1])
            lines += ["  /// The number of bytes of the longest one. §6.1",
                      f"  public static var byteCountMax: Int {{ {greatest} }}"]
        return lines

    def header_types(self) -> list[str]:
        """The types that its header may have, where there are several."""
        if not self.header or len(self.header.types) == 1:
            return []
        names = [camel(one) for one in self.header.types]
        return ["  /// The types that its header may have.", "  public enum HeaderType: MessageTypeSubset {",
                *(line for name in names for line in (f"/// The type is `MessageType.{name}`.", f"case {name}")), "",
                "/// The type as one of all.", "public var messageType: MessageType {", "switch self {",
                *(f"case .{name}: .{name}" for name in names), "}", "}", "}"]

    def header_of(self) -> list[str]:
        """Its header, made of the properties."""
        if not self.header:
            return []
        properties = [one for part in self.parts if part.is_header for one in part.properties()]
        names = [name for name, _, _ in properties]
        kind = "type.messageType" if "type" in names else f".{camel(self.header.types[0])}"
        return ["  /// The head of the message.",
                f"  public var header: Header {{ Self.header({', '.join(f'{name}: {name}' for name in names)}) }}", "",
                "  /// The head of such a message.",
                f"  public static func header({', '.join(f'{name}: {kind}' for name, kind, _ in properties)}) "
                f"-> Header {{ Header({kind}, accountID, {'epoch' if 'epoch' in names else 'nil'}) }}"]

    def declarations(self) -> list[str]:
        lines = []
        for name, kind, about in self.properties:
            lines += [*wrapped(about, "  /// ", "  /// ", 110), f"  public var {name}: {kind}"]
        return lines

    def initialiser(self) -> list[str]:
        late = {part.name for part in self.parts if part.late}
        given = ", ".join(f"{name}: {kind}" + (" = .zero" if name in late else "") for name, kind, _ in self.properties)
        return ["  /// A value of these fields.", f"  public init({given}) {{",
                *(f"self.{name} = {name}" for name, _, _ in self.properties), "  }"]

    @property
    def properties(self) -> list[tuple[str, str, str]]:
        return [one for part in self.parts for one in part.properties()]

    def rebuilding(self) -> str:
        fields = ",\n".join(f"{name}: {part.rebuilt(name)}" for part in self.parts
                            for name, _, _ in part.properties())
        throws, attempt = ("", "") if all(part.secret for part in self.parts) else (" throws(WireError)", "try ")
        value = f"{attempt}{self.name}(\n{fields})"
        if self.bound:
            value = f"let value = {value}\nparts.note(isConsistent: value.isConsistent)\nreturn value"
        return (f"extension {self.name}: Rebuildable {{\n"
                f"  func rebuilt(_ parts: inout Parts, _ secrets: Span<UInt8>){throws} -> {self.name} {{\n"
                f"    {value}\n  }}\n}}\n")

    def parser(self) -> list[str]:
        lines = ["  public init(parsing reader: inout Reader) throws(WireError) {"]
        if self.is_padded:
            lines.append("let start = reader.offset")
        for part in self.parts:
            if part.is_bound:
                lines.append(f"let {part.name}Offset = reader.offset")
            lines.append(part.reading())
        lines += [f"try reader.require({part.name}Fits, at: {part.name}Offset)" for part in self.bound]
        return [*lines, "  }"]

    def count(self) -> list[str]:
        if self.size:
            return ["  public var serializedCount: Int { Self.byteCount }"]
        constant = sum(part.least for part in self.parts)
        terms = " + ".join([str(constant), *(part.more for part in self.parts if part.more)])
        if not self.is_padded:
            return [f"  public var serializedCount: Int {{ {terms} }}"]
        multiple = grouped(next(part.field.rules.padding for part in self.parts if part.is_padding))
        return ["  public var serializedCount: Int { unpaddedCount + Self.paddingCount(after: unpaddedCount) }", "",
                "  /// The number of bytes without those of the padding.",
                f"  private var unpaddedCount: Int {{ {terms} }}", "",
                "  /// The zeros that make a multiple of what the specification says.",
                "  private static func paddingCount(after count: Int) -> Int {",
                f"({multiple} - count % {multiple}) % {multiple}", "}"]

    def consistency(self) -> list[str]:
        """Whether the fields fit each other, where the document says how."""
        if not self.bound:
            return []
        all_fit = " && ".join(f"{part.name}Fits" for part in self.bound)
        lines = ["  /// Whether the fields fit each other; what does not is refused when it is read.",
                 f"  public var isConsistent: Bool {{ {all_fit} }}"]
        for part in self.bound:
            lines += ["", f"  private var {part.name}Fits: Bool {{ {self.fits(part)} }}"]
        return lines

    def fits(self, part: Part) -> str:
        rules = part.field.rules
        if rules.below:
            fits = f"{part.name} <= {camel(rules.below)}"
            return fits if part.least_counter is None else f"{part.least_counter} <= {part.name} && {fits}"
        value, other, selected, exactly = rules.case
        asked = f"{camel(other)} == .{camel(selected)}"
        low, _, high = value.partition("..")
        has = (f"{part.name} == .{camel(value)}" if not value[0].isdigit()
               else f"{low}...{high} ~= {part.name}" if high else f"{part.name} == {low}")
        return f"({has}) == ({asked})" if exactly else f"{camel(other)} != .{camel(selected)} || {has}"

    def serialiser(self) -> list[str]:
        secrets = ", secrets: Span<UInt8>" if self.is_sealed else ""
        lines = [f"  public func serialize(into writer: inout Writer{secrets}) {{"]
        for part in self.parts:
            lines.append(part.writing())
        return [*lines, "  }"]
