import TestPrimitives
import Testing

@testable import EndkeyPrimitives

@Suite("Chunked encryption") struct ChunkedEncryptionTests {
  static let salt = Array(UInt8(0x40)..<0x58)
  static let context = Array("context".utf8)

  static var key: SecretBytes { SecretBytes(copying: Array(0..<32)) }

  static func seal(_ plaintext: [UInt8], context: [UInt8] = context) throws(PrimitiveError) -> [UInt8] {
    var random = FixedRandom(salt)
    return try ChunkedEncryption.seal(plaintext, key: key, context: context, using: &random)
  }

  /// The plaintext, whichever way of opening; all must agree.
  static func open(_ sealed: [UInt8]) -> Result<[UInt8], PrimitiveError> {
    let whole = Result { () throws(PrimitiveError) in
      try ChunkedEncryption.open(sealed, key: key, context: context)
    }
    let secret = Result { () throws(PrimitiveError) in
      try ChunkedEncryption.openSecret(sealed, key: key, context: context).disclosed
    }
    let streamed = Result { () throws(PrimitiveError) in try stream(sealed, by: 5000) }
    #expect(whole == secret)
    #expect(whole == streamed)
    return whole
  }

  /// Opens in pieces of `size` bytes.
  static func stream(_ sealed: [UInt8], by size: Int) throws(PrimitiveError) -> [UInt8] {
    var opener = try ChunkedEncryption.Opener(key: key, context: context)
    var plaintext: [UInt8] = []
    for start in stride(from: 0, to: sealed.count, by: size) {
      try opener.update(Array(sealed[start..<min(start + size, sealed.count)]).span, into: &plaintext)
    }
    try opener.finish(into: &plaintext)
    return plaintext
  }

  /// What the end of a stream throws. A closure cannot consume what it captures.
  static func finishing(
    _ opener: consuming ChunkedEncryption.Opener, into plaintext: inout [UInt8]
  ) -> PrimitiveError? {
    do throws(PrimitiveError) {
      try opener.finish(into: &plaintext)
      return nil
    } catch {
      return error
    }
  }

  /// Lengths around chunks. The hash is of the whole message, composed by an independent implementation.
  static let lengths = [
    (0, "db0c20647bd4cdba1f7648e8a3926da390ad72c03b659a6f8a1587d39de9d898"),
    (1, "279f0c9fc8f1cbe14ecbd89c7984864fde9b69e9ac8f03e2590d3008124a8ff9"),
    (16383, "9d5b5055920408040d2c2af1a259f7b75586cfba2cca70cd7dfd4baee6c77d16"),
    (16384, "2c7b390c3bb272d0f620d2ec3cc23db66ac2c0eaf979292898238725619085e6"),
    (16385, "2c2b2cdf3c63acb2ed36a8d894a9d42a70789ebbdae2fc6b78959831dc0236b8"),
    (32768, "f9bd06e85e3452cbe07d889a23b6951d9cbca8905b30c9c4948c848e35a0fc20"),
    (50000, "85f9356fbbc31a5355acbb41f74db9a8eda557431c97885e9e350b842072b406"),
  ]

  @Test("an independent composition agrees, and every way of opening gives the plaintext", arguments: lengths)
  func agrees(_ count: Int, _ hash: String) throws {
    let sealed = try Self.seal(pattern(count))
    #expect(SHA256.hash(sealed) == hex(hash))
    #expect(try sealed.count == ChunkedEncryption.sealedCount(of: count))
    #expect(sealed.prefix(24) == Self.salt[...])
    #expect(Self.open(sealed) == .success(pattern(count)))
  }

  @Test("a secret plaintext seals to the same bytes")
  func secretPlaintext() throws {
    var random = FixedRandom(Self.salt)
    let sealed = try ChunkedEncryption.seal(
      SecretBytes(copying: pattern(100)), key: Self.key, context: Self.context, using: &random)
    #expect(try sealed == Self.seal(pattern(100)))
  }

