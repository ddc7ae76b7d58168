internal import CSodium

/// Working memory of fixed size for intermediate values, zero at first and wiped when the value ends.
///
/// Ordinary memory: it costs no system call, so it suits values that live for one operation.
@safe package struct Scratch: ~Copyable, @unchecked Sendable {
  // Sendable: written through `mutating` members only.
  package let start: UnsafeMutableRawPointer
  package let count: Int

  package init(count: Int) {
    unsafe start = .allocate(byteCount: Swift.max(count, 1), alignment: 16)
    self.count = count
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: count)
  }

  deinit {
    unsafe sodium_memzero(start, count)
    unsafe start.deallocate()
  }

  package subscript(index: Int) -> UInt8 {
    get {
      precondition(index >= 0 && index < count)
      return unsafe start.load(fromByteOffset: index, as: UInt8.self)
    }
    set {
      precondition(index >= 0 && index < count)
      unsafe start.storeBytes(of: newValue, toByteOffset: index, as: UInt8.self)
    }
  }

  /// The 16 bytes at `offset`.
  package func block(at offset: Int) -> Block {
    precondition(offset >= 0 && offset <= count - 16)
    return unsafe start.loadUnaligned(fromByteOffset: offset, as: Block.self)
  }

  package mutating func set(_ block: Block, at offset: Int) {
    precondition(offset >= 0 && offset <= count - 16)
    unsafe start.storeBytes(of: block, toByteOffset: offset, as: Block.self)
  }

  /// The 8 bytes at `offset` as a big-endian number.
  func word(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count - 8)
    return unsafe UInt64(bigEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  mutating func set(word: UInt64, at offset: Int) {
    precondition(offset >= 0 && offset <= count - 8)
    unsafe start.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt64.self)
  }

  /// The exclusive or with as many bytes, a multiple of 8. By words: the vector type takes ten times as long without
  /// optimisation, in which tests run, and PBKDF2 does little else than this.
  mutating func formXOR(_ other: borrowing Scratch) {
    precondition(count == other.count && count % 8 == 0)
    var offset = 0
    while offset < count {
      let own = unsafe start.load(fromByteOffset: offset, as: UInt64.self)
      let word = unsafe own ^ other.start.load(fromByteOffset: offset, as: UInt64.self)
      unsafe start.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
      offset += 8
    }
  }

  /// Copies `bytes` to `offset`.
  mutating func set(_ bytes: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && offset <= count - bytes.count)
    unsafe bytes.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      unsafe start.advanced(by: offset).copyMemory(from: source, byteCount: bytes.count)
    }
  }

  /// Overwrites the first `count` bytes with zeros, whatever the optimiser thinks of it.
  package mutating func wipe(count: Int) {
    precondition(count <= self.count)
    unsafe sodium_memzero(start, count)
  }

  /// Lends the bytes at `range` to `body`, to be written.
  mutating func withMutableBytes<R: ~Copyable, E: Error>(
    _ range: Range<Int>, _ body: (inout MutableSpan<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    var bytes = unsafe MutableSpan<UInt8>(_unsafeStart: start + range.lowerBound, byteCount: range.count)
    return try body(&bytes)
  }

  /// Lends the bytes at `range` to `body`.
  package func withBytes<R: ~Copyable, E: Error>(
    _ range: Range<Int>, _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return try body(unsafe Span(_unsafeStart: start + range.lowerBound, byteCount: range.count))
  }
}
