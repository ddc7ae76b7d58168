/// AES key wrap by the letter of RFC 3394 §2.2, with every length and check value: what no honest sender makes, too.
package enum KeyWrapReference {
  /// §2.2.3.1
  package static let checkValue: UInt64 = 0xa6a6_a6a6_a6a6_a6a6

  /// The key behind its check value, wrapped under a KEK of 32 bytes. `note` gets A after each round, and the RFC's j.
  @discardableResult
  package static func wrap(
    _ key: [UInt8], kek: [UInt8], checkValue: UInt64 = checkValue, note: (Int, [UInt8]) -> Void = { _, _ in }
  ) -> [UInt8] {
    let aes = AES256(key: kek)
    var (a, r) = (bytes(checkValue), blocks(key))
    for j in 0..<6 {
      for i in r.indices {
        let block = aes.encrypt(a + r[i])
        a = combine([UInt8](block[..<8]), step: r.count * j + i + 1)
        r[i] = [UInt8](block[8...])
      }
      note(j, a)
    }
    return a + r.joined()
  }

  /// The key behind another check value, of 8 bytes.
  package static func wrap(_ key: [UInt8], kek: [UInt8], icv: [UInt8]) -> [UInt8] {
    wrap(key, kek: kek, checkValue: icv.reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The check value that unwrapping under a KEK of 32 bytes comes to, right or wrong, and the key behind it.
  @discardableResult
  package static func unwrap(
    _ wrapped: [UInt8], kek: [UInt8], note: (Int, [UInt8]) -> Void = { _, _ in }
  ) -> [UInt8] {
    let aes = AES256(key: kek)
    var a = [UInt8](wrapped[..<8])
    var r = blocks([UInt8](wrapped[8...]))
    for j in (0..<6).reversed() {
      for i in r.indices.reversed() {
        let block = aes.decrypt(combine(a, step: r.count * j + i + 1) + r[i])
        a = [UInt8](block[..<8])
        r[i] = [UInt8](block[8...])
      }
      note(j, a)
    }
    return a + r.joined()
  }

  private static func combine(_ a: [UInt8], step: Int) -> [UInt8] {
    zip(a, bytes(UInt64(step))).map { $0 ^ $1 }
  }

  private static func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
  }

  private static func blocks(_ bytes: [UInt8]) -> [[UInt8]] {
    precondition(bytes.count.isMultiple(of: 8), "no blocks of 64 bits")
    return stride(from: 0, to: bytes.count, by: 8).map { [UInt8](bytes[$0..<$0 + 8]) }
  }
}
