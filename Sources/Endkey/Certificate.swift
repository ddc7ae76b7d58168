package import EndkeyPrimitives
public import EndkeyWire

/// The list of the persons who may sign, signed by the root key: what only the owner can make. §12.1
public struct Certificate: Equatable, Sendable {
  /// The owner's Ed25519 public key, whose hash is the account id.
  public let rootKey: VerifyKey
  /// The number of the list. A greater one ends every list before it.
  public let generation: Generation
  /// When the list of this generation was first signed.
  public let from: Time
  /// Until when states under the list may be used.
  public let until: Time
  /// The persons, ascending by verify key; the owner is one of them.
  public let signers: BoundedList<AccountState.Signers>
  /// The signature by the root key.
  public let signature: Signature

  package init(
    rootKey: VerifyKey, generation: Generation, from: Time, until: Time,
    signers: BoundedList<AccountState.Signers>, signature: Signature
  ) {
    self.rootKey = rootKey
    self.generation = generation
    self.from = from
    self.until = until
    self.signers = signers
    self.signature = signature
  }

  /// Signs a list: `limitReached` for more than 64 persons, `notCanonical` for one twice.
  package static func make(
    generation: Generation, from: Time, until: Time, signers: [Signer],
    rootKey: borrowing Ed25519.PrivateKey
  ) throws(ProtocolError) -> Certificate {
    guard signers.count <= Limit.personsMax else { throw ProtocolError(.limitReached, "12.1") }
    let signers = try wire { () throws(WireError) in
      try BoundedList<AccountState.Signers>(signers.sorted { $0.verifyKey < $1.verifyKey })
    }
    let verifyKey = rootKey.publicKey.bytes
    let unsigned = Certificate(
      rootKey: VerifyKey(unchecked: verifyKey.span), generation: generation, from: from, until: until,
      signers: signers, signature: .zero)
    let signature = rootKey.sign(unsigned.signedBytes)
    return Certificate(
      rootKey: unsigned.rootKey, generation: generation, from: from, until: until, signers: signers,
      signature: Signature(unchecked: signature.span))
  }

  /// The same list for longer: `from` stays that of the generation's first list.
  func renewed(
    until: Time, rootKey: borrowing Ed25519.PrivateKey
  ) throws(ProtocolError) -> Certificate {
    try Self.make(
      generation: generation, from: from, until: until, signers: Array(signers), rootKey: rootKey)
  }

  /// Whether the root key has signed the list. The root key must be one that the suite accepts.
  func isSigned() -> Bool {
    do {
      return try Ed25519.PublicKey(rootKey.bytes).verify(signature.bytes, message: signedBytes)
    } catch {
      return false
    }
  }

  /// Whether the list has this key.
  public func lists(_ verifyKey: VerifyKey) -> Bool { signers.contains { $0.verifyKey == verifyKey } }

  /// The label, the account id, and the bytes of a state from `generation` to `signers`.
  private var signedBytes: [UInt8] {
    let list = Signer.byteCount * signers.count
    let content = Writer.array(count: 38 + list) {
      $0.fixed(AccountID(verifyKey: rootKey))
      $0.uint32(generation.value)
      $0.time(from)
      $0.time(until)
      $0.length(list, upTo: Limit.personsMax * Signer.byteCount)
      for signer in signers { signer.serialize(into: &$0) }
    }
    return Label.Prefixed.certificate.prefixing(content)
  }
}

extension AccountState {
  /// The list under which the state is signed.
  public var list: Certificate {
    Certificate(
      rootKey: rootKey, generation: generation, from: certificateFrom, until: certificateUntil,
      signers: signers, signature: certificate)
  }
}
