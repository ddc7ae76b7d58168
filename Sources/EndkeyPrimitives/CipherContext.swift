internal import COpenSSL

/// A keyed cipher that works on whole blocks or a stream, without padding. Keyed once and reused.
@safe package struct CipherContext: ~Copyable, @unchecked Sendable {
  // Sendable: one owner, and every call that changes OpenSSL's state is `mutating`.
  enum Direction: Int32 {
    case decrypt = 0
    case encrypt = 1
  }

  private let context: OpaquePointer

  init(_ cipher: Cipher, key: Span<UInt8>, _ direction: Direction) throws(PrimitiveError) {
    let algorithm = try unsafe OpenSSL.check(cipher.pointer)
    guard unsafe key.count == Int(EVP_CIPHER_get_key_length(algorithm)) else { throw .invalidKey }
    let context = try unsafe OpenSSL.check(EVP_CIPHER_CTX_new())
    let result = unsafe key.withUnsafeBytes { key in
      unsafe EVP_CipherInit_ex2(
        context, algorithm, key.assumingMemoryBound(to: UInt8.self).baseAddress, nil, direction.rawValue, nil)
    }
    guard result == 1, unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1 else {
      unsafe EVP_CIPHER_CTX_free(context)
      ERR_clear_error()
      throw .libraryFailure
    }
    unsafe self.context = context
  }

  /// AES-256 of many blocks at once, each by itself, in the forward direction. A key of 32 bytes, else `invalidKey`.
  package init(blocksUnder key: Span<UInt8>) throws(PrimitiveError) {
    try self.init(.aes256ECB, key: key, .encrypt)
  }

  deinit {
    unsafe EVP_CIPHER_CTX_free(context)  // wipes the key schedule
  }

  /// Starts over with the same key and the initial value or nonce at `start`.
  mutating func restart(at start: UnsafeRawPointer) throws(PrimitiveError) {
    let bytes = unsafe start.assumingMemoryBound(to: UInt8.self)
    try unsafe OpenSSL.check(EVP_CipherInit_ex2(context, nil, nil, bytes, -1, nil))
  }

  /// Starts over with the same key and `nonce`.
  mutating func restart(at nonce: Span<UInt8>) throws(PrimitiveError) {
    try unsafe nonce.withUnsafeBytes { (nonce) throws(PrimitiveError) in
      guard let start = nonce.baseAddress else { throw .invalidLength }
      try unsafe restart(at: start)
    }
  }

  /// Starts over with the same key and `start` as the initial value.
  mutating func restart(at start: Block) throws(PrimitiveError) {
    try unsafe withUnsafeBytes(of: start) { (bytes) throws(PrimitiveError) in
      guard let start = bytes.baseAddress else { return }
      try unsafe restart(at: start)
    }
  }

  /// Transforms `count` bytes from `input` to `output`, which may be the same memory.
  package mutating func update(
    _ input: UnsafeRawPointer, count: Int, into output: UnsafeMutableRawPointer
  ) throws(PrimitiveError) {
    var done = 0
    while count - done > Self.stepMaximum {
      try unsafe step(input + done, count: Self.stepMaximum, into: output + done)
      done += Self.stepMaximum
    }
    try unsafe step(input + done, count: count - done, into: output + done)
  }

  /// OpenSSL counts in Int32.
  private static var stepMaximum: Int { 1 << 30 }

  @inline(__always)
  private mutating func step(
    _ input: UnsafeRawPointer, count: Int, into output: UnsafeMutableRawPointer
  ) throws(PrimitiveError) {
    var written: Int32 = 0
    let source = unsafe input.assumingMemoryBound(to: UInt8.self)
    let target = unsafe output.assumingMemoryBound(to: UInt8.self)
    let result = unsafe EVP_CipherUpdate(context, target, &written, source, Int32(truncatingIfNeeded: count))
    try OpenSSL.check(result)
    guard Int(written) == count else { throw .libraryFailure }
  }

  /// Transforms `input` to as many bytes.
  mutating func transform(_ input: Span<UInt8>) throws(PrimitiveError) -> [UInt8] {
    try unsafe [UInt8](count: input.count) { (output) throws(PrimitiveError) in
      try unsafe input.withUnsafeBytes { (input) throws(PrimitiveError) in
        guard let start = input.baseAddress else { return }
        try unsafe update(start, count: input.count, into: output)
      }
    }
  }

  /// Transforms one block in place.
  mutating func transform(_ block: inout Block) throws(PrimitiveError) {
    try unsafe withUnsafeMutableBytes(of: &block) { (bytes) throws(PrimitiveError) in
      guard let start = bytes.baseAddress else { return }
      try unsafe update(start, count: bytes.count, into: start)
    }
  }

  /// Feeds data that an AEAD authenticates but does not encrypt.
  mutating func authenticate(_ associatedData: Span<UInt8>) throws(PrimitiveError) {
    try unsafe associatedData.withUnsafeBytes { (bytes) throws(PrimitiveError) in
      guard let start = bytes.baseAddress, bytes.count > 0 else { return }
      guard let count = Int32(exactly: bytes.count) else { throw .invalidLength }
      var written: Int32 = 0
      let source = unsafe start.assumingMemoryBound(to: UInt8.self)
      try unsafe OpenSSL.check(EVP_CipherUpdate(context, nil, &written, source, count))
    }
  }

  /// Ends an AEAD encryption: writes the tag of 16 bytes to `output`.
  mutating func finishTag(into output: UnsafeMutableRawPointer) throws(PrimitiveError) {
    var written: Int32 = 0
    var none: UInt8 = 0
    try unsafe OpenSSL.check(EVP_CipherFinal_ex(context, &none, &written))
    try unsafe OpenSSL.check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, output))
  }

  /// Ends an AEAD decryption: throws `authenticationFailed` unless the 16 bytes at `tag` are right.
  mutating func verifyTag(_ tag: UnsafeRawPointer) throws(PrimitiveError) {
    var written: Int32 = 0
    var none: UInt8 = 0
    let bytes = unsafe UnsafeMutableRawPointer(mutating: tag)  // OpenSSL copies it
    try unsafe OpenSSL.check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, bytes))
    try unsafe OpenSSL.check(EVP_CipherFinal_ex(context, &none, &written), or: .authenticationFailed)
  }
}
