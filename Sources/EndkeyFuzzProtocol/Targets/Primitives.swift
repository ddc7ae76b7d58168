internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension FuzzTarget {
  /// Our modes and encodings against OpenSSL's, and against the RFCs by the letter.
  static let primitives: [FuzzTarget] = [siv, keyWrap, oaep]

  private static var siv: FuzzTarget {
    let key = Keys.bytes("siv", 64)
    return FuzzTarget(
      "siv", "AES-256-SIV: seals as OpenSSL does, opens what it sealed, refuses what was changed",
      maxLength: 2048, seeds: [.vectors("siv/seal", "plaintext")]
    ) { (input, _) throws(Violation) in
      var script = Script(input)
      // OpenSSL skips an empty element of associated data, which RFC 5297 does not.
      let associatedData = (0..<script.below(4)).map { _ in [1] + script.string(atMost: 40) }
      let flipped = script.below(1 << 16)
      let plaintext = script.bytes(input.count)
      let (v, ciphertext, opened) = try must("SIV") {
        var siv = try AESSIV(key: SecretBytes(copying: key))
        let (v, ciphertext) = try siv.seal(plaintext, associatedData: associatedData)
        return (v, ciphertext, try siv.open(v: v, ciphertext: ciphertext, associatedData: associatedData))
      }
      try require(opened == plaintext, "it opens as something else")
      if !plaintext.isEmpty {
        let reference = OpenSSLReference.siv(sealing: plaintext, key: key, associatedData: associatedData)
        try require(reference?.v == v && reference?.ciphertext == ciphertext, "OpenSSL seals it differently")
      }
      var changed = v + ciphertext
      changed[flipped % changed.count] ^= 1 << UInt8(flipped % 8)
      let changedV = [UInt8](changed[..<16])
      let changedText = [UInt8](changed[16...])
      let wrong = try opens(key, changedV, changedText, associatedData)
      try require(wrong == nil, "it opens though a bit was flipped")
      if !plaintext.isEmpty {
        let reference = OpenSSLReference.siv(
          opening: changedText, v: changedV, key: key, associatedData: associatedData)
        try require(reference == nil, "OpenSSL opens what we refuse")
      }
      return .accepted
    }
  }

  private static func opens(
    _ key: [UInt8], _ v: [UInt8], _ ciphertext: [UInt8], _ associatedData: [[UInt8]]
  ) throws(Violation) -> [UInt8]? {
    do {
      var siv = try AESSIV(key: SecretBytes(copying: key))
      return try siv.open(v: v, ciphertext: ciphertext, associatedData: associatedData)
    } catch PrimitiveError.authenticationFailed {
      return nil
    } catch {
      throw Violation("SIV fails with \(error)")
    }
  }

  private static var keyWrap: FuzzTarget {
    let kek = Keys.bytes("kek", 32)
    return FuzzTarget(
      "key-wrap", "RFC 3394: wraps and unwraps as OpenSSL does; only 40 bytes unwrap", maxLength: 80,
      seeds: [.vectors("kw/unwrap", "wrapped"), .vectors("kw/wrap", "key")]
    ) { (input, _) throws(Violation) in
      let bytes = input.array
      let kekSecret = SecretBytes(copying: kek)
      let expected =
        bytes.count == 40
        ? OpenSSLReference.cipher("AES-256-WRAP", key: kek, input: bytes, encrypts: false) : nil
      try require(Self.unwrapped(bytes, kek: kekSecret) == expected, "OpenSSL unwraps it differently")

      // Random bytes unwrap once in 2^64: the rest is about what was wrapped, and one edit of it.
      var script = Script(input)
      let key = script.bytes(32) + [UInt8](repeating: 0x5a, count: max(0, 32 - bytes.count))
      let wrapped = try must("wrapping") {
        try AESKeyWrap.wrap(SecretBytes(copying: key), kek: kekSecret)
      }
      try require(
        wrapped == OpenSSLReference.cipher("AES-256-WRAP", key: kek, input: key, encrypts: true),
        "OpenSSL wraps it differently")
      try require(Self.unwrapped(wrapped, kek: kekSecret) == key, "what was wrapped does not unwrap")
      let changed = script.edited(wrapped)
      if changed != wrapped {
        try require(Self.unwrapped(changed, kek: kekSecret) == nil, "it unwraps though it was changed")
      }
      return .accepted
    }
  }

  private static func unwrapped(_ bytes: [UInt8], kek: borrowing SecretBytes) -> [UInt8]? {
    do {
      return try AESKeyWrap.unwrap(bytes, kek: kek).withBytes { $0.array }
    } catch {
      return nil
    }
  }

  private static var oaep: FuzzTarget {
    FuzzTarget(
      "oaep", "RSA-OAEP: decodes what RFC 8017 by the letter does, however the block was broken",
      maxLength: 320, seeds: [.vectors("oaep/encrypt", "message")]
    ) { (input, _) throws(Violation) in
      var script = Script(input)
      let seed = script.bytes(20)
      let message = script.string(atMost: 214)
      var data = OAEPBlock(message: message, seed: [UInt8](repeating: 0, count: 20)).data
      var first: UInt8 = 0
      for _ in 0..<script.below(4) {
        let place = script.below(data.count + 1)
        if place == data.count { first = script.byte() } else { data[place] ^= script.byte() }
      }
      let block = OAEPBlock.encode(
        leading: first, seed: seed + [UInt8](repeating: 0, count: 20 - seed.count), data: data)
      let key = Keys.agents[0]
      // A block that is a number not below the modulus cannot be encrypted.
      guard block.lexicographicallyPrecedes(key.modulus.bytes) else { return .refused }
      let ciphertext = RawRSA.encrypt(block, modulus: key.modulus.bytes)
      var decrypted: [UInt8]?
      do throws(PrimitiveError) {
        decrypted = try key.rsa.value.unwrap(ciphertext).withBytes { $0.array }
      } catch {
        try require(error == .authenticationFailed, "decryption fails with \(error)")
      }
      let expected = OAEPBlock.decode(block)
      try require(decrypted == expected, "the decoder by the letter does not agree")
      return expected == nil ? .refused : .accepted
    }
  }
}
