/// The properties of every reader: R-2.2-1 and R-2.2-2.
public enum Canonical {
  /// Whether a part of what is read can itself be read.
  public enum Prefix: Sendable {
    /// A message cut short is refused.
    case isRefused
    /// A message whose last field is all that remains may be cut there.
    case mayBeRead
  }

  /// What `rewrite` reads it writes as the same bytes; it refuses those bytes cut short, and with one more.
  ///
  /// `rewrite` gives what was read, written again, or nil when it refuses.
  public static func check(
    _ input: Span<UInt8>, _ effort: Effort, prefix: Prefix = .isRefused,
    _ rewrite: (Span<UInt8>) throws(Violation) -> [UInt8]?
  ) throws(Violation) -> FuzzTarget.Outcome {
    guard let again = try rewrite(input) else { return .refused }
    try require(again.span.equals(input), "what was read is written as other bytes")
    for count in effort.prefixes(of: input) {
      let part = input.extracting(first: count)
      guard let again = try rewrite(part) else { continue }
      try require(again.span.equals(part), "the first \(count) bytes are written as other bytes")
      try require(prefix == .mayBeRead, "the first \(count) of \(input.count) bytes are read as a whole")
    }
    let longer = input.array + [UInt8(truncatingIfNeeded: input.mixed)]
    if let again = try rewrite(longer.span) {
      try require(again == longer, "with a byte more, it is written as other bytes")
      try require(prefix == .mayBeRead, "a byte behind the end is accepted")
    }
    return .accepted
  }
}
