internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

// The formulas of the specification, each noting what arises on its way.

extension Trace {
  /// HKDF-Extract without salt: PRK of RFC 5869.
  @discardableResult
  mutating func extract(_ name: String = "prk", _ key: [UInt8]) throws -> [UInt8] {
    note(name, try Self.hmac(.zeros(32), key))
  }

  /// HKDF-Expand: the key of §2.3 under `label`, from the PRK of its parent.
  @discardableResult
  mutating func expand(
    _ name: String, _ prk: [UInt8], _ label: String, _ context: [UInt8], count: Int = 32
  ) throws -> [UInt8] {
    let info = note("\(name)_info", Fixture.labelled(label, context))
    var (key, block): ([UInt8], [UInt8]) = ([], [])
    var index: UInt8 = 0
    while key.count < count {
      index += 1
      block = try Self.hmac(prk, block + info + [index])
      key += block
    }
    return note(name, [UInt8](key[..<count]))
  }

  /// SHA-256 of what the signature of `message`, its last 64 bytes, is made over. §8.5
  mutating func signed(_ message: [UInt8]) {
    note("signed_sha256", SHA256.hash(Fixture.labelled("signature", [UInt8](message.dropLast(64)))))
  }

  /// RFC 3394: A after each of the six rounds, named by RFC's j, in the order of wrapping or unwrapping.
  mutating func keyWrap(_ key: [UInt8], kek: [UInt8]) {
    KeyWrapReference.wrap(key, kek: kek) { note("a_\($0)", $1) }
  }

  mutating func keyUnwrap(_ wrapped: [UInt8], kek: [UInt8]) {
    KeyWrapReference.unwrap(wrapped, kek: kek) { note("a_\($0)", $1) }
  }

  /// RSAES-OAEP, encoding. RFC 8017 §7.1.1
  mutating func oaepEncode(_ message: [UInt8], seed: [UInt8]) {
    let block = OAEPBlock(message: message, seed: seed)
    note("l_hash", block.lHash)
    note("db", block.data)
    let em = block.bytes
    note("masked_db", [UInt8](em[21...]))
    note("masked_seed", [UInt8](em[1..<21]))
    note("em", em)
  }

  /// RSAES-OAEP, decoding. Nothing arises of a ciphertext that is no number below the modulus. RFC 8017 §7.1.2
  mutating func oaepDecode(_ ciphertext: [UInt8], p: [UInt8], q: [UInt8]) {
    guard let em = RawRSA.decrypt(ciphertext, p: p, q: q) else { return }
    note("em", em)
    let (seed, db) = OAEPBlock.unmask(em)
    note("seed", seed)
    note("l_hash", OpenSSLReference.sha1([]))
    note("db", db)
  }

  /// C2SP chunked-encryption up to the nonces. The nonces arise if the commitment is `commitment`, or none is given.
  /// The associated data of every chunk is empty. §2.5
  mutating func chunks(
    key: [UInt8], context: [UInt8], salt: [UInt8], plaintextCount: Int, commitment expected: [UInt8]? = nil
  ) throws {
    let info = note(
      "info", Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM".utf8) + [0] + salt + context)
    let secret = SecretBytes(copying: key)
    let derived = try HKDF.expandSHA512(prk: secret, info: info, count: 76).disclosed
    note("key", [UInt8](derived[..<32]))
    let baseNonce = note("base_nonce", [UInt8](derived[32..<44]))
    let commitment = note("commitment", [UInt8](derived[44...]))
    guard expected ?? commitment == commitment else { return }
    for index in 0...min(plaintextCount / 16_384, Self.listMax - 1) {
      note("nonce_\(index)", baseNonce ^ (.zeros(4) + be(index, 8)))
    }
  }

  /// The same, of a sealed message of at least 72 bytes.
  mutating func chunks(key: [UInt8], context: [UInt8], sealed: [UInt8]) throws {
    let body = sealed.count - 56
    try chunks(
      key: key, context: context, salt: [UInt8](sealed[..<24]),
      plaintextCount: body / 16_400 * 16_384 + max(body % 16_400 - 16, 0),
      commitment: [UInt8](sealed[24..<56]))
  }

  /// Of lists, so many elements at most are noted.
  static let listMax = 16

  static func hmac(_ key: [UInt8], _ data: [UInt8]) throws -> [UInt8] { try Fixture.mac(key, data) }
}

// MARK: - AES-SIV. RFC 5297

extension Trace {
  /// S2V, then the first and the last counter block.
  mutating func sivSeal(key: [UInt8], ad: [UInt8], plaintext: [UInt8]) {
    let v = note("v", s2v(key: key, ad: ad, plaintext))
    counters(v, plaintext.count)
  }

