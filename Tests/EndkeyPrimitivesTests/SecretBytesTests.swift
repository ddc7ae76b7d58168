import TestPrimitives
import Testing

@testable import EndkeyPrimitives

@Suite("Secret bytes") struct SecretBytesTests {
  @Test("a secret is zero until it is filled, and holds what was written")
  func filling() {
    let zeros = SecretBytes(count: 33) { (_: inout MutableSpan<UInt8>) in }
    #expect(zeros.disclosed == [UInt8](repeating: 0, count: 33))
    let filled = SecretBytes(count: 2) { bytes in
      bytes[0] = 7
      bytes[1] = 9
    }
    #expect(filled.count == 2)
    #expect(filled.disclosed == [7, 9])
  }

  @Test("an error of the filling comes out, and there is no secret")
  func failing() {
    let error = failure { () throws(PrimitiveError) in
      try SecretBytes(count: 8) { (_: inout MutableSpan<UInt8>) throws(PrimitiveError) in throw .invalidLength
      }
    }
    #expect(error == .invalidLength)
  }

  @Test("an empty secret works like any other")
  func empty() throws {
    let empty = SecretBytes(copying: [])
    #expect(empty.count == 0)
    #expect(empty.copy().disclosed == [])
    let same = empty.equals(empty.copy())
    #expect(same)
    #expect(try empty.slice(0..<0).disclosed == [])
  }

  @Test("a copy is equal; another length or a single other bit is not")
  func equality() {
    let bytes = pattern(40)
    let secret = SecretBytes(copying: bytes)
    let same = secret.equals(secret.copy())
    #expect(same)
    for index in bytes.indices {
      let equal = secret.equals(SecretBytes(copying: bytes.flipping(index, bit: 0x80)))
      #expect(!equal)
    }
    let shorter = secret.equals(SecretBytes(copying: Array(bytes.dropLast())))
    #expect(!shorter)
  }

  @Test("slices join to the whole; one that reaches outside is an error, not a trap")
  func slices() throws {
    let secret = SecretBytes(copying: pattern(10))
    let joined = SecretBytes.concatenating(try secret.slice(0..<4), try secret.slice(4..<10))
    #expect(joined.disclosed == pattern(10))
    for range in [-1..<3, 0..<11, 11..<11, Int.min..<Int.max] {
      #expect(failure { () throws(PrimitiveError) in try secret.slice(range) } == .invalidLength)
    }
  }

  @Test("constant-time comparison agrees with the ordinary one")
  func constantTime() {
    #expect(ConstantTime.equal([] as [UInt8], []))
    #expect(ConstantTime.equal([1, 2, 3] as [UInt8], [1, 2, 3]))
    #expect(!ConstantTime.equal([1, 2, 3] as [UInt8], [1, 2, 4]))
    #expect(!ConstantTime.equal([1, 2, 3] as [UInt8], [0, 2, 3]))
    #expect(!ConstantTime.equal([1, 2, 3] as [UInt8], [1, 2]))
  }

  @Test("a read past the end of a secret ends the process")
  func guarded() async {
    await #expect(processExitsWith: .failure) {
      let secret = SecretBytes(copying: [1, 2, 3])
      secret.withBytes { bytes in
        unsafe bytes.withUnsafeBytes { bytes in
          guard let start = bytes.baseAddress else { return }
          if unsafe start.load(fromByteOffset: 3, as: UInt8.self) == 0 { print("read") }
        }
      }
    }
  }

  @Test("so does one past the end of a long secret")
  func longGuarded() async {
    await #expect(processExitsWith: .failure) {
      let secret = SecretBytes(copying: [UInt8](repeating: 1, count: 5_000))
      secret.withBytes { bytes in
        unsafe bytes.withUnsafeBytes { bytes in
          guard let start = bytes.baseAddress else { return }
          if unsafe start.load(fromByteOffset: 5_000, as: UInt8.self) == 0 { print("read") }
        }
      }
    }
  }

  @Test(
    "R-12.10-1: a new secret is zero where an ended one lay, whatever the lengths",
    arguments: [0, 1, 32, 255, 256, 257])
  func reuse(_ count: Int) {
    for ended in [1, 32, 256, 257] {
      do { _ = SecretBytes(copying: [UInt8](repeating: 0xff, count: ended)) }
      let secret = SecretBytes(count: count) { (_: inout MutableSpan<UInt8>) in }
      #expect(secret.disclosed == [UInt8](repeating: 0, count: count))
    }
  }

  @Test("a touch of a secret that has ended ends the process")
  func ended() async {
    await #expect(processExitsWith: .failure) {
      var start: UnsafeRawPointer?
      do {
        let secret = SecretBytes(copying: [1, 2, 3])
        secret.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe start = $0.baseAddress } }
      }
      if unsafe start?.load(as: UInt8.self) == 0 { print("read") }
    }
  }

  @Test(
    "a write before the bytes, while they are made, ends the process when the secret does",
    arguments: [1, 256])
  func underflow(_ count: Int) async {
    await #expect(processExitsWith: .failure) { [count] in
      _ = SecretBytes(count: count) { bytes in
        unsafe bytes.withUnsafeMutableBytes { bytes in
          guard let start = bytes.baseAddress else { return }
          let before = unsafe start - 1
          unsafe before.storeBytes(of: ~before.load(as: UInt8.self), as: UInt8.self)
        }
      }
    }
  }

  @Test("threads make and end secrets at once, and each has its own")
  func threads() async {
    let isRight = await withTaskGroup(of: Bool.self) { group in
      for thread in 0..<8 {
        group.addTask {
          (0..<500).allSatisfy { round in
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: thread), count: round % 300)
            let first = SecretBytes(copying: bytes)
            let second = SecretBytes(copying: bytes)
            return first.disclosed == bytes && second.disclosed == bytes
          }
        }
      }
      return await group.allSatisfy { $0 }
    }
    #expect(isRight)
  }

  @Test("a write to a finished secret ends the process")
  func readOnly() async {
    await #expect(processExitsWith: .failure) {
      let secret = SecretBytes(copying: [1, 2, 3])
      secret.withBytes { bytes in
        unsafe bytes.withUnsafeBytes { bytes in
          guard let start = bytes.baseAddress else { return }
          unsafe UnsafeMutableRawPointer(mutating: start).storeBytes(of: 9, as: UInt8.self)
        }
      }
    }
  }

  @Test("a wiped array holds zeros")
  func wiping() {
    var bytes = pattern(100)
    bytes.wipe()
    #expect(bytes == [UInt8](repeating: 0, count: 100))
    var none: [UInt8] = []
    none.wipe()
    #expect(none.isEmpty)
  }

  @Test("the system's randomness fills all bytes and does not repeat")
  func randomness() throws {
    var random = SystemRandom()
    #expect(try random.bytes(0) == [])
    let first = try random.bytes(64)
    #expect(try random.bytes(64) != first)
    // 64 bytes without one that is not zero in some of 20 draws would be a fill that stops short.
    var seen = [UInt8](repeating: 0, count: 64)
    for _ in 0..<20 { seen = zip(seen, try random.bytes(64)).map { $0 | $1 } }
    #expect(!seen.contains(0))
    #expect(try random.secret(32).count == 32)
  }
}
