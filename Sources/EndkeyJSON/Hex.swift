/// Bytes as hexadecimal digits, two a byte.
public enum Hex {
  /// Which letters a decoder takes.
  public enum LetterCase: Sendable {
    /// a to f only, so that bytes have one text.
    case lower
    /// a to f and A to F.
    case any
  }

  /// Why a text is not hex.
  public enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Half a byte is left over at the end.
    case oddLength(Int)
    /// The byte of the text at this offset is no digit.
    case notADigit(offset: Int)

    public var description: String {
      switch self {
      case .oddLength(let count): "an odd number of hex digits: \(count)"
      case .notADigit(let offset): "no hex digit, or one in upper case, at character \(offset)"
      }
    }
  }

  /// Lower-case digits.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 0xf))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of `text`: an even number of digits and nothing else.
  public static func decode(_ text: String, letterCase: LetterCase = .lower) throws(Fault) -> [UInt8] {
    try decode(text.utf8, letterCase: letterCase)
  }

  /// The bytes of `text`, which is ASCII.
  public static func decode(
    _ text: some Collection<UInt8>, letterCase: LetterCase = .lower
  ) throws(Fault) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    var high: UInt8?
    for (offset, character) in text.enumerated() {
      guard let digit = value(of: character, lowerCaseOnly: letterCase == .lower) else {
        throw .notADigit(offset: offset)
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    guard high == nil else { throw .oddLength(text.count) }
    return bytes
  }

  /// What a digit stands for.
  static func value(of character: UInt8, lowerCaseOnly: Bool) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F") where !lowerCaseOnly: character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }
}
