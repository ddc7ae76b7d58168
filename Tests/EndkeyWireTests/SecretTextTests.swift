import Testing

@testable import EndkeyWire

@Suite("Bech32m texts") struct SecretTextTests {
  /// Bytes of a text of this kind, from the version on.
  static func bytes(_ kind: SecretText) -> [UInt8] { [1] + filler(kind.byteCount - 1, 3) }

  static func encode(_ bytes: [UInt8], _ kind: SecretText) -> [UInt8] {
    Writer.array(count: kind.textCount) { kind.encode(bytes.span, into: &$0) }
  }

  static func decode(_ text: [UInt8], _ kind: SecretText) throws(WireError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: kind.byteCount)
    var span = bytes.mutableSpan
    var writer = Writer(&span)
    try kind.decode(text.span, into: &writer)
    return bytes
  }

  static func fault(_ text: [UInt8], _ kind: SecretText) -> Fault? {
    TextFormTests.fault { () throws(WireError) in _ = try decode(text, kind) }
  }

  static func text(_ kind: SecretText) -> [UInt8] { encode(bytes(kind), kind) }

  @Test("R-18.1-2: what is written is lower case, and is read again", arguments: SecretText.allCases)
  func roundTrip(_ kind: SecretText) throws {
    let text = Self.text(kind)
    #expect(text.count == (kind == .code ? 86 : 63))
    #expect(text.starts(with: Array((kind.rawValue + "1").utf8)))
    #expect(!text.contains { (65...90).contains($0) })
    #expect(try Self.decode(text, kind) == Self.bytes(kind))
  }

  @Test("R-18.1-1: upper case throughout is read, mixed case is not", arguments: SecretText.allCases)
  func upperCase(_ kind: SecretText) throws {
    let lower = Self.text(kind)
    let upper = lower.map { (97...122).contains($0) ? $0 - 32 : $0 }
    #expect(try Self.decode(upper, kind) == Self.bytes(kind))
    for index in lower.indices where upper[index] != lower[index] {
      for (text, other) in [(lower, upper), (upper, lower)] {
        var mixed = text
        mixed[index] = other[index]
        #expect(Self.fault(mixed, kind) == (index < 3 ? Fault(.badPrefix, 0) : Fault(.badBech32m, index)))
      }
    }
  }

  @Test(
    "R-18.1-1: a text of another kind, and any other prefix, is refused at 0", arguments: SecretText.allCases)
  func prefix(_ kind: SecretText) {
    for other in SecretText.allCases where other != kind {
      #expect(Self.fault(Self.text(other), kind) == Fault(.badPrefix, 0))
    }
    for prefix in ["", "ekc", "ekc2", "bc1q", "ekd1"] {
      #expect(Self.fault(Array(prefix.utf8) + Self.text(kind).dropFirst(4), kind) == Fault(.badPrefix, 0))
    }
  }

  @Test(
    "R-18.1-1: every wrong character is found, by the alphabet or the checksum",
    arguments: SecretText.allCases)
  func everyCharacter(_ kind: SecretText) {
    let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    let right = Self.text(kind)
    for index in 4..<right.count {
      for character in alphabet + Array("1bio QPZ\0~".utf8) + [0x80, 0xff] where character != right[index] {
        var text = right
        text[index] = character
        let expected = alphabet.contains(character) ? right.count - 6 : index
        #expect(Self.fault(text, kind) == Fault(.badBech32m, expected))
      }
    }
  }

  @Test("R-18.1-1: neighbours swapped are found by the checksum", arguments: SecretText.allCases)
  func swapped(_ kind: SecretText) {
    let right = Self.text(kind)
    for index in 4..<right.count - 1 where right[index] != right[index + 1] {
      var text = right
      text.swapAt(index, index + 1)
      #expect(Self.fault(text, kind) == Fault(.badBech32m, right.count - 6))
    }
  }

  @Test("R-18.1-1: another length is refused at the end of the text", arguments: SecretText.allCases)
  func length(_ kind: SecretText) {
    let right = Self.text(kind)
    for count in 4..<right.count {
      #expect(Self.fault(Array(right.prefix(count)), kind) == Fault(.badBech32m, count))
    }
    #expect(Self.fault(right + Array("q".utf8), kind) == Fault(.badBech32m, right.count + 1))
    #expect(Self.fault(right + Array(" ".utf8), kind) == Fault(.badBech32m, right.count))
  }

  /// A text of numbers of 5 bits, under the checksum constant given.
  static func text(_ kind: SecretText, _ numbers: [UInt8], constant: UInt32) -> [UInt8] {
    var checksum = Bech32m.Checksum(humanReadable: kind.rawValue)
    for number in numbers { checksum.add(number) }
    for _ in 0..<6 { checksum.add(0) }
    let value = checksum.value ^ constant
    let tail = (0..<6).map { UInt8(truncatingIfNeeded: value >> UInt32(25 - 5 * $0) & 31) }
    return Array((kind.rawValue + "1").utf8) + (numbers + tail).map(Bech32m.character)
  }

  static func numbers(_ kind: SecretText) -> [UInt8] {
    text(kind).dropFirst(4).dropLast(6).map { Bech32m.number($0) }
  }

  @Test("R-18.1-1: the checksum of Bech32 is refused", arguments: SecretText.allCases)
  func bech32(_ kind: SecretText) {
    let numbers = Self.numbers(kind)
    let text = Self.text(kind)
    #expect(Self.text(kind, numbers, constant: 0x2bc8_30a3) == text)
    #expect(Self.fault(Self.text(kind, numbers, constant: 1), kind) == Fault(.badBech32m, text.count - 6))
  }

  @Test(
    "R-18.1-1: a padding bit that is not zero is refused, though the checksum is right",
    arguments: SecretText.allCases)
  func paddingBits(_ kind: SecretText) {
    for bit in 0..<(kind == .code ? 4 : 1) {
      var numbers = Self.numbers(kind)
      numbers[numbers.count - 1] |= 1 << UInt8(bit)
      let text = Self.text(kind, numbers, constant: 0x2bc8_30a3)
      #expect(Self.fault(text, kind) == Fault(.badBech32m, text.count - 7))
    }
  }

  @Test("R-18.1-1: another version is refused when the text is one", arguments: [0, 2, 255] as [UInt8])
  func version(_ version: UInt8) throws {
    for kind in SecretText.allCases {
      let bytes = [version] + Self.bytes(kind).dropFirst()
      #expect(try Self.decode(Self.encode(bytes, kind), kind) == bytes)
      let fault = TextFormTests.fault { () throws(WireError) in
        switch kind {
        case .code: _ = try SecretText.Code(parsing: bytes.span)
        case .accountSecret: _ = try SecretText.Account(parsing: bytes.span)
        case .recovery: _ = try SecretText.Recovery(parsing: bytes.span)
        }
      }
      #expect(fault == Fault(.unknownVersion, 4))
    }
  }

  @Test(
    "the checksum is that of BIP 350's own examples",
    arguments: [
      "a1lqfn3a", "?1v759aa", "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
      "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    ])
  func examples(_ text: String) throws {
    let separator = try #require(text.lastIndex(of: "1"))
    var checksum = Bech32m.Checksum(humanReadable: String(text[..<separator]))
    for character in text[separator...].dropFirst().utf8 {
      let number = Bech32m.number(character)
      try #require(number < 32)
      checksum.add(number)
    }
    #expect(checksum.value == 0x2bc8_30a3)
  }
}
