/// The property of everything that takes its input in pieces: it does not matter where it is cut. R-18-3
public enum Pieces {
  /// `result` gives what comes of `input` cut at some offsets. In two pieces, in three, and a byte at a time when
  /// there is time for it, it must be `whole`.
  public static func check<Result: Equatable>(
    _ input: Span<UInt8>, _ effort: Effort, whole: Result, _ result: ([Int]) throws(Violation) -> Result
  ) throws(Violation) {
    for cut in effort.cuts(of: input) {
      try require(try result([cut]) == whole, "cut at \(cut), the result is another")
      let second = cut + (input.count - cut) / 2
      try require(try result([cut, second]) == whole, "cut at \(cut) and \(second), the result is another")
    }
    guard effort == .full else { return }
    try require(
      try result(Array(1..<max(1, input.count))) == whole, "a byte at a time, the result is another")
  }
}
