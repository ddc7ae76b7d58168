import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

@Suite("Tokens") struct TokenTests {
  static let sizes = [
    0, 1, 14, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 1_023, 1_024, 2_047, 2_048, 4_095,
  ]

  /// A token of any padded bytes under the right key: what a careless or malicious agent could make.
  static func token(padded: [UInt8], field: TokenField = .url, associatedData: [[UInt8]]? = nil) throws
    -> Token
  {
    var siv = try AESSIV(key: ActivityFixture.masterKey().tokenKey().secret)
    let ad = TokenAssociatedData(ActivityFixture.accountID, ActivityFixture.epoch)[field]
    let (v, c) = try siv.seal(padded, associatedData: associatedData ?? ad)
    return try Token(field: field, epoch: ActivityFixture.epoch, v: SyntheticIV(v), c: c)
  }

  static func openCode(_ token: Token, ring: KeyRing? = nil) throws -> ErrorCode? {
    var opener = TokenOpener(ring: try ring ?? ActivityFixture.ownerRing())
    return code { () throws(ProtocolError) in try opener.open(token) }
  }

  @Test(
    "Tokens are those of an independent implementation: R-14.1-1",
    arguments: [
      (TokenField.windowTitle, "", "ekt1_AQMAAAAHyQSDYzu04wPHVazGI1Aa8wAQr1UE5rAfeGz1Ptfv8_v95Q"),
      (
        .windowTitle, "Überblick – Q3",
        "ekt1_AQMAAAAHBUjwlPLT6ekMgTnV6DJMdQAg7-AJwboUIghzo_L99-MCrb2jpE9qBca3c2voNRq9IGQ"
      ),
      (
        .url, "https://example.com/",
        "ekt1_AQQAAAAHFWvDn_UgsyP_Rss5k66AewAgXQBNZkq9ny76NTV4kwzo6jvFGbbWxEpoX76qWkSq-PI"
      ),
    ])
  func knownAnswers(_ field: TokenField, _ value: String, _ text: String) throws {
    var sealer = try ActivityFixture.sealer()
    #expect(try sealer.seal(value, field: field).text == text)
    var opener = TokenOpener(ring: try ActivityFixture.agentRing())
    #expect(try opener.open(text: text) == [UInt8](value.utf8))
  }

  @Test("A value of each size comes back, padded to the smallest size: R-14.1-4", arguments: sizes)
  func roundTrip(_ count: Int) throws {
    var sealer = try ActivityFixture.sealer()
    var opener = TokenOpener(ring: try ActivityFixture.ownerRing())
    let value = [UInt8](repeating: UInt8(ascii: "x"), count: count)
    let token = try sealer.seal(value, field: .documentName)
    let smallest = [16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096].first { $0 > count }
    #expect(token.c.count == smallest)
    #expect(try opener.open(parsing: token.serialized) == value)
  }

  @Test("Equal values give equal tokens; another field, epoch or account gives another V")
  func equality() throws {
    var sealer = try ActivityFixture.sealer()
    let token = try sealer.seal("mail", field: .applicationName)
    #expect(try sealer.seal("mail", field: .applicationName) == token)
    var again = try ActivityFixture.sealer()
    #expect(try again.seal("mail", field: .applicationName) == token)
    #expect(try sealer.seal("mail", field: .windowTitle).v != token.v)
    #expect(try sealer.seal("Mail", field: .applicationName).v != token.v)
    var next = try ActivityFixture.sealer(epoch: 8)
    #expect(try next.seal("mail", field: .applicationName).v != token.v)
    let account = AccountID(verifyKey: .zero)
    var other = try TokenSealer(key: ActivityFixture.masterKey(accountID: account).tokenKey())
    #expect(try other.seal("mail", field: .applicationName).v != token.v)
  }

  @Test("A value too long or not UTF-8 is refused: R-14.1-3")
  func refusedValues() throws {
    var sealer = try ActivityFixture.sealer()
    func sealCode(_ value: [UInt8]) -> ErrorCode? {
      code { () throws(ProtocolError) in try sealer.seal(value, field: .url) }
    }
    #expect(sealCode([UInt8](repeating: 0x61, count: 4_096)) == .valueTooLong)
    #expect(sealCode([UInt8](repeating: 0xff, count: 4_096)) == .valueTooLong, "length comes first")
    #expect(sealCode([0xff]) == .valueNotUTF8)
    #expect(sealCode([0xc0, 0x80]) == .valueNotUTF8)
    #expect(sealCode([0xed, 0xa0, 0x80]) == .valueNotUTF8, "a surrogate")
    #expect(sealCode([0xf4, 0x90, 0x80, 0x80]) == .valueNotUTF8, "above U+10FFFF")
    #expect(sealCode([0xe2, 0x82]) == .valueNotUTF8, "cut within a code point")
    #expect(sealCode([0]) == nil)
  }

