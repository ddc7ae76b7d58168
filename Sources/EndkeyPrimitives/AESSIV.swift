/// AES-256-SIV (RFC 5297): deterministic authenticated encryption.
///
/// Equal plaintexts under equal keys and associated data have equal outputs; nothing else of them shows but
/// their lengths. One value is meant for many messages: it is keyed once, and remembers what the associated
/// data of the last call came to. Its members are `mutating`, so one value serves one thread at a time.
public struct AESSIV: ~Copyable, Sendable {
  /// Bytes of a key: the first half for S2V, the second for CTR.
  public static var keyByteCount: Int { 64 }
  /// Bytes of V, the synthetic initial value.
  public static var vByteCount: Int { 16 }
  /// Most elements of associated data, RFC 5297 §7.
  public static var associatedDataMaximum: Int { 126 }

  private var mac: CMAC
  private var keystream: Keystream
  /// The elements of associated data of the last call, and the D of RFC 5297 §2.4 after them.
  private var associatedData: [[UInt8]] = []
  private var afterAssociatedData = Scratch(count: 16)

  /// A key of 64 bytes, else `invalidKey`.
  public init(key: borrowing SecretBytes) throws(PrimitiveError) {
    guard key.count == Self.keyByteCount else { throw .invalidKey }
    var mac = try key.withBytes { (key) throws(PrimitiveError) in try CMAC(key: key.extracting(0..<32)) }
    let keystream = try key.withBytes { (key) throws(PrimitiveError) in
      try Keystream(key: key.extracting(32..<64))
    }
    afterAssociatedData.set(try mac.s2v([]), at: 0)
    self.mac = mac
    self.keystream = keystream
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
    let v = try s2v(associatedData, plaintext)
    return (v.bytes, try transform(plaintext, v))
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
    guard v.count == Self.vByteCount else { throw .authenticationFailed }
    let claimed = Block(v)
    var plaintext = try transform(ciphertext, claimed)
    do throws(PrimitiveError) {
      let expected = try s2v(associatedData, plaintext.span)
      // declassified(verdict): whether V is right
      guard ConstantTime.equal(expected, claimed) else { throw PrimitiveError.authenticationFailed }
    } catch {
      plaintext.wipe()
      throw error
    }
    return plaintext
  }

  /// S2V, RFC 5297 §2.4.
  private mutating func s2v(
    _ elements: [[UInt8]], _ plaintext: Span<UInt8>
  ) throws(PrimitiveError) -> Block {
    if elements != associatedData {
      afterAssociatedData.set(try mac.s2v(elements), at: 0)
      associatedData = elements
    }
    let d = afterAssociatedData.block(at: 0)
    if plaintext.count >= 16 { return try mac.authenticate(plaintext, maskingEnd: d) }
    return try mac.authenticate(Block(padding: plaintext) ^ d.doubled)
  }

  /// CTR from V with bits 31 and 63 cleared, RFC 5297 §2.5.
  private mutating func transform(_ input: Span<UInt8>, _ v: Block) throws(PrimitiveError) -> [UInt8] {
    guard input.count > 0 else { return [] }
    return try keystream.transform(input, from: Block(high: v.high, low: v.low & 0x7fff_ffff_7fff_ffff))
  }
}
