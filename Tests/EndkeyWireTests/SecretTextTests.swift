import Testing

@testable import EndkeyWire

@Suite("Bech32m texts") struct SecretTextTests {
  static let bytes: [UInt8] = [1] + filler(16, 3) + filler(16, 77)

  static func encode(_ bytes: [UInt8], _ kind: SecretText.Kind) -> [UInt8] {
    Writer.array(count: SecretText.textCount) { SecretText.encode(bytes.span, as: kind, into: &$0) }
  }

  static func decode(_ text: [UInt8], _ kind: SecretText.Kind) throws(WireError) -> (SecretText, [UInt8]) {
    var bytes = [UInt8](repeating: 0, count: SecretText.byteCount)
    var span = bytes.mutableSpan
    var writer = Writer(&span)
    let value = try SecretText.decode(text.span, as: kind, into: &writer)
    return (value, bytes)
  }

  static func fault(_ text: [UInt8], _ kind: SecretText.Kind = .code) -> Fault? {
    TextFormTests.fault { () throws(WireError) in _ = try decode(text, kind) }
  }

  static let text = encode(bytes, .code)

  @Test("R-18.1-2: what is written is lower case, and is read again", arguments: SecretText.Kind.allCases)
  func roundTrip(_ kind: SecretText.Kind) throws {
    let text = Self.encode(Self.bytes, kind)
    #expect(text.count == 63)
    #expect(text.starts(with: Array((kind.rawValue + "1").utf8)))
    #expect(!text.contains { (65...90).contains($0) })
    let (value, read) = try Self.decode(text, kind)
    #expect(read == Self.bytes)
    #expect(value.accountID.bytes == filler(16, 3))
    #expect(value.secret.range == 17..<33)
    let written = Writer.array(count: 33) { value.serialize(into: &$0, secrets: read.span) }
    #expect(written == Self.bytes)
  }

  @Test("R-18.1-1: upper case throughout is read, mixed case is not")
  func upperCase() throws {
    let upper = Self.text.map { (97...122).contains($0) ? $0 - 32 : $0 }
    #expect(try Self.decode(upper, .code).1 == Self.bytes)
    for index in 0..<63 where upper[index] != Self.text[index] {
      for (text, other) in [(Self.text, upper), (upper, Self.text)] {
        var mixed = text
        mixed[index] = other[index]
        #expect(Self.fault(mixed) == (index < 3 ? Fault(.badPrefix, 0) : Fault(.badBech32m, index)))
      }
    }
  }

  @Test("R-18.1-1: a text of the other kind, and any other prefix, is refused at 0")
  func prefix() {
    #expect(Self.fault(Self.text, .accountSecret) == Fault(.badPrefix, 0))
    #expect(Self.fault(Self.encode(Self.bytes, .accountSecret), .code) == Fault(.badPrefix, 0))
    for prefix in ["", "ekc", "ekc2", "bc1q", "ekd1"] {
      #expect(Self.fault(Array(prefix.utf8) + Self.text.dropFirst(4)) == Fault(.badPrefix, 0))
    }
  }

  @Test("R-18.1-1: every wrong character is found, by the alphabet or the checksum")
  func everyCharacter() {
    let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    for index in 4..<63 {
      for character in alphabet + Array("1bio QPZ\0~".utf8) + [0x80, 0xff] where character != Self.text[index]
      {
        var text = Self.text
        text[index] = character
        let expected = alphabet.contains(character) ? 57 : index
        #expect(Self.fault(text) == Fault(.badBech32m, expected))
      }
    }
  }

  @Test("R-18.1-1: neighbours swapped are found by the checksum")
  func swapped() {
    for index in 4..<62 where Self.text[index] != Self.text[index + 1] {
      var text = Self.text
      text.swapAt(index, index + 1)
      #expect(Self.fault(text) == Fault(.badBech32m, 57))
    }
  }

  @Test("R-18.1-1: another length is refused at the end of the text")
  func length() {
    for count in 4..<63 { #expect(Self.fault(Array(Self.text.prefix(count))) == Fault(.badBech32m, count)) }
    #expect(Self.fault(Self.text + Array("q".utf8)) == Fault(.badBech32m, 64))
    #expect(Self.fault(Self.text + Array(" ".utf8)) == Fault(.badBech32m, 63))
  }

  /// A text of 53 numbers of 5 bits, under the checksum constant given.
  static func text(_ numbers: [UInt8], constant: UInt32) -> [UInt8] {
    var checksum = Bech32m.Checksum(humanReadable: "ekc")
    for number in numbers { checksum.add(number) }
    for _ in 0..<6 { checksum.add(0) }
    let value = checksum.value ^ constant
    let tail = (0..<6).map { UInt8(truncatingIfNeeded: value >> UInt32(25 - 5 * $0) & 31) }
    return Array("ekc1".utf8) + (numbers + tail).map(Bech32m.character)
  }

  static var numbers: [UInt8] { text.dropFirst(4).prefix(53).map { Bech32m.number($0) } }

  @Test("R-18.1-1: the checksum of Bech32 is refused")
  func bech32() {
    #expect(Self.text(Self.numbers, constant: 0x2bc8_30a3) == Self.text)
    #expect(Self.fault(Self.text(Self.numbers, constant: 1)) == Fault(.badBech32m, 57))
  }

  @Test("R-18.1-1: a padding bit that is not zero is refused, though the checksum is right")
  func paddingBit() {
    var numbers = Self.numbers
    numbers[52] |= 1
    #expect(Self.fault(Self.text(numbers, constant: 0x2bc8_30a3)) == Fault(.badBech32m, 56))
  }

  @Test("R-18.1-1: another version is refused last", arguments: [0, 2, 255] as [UInt8])
  func version(_ version: UInt8) {
    let text = Self.encode([version] + Self.bytes.dropFirst(), .code)
    #expect(Self.fault(text) == Fault(.unknownVersion, 4))
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
