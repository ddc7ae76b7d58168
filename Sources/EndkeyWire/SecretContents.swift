/// The content of a sealed message that holds keys. §8.4
///
/// Keys never pass through a value of this module. A secret field is a range into the bytes that hold the secrets: the
/// opened plaintext, when the content was parsed, or whatever the caller keeps its keys in, when it is to be written.
/// Writing copies the secrets from there straight into the memory behind the writer. So a content that was parsed can
/// be changed, and written anew, with the old plaintext (and new keys after it) as its secrets.
public protocol SecretContents: Equatable, Sendable {
  /// The exact number of bytes that `serialize` writes.
  var serializedCount: Int { get }

  /// Writes the fields in order, the secret ones from their ranges in `secrets`.
  func serialize(into writer: inout Writer, secrets: Span<UInt8>)
}

extension SecretContents {
  /// What `body` reads from all of `bytes`.
  static func whole<Value>(
    _ bytes: Span<UInt8>, _ body: (inout Reader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    var reader = Reader(bytes, .contents)
    let value = try body(&reader)
    try reader.finish()
    return value
  }
}

extension Sequence where Element: SecretContents {
  /// The bytes of all elements, as of the content of a vector.
  var serializedCount: Int { reduce(0) { $0 + $1.serializedCount } }

  func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    for element in self { element.serialize(into: &writer, secrets: secrets) }
  }
}

/// What initialisers of contents check before they make a value.
enum ContentsCheck {
  static func require(_ holds: Bool, _ code: WireError.Code, at offset: Int) throws(WireError) {
    guard holds else { throw WireError(code, at: offset, .contents) }
  }

  static func require(counter: UInt64, at offset: Int) throws(WireError) {
    try require(counter <= Limit.counterMax, .valueOutOfRange, at: offset)
  }

  static func require(_ field: Range<Int>, count: Int, at offset: Int) throws(WireError) {
    try require(field.count == count, .lengthOutOfRange, at: offset)
  }
}