  @Test(
    "pieces of any size seal and open to the same bytes as the whole",
    arguments: [0, 1, 100, 16384, 16385, 50000], [1, 55, 56, 57, 977, 16383, 16384, 16385, 16400, 40000])
  func pieces(_ count: Int, _ size: Int) throws {
    guard size > 1 || count <= 16385 else { return }
    let plaintext = pattern(count)
    var random = FixedRandom(Self.salt)
    var sealer = try ChunkedEncryption.Sealer(key: Self.key, context: Self.context, using: &random)
    var sealed: [UInt8] = []
    for start in stride(from: 0, to: count, by: size) {
      let before = sealed.count
      try sealer.update(Array(plaintext[start..<min(start + size, count)]).span, into: &sealed)
      // Nothing is held back but less than one chunk.
      #expect(sealed.count - before <= 56 + (size / 16384 + 1) * 16400)
    }
    try sealer.finish(into: &sealed)
    #expect(try sealed == Self.seal(plaintext))
    #expect(try Self.stream(sealed, by: size) == plaintext)
  }

  @Test("an opener gives out a chunk as soon as its last byte is there, and not before")
  func promptness() throws {
    let sealed = try Self.seal(pattern(40000))
    var opener = try ChunkedEncryption.Opener(key: Self.key, context: Self.context)
    var plaintext: [UInt8] = []
    try opener.update(Array(sealed[..<(56 + 16399)]).span, into: &plaintext)
    #expect(plaintext.isEmpty)
    try opener.update([sealed[56 + 16399]].span, into: &plaintext)
    #expect(plaintext == Array(pattern(40000).prefix(16384)))
    try opener.update(Array(sealed[(56 + 16400)...]).span, into: &plaintext)
    #expect(plaintext.count == 32768)
    try opener.finish(into: &plaintext)
    #expect(plaintext == pattern(40000))
  }

  @Test("a flipped bit in any byte of a short message is refused")
  func tamperedShort() throws {
    let sealed = try Self.seal(pattern(5))
    for index in sealed.indices {
      #expect(Self.open(sealed.flipping(index)) == .failure(.authenticationFailed), "\(index)")
    }
  }

  @Test("a flipped bit in any part of a long message is refused")
  func tamperedLong() throws {
    let sealed = try Self.seal(pattern(40000))
    let boundaries = [
      0, 24, 56, 56 + 16384, 56 + 16400, 56 + 32768, 56 + 32800, sealed.count - 16, sealed.count,
    ]
    for index in boundaries.flatMap({ [$0 - 1, $0] }) where sealed.indices.contains(index) {
      #expect(Self.open(sealed.flipping(index, bit: 0x40)) == .failure(.authenticationFailed), "\(index)")
    }
  }

  @Test("a message cut anywhere is refused")
  func cut() throws {
    let short = try Self.seal(pattern(5))
    for count in short.indices {
      #expect(Self.open(Array(short.prefix(count))) == .failure(.authenticationFailed), "\(count)")
    }
    let long = try Self.seal(pattern(32768))
    for count in [56, 57, 72, 56 + 16400, 56 + 16401, 56 + 16416, 56 + 32800, long.count - 1] {
      #expect(Self.open(Array(long.prefix(count))) == .failure(.authenticationFailed), "\(count)")
    }
  }

