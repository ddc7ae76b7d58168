internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

// How operations read their input. Vectors are public, so their "secrets" may pass through arrays here.

extension JSONFields {
  mutating func bytes(_ key: String, count: Int? = nil) throws -> [UInt8] {
    try required(key).hex(count: count)
  }

  mutating func secret(_ key: String, count: Int? = nil) throws -> SecretBytes {
    SecretBytes(copying: try bytes(key, count: count))
  }

  /// A field of a fixed size.
  mutating func fixed<Value: FixedBytes>(_ key: String, as type: Value.Type = Value.self) throws -> Value {
    try required(key).fixed()
  }

  mutating func accountID(_ key: String = "account_id") throws -> AccountID { try fixed(key) }

  mutating func agentID(_ key: String = "agent_id") throws -> AgentID { try fixed(key) }

  mutating func hash(_ key: String) throws -> Hash { try fixed(key) }

  mutating func epoch(_ key: String = "epoch") throws -> Epoch { try required(key).epoch() }

  mutating func generation(_ key: String = "generation") throws -> Generation {
    try Generation(required(key).integer(in: 1...UInt32.max))
  }

  mutating func counter(_ key: String = "counter") throws -> Counter {
    try Counter(required(key).integer(in: 0...Limit.counterMax))
  }

  mutating func time(_ key: String) throws -> Time {
    try Time(milliseconds: required(key).integer(in: 0...Limit.counterMax))
  }

  mutating func flag(_ key: String) throws -> Bool { try required(key).bool() }

  mutating func named<E: WireEnum>(_ key: String, as type: E.Type = E.self) throws -> E {
    try required(key).enumerated()
  }

  /// What `body` makes of the value of `key`; nothing if it is null.
  mutating func nullable<R>(_ key: String, _ body: (JSONCursor) throws -> R) throws -> R? {
    let cursor = try required(key)
    if case .null = cursor.value { return nil }
    return try body(cursor)
  }

  /// What `body` makes of each element of the array of `key`.
  mutating func list<R>(_ key: String, _ body: (JSONCursor) throws -> R) throws -> [R] {
    try required(key).array().map(body)
  }

  /// The same, of a member that the operation has in some cases only.
  mutating func optionalList<R>(_ key: String, _ body: (JSONCursor) throws -> R) throws -> [R] {
    try optional(key)?.array().map(body) ?? []
  }
}

extension JSONCursor {
  /// An enumerated value by its name in §8.2.
  func enumerated<E: WireEnum>(as type: E.Type = E.self) throws -> E {
    let text = try string()
    guard let value = E.allCases.first(where: { $0.name == text }) else {
      throw error("no \(E.self) is named \"\(text)\"")
    }
    return value
  }

  func fixed<Value: FixedBytes>(as type: Value.Type = Value.self) throws -> Value {
    try Value(hex(count: Value.byteCount))
  }

  func epoch() throws -> Epoch { try Epoch(integer(in: 1...UInt32.max)) }
}

extension JSONObject {
  static func of(_ key: String, _ bytes: [UInt8]) -> JSONObject {
    var object = JSONObject()
    object.append(key, .hex(bytes))
    return object
  }
}

extension JSONValue {
  /// The name of an error, or null.
  static func code(_ code: ErrorCode?) -> JSONValue {
    code.map { .string($0.rawValue) } ?? .null
  }

  /// Bytes, or null.
  static func hexOrNull(_ bytes: [UInt8]?) -> JSONValue { bytes.map { .hex($0) } ?? .null }

  /// Byte strings, in their order.
  static func hexes(_ list: [[UInt8]]) -> JSONValue { .array(list.map { .hex($0) }) }
}
