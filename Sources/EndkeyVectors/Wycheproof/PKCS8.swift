/// Just enough of DER to find the numbers of an RSA private key in PKCS #8 (RFC 5958, RFC 8017 A.1.2).
struct PKCS8 {
  let publicExponent: [UInt8]
  let prime1: [UInt8]
  let prime2: [UInt8]

  /// Nothing when `bytes` are something else.
  init?(_ bytes: [UInt8]) {
    var document = bytes[...]
    guard var info = Self.take(.sequence, from: &document), Self.take(.integer, from: &info) != nil,
      Self.take(.sequence, from: &info) != nil, var octets = Self.take(.octetString, from: &info),
      var key = Self.take(.sequence, from: &octets)
    else { return nil }
    var numbers: [[UInt8]] = []  // version, n, e, d, p, q, ...
    while let number = Self.take(.integer, from: &key) { numbers.append(Array(number)) }
    guard numbers.count >= 6 else { return nil }
    publicExponent = numbers[2]
    prime1 = numbers[4]
    prime2 = numbers[5]
  }

  private enum Tag: UInt8 {
    case integer = 0x02
    case octetString = 0x04
    case sequence = 0x30
  }

  /// Takes an element of that tag, and gives its content.
  private static func take(_ tag: Tag, from bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard bytes.popFirst() == tag.rawValue, let first = bytes.popFirst() else { return nil }
    var count = Int(first)
    if first >= 0x80 {
      guard first & 0x7f <= 2 else { return nil }  // keys are shorter than 64 KiB
      count = 0
      for _ in 0..<(first & 0x7f) {
        guard let byte = bytes.popFirst() else { return nil }
        count = count << 8 | Int(byte)
      }
    }
    guard count <= bytes.count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }
}
