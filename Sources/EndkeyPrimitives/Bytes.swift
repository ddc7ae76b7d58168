extension [UInt8] {
  /// `count` bytes that `write` writes, all of them, through a pointer.
  init<E: Error>(
    count: Int, writing write: (UnsafeMutableRawPointer) throws(E) -> Void
  ) throws(E) {
    self.init()
    try unsafe append(count: count, writing: write)
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

extension MutableSpan<UInt8> {
  /// Copies `source` to `offset`.
  mutating func write(_ source: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && offset <= count - source.count)
    unsafe withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe to.advanced(by: offset).copyMemory(from: from, byteCount: source.count)
      }
    }
  }
}
