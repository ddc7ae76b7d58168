/// SHA-1 (FIPS 180-4), and MGF1 over it (RFC 8017 §B.2.1), as OAEP needs them and for nothing else.
enum SHA1 {
  static var byteCount: Int { Digest.sha1.count }

  /// Combines `output` and as many bytes of MGF1 of `seed` by exclusive or.
  static func mask(_ output: inout MutableSpan<UInt8>, seed: Span<UInt8>) throws(PrimitiveError) {
    let block = Scratch(count: byteCount)
    var done = 0
    while done < output.count {
      var counter = UInt32(done / byteCount).bigEndian
      var hash = try DigestContext(.sha1)
      try hash.update(seed)
      try unsafe hash.update(&counter, count: 4)
      try unsafe hash.finish(into: block.start)
      for index in 0..<min(byteCount, output.count - done) { output[done + index] ^= block[index] }
      done += byteCount
    }
  }
}
