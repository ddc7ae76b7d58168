/// HKDF (RFC 5869).
public enum HKDF {
  /// HKDF-SHA-256, both steps: `count` bytes, at most 255 * 32 (else `invalidLength`).
  public static func sha256(
    ikm: borrowing SecretBytes, salt: [UInt8] = [], info: [UInt8], count: Int
  ) throws(PrimitiveError) -> SecretBytes {
    let extract = try HMACKey(.sha256, key: salt.span)
    var context = try extract.begin()
    try ikm.withBytes { (ikm) throws(PrimitiveError) in try context.update(ikm) }
    let prk = Scratch(count: Digest.sha256.count)
    try unsafe extract.finish(&context, into: prk.start)
    return try prk.withBytes(0..<prk.count) { (prk) throws(PrimitiveError) in
      try expand(.sha256, prk: prk, info: info, count: count)
    }
  }

  /// HKDF-Expand of SHA-512 alone, for a key that is uniformly random already: `count` bytes, at most
  /// 255 * 64 (else `invalidLength`).
  public static func expandSHA512(
    prk: borrowing SecretBytes, info: [UInt8], count: Int
  ) throws(PrimitiveError) -> SecretBytes {
    try prk.withBytes { (prk) throws(PrimitiveError) in
      try expand(.sha512, prk: prk, info: info, count: count)
    }
  }

  /// RFC 5869 §2.3: T(i) = HMAC(PRK, T(i-1) || info || i).
  private static func expand(
    _ digest: Digest, prk: Span<UInt8>, info: [UInt8], count: Int
  ) throws(PrimitiveError) -> SecretBytes {
    guard count >= 0, count <= 255 * digest.count else { throw .invalidLength }
    let key = try HMACKey(digest, key: prk)
    var context = try key.begin()
    let block = Scratch(count: digest.count)
    return try SecretBytes(count: count) { (output) throws(PrimitiveError) in
      var counter: UInt8 = 0
      var done = 0
      while done < count {
        counter += 1
        try key.begin(&context)
        if counter > 1 { try unsafe context.update(block.start, count: block.count) }
        try context.update(info.span)
        try unsafe context.update(&counter, count: 1)
        try unsafe key.finish(&context, into: block.start)
        let step = min(count - done, block.count)
        block.withBytes(0..<step) { output.write($0, at: done) }
        done += step
      }
    }
  }
}
