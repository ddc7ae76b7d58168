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
  /// Whether no byte is above 0x7f.
  package var isASCII: Bool {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return true }
      var union: UInt64 = 0
      if bytes.count >= 8 {
        var place = 0
        while place < bytes.count - 8 {
          unsafe union |= start.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          place += 8
        }
        // The last eight, some of them perhaps twice.
        unsafe union |= start.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
      } else {
        for index in bytes.indices { union |= unsafe UInt64(bytes[index]) }
      }
      return union & 0x8080_8080_8080_8080 == 0
    }
  }

  /// The place of the last byte that is not zero; nil when there is none.
  package var lastNonzero: Int? {
    unsafe withUnsafeBytes { bytes in
      var end = bytes.count
      while end >= 8 {
        let eight = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self))
        guard eight == 0 else { return end - 1 - eight.leadingZeroBitCount / 8 }
        end -= 8
      }
      return unsafe bytes[..<end].lastIndex { $0 != 0 }
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
