/// Times that are taken: disjoint spans of milliseconds.
struct TimeSpans {
  /// The latest first, so that one that begins before all others is added at the end.
  private var spans: [Range<UInt64>] = []

  /// The union of spans in any order.
  init(_ spans: [Range<UInt64>]) {
    for span in spans.sorted(by: { $0.lowerBound > $1.lowerBound }) { add(span) }
  }

  /// Adds a span that begins no later than every other.
  mutating func add(_ span: Range<UInt64>) {
    guard !span.isEmpty else { return }
    var end = span.upperBound
    while let next = spans.last, next.lowerBound <= end {
      end = max(end, next.upperBound)
      spans.removeLast()
    }
    spans.append(span.lowerBound..<end)
  }

  /// The parts of `span` that are free, the earliest first. An empty one is a part of itself.
  func missing(in span: Range<UInt64>) -> [Range<UInt64>] {
    guard !span.isEmpty else { return [span] }
    var parts: [Range<UInt64>] = []
    var start = span.lowerBound
    var index = endingAfter(start) - 1
    while index >= 0, spans[index].lowerBound < span.upperBound {
      if start < spans[index].lowerBound { parts.append(start..<spans[index].lowerBound) }
      start = max(start, spans[index].upperBound)
      index -= 1
    }
    if start < span.upperBound { parts.append(start..<span.upperBound) }
    return parts
  }

  /// The number of spans that end after a time, by bisection: they are the first ones.
  private func endingAfter(_ time: UInt64) -> Int {
    var range = 0..<spans.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = spans[middle].upperBound > time ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}
