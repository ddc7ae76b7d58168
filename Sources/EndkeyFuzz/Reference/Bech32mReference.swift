/// BIP 350 by the letter, with tables and secrets in the open: slow, short, and not like ours.
enum Bech32mReference {
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

  /// The bytes of a text with this human-readable part, or nil when it is none.
  static func decode(_ text: [UInt8], humanReadable: String) -> [UInt8]? {
    let string = String(decoding: text, as: UTF8.self)
    guard text.allSatisfy({ (33...126).contains($0) }),
      string == string.lowercased() || string == string.uppercased()
    else { return nil }
    let lower = Array(string.lowercased().utf8)
    guard let separator = lower.lastIndex(of: UInt8(ascii: "1")),
      lower[..<separator].elementsEqual(humanReadable.utf8)
    else { return nil }
    guard lower.count >= separator + 7 else { return nil }
    var values: [Int] = []
    for byte in lower[(separator + 1)...] {
      guard let value = alphabet.firstIndex(of: byte) else { return nil }
      values.append(value)
    }
    let head = humanReadable.utf8.map { Int($0 >> 5) } + [0] + humanReadable.utf8.map { Int($0 & 31) }
    guard polymod(head + values) == 0x2bc8_30a3 else { return nil }

    var (bytes, accumulator, bits) = ([UInt8](), 0, 0)
    for value in values.dropLast(6) {
      accumulator = (accumulator << 5 | value) & 0xfff
      bits += 5
      guard bits >= 8 else { continue }
      bits -= 8
      bytes.append(UInt8(accumulator >> bits & 0xff))
    }
    guard bits < 5, accumulator & ((1 << bits) - 1) == 0 else { return nil }
    return bytes
  }

  private static func polymod(_ values: [Int]) -> Int {
    let generator = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
    var checksum = 1
    for value in values {
      let top = checksum >> 25
      checksum = (checksum & 0x1ff_ffff) << 5 ^ value
      for index in 0..<5 where top >> index & 1 == 1 { checksum ^= generator[index] }
    }
    return checksum
  }
}
