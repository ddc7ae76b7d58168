import EndkeyWire
import Testing

@Suite("Text forms") struct TextFormTests {
  static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// Base64url by the book, as a second opinion.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
    while bits.count % 6 != 0 { bits.append(0) }
    return stride(from: 0, to: bits.count, by: 6).map { start in
      alphabet[bits[start..<start + 6].reduce(0) { $0 << 1 | Int($1) }]
    }
  }

  static func fault(_ body: () throws(WireError) -> Void) -> Fault? {
    do throws(WireError) {
      try body()
      return nil
    } catch {
      return Fault(error)
    }
  }

  static func decodeFault(_ text: [UInt8]) -> Fault? {
    fault { () throws(WireError) in _ = try Base64URL.decode(text.span) }
  }

  @Test("base64url of every length up to 40 is that of RFC 4648, both ways")
  func base64url() throws {
    for count in 0...40 {
      let bytes = filler(count, 200)
      let text = Self.encode(bytes)
      #expect(Array(Base64URL.encode(bytes.span).utf8) == text)
      #expect(Base64URL.textCount(count) == text.count)
      #expect(Base64URL.byteCount(text.count) == count)
      #expect(try Base64URL.decode(text.span) == bytes)
    }
    #expect(Base64URL.encode([0xfb, 0xff, 0xfe].span) == "-__-")
  }

  @Test("every character is read as its number, wherever it stands, and no other is read")
  func everyCharacter() throws {
    for position in 0..<11 {
      for character in UInt8.min...UInt8.max {
        var text = Self.encode(filler(8))
        text[position] = character
        if Self.alphabet.contains(character) {
          // The last of 11 characters holds 4 bits.
          guard position < 10 else { continue }
          #expect(try Self.encode(Base64URL.decode(text.span)) == text)
        } else {
          #expect(Self.decodeFault(text) == Fault(.badBase64url, position))
        }
      }
    }
  }

  @Test("R-2.4-1: bits of the last character that encode no byte are zero")
  func trailingBits() {
    for (count, bits) in [(1, 4), (2, 2), (4, 4), (5, 2), (7, 4), (8, 2)] {
      for bit in 0..<6 {
        var text = Self.encode([UInt8](repeating: 0, count: count))
        text[text.count - 1] = Self.alphabet[1 << bit]
        #expect(Self.decodeFault(text) == (bit < bits ? Fault(.badBase64url, text.count - 1) : nil))
      }
    }
  }

  @Test("R-2.4-1: a length of 1 modulo 4 is refused at the end of the text", arguments: [1, 5, 9, 13, 17])
  func badLength(_ count: Int) {
    #expect(Self.decodeFault([UInt8](repeating: 65, count: count)) == Fault(.badBase64url, count))
  }

  @Test("R-2.4-1: a character is reported before the length, the length before bits")
  func base64urlOrder() {
    #expect(Self.decodeFault(Array("AAAA=".utf8)) == Fault(.badBase64url, 4))
    #expect(Self.decodeFault(Array("AAAAAAAAAAA?_".utf8)) == Fault(.badBase64url, 11))
    #expect(Self.decodeFault(Array("AAAAAAAA_".utf8)) == Fault(.badBase64url, 9))
    #expect(Self.decodeFault(Array("A B_".utf8)) == Fault(.badBase64url, 1))
  }

  @Test("a token has the text of its length", arguments: [16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096])
  func tokenText(_ count: Int) throws {
    let token = try Token(
      field: .url, epoch: Epoch(7 as UInt32), v: SyntheticIV(filler(16)), c: filler(count))
    let lengths = [54, 75, 118, 203, 374, 715, 1_398, 2_763, 5_494]
    #expect(token.text.utf8.count - 5 == lengths[count.trailingZeroBitCount - 4])
    #expect(Array(token.text.utf8) == Array("ekt1_".utf8) + Self.encode(token.serialized))
    #expect(try Token(text: token.text) == token)
    #expect(token.v.bytes == filler(16))
    #expect(token.c == filler(count))
  }

  static func tokenFault(_ text: [UInt8]) -> Fault? {
    fault { () throws(WireError) in _ = try Token(text: text) }
  }

  static func blobFault(_ text: [UInt8]) -> Fault? {
    fault { () throws(WireError) in _ = try SealedBlob(text: text) }
  }

  static let tokenText = Array("ekt1_".utf8) + encode(Sample.token.bytes)
  static let blobText = Array("eks1_".utf8) + encode(Sample.blobText.bytes)

  @Test("R-14.3-1, R-15.1-1: a text without its prefix, exactly as written, is refused at 0")
  func prefix() {
    for prefix in [
      "", "e", "ekt1", "EKT1_", "Ekt1_", "ekt1-", "ekt2_", "ekt10", " ekt1_", "ek\u{74}1\u{ff3f}",
    ] {
      let text = Array(prefix.utf8) + Self.tokenText.dropFirst(5)
      #expect(Self.tokenFault(text) == Fault(.badPrefix, 0))
      #expect(Self.blobFault(text) == Fault(.badPrefix, 0))
    }
    #expect(Self.tokenFault(Self.blobText) == Fault(.badPrefix, 0))
    #expect(Self.blobFault(Self.tokenText) == Fault(.badPrefix, 0))
    #expect(Self.tokenFault([]) == Fault(.badPrefix, 0))
  }

  @Test("a fault of the encoding counts from the start of the text")
  func encodingOffset() {
    for index in 5..<Self.tokenText.count {
      var text = Self.tokenText
      text[index] = UInt8(ascii: "=")
      #expect(Self.tokenFault(text) == Fault(.badBase64url, index))
    }
    #expect(Self.tokenFault(Self.tokenText + Array("\n".utf8)) == Fault(.badBase64url, Self.tokenText.count))
  }

  @Test("a fault of the grammar is at the first character that holds a bit of the faulty byte")
  func grammarOffset() {
    func fault(_ offset: Int, _ new: [UInt8]) -> Fault? {
      Self.tokenFault(Array("ekt1_".utf8) + Self.encode(Sample.token.replacing(offset, new)))
    }
    #expect(fault(0, [2]) == Fault(.unknownVersion, 5))
    #expect(fault(1, [6]) == Fault(.unknownValue, 6))
    #expect(fault(2, [0, 0, 0, 0]) == Fault(.valueOutOfRange, 7))
    #expect(fault(22, [0, 17]) == Fault(.lengthOutOfRange, 34))
    #expect(fault(22, [0, 64]) == Fault(.truncated, 37))
    #expect(fault(22, [0, 16]) == Fault(.trailingBytes, 5 + 40 * 8 / 6))
    #expect(Self.tokenFault(Array("ekt1_".utf8)) == Fault(.truncated, 5))
  }

  @Test("a text longer than any token is refused for its grammar, and checked to its end")
  func overlongToken() {
    let long = Array("ekt1_".utf8) + Self.encode(Sample.token.bytes + filler(20_000))
    #expect(Self.tokenFault(long) == Fault(.trailingBytes, 5 + 56 * 8 / 6))
    #expect(Self.tokenFault(long.dropLast() + [61]) == Fault(.badBase64url, long.count - 1))
    #expect(Self.tokenFault(long + [65]) != nil)
  }

  @Test("a blob has a text up to 65,536 bytes, and no further")
  func blobText() throws {
    let blob = try SealedBlob(parsing: Sample.sealedBlob.bytes)
    #expect(try Array(blob.text().utf8) == Self.blobText)
    #expect(Self.blobText.count - 5 == 155)
    let longest = try SealedBlob(context: blob.context, sealed: filler(65_536 - 41))
    let text = try longest.text()
    #expect(text.utf8.count - 5 == 87_386)
    #expect(try SealedBlob(text: text) == longest)
    let longer = try SealedBlob(context: blob.context, sealed: filler(65_537 - 41))
    #expect(throws: WireError.self) { try longer.text() }
  }

  @Test("R-15.1-1: a length prefix that is not the length of what follows is refused")
  func blobLength() {
    func fault(_ length: UInt64, _ rest: [UInt8] = []) -> Fault? {
      let bytes = Sample.blobText.replacing(0, bigEndian(length, 3)) + rest
      return Self.blobFault(Array("eks1_".utf8) + Self.encode(bytes))
    }
    #expect(fault(113) == nil)
    #expect(fault(114) == Fault(.truncated, 9))
    #expect(fault(113, [0]) == Fault(.trailingBytes, 5 + 116 * 8 / 6))
    #expect(fault(112) == Fault(.lengthOutOfRange, 5))
    #expect(fault(65_537) == Fault(.lengthOutOfRange, 5))
    #expect(fault(113, filler(100_000)) == Fault(.trailingBytes, 5 + 116 * 8 / 6))
  }
}
