/// Cuts a stream into lines, and refuses to keep a line without end.
struct LineSplitter {
  /// The longest line that is kept.
  static let lineMaximum = 16 << 20

  struct TooLong: Error {}

  private var pending: [UInt8] = []

  /// Whether a line has begun and not ended.
  var isInLine: Bool { !pending.isEmpty }

  /// The lines that end in `bytes`, without their line ends.
  mutating func lines(of bytes: [UInt8]) throws(TooLong) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    while let end = ChildProcess.lineEnd(in: bytes, from: start) {
      lines.append(pending + bytes[start..<end])
      pending = []
      start = end + 1
    }
    guard pending.count + bytes.count - start <= Self.lineMaximum else {
      pending = []
      throw TooLong()
    }
    pending += bytes[start...]
    return lines
  }
}
