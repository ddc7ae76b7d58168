extension [UInt8] {
  /// `count` bytes that `write` writes, all of them, through a pointer.
  init<E: Error>(
    count: Int, writing write: (UnsafeMutableRawPointer) throws(E) -> Void
  ) throws(E) {
    self.init()
    try unsafe append(count: count, writing: write)
  }

  /// The same bytes as an array.
  init(_ bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// Appends `count` bytes that `write` writes, all of them, through a pointer. Appends nothing when it throws.
  mutating func append<E: Error>(
    count: Int, writing write: (UnsafeMutableRawPointer) throws(E) -> Void
  ) throws(E) {
    try append(addingCapacity: count) { (output) throws(E) in
      try unsafe output.withUnsafeMutableBufferPointer { (buffer, initializedCount) throws(E) in
        guard let start = buffer.baseAddress else { return }
        try unsafe write(UnsafeMutableRawPointer(start))
        initializedCount = count
      }
    }
  }
}

extension Span<UInt8> {
  /// Lends a pointer to the first byte. There is one even when there are no bytes: C wants it.
  func withPointer<R: ~Copyable, E: Error>(
    _ body: (UnsafePointer<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try unsafe withUnsafeBytes { (bytes) throws(E) in
      guard let start = bytes.baseAddress else {
        var nothing: UInt8 = 0
        return try unsafe body(&nothing)
      }
      return try unsafe body(start.assumingMemoryBound(to: UInt8.self))
    }
  }
}

extension Span<UInt8> {
  /// A range outside of which no byte is above 0x7f: empty, or one where words of eight bytes at both ends have some.
  package var beyondASCII: Range<Int> {
    unsafe withUnsafeBytes { bytes in
      // Mostly all are ASCII, which needs no search: every block, and the last 16 bytes again.
      if bytes.count >= 16 {
        var union = unsafe bytes.loadUnaligned(fromByteOffset: bytes.count - 16, as: Block.self)
        forEachBlock(of: bytes.count & ~15) { offset in
          union |= unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Block.self)
        }
        // declassified(ascii): whether a value is ASCII
        if !union.hasHighByte { return 0..<0 }
      }
      var range = 0..<bytes.count
      while range.count >= 8,
        // declassified(ascii, maybe): whether a value is ASCII
        unsafe bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self) & Block.highBits == 0
      {
        range = range.lowerBound + 8..<range.upperBound
      }
      while range.count >= 8,
        unsafe bytes.loadUnaligned(fromByteOffset: range.upperBound - 8, as: UInt64.self) & Block.highBits
          == 0
      {
        range = range.lowerBound..<range.upperBound - 8
      }
      guard range.count < 8 else { return range }
      return unsafe bytes[range].allSatisfy { $0 < 0x80 } ? 0..<0 : range
    }
  }
}

extension MutableSpan<UInt8> {
  /// Lends a pointer to the first byte. There is one even when there are no bytes: C wants it.
  mutating func withMutablePointer<R: ~Copyable, E: Error>(
    _ body: (UnsafeMutablePointer<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try unsafe withUnsafeMutableBytes { (bytes) throws(E) in
      guard let start = bytes.baseAddress else {
        var nothing: UInt8 = 0
        return try unsafe body(&nothing)
      }
      return try unsafe body(start.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// Writes a block to `offset`.
  mutating func write(_ block: Block, at offset: Int) {
    precondition(offset >= 0 && offset <= count - 16)
    unsafe withUnsafeMutableBytes { unsafe $0.storeBytes(of: block, toByteOffset: offset, as: Block.self) }
  }

  /// Copies `source` to `offset`.
  package mutating func write(_ source: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && offset <= count - source.count)
    unsafe withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe to.advanced(by: offset).copyMemory(from: from, byteCount: source.count)
      }
    }
  }
}