  /// The counter blocks, the plaintext that nobody has verified yet, then S2V of it.
  mutating func sivOpen(key: [UInt8], ad: [UInt8], v: [UInt8], c: [UInt8]) {
    counters(v, c.count)
    let plaintext = Self.counterMode(key: [UInt8](key[32...]), v, c)
    note("p_start", [UInt8](plaintext.prefix(16)))
    note("p_end", [UInt8](plaintext.suffix(16)))
    note("v_expected", s2v(key: key, ad: ad, plaintext))
  }

  private mutating func s2v(key: [UInt8], ad: [UInt8], _ plaintext: [UInt8]) -> [UInt8] {
    let mac = CMACByHand(key: [UInt8](key[..<32]))
    let d0 = note("d_0", mac.authenticate(.zeros(16)))
    let d1 = note("d_1", d0.doubled ^ mac.authenticate(ad))
    let count = plaintext.count
    let end =
      count >= 16
      ? [UInt8](plaintext[(count - 16)...]) ^ d1
      : d1.doubled ^ (plaintext + [0x80] + .zeros(15 - count))
    note("t_end", end)
    return mac.authenticate(plaintext.dropLast(min(count, 16)) + end)
  }

  private mutating func counters(_ v: [UInt8], _ count: Int) {
    guard count > 0 else { return }
    let q = note("q", Self.firstCounter(v))
    note("q_end", q.adding(be((count - 1) / 16, 8)))
  }

  private static func firstCounter(_ v: [UInt8]) -> [UInt8] {
    var q = v
    q[8] &= 0x7f
    q[12] &= 0x7f
    return q
  }

  private static func counterMode(key: [UInt8], _ v: [UInt8], _ input: [UInt8]) -> [UInt8] {
    let aes = AES256(key: key)
    let q = firstCounter(v)
    var output: [UInt8] = []
    for (index, block) in input.chunks(16).enumerated() {
      let stream = aes.encrypt(q.adding(be(index, 8)))
      output += block ^ [UInt8](stream[..<block.count])
    }
    return output
  }
}

/// CMAC of RFC 4493 over single blocks.
struct CMACByHand {
  let aes: AES256
  let whole: [UInt8]
  let padded: [UInt8]

  init(key: [UInt8]) {
    aes = AES256(key: key)
    whole = aes.encrypt(.zeros(16)).doubled
    padded = whole.doubled
  }

  func authenticate(_ message: [UInt8]) -> [UInt8] {
    var blocks = message.chunks(16)
    var last = blocks.popLast() ?? []
    last = last.count == 16 ? last ^ whole : (last + [0x80] + .zeros(15 - last.count)) ^ padded
    return aes.encrypt(chain(blocks) ^ last)
  }

  /// CBC without padding from zeros: the last block.
  func chain(_ blocks: [[UInt8]]) -> [UInt8] {
    var state = [UInt8].zeros(16)
    for block in blocks { state = aes.encrypt(state ^ block) }
    return state
  }
}

extension [UInt8] {
  /// Pieces of `size` bytes; the last may be shorter.
  func chunks(_ size: Int) -> [[UInt8]] {
    stride(from: 0, to: count, by: size).map { [UInt8](self[$0..<Swift.min($0 + size, count)]) }
  }

  /// Times x in the field of CMAC.
  var doubled: [UInt8] {
    var result = indices.map { self[$0] << 1 | ($0 + 1 < count ? self[$0 + 1] >> 7 : 0) }
    if self[0] & 0x80 != 0 { result[count - 1] ^= 0x87 }
    return result
  }

  static func ^ (a: [UInt8], b: [UInt8]) -> [UInt8] {
    precondition(a.count == b.count, "exclusive or of different lengths")
    return zip(a, b).map { $0 ^ $1 }
  }
}
