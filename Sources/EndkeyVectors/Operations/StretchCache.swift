internal import EndkeyPrimitives
internal import EndkeyWire
internal import Synchronization
internal import TestPrimitives

/// PBKDF2 of the passwords of vectors, each computed once: many vectors differ only after the stretch.
///
/// The passwords are public, as is all of a vector.
enum StretchCache {
  private struct Input: Hashable {
    let password: [UInt8]
    let salt: [UInt8]
    let iterations: UInt32
  }

  private static let stretched = Mutex<[Input: [UInt8]]>([:])
  /// A client of a runner that sends no two passwords alike must not fill the memory.
  private static let countMax = 256

  /// 32 bytes.
  static func stretch(
    _ password: borrowing SecretBytes, salt: Hash, iterations: UInt32
  ) throws(PrimitiveError) -> SecretBytes {
    let input = Input(password: password.disclosed, salt: salt.bytes, iterations: iterations)
    if let known = stretched.withLock({ $0[input] }) { return SecretBytes(copying: known) }
    let new = try PBKDF2.hmacSHA256(
      password: password, salt: input.salt, iterations: iterations, count: 32)
    let bytes = new.disclosed
    stretched.withLock { cache in
      if cache.count >= countMax { cache.removeAll() }
      cache[input] = bytes
    }
    return new
  }
}
