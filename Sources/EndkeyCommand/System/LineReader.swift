internal import EndkeyStore

/// Reads a stream line by line, without the line ends.
struct LineReader: ~Copyable {
  private let input: Descriptor
  /// Nil where the bytes are taken as they are.
  private var decoder: TextDecoder?
  private var buffer: [UInt8] = []
  private var position = 0
  /// Of the line read last, from 1.
  private(set) var number = 0

  /// `isText`: somebody's text, in UTF-8 or in another form that has a mark.
  init(_ input: consuming Descriptor, isText: Bool = false) {
    self.input = input
    decoder = isText ? TextDecoder() : nil
  }

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
        throw CommandError(
          .badInput, "line \(number)", "longer than 16 MiB, and no line for this command",
          next: "see whether it is the right file")
      }
      let piece = try piece()
      if piece.isEmpty {
        guard !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        number += 1
        return buffer
      }
      buffer += piece
    }
  }

  /// Empty at the end.
  private mutating func piece() throws -> [UInt8] {
    guard decoder != nil else { return try input.piece() }
    while true {
      let read = try input.piece()
      let piece = (read.isEmpty ? decoder?.finish() : decoder?.decode(read)) ?? []
      if read.isEmpty || !piece.isEmpty { return piece }
    }
  }

  /// Passes the rest of a line whose start is in the buffer.
  private mutating func skip() throws {
    buffer = []
    number += 1
    while true {
      let piece = try piece()
      if piece.isEmpty { return }
      guard let end = piece.firstIndex(of: UInt8(ascii: "\n")) else { continue }
      buffer = Array(piece[(end + 1)...])
      return
    }
  }
}
