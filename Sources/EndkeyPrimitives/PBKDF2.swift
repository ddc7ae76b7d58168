/// PBKDF2 (RFC 8018 §5.2).
public enum PBKDF2 {
  /// PBKDF2-HMAC-SHA-256: `count` bytes. Any length of password; no iterations or no output is
  /// `invalidLength`. How many iterations are enough, or too many to attempt, is for the protocol to say.
  public static func hmacSHA256(
    password: borrowing SecretBytes, salt: [UInt8], iterations: UInt32, count: Int
  ) throws(PrimitiveError) -> SecretBytes {
    let hashCount = Digest.sha256.count
    guard iterations > 0, count > 0, (count - 1) / hashCount < UInt32.max else { throw .invalidLength }
    let key = try password.withBytes { (key) throws(PrimitiveError) in try HMACKey(.sha256, key: key) }
    var context = try key.begin()
    let chain = Scratch(count: hashCount)  // U_1, U_2, ...
    var sum = Scratch(count: hashCount)  // their exclusive or
    return try SecretBytes(count: count) { (output) throws(PrimitiveError) in
      var index: UInt32 = 0
      var done = 0
      while done < count {
        index += 1
        var encoded = index.bigEndian
        try key.begin(&context)
        try context.update(salt.span)
        try unsafe context.update(&encoded, count: 4)
        try unsafe key.finish(&context, into: chain.start)
        chain.withBytes(0..<hashCount) { sum.set($0, at: 0) }
        // Not `for`: without optimisation, its iterator takes as long as the hashing.
        var left = iterations - 1
        while left > 0 {
          left -= 1
          try key.begin(&context)
          try unsafe context.update(chain.start, count: hashCount)
          try unsafe key.finish(&context, into: chain.start)
          sum.formXOR(chain)
        }
        let step = min(count - done, hashCount)
        sum.withBytes(0..<step) { output.write($0, at: done) }
        done += step
      }
    }
  }
}