  @Test("bytes after the end, and chunks repeated, swapped or left out, are refused")
  func rearranged() throws {
    let sealed = try Self.seal(pattern(40000))
    let head = Array(sealed[..<56])
    let chunks = [Array(sealed[56..<16456]), Array(sealed[16456..<32856]), Array(sealed[32856...])]
    #expect(Self.open(head + chunks.joined()) == .success(pattern(40000)))
    for order in [[1, 0, 2], [0, 2], [0, 0, 1, 2], [2], [0, 1, 2, 2], [0, 1, 0], []] {
      #expect(
        Self.open(head + order.flatMap { chunks[$0] }) == .failure(.authenticationFailed), "\(order)")
    }
    #expect(Self.open(sealed + [0]) == .failure(.authenticationFailed))
    #expect(Self.open(sealed + [UInt8](repeating: 0, count: 16)) == .failure(.authenticationFailed))
  }

  @Test("a last chunk of 16,384 bytes with a right tag is refused")
  func fullLastChunk() throws {
    let sealed = try Self.seal(pattern(16384))
    #expect(Self.open(Array(sealed.prefix(56 + 16400))) == .failure(.authenticationFailed))
  }

  @Test("the parts of another message do not fit, even under the same key")
  func mixed() throws {
    var random = FixedRandom(Self.salt.reversed())
    let other = try ChunkedEncryption.seal(
      pattern(5), key: Self.key, context: Self.context, using: &random)
    let sealed = try Self.seal(pattern(5))
    #expect(Self.open(Array(sealed[..<56] + other[56...])) == .failure(.authenticationFailed))
    #expect(Self.open(Array(other[..<24] + sealed[24...])) == .failure(.authenticationFailed))
  }

  @Test("another key or context is refused at the head, before any chunk")
  func wrongKey() throws {
    let sealed = try Self.seal(pattern(5))
    let others = [
      (Array(0..<32).flipping(31), Self.context), (Array(0..<32), []), (Array(0..<32), Self.context + [0]),
    ]
    for (key, context) in others {
      let key = SecretBytes(copying: key)
      #expect(
        failure { () throws(PrimitiveError) in
          try ChunkedEncryption.open(sealed, key: key, context: context)
        } == .authenticationFailed)
      var opener = try ChunkedEncryption.Opener(key: key, context: context)
      var plaintext: [UInt8] = []
      #expect(
        failure { () throws(PrimitiveError) in
          try opener.update(Array(sealed.prefix(56)).span, into: &plaintext)
        } == .authenticationFailed)
    }
  }

  @Test("a wrong commitment is refused although every chunk is right")
  func commitment() throws {
    let sealed = try Self.seal(pattern(5))
    for index in 24..<56 {
      #expect(Self.open(sealed.flipping(index)) == .failure(.authenticationFailed))
    }
  }

  @Test("after a failure an opener gives out nothing more, not even of chunks that are right")
  func sticky() throws {
    let sealed = try Self.seal(pattern(50000))
    var opener = try ChunkedEncryption.Opener(key: Self.key, context: Self.context)
    var plaintext: [UInt8] = []
    try opener.update(Array(sealed[..<16456]).span, into: &plaintext)
    #expect(plaintext.count == 16384)
    let bad = Array(sealed[16456..<32856]).flipping(9)
    // The chunk after the bad one comes under its own number: only the memory of the failure refuses it.
    for piece in [bad, Array(sealed[32856...]), Array(sealed[16456..<32856]), []] {
      let error = failure { () throws(PrimitiveError) in try opener.update(piece.span, into: &plaintext) }
      #expect(error == .authenticationFailed)
    }
    #expect(plaintext == Array(pattern(50000).prefix(16384)))
    #expect(Self.finishing(opener, into: &plaintext) == .authenticationFailed)
  }

  @Test(
    "an opener that ends without its head, its last chunk or a whole tag tells",
    arguments: [0, 20, 56, 60, 71])
  func unfinished(_ count: Int) throws {
    let sealed = try Self.seal([])
    var opener = try ChunkedEncryption.Opener(key: Self.key, context: Self.context)
    var plaintext: [UInt8] = []
    try opener.update(Array(sealed.prefix(count)).span, into: &plaintext)
    #expect(Self.finishing(opener, into: &plaintext) == .authenticationFailed)
    #expect(plaintext.isEmpty)
  }

  @Test("a chunk that fails leaves zeros, not plaintext")
  func wiped() throws {
    let sealed = try Self.seal(pattern(500))
    var cipher = try ChunkCipher(key: Self.key, salt: Self.salt, context: Self.context, .decrypt)
    let output = Scratch(count: 500)
    unsafe output.start.initializeMemory(as: UInt8.self, repeating: 0xaa, count: 500)
    let chunk = Array(sealed[56...]).flipping(515)
    let error = failure { () throws(PrimitiveError) in try unsafe cipher.open(chunk.span, into: output.start)
    }
    #expect(error == .authenticationFailed)
    let zeros = output.withBytes(0..<500) { [UInt8]($0) == [UInt8](repeating: 0, count: 500) }
    #expect(zeros)
  }

  @Test(
    "the number of a chunk is XORed into the nonce, up to 2^38 - 1 and no further",
    arguments: [0, 1, 1 << 32])
  func chunkNumbers(_ first: UInt64) throws {
    let number = first == 0 ? (1 << 38) - 1 : first
    let info = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM".utf8) + [0] + Self.salt + Self.context
    let derived = try HKDF.expandSHA512(prk: Self.key, info: info, count: 76)
    var nonce = try derived.slice(32..<44).disclosed
    for index in 0..<8 { nonce[11 - index] ^= UInt8(truncatingIfNeeded: number >> (8 * index)) }
    let expected = try AESGCM.seal(pattern(20), key: derived.slice(0..<32), nonce: nonce)

    var cipher = try ChunkCipher(
      key: Self.key, salt: Self.salt, context: Self.context, .encrypt, first: number)
    let output = Scratch(count: 36)
    try unsafe cipher.seal(pattern(20).span, into: output.start)
    let sealed = output.withBytes(0..<36) { [UInt8]($0) }
    #expect(sealed == expected.ciphertext + expected.tag)

    let next = failure { () throws(PrimitiveError) in
      try unsafe cipher.seal(pattern(20).span, into: output.start)
    }
    #expect(next == (number == (1 << 38) - 1 ? .invalidLength : nil))
  }

  @Test("counts of plaintext and of message determine each other")
  func counts() throws {
    for count in Array(0...20) + Array(16380...16390) + Array(32760...32775) {
      let sealed = try ChunkedEncryption.sealedCount(of: count)
      #expect(sealed == 56 + count + 16 * (count / 16384 + 1))
      #expect(try ChunkedEncryption.plaintextCount(of: sealed) == count)
    }
    // Every count is either that of a message or refused.
    var accepted = 0
    for sealed in 0..<40000 {
      guard let count = try? ChunkedEncryption.plaintextCount(of: sealed) else { continue }
      accepted += 1
      #expect(try ChunkedEncryption.sealedCount(of: count) == sealed)
    }
    #expect(accepted == 40000 - 72 - 2 * 16)
  }

  @Test("counts beyond 2^38 chunks or below zero are errors, not traps")
  func countBounds() throws {
    let most = (1 << 38) * 16384 - 1
    let sealed = try ChunkedEncryption.sealedCount(of: most)
    #expect(try ChunkedEncryption.plaintextCount(of: sealed) == most)
    for count in [most + 1, Int.max, -1, Int.min] {
      #expect(
        failure { () throws(PrimitiveError) in try ChunkedEncryption.sealedCount(of: count) }
          == .invalidLength)
    }
    for count in [sealed + 1, sealed + 17, Int.max, 71, 0, -1, Int.min] {
      #expect(
        failure { () throws(PrimitiveError) in try ChunkedEncryption.plaintextCount(of: count) }
          == .authenticationFailed)
    }
  }

  @Test("64 seals of one plaintext are all different")
  func freshSalts() throws {
    var random = SystemRandom()
    var seen: Set<[UInt8]> = []
    for _ in 0..<64 {
      let sealed = try ChunkedEncryption.seal([1], key: Self.key, context: [], using: &random)
      seen.insert(Array(sealed.prefix(24)))
      seen.insert(Array(sealed.suffix(17)))
    }
    #expect(seen.count == 128)
  }

  @Test("a key that does not have 32 bytes is refused, whatever is done", arguments: [0, 16, 31, 33, 64])
  func keySizes(_ count: Int) throws {
    let sealed = try Self.seal([])
    let key = SecretBytes(copying: pattern(count))
    var random = SystemRandom()
    #expect(
      failure { () throws(PrimitiveError) in
        try ChunkedEncryption.seal([], key: key, context: [], using: &random)
      } == .invalidKey)
    #expect(
      failure { () throws(PrimitiveError) in try ChunkedEncryption.open(sealed, key: key, context: []) }
        == .invalidKey)
    #expect(
      failure { () throws(PrimitiveError) in try ChunkedEncryption.Opener(key: key, context: []) }
        == .invalidKey)
  }

  @Test("no salt, no message")
  func noRandomness() {
    var random = FixedRandom([])
    #expect(
      failure { () throws(PrimitiveError) in
        try ChunkedEncryption.seal([1], key: Self.key, context: [], using: &random)
      } == .libraryFailure)
  }
}
