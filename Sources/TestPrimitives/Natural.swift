internal import COpenSSL

/// A natural number of OpenSSL, in the open.
@safe final class Natural {
  private let pointer: OpaquePointer

  /// The number of big-endian bytes.
  init(_ bytes: [UInt8] = []) {
    unsafe pointer = Self.check(BN_bin2bn(bytes, Int32(bytes.count), nil))
  }

  deinit {
    unsafe BN_free(pointer)
  }

  /// `count` bytes, big-endian.
  func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    Self.check(unsafe BN_bn2binpad(pointer, &bytes, Int32(count)) == Int32(count))
    return bytes
  }

  static func < (a: Natural, b: Natural) -> Bool { unsafe BN_cmp(a.pointer, b.pointer) < 0 }

  static func * (a: Natural, b: Natural) -> Natural {
    unsafe calculate { unsafe BN_mul($0, a.pointer, b.pointer, $1) }
  }

  static func + (a: Natural, b: Natural) -> Natural {
    unsafe calculate { result, _ in unsafe BN_add(result, a.pointer, b.pointer) }
  }

  static func - (a: Natural, b: Natural) -> Natural {
    unsafe calculate { result, _ in unsafe BN_sub(result, a.pointer, b.pointer) }
  }

  func power(_ exponent: Natural, modulo modulus: Natural) -> Natural {
    unsafe Self.calculate { unsafe BN_mod_exp($0, pointer, exponent.pointer, modulus.pointer, $1) }
  }

  /// There must be one.
  func inverse(modulo modulus: Natural) -> Natural {
    unsafe Self.calculate { unsafe BN_mod_inverse($0, pointer, modulus.pointer, $1) == nil ? 0 : 1 }
  }

  func isCoprime(to other: Natural) -> Bool {
    let divisor = unsafe Self.calculate { unsafe BN_gcd($0, pointer, other.pointer, $1) }
    return unsafe BN_is_one(divisor.pointer) == 1
  }

  var isPrime: Bool { unsafe BN_check_prime(pointer, nil, nil) == 1 }

  /// What `body` makes of the number that it is given, with OpenSSL's temporary ones. It answers 1 on success.
  private static func calculate(_ body: (OpaquePointer, OpaquePointer) -> Int32) -> Natural {
    let context = unsafe check(BN_CTX_new())
    defer { unsafe BN_CTX_free(context) }
    let result = Natural()
    check(unsafe body(result.pointer, context) == 1)
    return result
  }

  private static func check(_ isRight: Bool) {
    precondition(isRight, "OpenSSL cannot calculate")
  }

  private static func check(_ pointer: OpaquePointer?) -> OpaquePointer {
    guard let pointer = unsafe pointer else { fatalError("OpenSSL has no memory") }
    return unsafe pointer
  }
}
