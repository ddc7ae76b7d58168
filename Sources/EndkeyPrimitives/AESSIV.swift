/// AES-256-SIV (RFC 5297): deterministic authenticated encryption.
///
/// Equal plaintexts under equal keys and associated data have equal outputs; nothing else of them shows but
/// their lengths. One value is meant for many messages: it is keyed once. Its members are `mutating`, so one value
/// serves one thread at a time.
public struct AESSIV: ~Copyable, Sendable {
  /// Bytes of a key: the first half for S2V, the second for CTR.
  public static var keyByteCount: Int { 64 }
  /// Bytes of V, the synthetic initial value.
  public static var vByteCount: Int { 16 }
  /// Most elements of associated data, RFC 5297 §7.
  public static var associatedDataMaximum: Int { 126 }

  private var mac: CMAC
  private var keystream: Keystream
  /// For each list of associated data that is remembered, the D of RFC 5297 §2.4 after it.
  private let remembered: Scratch

  /// A key of 64 bytes, else `invalidKey`.
  public init(key: borrowing SecretBytes) throws(PrimitiveError) {
    try self.init(key: key, remembering: [])
  }

  /// A key of 64 bytes, else `invalidKey`. What S2V makes of each of `lists`, of at most 126 elements (else
  /// `invalidLength`), is kept: messages with that associated data name it by its index.
  package init(key: borrowing SecretBytes, remembering lists: [[[UInt8]]]) throws(PrimitiveError) {
    guard key.count == Self.keyByteCount else { throw .invalidKey }
    var mac = try key.withBytes { (key) throws(PrimitiveError) in try CMAC(key: key.extracting(0..<32)) }
    let keystream = try key.withBytes { (key) throws(PrimitiveError) in
      try Keystream(key: key.extracting(32..<64))
    }
    var remembered = Scratch(count: 16 * lists.count)
    for (index, list) in lists.enumerated() { remembered.set(try mac.s2v(list), at: 16 * index) }
    self.mac = mac
    self.keystream = keystream
    self.remembered = remembered
  }

  /// Encrypts `plaintext`, of any length: V, and as many bytes of ciphertext.
  ///
  /// No associated data, and one empty element of it, are different things. More than 126 elements are
  /// `invalidLength`.
  public mutating func seal(
    _ plaintext: [UInt8], associatedData: [[UInt8]]
  ) throws(PrimitiveError) -> (v: [UInt8], ciphertext: [UInt8]) {
    try seal(plaintext.span, associatedData: associatedData)
  }

  /// Encrypts `plaintext`, of any length: V, and as many bytes of ciphertext.
  public mutating func seal(
    _ plaintext: Span<UInt8>, associatedData: [[UInt8]]
  ) throws(PrimitiveError) -> (v: [UInt8], ciphertext: [UInt8]) {
    let d = try mac.s2v(associatedData)
    var text = [UInt8](plaintext)
    var bytes = text.mutableSpan
    let v = try seal(&bytes, 0..<plaintext.count, after: d)
    return (v.bytes, text)
  }

  /// Decrypts `ciphertext`. `authenticationFailed`, and nothing of the plaintext, unless `v` is the one that
  /// the plaintext and the associated data have.
  public mutating func open(
    v: [UInt8], ciphertext: [UInt8], associatedData: [[UInt8]]
  ) throws(PrimitiveError) -> [UInt8] {
    try open(v: v.span, ciphertext: ciphertext.span, associatedData: associatedData)
  }

  /// Decrypts `ciphertext`. `authenticationFailed`, and nothing of the plaintext, unless `v` is the one that
  /// the plaintext and the associated data have.
  public mutating func open(
    v: Span<UInt8>, ciphertext: Span<UInt8>, associatedData: [[UInt8]]
  ) throws(PrimitiveError) -> [UInt8] {
    let d = try mac.s2v(associatedData)
    var text = [UInt8](ciphertext)
    do throws(PrimitiveError) {
      var bytes = text.mutableSpan
      try open(&bytes, v: v, after: d)
    } catch {
      text.wipe()
      throw error
    }
    return text
  }

  /// Encrypts the bytes at `text` in place, with the remembered associated data of this index, and writes V to the 16
  /// bytes at `place`.
  package mutating func seal(
    inPlace bytes: inout MutableSpan<UInt8>, _ text: Range<Int>, v place: Int, remembered index: Int
  ) throws(PrimitiveError) {
    let v = try seal(&bytes, text, after: remembered.block(at: 16 * index))
    bytes.write(v, at: place)
  }

  /// Decrypts all of `text` in place, with the remembered associated data of this index. `authenticationFailed` unless
  /// `v` is the one that the plaintext and the associated data have: what is in `text` then is for the caller to wipe.
  package mutating func open(
    inPlace text: inout MutableSpan<UInt8>, v: Span<UInt8>, remembered index: Int
  ) throws(PrimitiveError) {
    try open(&text, v: v, after: remembered.block(at: 16 * index))
  }

  // MARK: - RFC 5297 §2.6 and §2.7

  /// `d` is S2V's D after the associated data.
  @inline(__always)
  private mutating func seal(
    _ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, after d: Block
  ) throws(PrimitiveError) -> Block {
    let v = try s2v(bytes.span.extracting(range), after: d)
    try keystream.combine(&bytes, range, from: Self.firstCounter(v))
    return v
  }

  private mutating func open(
    _ text: inout MutableSpan<UInt8>, v: Span<UInt8>, after d: Block
  ) throws(PrimitiveError) {
    guard v.count == Self.vByteCount else { throw .authenticationFailed }
    let claimed = Block(v)
    try keystream.combine(&text, 0..<text.count, from: Self.firstCounter(claimed))
    let expected = try s2v(text.span, after: d)
    // declassified(verdict): whether V is right
    guard ConstantTime.equal(expected, claimed) else { throw .authenticationFailed }
  }

  /// The end of S2V, RFC 5297 §2.4: a plaintext of a block or more is combined with D at its end, a shorter one is
  /// padded and combined with D doubled.
  @inline(__always)
  private mutating func s2v(_ plaintext: Span<UInt8>, after d: Block) throws(PrimitiveError) -> Block {
    if plaintext.count >= 16 { return try mac.authenticate(plaintext, maskingEnd: d) }
    return try mac.authenticate(Block(padding: plaintext) ^ d.doubled)
  }

  /// V with bits 31 and 63 cleared, RFC 5297 §2.5.
  private static func firstCounter(_ v: Block) -> Block {
    Block(high: v.high, low: v.low & 0x7fff_ffff_7fff_ffff)
  }
}
