/// Why, and where, a text is not the JSON that the reader accepts.
public struct JSONSyntaxError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds of fault.
  public enum Reason: String, CaseIterable, Sendable {
    case tooLong = "longer than the limit"
    case tooDeep = "arrays and objects are nested too deep"
    case unexpectedEnd = "the text ends too early"
    case unexpectedByte = "this character cannot stand here"
    case trailingBytes = "something follows the value"
    case invalidLiteral = "neither true, false nor null"
    case invalidNumber = "malformed number"
    case invalidUTF8 = "not UTF-8"
    case controlCharacter = "a control character in a string must be escaped"
    case invalidEscape = "malformed escape"
    case loneSurrogate = "an escape for half a surrogate pair"
    case duplicateKey = "this key stands in the object already"
  }

  public let reason: Reason
  /// The byte at fault, from 0.
  public let offset: Int
  /// The line of that byte, from 1.
  public let line: Int
  /// The code point on that line, from 1.
  public let column: Int

  init(_ reason: Reason, at offset: Int, in bytes: [UInt8]) {
    self.reason = reason
    self.offset = offset
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xc0 != 0x80 {  // the first byte of a code point
        column += 1
      }
    }
    self.line = line
    self.column = column
  }

  public var description: String { "line \(line), column \(column) (byte \(offset)): \(reason.rawValue)" }
}
