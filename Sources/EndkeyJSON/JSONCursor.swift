/// A value and where it stands: asks for types, and names the place when one is wrong.
public struct JSONCursor: Sendable {
  public let value: JSONValue
  public let path: JSONPath

  /// The root of a document.
  public init(_ value: JSONValue) { self.init(value, at: .root) }

  init(_ value: JSONValue, at path: JSONPath) {
    self.value = value
    self.path = path
  }

  /// An error at this place, for a check that the caller makes.
  public func error(_ reason: String) -> JSONShapeError {
    JSONShapeError(path: path.description, reason: reason)
  }

  /// Lends the members of an object to `body`, then insists that it asked for every one.
  public func object<R>(_ body: (inout JSONFields) throws -> R) throws -> R {
    var fields = try fields()
    let result = try body(&fields)
    try fields.finish()
    return result
  }

  /// An object whose members are the caller's to judge.
  public func plainObject() throws(JSONShapeError) -> JSONObject {
    guard case .object(let object) = value else { throw expected("an object") }
    return object
  }

  /// The members of an object. Members that nobody asks for are an error only if `finish` is called.
  public func fields() throws(JSONShapeError) -> JSONFields {
    guard case .object(let object) = value else { throw expected("an object") }
    return JSONFields(object, at: path)
  }

  /// The elements of an array.
  public func array() throws(JSONShapeError) -> [JSONCursor] {
    guard case .array(let elements) = value else { throw expected("an array") }
    return elements.enumerated().map { JSONCursor($1, at: .index($0, of: path)) }
  }

  public func string() throws(JSONShapeError) -> String {
    guard case .string(let text) = value else { throw expected("a string") }
    return text
  }

  public func bool() throws(JSONShapeError) -> Bool {
    guard case .bool(let value) = value else { throw expected("a boolean") }
    return value
  }

  /// An integer without fraction and exponent, in `range` if one is given, else of `T`.
  public func integer<T: FixedWidthInteger>(
    as type: T.Type = T.self, in range: ClosedRange<T>? = nil
  ) throws(JSONShapeError) -> T {
    let range = range ?? T.min...T.max
    guard case .number(let number) = value, let integer = number.integer(as: T.self), range ~= integer else {
      throw expected("an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// Bytes in hex, lower-case unless `letterCase` says otherwise; exactly `count` of them, if given.
  public func hex(
    count: Int? = nil, letterCase: Hex.LetterCase = .lower
  ) throws(JSONShapeError) -> [UInt8] {
    let text = try string()
    let bytes: [UInt8]
    do {
      bytes = try Hex.decode(text, letterCase: letterCase)
    } catch let fault {
      throw error(fault.description)
    }
    if let count, bytes.count != count { throw error("expected \(count) bytes, found \(bytes.count)") }
    return bytes
  }

  /// One of the names of an enumeration, exactly as written there.
  public func name<E: RawRepresentable<String>>(of type: E.Type = E.self) throws(JSONShapeError) -> E {
    let text = try string()
    guard let value = E(rawValue: text), value.rawValue.utf8.elementsEqual(text.utf8) else {
      throw error("unknown name \"\(text)\"")
    }
    return value
  }

  private func expected(_ what: String) -> JSONShapeError {
    if case .number(let number) = value { return error("expected \(what), found \(number)") }
    return error("expected \(what), found \(value.kind)")
  }
}
