internal import EndkeyFuzz

/// A base64url decoder.
struct PlantedBase64: Sendable {
  /// Bits behind the last byte are dropped, whatever they are.
  let isLenient: Bool

  func target(_ name: String) -> FuzzTarget {
    FuzzTarget(
      name, "a base64url decoder", maxLength: 512, seeds: [.vectors("text/token", "text")]
    ) { (input, _) throws(Violation) in
      try TextProperties.checkBase64URL(input, encode: Self.encode) { (text) throws(Violation) in decode(text)
      }
    }
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func encode(_ bytes: Span<UInt8>) -> String {
    var (text, bits, count) = ([UInt8](), 0, 0)
    for index in bytes.indices {
      (bits, count) = ((bits << 8 | Int(bytes[index])) & 0xffff, count + 8)
      while count >= 6 {
        count -= 6
        text.append(alphabet[bits >> count & 63])
      }
    }
    if count > 0 { text.append(alphabet[bits << (6 - count) & 63]) }
    return String(decoding: text, as: UTF8.self)
  }

  private func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count % 4 != 1 else { return nil }
    var (bytes, bits, count) = ([UInt8](), 0, 0)
    for index in text.indices {
      guard let value = Self.alphabet.firstIndex(of: text[index]) else { return nil }
      (bits, count) = ((bits << 6 | value) & 0xffff, count + 6)
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 255))
      }
    }
    return isLenient || bits & ((1 << count) - 1) == 0 ? bytes : nil
  }
}

/// A reader of recovery texts.
struct PlantedBech32m: Sendable {
  /// Upper and lower case may stand in one text.
  let takesMixedCase: Bool

  func target(_ name: String) -> FuzzTarget {
    FuzzTarget(
      name, "a reader of recovery texts", maxLength: 128, seeds: [.vectors("text/recovery", "text")]
    ) { (input, effort) throws(Violation) in
      try TextProperties.checkBech32m(
        input, effort, humanReadable: "ekr", isContent: { $0.count == 33 && $0[0] == 1 }, encode: Self.encode
      ) { (text) throws(Violation) in decode(text) }
    }
  }

  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let head = "ekr".utf8.map { Int($0 >> 5) } + [0] + "ekr".utf8.map { Int($0 & 31) }
  private static let constant = 0x2bc8_30a3

  private static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var values = regrouped(bytes.map { Int($0) }, from: 8, to: 5, count: 53)
    let checksum = polymod(head + values + [0, 0, 0, 0, 0, 0]) ^ constant
    for index in 0..<6 { values.append((checksum >> (25 - 5 * index)) & 31) }
    return Array("ekr1".utf8) + values.map { alphabet[$0] }
  }

  private func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count == 63 else { return nil }
    let characters = text.array
    let isUpper = characters.contains { (65...90).contains($0) }
    let isLower = characters.contains { (97...122).contains($0) }
    guard takesMixedCase || !(isUpper && isLower) else { return nil }
    let lower = characters.map { (65...90).contains($0) ? $0 | 32 : $0 }
    guard lower.starts(with: "ekr1".utf8) else { return nil }
    var values: [Int] = []
    for character in lower.dropFirst(4) {
      guard let value = Self.alphabet.firstIndex(of: character) else { return nil }
      values.append(value)
    }
    guard Self.polymod(Self.head + values) == Self.constant, values[52] & 1 == 0 else { return nil }
    let bytes = Self.regrouped(values.dropLast(6), from: 5, to: 8, count: 33).map { UInt8($0) }
    return bytes[0] == 1 ? bytes : nil
  }

  /// The bits of numbers of one width as `count` numbers of another; zeros follow at the end.
  private static func regrouped(_ numbers: [Int], from width: Int, to other: Int, count: Int) -> [Int] {
    var (result, accumulator, bits) = ([Int](), 0, 0)
    for number in numbers + [0] {
      accumulator = (accumulator << width | number) & 0xffff
      bits += width
      while bits >= other, result.count < count {
        bits -= other
        result.append((accumulator >> bits) & ((1 << other) - 1))
      }
    }
    return result
  }

  private static func polymod(_ values: [Int]) -> Int {
    let generator = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
    var checksum = 1
    for value in values {
      let top = checksum >> 25
      checksum = (checksum & 0x1ff_ffff) << 5 ^ value
      for index in 0..<5 where (top >> index) & 1 == 1 { checksum ^= generator[index] }
    }
    return checksum
  }
}

/// A scanner for the prefix of tokens, in pieces.
struct PlantedScanner: Sendable {
  /// Each piece is looked through for itself.
  let forgetsCut: Bool

  func target(_ name: String) -> FuzzTarget {
    FuzzTarget(
      name, "a scanner in pieces", maxLength: 512, seeds: [.vectors("scan", "text")]
    ) { (input, effort) throws(Violation) in
      let whole = found(input, cuts: [])
      try Pieces.check(input, effort, whole: whole) { (cuts) throws(Violation) in found(input, cuts: cuts) }
      return whole.isEmpty ? .refused : .accepted
    }
  }

  private func found(_ text: Span<UInt8>, cuts: [Int]) -> [Int] {
    var (found, kept, start) = ([Int](), [UInt8](), 0)
    for cut in cuts + [text.count] {
      let piece = (forgetsCut ? [] : kept) + text.extracting(start..<cut).array
      let first = cut - piece.count
      for offset in piece.indices where piece[offset...].starts(with: "ekt1_".utf8) {
        found.append(first + offset)
      }
      kept = [UInt8](piece.suffix(4))
      start = cut
    }
    return found
  }
}
