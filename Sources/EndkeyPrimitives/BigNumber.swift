internal import COpenSSL

/// A secret natural number of OpenSSL, wiped when the value ends.
@safe struct BigNumber: ~Copyable {
  let pointer: OpaquePointer

  /// Zero.
  init() throws(PrimitiveError) {
    unsafe pointer = try OpenSSL.check(BN_secure_new())
    // OpenSSL chooses its algorithms by this flag: the ones whose time does not depend on the number.
    unsafe BN_set_flags(pointer, BN_FLG_CONSTTIME)
  }

  /// The number of big-endian bytes.
  init(_ bytes: Span<UInt8>) throws(PrimitiveError) {
    let number = try BigNumber()
    let count = Int32(clamping: bytes.count)
    _ = try unsafe OpenSSL.check(bytes.withPointer { unsafe BN_bin2bn($0, count, number.pointer) })
    self = number
  }

  deinit {
    unsafe BN_clear_free(pointer)
  }

  var bitCount: Int { unsafe Int(BN_num_bits(pointer)) }

  var isOdd: Bool { unsafe BN_is_odd(pointer) == 1 }

  static func < (a: borrowing BigNumber, b: borrowing BigNumber) -> Bool {
    unsafe BN_cmp(a.pointer, b.pointer) < 0
  }

  /// Whether a number above zero divides this one. Its time depends on both: for public numbers.
  func isMultiple(of divisor: UInt) -> Bool {
    unsafe BN_mod_word(pointer, divisor) == 0
  }

  /// Writes the number at `range` of `output`, big-endian, with leading zeros. `invalidLength` when it has
  /// more bytes.
  func write(to output: inout MutableSpan<UInt8>, at range: Range<Int>) throws(PrimitiveError) {
    precondition(range.lowerBound >= 0 && range.upperBound <= output.count)
    let count = Int32(clamping: range.count)
    let result = unsafe output.withMutablePointer { start in
      unsafe BN_bn2binpad(pointer, start + range.lowerBound, count)
    }
    guard result == count else {
      ERR_clear_error()
      throw .invalidLength
    }
  }
}

/// Arithmetic on secret numbers, with OpenSSL's temporary ones, which are wiped when the value ends.
@safe struct Arithmetic: ~Copyable {
  private let context: OpaquePointer

  init() throws(PrimitiveError) {
    unsafe context = try OpenSSL.check(BN_CTX_secure_new())
  }

  deinit {
    unsafe BN_CTX_free(context)
  }

  func product(_ a: borrowing BigNumber, _ b: borrowing BigNumber) throws(PrimitiveError) -> BigNumber {
    let result = try BigNumber()
    try unsafe OpenSSL.check(BN_mul(result.pointer, a.pointer, b.pointer, context))
    return result
  }

  func minusOne(_ a: borrowing BigNumber) throws(PrimitiveError) -> BigNumber {
    let result = try BigNumber()
    try unsafe OpenSSL.check(BN_sub(result.pointer, a.pointer, BN_value_one()))
    return result
  }

  func leastCommonMultiple(
    _ a: borrowing BigNumber, _ b: borrowing BigNumber
  ) throws(PrimitiveError) -> BigNumber {
    let divisor = try greatestCommonDivisor(a, b)
    let product = try product(a, b)
    let result = try BigNumber()
    try unsafe OpenSSL.check(BN_div(result.pointer, nil, product.pointer, divisor.pointer, context))
    return result
  }

  private func greatestCommonDivisor(
    _ a: borrowing BigNumber, _ b: borrowing BigNumber
  ) throws(PrimitiveError) -> BigNumber {
    let result = try BigNumber()
    try unsafe OpenSSL.check(BN_gcd(result.pointer, a.pointer, b.pointer, context))
    return result
  }

  /// The inverse of `a` modulo `modulus`, or `invalidKey` when there is none.
  func inverse(
    of a: borrowing BigNumber, modulo modulus: borrowing BigNumber
  ) throws(PrimitiveError) -> BigNumber {
    let result = try BigNumber()
    guard unsafe BN_mod_inverse(result.pointer, a.pointer, modulus.pointer, context) != nil else {
      ERR_clear_error()
      throw .invalidKey
    }
    return result
  }

  /// Whether an odd number passes Fermat's test to base 3: `3^(a - 1) = 1` modulo `a`.
  func passesFermat(_ a: borrowing BigNumber) throws(PrimitiveError) -> Bool {
    let base = try BigNumber([3].span)
    let exponent = try minusOne(a)
    let result = try BigNumber()
    try unsafe OpenSSL.check(
      BN_mod_exp(result.pointer, base.pointer, exponent.pointer, a.pointer, context))
    return unsafe BN_is_one(result.pointer) == 1
  }
}
