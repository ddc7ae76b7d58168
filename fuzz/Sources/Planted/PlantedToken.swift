internal import EndkeyFuzz

/// A reader of tokens: version, field, epoch, V, length, C.
struct PlantedToken: Sendable {
  enum Bug: String, CaseIterable {
    /// One byte more than there is may be claimed.
    case offByOne = "off-by-one"
    /// The length is used before it is compared with anything.
    case missingBound = "missing-bound"
    /// What follows the last field is not looked at.
    case trailingBytes = "trailing-bytes"
    /// An unknown field is taken for a known one.
    case unknownField = "unknown-field"
    /// Sizes are added in 16 bits.
    case overflow
  }

  let bug: Bug?

  func target(_ name: String) -> FuzzTarget {
    FuzzTarget(
      name, "a token reader", maxLength: 2048, seeds: [.vectors("wire/Token", "message")]
    ) { (input, effort) throws(Violation) in
      try Canonical.check(input, effort) { (bytes) throws(Violation) in rewritten(bytes) }
    }
  }

  /// The token, written from what was read of it; nil when it is refused.
  private func rewritten(_ bytes: Span<UInt8>) -> [UInt8]? {
    let headCount = 24
    guard bytes.count >= headCount, bytes[0] == 1 else { return nil }
    var field = bytes[1]
    if !(1...5).contains(field) {
      guard bug == .unknownField else { return nil }
      field = 1
    }
    guard bytes[2] | bytes[3] | bytes[4] | bytes[5] != 0 else { return nil }
    let length = UInt16(bytes[22]) << 8 | UInt16(bytes[23])
    let count = Int(length)
    if bug == .overflow {
      // Traps for the largest lengths.
      let end = UInt16(headCount) + length
      guard Int(end) == bytes.count, count >= 16, count.nonzeroBitCount == 1 else { return nil }
    } else {
      if bug == .missingBound {
        let last = headCount + count - 1
        guard count > 0, bytes[last] == bytes[last] else { return nil }
      }
      guard (16...4096).contains(count), count.nonzeroBitCount == 1 else { return nil }
      let rest = bytes.count - headCount
      guard count <= (bug == .offByOne ? rest + 1 : rest) else { return nil }
      guard bug == .trailingBytes || count >= rest else { return nil }
    }
    var written = bytes.extracting(first: min(bytes.count, headCount + count)).array
    written[1] = field
    return written
  }
}
