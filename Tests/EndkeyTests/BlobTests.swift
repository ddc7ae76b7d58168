import EndkeyPrimitives
import EndkeyWire
import TestPrimitives
import TestSupport
import Testing

@testable import Endkey

@Suite("Sealed blobs") struct BlobTests {
  static let sizes = [0, 1, 16_383, 16_384, 16_385, 3 * 16_384]
  static let sealedChunk = 16_384 + 16
  /// Bytes before the first chunk.
  static let head = 41 + 56

  static func seal(
    _ content: [UInt8], agentID: AgentID = ActivityFixture.agentID, epoch: Epoch = ActivityFixture.epoch,
    field: BlobField = .screenshot
  ) throws -> SealedBlob {
    var random = CountingRandom()
    return try SealedBlob(
      sealing: content.span, key: ActivityFixture.agentKey(agentID, epoch: epoch), field: field,
      using: &random)
  }

  /// What a stream opens, and the error that ends it.
  static func open(
    _ bytes: [UInt8], ring: KeyRing? = nil, reference: BlobReference? = nil, of author: AgentID? = nil,
    piece: Int = 10_000
  ) throws -> (content: [UInt8], code: ErrorCode?) {
    var opener = BlobOpener(ring: try ring ?? ActivityFixture.ownerRing(), reference: reference, of: author)
    var content: [UInt8] = []
    do throws(ProtocolError) {
      for start in stride(from: 0, to: bytes.count, by: piece) {
        try opener.update(bytes.span.extracting(start..<min(start + piece, bytes.count)), into: &content)
      }
      try opener.finish(into: &content)
      return (content, nil)
    } catch {
      return (content, error.code)
    }
  }

