internal import EndkeyStore

/// Reads a stream line by line, without the line ends.
struct LineReader: ~Copyable {
  private let input: Descriptor
  private var buffer: [UInt8] = []
  private var position = 0
  /// Of the line read last, from 1.
  private(set) var number = 0

  init(_ input: consuming Descriptor) { self.input = input }

  /// `nil` at the end. A line of more than 16 MiB is refused; the next call gives the one behind it.
  mutating func next() throws -> [UInt8]? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[position..<end])
        position = end + 1
        number += 1
        return line
      }
      buffer.removeFirst(position)
      position = 0
      searched = buffer.count
      guard searched <= 1 << 24 else {
        try skip()
        throw CommandError(.badInput, "line \(number)", "longer than 16 MiB, and no line for this command")
      }
      let piece = try input.piece()
      if piece.isEmpty {
        guard !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        number += 1
        return buffer
      }
      buffer += piece
    }
  }

  /// Passes the rest of a line whose start is in the buffer.
  private mutating func skip() throws {
    buffer = []
    number += 1
    while true {
      let piece = try input.piece()
      if piece.isEmpty { return }
      guard let end = piece.firstIndex(of: UInt8(ascii: "\n")) else { continue }
      buffer = Array(piece[(end + 1)...])
      return
    }
  }
}
