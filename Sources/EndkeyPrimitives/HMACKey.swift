/// A key of HMAC (RFC 2104) with the two padded blocks hashed already: a message costs two copies of a
/// hash state less than starting from the key, which is what makes PBKDF2 quick.
struct HMACKey: ~Copyable, Sendable {
  let digest: Digest
  private let inner: DigestContext
  private let outer: DigestContext

  /// Any length of key. One longer than a block is hashed first, as the RFC says.
  init(_ digest: Digest, key: Span<UInt8>) throws(PrimitiveError) {
    self.digest = digest
    var block = Scratch(count: digest.blockCount)
    if key.count <= digest.blockCount {
      block.set(key, at: 0)
    } else {
      var hash = try DigestContext(digest)
      try hash.update(key)
      try unsafe hash.finish(into: block.start)
    }
    let inner = try Self.start(digest, &block, pad: 0x36)
    let outer = try Self.start(digest, &block, pad: 0x36 ^ 0x5c)
    self.inner = inner
    self.outer = outer
  }

  /// Masks the block and hashes it.
  private static func start(
    _ digest: Digest, _ block: inout Scratch, pad: UInt8
  ) throws(PrimitiveError) -> DigestContext {
    for index in 0..<block.count { block[index] ^= pad }
    var context = try DigestContext(digest)
    try unsafe context.update(block.start, count: block.count)
    return context
  }

  /// A hash that has the key in it and awaits the message.
  borrowing func begin() throws(PrimitiveError) -> DigestContext {
    try DigestContext(copying: inner)
  }

  /// The same, in a context that exists.
  borrowing func begin(_ context: inout DigestContext) throws(PrimitiveError) {
    try context.become(inner)
  }

  /// Writes the MAC of the message that `context` has taken to `output`: `digest.count` bytes.
  borrowing func finish(
    _ context: inout DigestContext, into output: UnsafeMutableRawPointer
  ) throws(PrimitiveError) {
    try unsafe context.finish(into: output)
    try context.become(outer)
    try unsafe context.update(output, count: digest.count)
    try unsafe context.finish(into: output)
  }
}
