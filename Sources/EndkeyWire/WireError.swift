/// The first fault that a parser met: what, where, and the section of the specification that says so.
public struct WireError: Error, Equatable, Sendable {
  /// The codes of the layer `format` of §19. Raw values are the registry's names.
  public enum Code: String, CaseIterable, Sendable {
    case truncated
    case trailingBytes = "trailing_bytes"
    case badMagic = "bad_magic"
    case unknownVersion = "unknown_version"
    case unexpectedType = "unexpected_type"
    case unknownValue = "unknown_value"
    case valueOutOfRange = "value_out_of_range"
    case lengthOutOfRange = "length_out_of_range"
    case notCanonical = "not_canonical"
    case badPrefix = "bad_prefix"
    case badBase64url = "bad_base64url"
    case badBech32m = "bad_bech32m"
  }

  public let code: Code
  /// In bytes from the start of the message, or of the text for a text form.
  public let offset: Int
  /// For example `"8.3"`.
  public let section: String

  init(_ code: Code, at offset: Int, _ section: Section) {
    self.code = code
    self.offset = offset
    self.section = section.rawValue
  }

  /// The same fault elsewhere: at the character of a text, say, that holds the faulty byte.
  init(moving error: WireError, to offset: Int) {
    self.code = error.code
    self.offset = offset
    self.section = error.section
  }
}

extension WireError: CustomStringConvertible {
  public var description: String { "\(code.rawValue) at \(offset) (§\(section))" }
}
