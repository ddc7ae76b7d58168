internal import CSodium
internal import Synchronization

/// Memory of libsodium's: locked, left out of dumps, behind it a page that traps. Wiped when the value ends.
///
/// Short pieces are used again. Between two uses they hold zeros and cannot be touched; to map and unmap each anew
/// would take eleven system calls and a tenth of the time of an RSA decryption.
@safe struct GuardedMemory: ~Copyable, @unchecked Sendable {
  // Sendable: one owner, and what is shared is behind a lock.
  let start: UnsafeMutableRawPointer
  let count: Int
  private let piece: Piece

  /// `count` zeros, to be written.
  init(count: Int) {
    precondition(count >= 0, "a secret of negative length")
    let isShort = count <= Piece.usableByteCount
    piece = isShort ? Piece.next() : Piece(byteCount: count)
    // At its end: the next byte is on the page that traps.
    unsafe start = piece.start + (isShort ? Piece.byteCount - count : 0)
    self.count = count
    if isShort { unsafe piece.mark(before: start) }
    unsafe sodium_memzero(start, count)
  }

  /// Lends the bytes to `body`, to be written.
  borrowing func withMutableBytes<E: Error>(_ body: (inout MutableSpan<UInt8>) throws(E) -> Void) throws(E) {
    var bytes = unsafe MutableSpan<UInt8>(_unsafeStart: start, byteCount: count)
    try body(&bytes)
  }

  /// Lends the bytes to `body`.
  borrowing func withBytes<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    try body(unsafe Span(_unsafeStart: start, byteCount: count))
  }

  /// From here on a write traps.
  func makeReadOnly() {
    unsafe sodium_mprotect_readonly(piece.start)
  }

  deinit {
    guard count <= Piece.usableByteCount else {
      unsafe sodium_free(start)  // wipes before it frees
      return
    }
    unsafe sodium_mprotect_readwrite(piece.start)
    unsafe piece.checkMark(before: start)
    unsafe sodium_memzero(piece.start, Piece.byteCount)
    piece.keep()
  }
}

/// What `sodium_malloc` gives out.
@safe private struct Piece: @unchecked Sendable {
  // Sendable: an address. Who may use what is there is for `GuardedMemory` to know.
  let start: UnsafeMutableRawPointer

  /// The most bytes of a secret that a piece serves again and again.
  static let usableByteCount = 256
  /// With the mark.
  static let byteCount = usableByteCount + markByteCount

  init(byteCount: Int) {
    _ = Sodium.ready
    guard let start = unsafe sodium_malloc(byteCount) else {
      fatalError(
        "no memory for \(byteCount) secret bytes: the limit of locked memory or of mappings is reached")
    }
    unsafe self.start = start
  }

  // MARK: Use after use

  private static let idle = Mutex<[Piece]>([])
  /// More than these are given back. What is locked in vain is a page for each.
  private static let idleMaximum = 16

  /// An idle piece or a new one, writable.
  static func next() -> Piece {
    guard let piece = idle.withLock({ $0.popLast() }) else { return Piece(byteCount: byteCount) }
    unsafe sodium_mprotect_readwrite(piece.start)
    return piece
  }

  /// Takes back a piece that was wiped.
  func keep() {
    unsafe sodium_mprotect_noaccess(start)
    let isKept = Self.idle.withLock { idle in
      guard idle.count < Self.idleMaximum else { return false }
      idle.append(self)
      return true
    }
    if !isKept { unsafe sodium_free(start) }
  }

  // MARK: The mark before the bytes, which tells whether something was written there

  private static let markByteCount = 16
  private static let mark: Block = {
    _ = Sodium.ready
    var mark = Block(high: 0, low: 0)
    unsafe withUnsafeMutableBytes(of: &mark) { mark in
      guard let start = mark.baseAddress else { return }
      unsafe randombytes_buf(start, mark.count)
    }
    return mark
  }()

  func mark(before bytes: UnsafeMutableRawPointer) {
    unsafe (bytes - Self.markByteCount).storeBytes(of: Self.mark, as: Block.self)
  }

  func checkMark(before bytes: UnsafeMutableRawPointer) {
    let found = unsafe (bytes - Self.markByteCount).loadUnaligned(as: Block.self)
    guard found.high == Self.mark.high, found.low == Self.mark.low else {
      fatalError("memory before a secret was overwritten")
    }
  }
}