  @Test("Blobs are those of an independent implementation: R-15-1, R-15-2")
  func knownAnswers() throws {
    let short = try Self.seal([UInt8]("password123".utf8), field: .keystrokes)
    #expect(
      short.serialized
        == [UInt8](
          hex:
            "454b0107a0a1a2a3a4a5a6a7a8a9aaabacadaeaf0000000710c0c1c2c3c4c5c6c7c8c9cacbcccdcecf000102030405"
            + "060708090a0b0c0d0e0f1011121314151617e804af8d64f1004d0626843c6d0980a351eb30f7ce65028d90f7b66e"
            + "af7a44dada522ad12c15109c0b1bc48deba44d44b843d6f39018bcdc860111"))
    let long = try Self.seal(ActivityFixture.content(3 * 16_384), field: .keystrokes)
    #expect(long.serializedCount == 49_313)
    #expect(
      Hash(sha256: long.serialized).description
        == "d52715511a4b3a24c908d7eed4fb4b27d59815000e8b82c6048a20da6e8b3815")
  }

  @Test("A content of each size comes back, for owner and agent, whatever the pieces", arguments: sizes)
  func roundTrip(_ count: Int) throws {
    let content = ActivityFixture.content(count)
    let blob = try Self.seal(content)
    #expect(blob.serializedCount == 41 + 56 + count + 16 * (count / 16_384 + 1))
    #expect(try blob.open(with: ActivityFixture.ownerRing()) == content)
    for piece in [1, 41, 113, 16_400, 100_000] where piece > 1 || count < 20_000 {
      let (opened, code) = try Self.open(blob.serialized, ring: ActivityFixture.agentRing(), piece: piece)
      #expect(code == nil && opened == content, "pieces of \(piece)")
    }
  }

  @Test("A stream sealed in pieces is the one sealed at once, and its reference names it", arguments: sizes)
  func streaming(_ count: Int) throws {
    let content = ActivityFixture.content(count)
    var random = CountingRandom()
    var sealer = try BlobSealer(key: ActivityFixture.agentKey(), field: .screenshot, using: &random)
    var sealed: [UInt8] = []
    for start in stride(from: 0, to: count, by: 5_000) {
      try sealer.update(content.span.extracting(start..<min(start + 5_000, count)), into: &sealed)
    }
    let reference = try sealer.finish(into: &sealed)
    #expect(try sealed == Self.seal(content).serialized)
    #expect(reference.length.value == UInt64(sealed.count))
    #expect(reference.digest == Hash(sha256: sealed))
    #expect(reference.field == .screenshot)
    #expect(try Self.open(sealed, reference: reference) == (content, nil))
  }

  @Test("Every byte of context, salt, commitment, chunk and tag is protected: R-15-2")
  func tampering() throws {
    let bytes = try Self.seal([UInt8]("secret".utf8)).serialized
    let ring = try ActivityFixture.ownerRing()
    for index in bytes.indices {
      let (content, code) = try Self.open(bytes.flipping(at: index), ring: ring)
      let expected: ErrorCode =
        switch index {
        case 0..<2: .badMagic
        case 2: .unknownVersion
        case 3: .unexpectedType
        case 4..<20: .wrongAccount
        case 20..<24: .noEpochKey
        default: .blobOpenFailed  // another field or agent has another key or context: R-15-1
        }
      #expect(code == expected, "byte \(index)")
      #expect(content.isEmpty)
    }
  }

  @Test("Every cut is refused, at the parser's offset or as blob_open_failed")
  func truncation() throws {
    let bytes = try Self.seal([UInt8]("secret".utf8)).serialized
    for count in 0..<bytes.count {
      let (content, code) = try Self.open([UInt8](bytes.prefix(count)))
      #expect(code == (count < 113 ? .truncated : .blobOpenFailed), "\(count) bytes")
      #expect(content.isEmpty)
    }
  }

  @Test("Chunks dropped, swapped, repeated or appended are refused; only verified ones are released")
  func chunks() throws {
    let content = ActivityFixture.content(3 * 16_384)
    let bytes = try Self.seal(content).serialized
    let chunks = stride(from: Self.head, to: bytes.count, by: Self.sealedChunk).map {
      [UInt8](bytes[$0..<min($0 + Self.sealedChunk, bytes.count)])
    }
    #expect(chunks.map(\.count) == [16_400, 16_400, 16_400, 16])
    func expectRefused(_ order: [Int], released: Int) throws {
      let (opened, code) = try Self.open([UInt8](bytes.prefix(Self.head)) + order.flatMap { chunks[$0] })
      #expect(code == .blobOpenFailed, "\(order)")
      #expect(opened == [UInt8](content.prefix(released * 16_384)), "\(order)")
    }
    try expectRefused([0, 1, 2], released: 3)  // the end is missing
    try expectRefused([0, 1, 3], released: 2)
    try expectRefused([1, 2, 3], released: 0)
    try expectRefused([0, 2, 1, 3], released: 1)
    try expectRefused([0, 0, 1, 2, 3], released: 1)
    try expectRefused([0, 1, 2, 3, 3], released: 3)
    try expectRefused([0, 1, 2, 0, 3], released: 3)
    try expectRefused([3], released: 0)
  }

  @Test("Bytes behind the last chunk are refused, and so is a chunk of another blob under the same key")
  func foreignChunks() throws {
    let bytes = try Self.seal(ActivityFixture.content(20_000)).serialized
    #expect(try Self.open(bytes + [0]).code == .blobOpenFailed)
    var random = CountingRandom()
    _ = try random.bytes(24)
    let other = try SealedBlob(
      sealing: ActivityFixture.content(20_000).span, key: ActivityFixture.agentKey(), field: .screenshot,
      using: &random
    ).serialized
    let last = Self.head + Self.sealedChunk
    #expect(try Self.open([UInt8](bytes[..<last] + other[last...])).code == .blobOpenFailed)
  }

  @Test("After an error nothing more is released")
  func afterFailure() throws {
    let bytes = try Self.seal(ActivityFixture.content(40_000)).serialized
    let broken = bytes.flipping(at: Self.head)
    var opener = BlobOpener(ring: try ActivityFixture.ownerRing())
    var content: [UInt8] = []
    for piece in stride(from: 0, to: broken.count, by: 20_000) {
      let end = min(piece + 20_000, broken.count)
      let error = code { () throws(ProtocolError) in
        try opener.update(broken.span.extracting(piece..<end), into: &content)
      }
      #expect(error == .blobOpenFailed)
    }
    do throws(ProtocolError) {
      try opener.finish(into: &content)
      Issue.record("finished")
    } catch {
      #expect(error.code == .blobOpenFailed)
    }
    #expect(content.isEmpty)
  }

  @Test("Account, then epoch and agent, then the seal: R-15-1")
  func order() throws {
    let mine = try ActivityFixture.agentRing()
    let other = try Self.seal([1], agentID: ActivityFixture.otherAgentID).serialized
    #expect(try Self.open(other, ring: mine).code == .noGrant)
    #expect(try Self.open(other).code == nil, "the owner opens all")
    let later = try Self.seal([1], agentID: ActivityFixture.otherAgentID, epoch: 8).serialized
    #expect(try Self.open(later, ring: mine).code == .noGrant)
    #expect(try Self.open(later).code == .noEpochKey)
    #expect(try Self.open(later.flipping(at: 4), ring: mine).code == .wrongAccount)
    #expect(try Self.open(later.flipping(0x40, at: 24), ring: mine).code == .unknownValue)
  }

  @Test("A blob that its reference does not name is refused")
  func references() throws {
    let content = ActivityFixture.content(16_385)
    let bytes = try Self.seal(content).serialized
    let digest = Hash(sha256: bytes)
    func openCode(_ length: Int, _ digest: Hash) throws -> ErrorCode? {
      try Self.open(
        bytes, reference: BlobReference(field: .screenshot, length: Counter(UInt64(length)), digest: digest)
      ).code
    }
    #expect(try openCode(bytes.count, digest) == nil)
    #expect(try openCode(bytes.count + 1, digest) == .blobOpenFailed)
    #expect(try openCode(bytes.count, .zero) == .blobOpenFailed)
  }

  @Test("R-16.2-9: a batch that names another agent's blob does not make it its own")
  func authors() throws {
    let bytes = try Self.seal([1], agentID: ActivityFixture.otherAgentID).serialized
    let reference = try BlobReference(
      field: .screenshot, length: Counter(UInt64(bytes.count)), digest: Hash(sha256: bytes))
    #expect(try Self.open(bytes, reference: reference, of: ActivityFixture.otherAgentID).code == nil)
    let stolen = try Self.open(bytes, reference: reference, of: ActivityFixture.agentID)
    #expect(stolen.code == .blobOpenFailed && stolen.content.isEmpty)
  }

  @Test("The longest blob that has a text form has one, and the next has none: value_too_long")
  func textLimit() throws {
    // 65,536 bytes: 41 + 56 + n + 16 * (n / 16,384 + 1) with n / 16,384 = 3.
    let most = 65_536 - 41 - 56 - 64
    var random = CountingRandom()
    let key = try ActivityFixture.agentKey()
    let text = try SealedBlob(
      sealing: ActivityFixture.content(most).span, key: key, field: .clipboard, using: &random
    ).shortText()
    #expect(text.hasPrefix("eks1_"))
    let blob = try SealedBlob(text: text)
    #expect(blob.serializedCount == 65_536)
    #expect(try blob.open(with: ActivityFixture.ownerRing()) == ActivityFixture.content(most))
    for count in [most + 1, 65_537] {
      let content = ActivityFixture.content(count)
      let error = code { () throws(ProtocolError) in
        try SealedBlob(sealing: content.span, key: key, field: .clipboard, using: &random).shortText()
      }
      #expect(error == .valueTooLong, "\(count)")
    }
  }

  @Test(
    "A text whose length prefix is not that of what follows, or with another prefix, is refused: R-15.1-1")
  func texts() throws {
    let blob = try Self.seal([1, 2, 3])
    let bytes = try BlobText(blob: blob).serialized
    func parse(_ bytes: [UInt8], prefix: String = "eks1_") -> WireError? {
      do throws(WireError) {
        _ = try SealedBlob(text: prefix + Base64URL.encode(bytes.span))
        return nil
      } catch {
        return error
      }
    }
    #expect(parse(bytes) == nil)
    #expect(parse(bytes.flipping(at: 2))?.code != nil)
    #expect(parse(bytes + [0])?.code == .trailingBytes)
    #expect(parse([UInt8](bytes.dropLast()))?.code == .truncated)
    #expect(parse([0, 0, 112] + bytes[3..<115])?.code == .lengthOutOfRange)
    #expect(parse(bytes, prefix: "ekt1_")?.code == .badPrefix)
    #expect(parse(bytes, prefix: "ekt1_")?.offset == 0)
  }
}
