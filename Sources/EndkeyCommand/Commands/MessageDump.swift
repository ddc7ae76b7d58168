internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
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

  /// The bytes of the message; empty where the input is none, or a text that holds a secret.
  let message: [UInt8]

  /// `form` nil looks at the input.
  init(_ input: [UInt8], _ form: InspectCommand.Form?) throws {
    let text = { String(decoding: input, as: UTF8.self) }
    switch form {
    case .binary: self.init(message: input)
    case .text: self.init(text: Array(PastedInput.unquoted(text()).utf8))
    case .hex:
      guard let message = PastedInput.hex(text()) else {
        throw CommandError(
          .badInput, nil, "no hex digits in pairs, white space, colons and commas not counted",
          next: "leave --hex out: what it is is found")
      }
      self.init(message: message)
    case .base64url:
      do {
        self.init(message: try Base64URL.decode(PastedInput.base64Digits(text()).span))
      } catch {
        self.init(kind: "base64url", fields: [], error: ProtocolError(error))
      }
    case nil:
      switch PastedInput(input) {
      case .message(let message): self.init(message: message)
      case .text(let text): self.init(text: text)
      case .other(let kind): self.init(kind: kind, fields: [], error: ProtocolError(.badMagic, "8.1"))
      }
    }
  }

  private init(kind: String, fields: [Row], error: ProtocolError?, message: [UInt8] = []) {
    self.kind = kind
    self.fields = fields
    self.error = error
    self.message = message
  }

  private init(message: [UInt8]) {
    let inspection = Inspection.inspect(message)
    let type = message.count > 3 && message[0] != 1 ? MessageType(rawValue: message[3])?.name : nil
    self.init(
      kind: type ?? (message.first == 1 ? "token" : "message"), fields: inspection.fields.map(Row.init),
      error: inspection.error.map { ProtocolError($0) }, message: message)
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
      self.init(text: text, "token text", .token) { () throws(WireError) in try Token(text: text).serialized }
    case "ekc1": self.init(typed: text, "enrolment code", Self.codeRows)
    case "ekb1": self.init(typed: text, "account secret", Self.accountSecretRows)
    case "ekr1": self.init(typed: text, "recovery text", Self.recoveryRows)
    default:
      self.init(text: text, "blob text", .blobText) { () throws(WireError) in
        try SealedBlob(text: text).serialized
      }
    }
  }

  /// Offsets of fields are those in the bytes that the text encodes; that of an error is in the text.
  private init(
    text: [UInt8], _ kind: String, _ form: Inspection.Form, _ parse: () throws(WireError) -> [UInt8]
  ) {
    do {
      let message = try parse()
      self.init(kind: kind, fields: Self.fields(ofText: text, form), error: nil, message: message)
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

// MARK: - What is not written in it

extension MessageDump {
  /// What other messages and people know a message by.
  var facts: [(name: String, value: String)] {
    guard !message.isEmpty else { return [] }
    let hash = Hash(sha256: message)
    var facts = [("length", counted(message.count, "byte")), ("SHA-256", "\(hash)")]
    guard error == nil, message.count > 3, message[0] != 1 else { return facts }
    switch MessageType(rawValue: message[3]) {
    case .enrolmentRequest:
      if let request = EnrolmentRequest(reading: message) { facts.append(("agent", "\(request.agentID)")) }
    case .accountState: facts.append(("digits", "\("\(hash)".prefix(8)), which devices compare"))
    default: break
    }
    return facts
  }
}

extension MessageDump.Row {
  /// When a time is, in UTC.
  fileprivate var time: String? {
    let last = name.split(separator: ".").last ?? ""
    guard
      ["made", "start", "expires", "valid_until", "certificate_from", "certificate_until"].contains(last),
      let number = UInt64(value), number > 0, number < 253_402_300_800_000
    else { return nil }
    do {
      return try Time(milliseconds: number).text
    } catch {
      return nil
    }
  }
}

// MARK: - Output

extension MessageDump {
  var lines: [String] {
    let rows = fields.map { field in
      [
        "\(field.offset)", "\(field.length)", "§\(field.section)", field.name,
        field.value + (field.time.map { "  (\($0))" } ?? ""),
      ]
    }
    return [kind] + Columns.lines(rows, [.right, .right])
      + Columns.lines(facts.map { [$0.name, $0.value] })
  }

  func json(with opened: [(name: String, value: String)]? = nil) -> JSONValue {
    let rows: [JSONValue] = fields.map { field in
      var row = JSONObject()
      row.append("offset", .integer(field.offset))
      row.append("length", .integer(field.length))
      row.append("name", .string(field.name))
      row.append("value", .string(field.value))
      if let time = field.time { row.append("time", .string(time)) }
      row.append("section", .string(field.section))
      return .object(row)
    }
    var facts = JSONObject()
    for fact in self.facts { facts.append(fact.name, .string(fact.value)) }
    let fault: JSONValue =
      error.map {
        [
          "code": .string($0.code.rawValue), "offset": $0.offset.map { .integer($0) } ?? .null,
          "section": .string($0.section),
        ]
      } ?? .null
    var object = JSONObject.of([
      "kind": .string(kind), "fields": .array(rows), "facts": .object(facts), "error": fault,
    ])
    if let opened {
      object.append("opened", .array(opened.map { ["name": .string($0.name), "value": .string($0.value)] }))
    }
    return .object(object)
  }
}
