internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

// Persons whom only a comparison of all bytes, both ways, tells from a person: an account that has them finds whoever
// compares half of a key, or one way only.

extension FixtureKeys {
  /// The RSA key of some keys with an Ed25519 key that nobody can sign with.
  private init(_ name: String, rsa: FixtureKeys, verifyKey: [UInt8]) {
    self.name = name
    (p, q, modulus) = (rsa.p, rsa.q, rsa.modulus)
    (seed, self.verifyKey) = (rsa.seed, verifyKey)
  }

  /// Others, each with one half of this Ed25519 key and another one that is greater or less, and an id before or behind
  /// this one.
  var lookalikes: [FixtureKeys] {
    var found: [FixtureKeys] = []
    for half in ["first", "last"] {
      for isAbove in [true, false] {
        for isBefore in [true, false] { found.append(lookalike(half, isAbove: isAbove, isBefore: isBefore)) }
      }
    }
    return found
  }

  private func lookalike(_ half: String, isAbove: Bool, isBefore: Bool) -> FixtureKeys {
    let name = "\(name), its \(half) half, \(isAbove ? "above" : "below"), \(isBefore ? "before" : "behind")"
    let range = half == "first" ? 16..<32 : 0..<16
    var random = DeterministicRandom.suite(name)
    while true {
      var other = verifyKey
      other.replaceSubrange(range, with: random.bytes(16))
      let keys = FixtureKeys(name, rsa: self, verifyKey: other)
      guard verifyKey.lexicographicallyPrecedes(other) == isAbove,
        keys.agentID.lexicographicallyPrecedes(agentID) == isBefore
      else { continue }
      do {
        _ = try Ed25519.PublicKey(other)
        return keys
      } catch {
        continue
      }
    }
  }

  /// Keys of a person that are greater than these, with the RSA key of others.
  func above(rsa: FixtureKeys) throws -> FixtureKeys {
    var random = DeterministicRandom.suite("above \(name)")
    while true {
      let keys = try FixtureKeys("above \(name)", rsa: rsa, seed: random.bytes(32))
      if verifyKey.lexicographicallyPrecedes(keys.verifyKey) { return keys }
    }
  }
}

extension FixtureKeys {
  /// The RSA key of some keys with the Ed25519 key of a seed.
  private init(_ name: String, rsa: FixtureKeys, seed: [UInt8]) throws {
    let signing = try Ed25519.PrivateKey(seed: SecretBytes(copying: seed))
    self.name = name
    (p, q, modulus) = (rsa.p, rsa.q, rsa.modulus)
    (self.seed, verifyKey) = (seed, signing.publicKey.bytes)
  }

  /// So many persons of one RSA key.
  static func many(_ count: Int, rsa: FixtureKeys) throws -> [FixtureKeys] {
    try (0..<count).map {
      try FixtureKeys("one of many \($0)", rsa: rsa, seed: EndkeyVectors.bytes("seed of many \($0)", 32))
    }
  }
}
