internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

/// A message as rows of fields, up to where it fails.
struct MessageDump {
  struct Row {
    let offset: Int
    let length: Int
    let name: String
    let value: String
    let section: String
  }

  /// What the input was taken for.
  let kind: String
  let fields: [Row]
  let error: ProtocolError?

  /// `form` nil looks at the input.
  init(_ input: [UInt8], _ form: InspectCommand.Form?) throws {
    switch form ?? Self.guess(input) {
    case .binary: self.init(message: input)
    case .hex: self.init(message: try Self.hex(input))
    case .base64url:
      do {
        self.init(message: try Base64URL.decode(Self.trimmed(input).span))
      } catch {
        self.init(kind: "base64url", fields: [], error: ProtocolError(error))
      }
    case .text: self.init(text: Self.trimmed(input))
    }
  }

  private init(kind: String, fields: [Row], error: ProtocolError?) {
    self.kind = kind
    self.fields = fields
    self.error = error
  }

  private init(message: [UInt8]) {
    let inspection = Inspection.inspect(message)
    let type = message.count > 3 && message[0] != 1 ? MessageType(rawValue: message[3])?.name : nil
    self.init(
      kind: type ?? (message.first == 1 ? "token" : "message"), fields: inspection.fields.map(Row.init),
      error: inspection.error.map { ProtocolError($0) })
  }
}

extension MessageDump.Row {
  fileprivate init(_ field: Field) {
    self.init(
      offset: field.offset, length: field.length, name: field.name, value: field.value, section: field.section
    )
  }
}

// MARK: - Text forms

extension MessageDump {
  private init(text: [UInt8]) {
    let start = String(decoding: text.prefix(4), as: UTF8.self).lowercased()
    switch start {
    case "ekt1":
      self.init(text: text, "token text", .token) { () throws(WireError) in _ = try Token(text: text) }
    case "ekc1": self.init(typed: text, "enrolment code", Self.codeRows)
    case "ekb1": self.init(typed: text, "account secret", Self.accountSecretRows)
    case "ekr1": self.init(typed: text, "recovery text", Self.recoveryRows)
    default:
      self.init(text: text, "blob text", .blobText) { () throws(WireError) in _ = try SealedBlob(text: text) }
    }
  }

  /// Offsets of fields are those in the bytes that the text encodes; that of an error is in the text.
  private init(
    text: [UInt8], _ kind: String, _ form: Inspection.Form, _ parse: () throws(WireError) -> Void
  ) {
    do {
      try parse()
      self.init(kind: kind, fields: Self.fields(ofText: text, form), error: nil)
    } catch {
      let isPrefixed = error.code != .badPrefix
      self.init(
        kind: kind, fields: isPrefixed ? Self.fields(ofText: text, form) : [], error: ProtocolError(error))
    }
  }

  /// Of as many characters as can be decoded.
  private static func fields(ofText text: [UInt8], _ form: Inspection.Form) -> [Row] {
    let encoded = Array(text.dropFirst(5))
    do {
      return Inspection.inspect(try Base64URL.decode(encoded.span), as: form).fields.map(Row.init)
    } catch {
      let count = min(error.offset, encoded.count) / 4 * 4
      guard count < encoded.count else { return [] }
      return fields(ofText: Array(text.prefix(5 + count)), form)
    }
  }

  /// A text that holds a secret, of which `rows` shows the rest.
  private init(
    typed text: [UInt8], _ kind: String, _ rows: (borrowing SecretBytes) throws(ProtocolError) -> [Row]
  ) {
    do throws(ProtocolError) {
      self.init(kind: kind, fields: try rows(SecretBytes(copying: text)), error: nil)
    } catch {
      self.init(kind: kind, fields: [], error: error)
    }
  }

  private static func codeRows(_ text: borrowing SecretBytes) throws(ProtocolError) -> [Row] {
    let code = try EnrolmentCode(text: text)
    let terms = code.terms
    return [
      row(1, 16, "account_id", code.accountID.description), row(17, 16, "secret", "(not shown)"),
      row(33, 4, "generation", "\(terms.generation)"), row(37, 8, "made", "\(terms.made)"),
      row(45, 1, "kind", terms.kind.name), row(46, 1, "role", terms.role.name),
    ]
  }

  private static func accountSecretRows(_ text: borrowing SecretBytes) throws(ProtocolError) -> [Row] {
    let secret = try AccountSecret(text: text)
    return [
      row(1, 16, "account_id", secret.accountID.description), row(17, 16, "secret", "(not shown)"),
    ]
  }

  private static func recoveryRows(_ text: borrowing SecretBytes) throws(ProtocolError) -> [Row] {
    _ = try RecoveryText(text: text)
    return [row(1, 32, "seed", "(not shown)")]
  }

  private static func row(_ offset: Int, _ length: Int, _ name: String, _ value: String) -> Row {
    Row(offset: offset, length: length, name: name, value: value, section: "18.1")
  }
}

// MARK: - What the input is

extension MessageDump {
  static func guess(_ input: [UInt8]) -> InspectCommand.Form {
    if input.starts(with: Array("EK\u{1}".utf8)) || input.first == 1 { return .binary }
    let text = trimmed(input)
    let prefix = String(decoding: text.prefix(5), as: UTF8.self)
    if ["ekt1_", "eks1_"].contains(prefix)
      || ["ekc1", "ekb1", "ekr1"].contains(prefix.prefix(4).lowercased())
    {
      return .text
    }
    let isHex = text.allSatisfy { isSpace($0) || Character(UnicodeScalar($0)).isHexDigit }
    if isHex, !text.isEmpty { return .hex }
    do {
      _ = try Base64URL.decode(text.span)
      return text.isEmpty ? .binary : .base64url
    } catch {
      return .binary
    }
  }

  private static func hex(_ input: [UInt8]) throws -> [UInt8] {
    do {
      return try Hex.decode(input.filter { !isSpace($0) }, letterCase: .any)
    } catch {
      throw CommandError(.badInput, nil, "\(error), white space not counted")
    }
  }

  private static func trimmed(_ input: [UInt8]) -> [UInt8] {
    var text = input[...]
    while let last = text.last, isSpace(last) { text.removeLast() }
    return Array(text.drop(while: isSpace))
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }
}

// MARK: - Output

extension MessageDump {
  var lines: [String] {
    let width = fields.map(\.name.count).max() ?? 0
    return [kind]
      + fields.map { field in
        let columns = [
          Self.right(String(field.offset), 8), Self.right(String(field.length), 8),
          Self.left("§\(field.section)", 6), Self.left(field.name, width), field.value,
        ]
        return columns.joined(separator: "  ")
      }
  }

  var json: JSONValue {
    let rows: [JSONValue] = fields.map {
      [
        "offset": .integer($0.offset), "length": .integer($0.length), "name": .string($0.name),
        "value": .string($0.value), "section": .string($0.section),
      ]
    }
    let fault: JSONValue =
      error.map {
        [
          "code": .string($0.code.rawValue), "offset": $0.offset.map { .integer($0) } ?? .null,
          "section": .string($0.section),
        ]
      } ?? .null
    return ["kind": .string(kind), "fields": .array(rows), "error": fault]
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
