/// The first fault that a parser met: what, where, and the section of the specification that says so.
public struct WireError: Error, Equatable, Sendable {
  /// What the fault is.
  public let code: Code
  /// Where the fault is, in bytes from the start of the message, or of the text for a text form.
  public let offset: Int
  /// The section of the specification that the input breaks, for example `"8.3"`.
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
