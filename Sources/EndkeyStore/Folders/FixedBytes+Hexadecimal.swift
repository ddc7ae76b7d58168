package import EndkeyWire

extension FixedBytes {
  /// The value that is printed so: two hexadecimal digits a byte, in lower case.
  package init?(hexadecimal text: some StringProtocol) {
    var bytes: [UInt8] = []
    var digits = text.utf8.makeIterator()
    while let high = digits.next() {
      guard let low = digits.next(), let first = Self.digit(high), let second = Self.digit(low) else {
        return nil
      }
      bytes.append(first << 4 | second)
    }
    guard bytes.count == Self.byteCount else { return nil }
    self.init(unchecked: bytes.span)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
