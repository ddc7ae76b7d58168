public import EndkeyPrimitives
public import EndkeyWire

/// The private keys of an account or of an agent: RSA-2048 and Ed25519, `AccountKeys` of §8.4.
///
/// It can only be made whole: whoever has one has checked that its numbers are keys.
public struct Identity: ~Copyable, Sendable {
  let rsa: RSAPrivateKey
  let signing: Ed25519.PrivateKey

  /// New keys, of OpenSSL's generator and of `random`.
  public static func generate(using random: inout some RandomSource) throws(ProtocolError) -> Identity {
    try primitive("6") { () throws(PrimitiveError) in
      Identity(rsa: try RSAPrivateKey.generate(), signing: try Ed25519.PrivateKey(using: &random))
    }
  }

  package init(rsa: consuming RSAPrivateKey, signing: consuming Ed25519.PrivateKey) {
    self.rsa = rsa
    self.signing = signing
  }

  /// The keys that `contents` holds, whose places are of `secrets`; `failure` unless they are keys. §9.5
  init(
    _ contents: AccountKeys, in secrets: borrowing SecretBytes, or failure: ErrorCode, _ section: String
  ) throws(ProtocolError) {
    let (p, q, seed) = (contents.p, contents.q, contents.seed)
    let rsa = try primitive(section, or: failure) { () throws(PrimitiveError) in
      try RSAPrivateKey(p: secrets.copy(p), q: secrets.copy(q))
    }
    let signing = try primitive(section, or: failure) { () throws(PrimitiveError) in
      try Ed25519.PrivateKey(seed: secrets.copy(seed))
    }
    self.init(rsa: rsa, signing: signing)
  }

  /// The modulus of the RSA key.
  public var modulus: Modulus {
    let bytes = rsa.modulus
    return Modulus(unchecked: bytes.span)
  }
  /// The public key of the Ed25519 key.
  public var verifyKey: VerifyKey { signing.verifyKey }

  /// The id of the account whose keys these are. §7
  public var accountID: AccountID { AccountID(verifyKey: verifyKey) }
  /// The id of the agent whose keys these are. §7
  public var agentID: AgentID { AgentID(modulus: modulus, verifyKey: verifyKey) }

  /// `AccountKeys`: p, q and seed, 288 bytes.
  package func contents() throws(ProtocolError) -> SecretBytes {
    let primes = try primitive("8.4") { () throws(PrimitiveError) in try rsa.copyPrimes() }
    return SecretBytes.concatenating(primes, signing.copySeed())
  }
}

extension AccountKeys {
  /// The keys that stand at `start`, as `Identity.contents` has them.
  init(at start: Int) {
    self.init(
      p: SecretPlace(at: start), q: SecretPlace(at: start + 128), seed: SecretPlace(at: start + 256))
  }
}
