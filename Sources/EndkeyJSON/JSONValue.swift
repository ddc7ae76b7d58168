/// A JSON value (RFC 8259): exact numbers, ordered objects, well-formed text.
///
/// Two values are equal when they say the same, whatever the order of an object's keys. Texts and keys compare
/// by their bytes: Swift's `==` on strings also holds between different code points, such as "é" composed and
/// decomposed, or "K" and the Kelvin sign.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Reads one value, and nothing but white space around it.
  public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    self = try JSONReader.read(bytes, limits: limits)
  }

  /// The same where nobody answers for what stands in the strings, such as titles that programs made: each maximal
  /// subpart of ill-formed UTF-8 and each escape for half a surrogate pair becomes U+FFFD, and a control character
  /// stands for itself.
  public init(repairing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
    self = try JSONReader.read(bytes, limits: limits, isRepairing: true)
  }

  /// The value as UTF-8 with a newline at the end. Equal values with equal orders give equal bytes.
  public func serialized(_ style: JSONStyle) -> [UInt8] {
    JSONWriter.write(self, style: style)
  }

  /// An integer, exactly.
  public static func integer(_ value: some FixedWidthInteger) -> JSONValue { .number(JSONNumber(value)) }

  /// Bytes as lower-case hex.
  public static func hex(_ bytes: some Collection<UInt8>) -> JSONValue { .string(Hex.encode(bytes)) }

  /// What kind of value it is, for messages.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: Equatable {
  public static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral {
  public init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByBooleanLiteral {
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int64) { self = .integer(value) }
}

extension JSONValue: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  /// Keeps the order of the literal. A key twice is a programmer's mistake, and stops.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (key, value) in elements {
      let isNew = object.append(key, value)
      precondition(isNew, "two members named \(key)")
    }
    self = .object(object)
  }
}
