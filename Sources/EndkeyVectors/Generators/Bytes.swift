internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// `count` bytes of the suite's randomness for `label`.
func bytes(_ label: String, _ count: Int) -> [UInt8] {
  var random = DeterministicRandom.suite(label)
  return random.bytes(count)
}

/// `value` as `width` bytes, big-endian; what does not fit is cut off.
func be(_ value: some BinaryInteger, _ width: Int) -> [UInt8] {
  (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

func be(_ epoch: Epoch, _ width: Int) -> [UInt8] { be(epoch.value, width) }

/// `value` padded as a token's is: the byte 0x80, then zeros up to 16, 32, 64 ... bytes. §14.1
func padded(_ value: [UInt8]) -> [UInt8] {
  var size = 16
  while size <= value.count { size *= 2 }
  return value + [0x80] + [UInt8](repeating: 0, count: size - value.count - 1)
}

extension [UInt8] {
  static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  /// The same bytes with `new` in the place of those at `offset`.
  func with(_ new: [UInt8], at offset: Int) -> [UInt8] {
    var bytes = self
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
    return bytes
  }

  /// The same bytes with bits of one changed.
  func flipped(_ offset: Int, _ mask: UInt8 = 1) -> [UInt8] {
    var bytes = self
    bytes[offset] ^= mask
    return bytes
  }

  /// Others of the same length, each with one byte of another value: in the first or the last half, above or below. One
  /// of them is taken for the right one by whoever compares a part, or one way only.
  func neighbours(in range: Range<Int>) -> [(name: String, bytes: [UInt8])] {
    let middle = (range.lowerBound + range.upperBound) / 2
    func changed(_ half: Range<Int>, _ name: String, _ edge: UInt8, _ difference: UInt8) -> (String, [UInt8])?
    {
      half.first { self[$0] != edge }.map { ("\(name)-half", with([self[$0] &+ difference], at: $0)) }
    }
    return [(range.lowerBound..<middle, "first"), (middle..<range.upperBound, "last")].flatMap { half, name in
      [changed(half, "above-in-the-\(name)", 0xff, 1), changed(half, "below-in-the-\(name)", 0, 0xff)]
    }.compactMap { $0 }
  }

  var neighbours: [(name: String, bytes: [UInt8])] { neighbours(in: 0..<count) }

  /// The number that is `difference` more, modulo 2^(8 * count).
  func adding(_ difference: [UInt8]) -> [UInt8] {
    var bytes = self
    var carry = 0
    for index in 0..<count {
      let place = count - 1 - index
      let added = index < difference.count ? Int(difference[difference.count - 1 - index]) : 0
      carry += Int(bytes[place]) + added
      bytes[place] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
    return bytes
  }

  /// This number or the next in steps of two that no odd prime below 1,024 divides.
  var withoutSmallFactors: [UInt8] {
    let primes = (3..<1024).filter { n in (2..<n).allSatisfy { n % $0 != 0 } }
    var result = self
    while primes.contains(where: { prime in result.reduce(0) { ($0 << 8 | Int($1)) % prime } == 0 }) {
      result = result.adding([2])
    }
    return result
  }
}