  @Test("A token with any byte changed does not open, and none of its plaintext is released: R-14.2-1")
  func tampering() throws {
    var sealer = try ActivityFixture.sealer()
    var opener = TokenOpener(ring: try ActivityFixture.ownerRing())
    let bytes = try sealer.seal("a title of thirty bytes or more", field: .windowTitle).serialized
    for index in bytes.indices {
      for bit: UInt8 in [1, 0x80] {
        let changed = bytes.flipping(bit, at: index)
        let error = code { () throws(ProtocolError) in try opener.open(parsing: changed) }
        let expected: [ErrorCode] =
          switch index {
          case 0: [.unknownVersion]
          case 1: [.unknownValue, .tokenOpenFailed]
          case 2..<6: [.noEpochKey]
          case 22..<24: [.lengthOutOfRange]
          default: [.tokenOpenFailed]
          }
        #expect(
          error.map(expected.contains) == true, "byte \(index), bit \(bit): \(error?.rawValue ?? "opened")")
      }
    }
  }

  @Test("A token moved to another field, epoch or account does not open")
  func moved() throws {
    var sealer = try ActivityFixture.sealer()
    let token = try sealer.seal("secret plan", field: .windowTitle)
    for field in TokenField.allCases where field != .windowTitle {
      let moved = try Token(field: field, epoch: 7, v: token.v, c: token.c)
      #expect(try Self.openCode(moved) == .tokenOpenFailed)
    }
    let nextEpoch = try Token(field: .windowTitle, epoch: 8, v: token.v, c: token.c)
    #expect(
      try Self.openCode(nextEpoch, ring: ActivityFixture.ownerRing(epochs: [7, 8])) == .tokenOpenFailed)

    let account = AccountID(verifyKey: .zero)
    var ring = KeyRing(accountID: account, holder: .owner)
    ring.add(
      TokenKey(secret: try ActivityFixture.masterKey().tokenKey().secret.copy(), accountID: account, epoch: 7)
    )
    #expect(try Self.openCode(token, ring: ring) == .tokenOpenFailed, "the id is in the associated data")
  }

  @Test("A token with no, two or swapped elements of associated data does not open: R-14.1-1")
  func associatedData() throws {
    let padded = [UInt8]("x".utf8) + [0x80] + [UInt8](repeating: 0, count: 14)
    let ad = TokenAssociatedData(ActivityFixture.accountID, 7)[.url][0]
    #expect(try Self.openCode(Self.token(padded: padded, associatedData: [ad])) == nil)
    for other in [[], [ad, []], [ad, ad], [[UInt8](ad.dropLast()), [4]], [[]]] {
      #expect(try Self.openCode(Self.token(padded: padded, associatedData: other)) == .tokenOpenFailed)
    }
  }

  @Test(
    "The counter carries beyond a byte and a word: R-14.1-2",
    arguments: [
      // V ends with fdffff.
      ("142460", 200, "8f5b8d45d2f7136b1f14ff2398ad82c57cdfdcb782c89442c21ae434af08480c"),
      ("", 4_000, "5c5377efb34b209731f2afb17381fc235d36a44f5c896aa2b743678ef279bcd2"),
    ])
  func counterCarry(_ start: String, _ more: Int, _ hash: String) throws {
    var sealer = try ActivityFixture.sealer()
    let token = try sealer.seal(start + String(repeating: "x", count: more), field: .url)
    #expect(Hash(sha256: token.serialized).description.hasPrefix(hash))
    #expect(try Self.openCode(token) == nil)
  }

  @Test("Wrong padding, a size that is not the smallest, and ill-formed UTF-8 are refused: R-14.2-2")
  func padding() throws {
    let zeros = [UInt8](repeating: 0, count: 16)
    let bad: [[UInt8]] = [
      zeros,  // no 0x80
      [0x61] + zeros.dropFirst(),  // the last byte that is not zero is another
      [UInt8](repeating: 0x61, count: 16),  // no room for padding
      [0x61, 0x80] + zeros.dropFirst(3) + [1],
      [0x61, 0x80] + [UInt8](repeating: 0, count: 30),  // 32 bytes for one
      [0xff, 0x80] + zeros.dropFirst(2),  // not UTF-8
      [0xc3, 0x80] + zeros.dropFirst(2),  // 0x80 belongs to the padding, 0xc3 is left
    ]
    for padded in bad {
      #expect(try Self.openCode(Self.token(padded: padded)) == .tokenOpenFailed, "\(padded)")
    }
    #expect(try Self.openCode(Self.token(padded: [0x80] + zeros.dropFirst())) == nil)
    #expect(try Self.openCode(Self.token(padded: [0xc3, 0x80, 0x80] + zeros.dropFirst(3))) == nil)
  }

  @Test("The parser comes first, then the key, then the seal")
  func order() throws {
    var owner = TokenOpener(ring: try ActivityFixture.ownerRing())
    var agent = TokenOpener(ring: try ActivityFixture.agentRing())
    var sealer = try ActivityFixture.sealer(epoch: 9)
    let token = try sealer.seal("x", field: .url)
    let broken = token.serialized.flipping(at: 30)
    #expect(code { () throws(ProtocolError) in try owner.open(parsing: broken) } == .noEpochKey)
    #expect(code { () throws(ProtocolError) in try agent.open(parsing: broken) } == .noGrant)
    #expect(code { () throws(ProtocolError) in try owner.open(parsing: broken + [0]) } == .trailingBytes)
  }

  @Test(
    "Text without the exact prefix is refused at 0: R-14.3-1",
    arguments: ["EKT1_", "ekt1-", "eks1_", "ekt2_", ""])
  func prefix(_ prefix: String) throws {
    var sealer = try ActivityFixture.sealer()
    let text = prefix + (try sealer.seal("x", field: .url).text.dropFirst(5))
    var opener = TokenOpener(ring: try ActivityFixture.ownerRing())
    do {
      _ = try opener.open(text: text)
      Issue.record("opened")
    } catch {
      #expect(error.code == .badPrefix)
      #expect(error.offset == 0)
      #expect(error.section == "14.3")
    }
  }
}
