import EndkeyPrimitives

/// The bytes that `digits` write in hexadecimal; white space between them does not count.
func hex(_ digits: String) -> [UInt8] {
  let values = digits.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue ?? 0) }
  precondition(values.count.isMultiple(of: 2), "half a byte")
  return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

/// `count` bytes without a short period.
func pattern(_ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
}

/// The secret that `digits` write in hexadecimal.
func secret(_ digits: String) -> SecretBytes {
  SecretBytes(copying: hex(digits))
}

/// What `body` throws.
func failure<R: ~Copyable>(_ body: () throws(PrimitiveError) -> R) -> PrimitiveError? {
  do throws(PrimitiveError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

extension [UInt8] {
  /// The same with one bit changed.
  func flipping(_ index: Int, bit: UInt8 = 1) -> [UInt8] {
    var copy = self
    copy[index] ^= bit
    return copy
  }
}
