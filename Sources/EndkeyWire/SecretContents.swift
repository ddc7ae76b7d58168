/// The content of a sealed message that holds keys. §8.4
///
/// Keys never pass through a value of this module. A secret field is its place in the bytes that hold the secrets: the
/// opened plaintext, when the content was parsed, or whatever the caller keeps its keys in, when it is to be written.
/// Writing copies the secrets from there straight into the memory behind the writer. So a content that was parsed can
/// be changed, and written anew, with the old plaintext (and new keys after it) as its secrets.
public protocol SecretContents: Specified, Equatable, Sendable {
  /// The exact number of bytes that `serialize` writes.
  var serializedCount: Int { get }

  /// Writes the fields in order, the secret ones from their places in `secrets`.
  func serialize(into writer: inout Writer, secrets: Span<UInt8>)
}

extension SecretContents {
  public static var section: Section { .contents }

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

/// Contents that can be read without knowing the message that holds them.
public protocol SecretStruct: SecretContents {
  /// Reads the fields in order. Bytes may follow.
  init(parsing reader: inout Reader) throws(WireError)
}

extension SecretStruct {
  /// Reads the whole content: bytes after its last field are an error.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    self = try Self.whole(bytes) { reader throws(WireError) in try Self(parsing: &reader) }
  }
}

extension Sequence where Element: SecretContents {
  /// The bytes of all elements, as of the content of a vector.
  var serializedCount: Int { reduce(0) { $0 + $1.serializedCount } }

  func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    for element in self { element.serialize(into: &writer, secrets: secrets) }
  }
}
