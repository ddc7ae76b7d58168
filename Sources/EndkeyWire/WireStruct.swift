/// What the specification defines in a section, which errors name.
public protocol Specified {
  /// Where the specification defines it.
  static var section: Section { get }
}

/// A struct of the specification: it has exactly one encoding.
///
/// A value that breaks a rule of the specification cannot be made: the types of its fields refuse what the parser does.
public protocol WireStruct: Specified, Equatable, Sendable {
  /// Reads the fields in order. Bytes may follow.
  init(parsing reader: inout Reader) throws(WireError)

  /// The exact number of bytes that `serialize` writes.
  var serializedCount: Int { get }

  /// Writes the fields in order.
  func serialize(into writer: inout Writer)
}

extension WireStruct {
  /// Reads a whole message: bytes after its last field are an error.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    var reader = Reader(bytes, Self.section)
    try self.init(parsing: &reader)
    try reader.finish()
  }

  /// Reads a whole message: bytes after its last field are an error.
  public init(parsing bytes: [UInt8]) throws(WireError) {
    try self.init(parsing: bytes.span)
  }

  public var serialized: [UInt8] {
    Writer.array(count: serializedCount) { serialize(into: &$0) }
  }
}

extension Sequence where Element: WireStruct {
  /// The bytes of all elements, as of the content of a vector.
  var serializedCount: Int { reduce(0) { $0 + $1.serializedCount } }

  func serialize(into writer: inout Writer) {
    for element in self { element.serialize(into: &writer) }
  }
}
