/// What the specification defines in a section, which errors name.
public protocol Specified {
  /// Where the specification defines it.
  static var section: Section { get }
}

/// A struct of the specification: it has exactly one encoding.
///
/// A value that breaks a rule of the specification cannot be made: initialisers throw the same errors as the parser.
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

  /// The one encoding of the value: `serializedCount` bytes.
  public var serialized: [UInt8] {
    Writer.array(count: serializedCount) { serialize(into: &$0) }
  }
}

// What initialisers check before they make a value.
extension Specified {
  /// A fault of a value that was to be made, at the offset its field would have.
  static func fault(_ code: WireError.Code, at offset: Int) -> WireError {
    WireError(code, at: offset, section)
  }

  static func require(_ holds: Bool, _ code: WireError.Code, at offset: Int) throws(WireError) {
    guard holds else { throw fault(code, at: offset) }
  }

  /// `lengthOutOfRange` unless a secret has `count` bytes.
  static func require(_ secret: Range<Int>, count: Int, at offset: Int) throws(WireError) {
    guard secret.count == count else { throw fault(.lengthOutOfRange, at: offset) }
  }

  static func require(_ bytes: [UInt8], count: Int, at offset: Int) throws(WireError) {
    guard bytes.count == count else { throw fault(.lengthOutOfRange, at: offset) }
  }

  static func require(length: Int, in bounds: ClosedRange<Int>, at offset: Int) throws(WireError) {
    guard bounds.contains(length) else { throw fault(.lengthOutOfRange, at: offset) }
  }

  static func require(counter: UInt64, at offset: Int) throws(WireError) {
    guard counter <= Limit.counterMax else { throw fault(.valueOutOfRange, at: offset) }
  }

  static func require(epoch: UInt32, at offset: Int) throws(WireError) {
    guard epoch > 0 else { throw fault(.valueOutOfRange, at: offset) }
  }

  static func require<Element>(
    ascending elements: [Element], at offset: Int, by inOrder: (Element, Element) -> Bool
  ) throws(WireError) {
    for (element, next) in zip(elements, elements.dropFirst()) where !inOrder(element, next) {
      throw fault(.notCanonical, at: offset)
    }
  }
}

extension Sequence where Element: WireStruct {
  /// The bytes of all elements, as of the content of a vector.
  var serializedCount: Int { reduce(0) { $0 + $1.serializedCount } }

  func serialize(into writer: inout Writer) {
    for element in self { element.serialize(into: &writer) }
  }
}
