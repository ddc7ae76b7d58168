/// The encoding of RSAES-OAEP (RFC 8017 §7.1.1 step 2) for 256 bytes, with SHA-1 and an empty label.
///
/// OpenSSL decodes it, but cannot encode it with a seed from a `RandomSource`.
enum OAEP {
  /// Bytes of an encoded message.
  static var blockByteCount: Int { 256 }
  /// Most bytes of a message.
  static var messageMaximum: Int { blockByteCount - 2 * SHA1.byteCount - 2 }

  /// Encodes `message`, of at most 214 bytes (else `invalidLength`): 00, masked seed, masked data block.
  /// The seed is the next 20 bytes of `random`.
  static func encode(
    _ message: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(PrimitiveError) -> Scratch {
    guard message.count <= messageMaximum else { throw .invalidLength }
    let seed = 1..<1 + SHA1.byteCount
    let data = seed.upperBound..<blockByteCount

    // The data block: hash of the empty label, zeros, 01, message.
    var block = Scratch(count: blockByteCount)
    var labelHash = try DigestContext(.sha1)
    try unsafe labelHash.finish(into: block.start + data.lowerBound)
    let start = blockByteCount - message.count
    block[start - 1] = 1
    message.withBytes { block.set($0, at: start) }

    try block.withMutableBytes(seed) { (seed) throws(PrimitiveError) in try random.fill(&seed) }
    try block.mask(data, seed: seed)
    try block.mask(seed, seed: data)
    return block
  }
}

extension Scratch {
  /// Masks one range with MGF1 of another, which does not overlap it.
  fileprivate mutating func mask(_ range: Range<Int>, seed: Range<Int>) throws(PrimitiveError) {
    var copy = Scratch(count: seed.count)
    withBytes(seed) { copy.set($0, at: 0) }
    try withMutableBytes(range) { (output) throws(PrimitiveError) in
      try copy.withBytes(0..<copy.count) { (seed) throws(PrimitiveError) in
        try SHA1.mask(&output, seed: seed)
      }
    }
  }
}
