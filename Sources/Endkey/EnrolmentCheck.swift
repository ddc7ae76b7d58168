internal import EndkeyPrimitives
package import EndkeyWire

/// A person's check of a request to be enrolled. §10.2
package struct EnrolmentCheck: Sendable {
  let accountID: AccountID
  /// Those that live.
  let codes: [LiveCode]
  /// The ids of computers that were retired or removed, and of persons who were removed.
  let revoked: Set<AgentID>
  /// The ids of persons.
  let persons: Set<AgentID>
  /// The ids of computers.
  let members: Set<AgentID>
  /// Whether this end has the root key, which makes persons.
  let hasRootKey: Bool

  /// A request that passed, and the index of the code that it was made under.
  package struct Verified: Sendable {
    let request: EnrolmentRequest
    package let agentID: AgentID
    package let codeIndex: Int
  }

  package init(
    accountID: AccountID, codes: [LiveCode], revoked: Set<AgentID> = [], persons: Set<AgentID> = [],
    members: Set<AgentID> = [], hasRootKey: Bool
  ) {
    self.accountID = accountID
    self.codes = codes
    self.revoked = revoked
    self.persons = persons
    self.members = members
    self.hasRootKey = hasRootKey
  }

  /// A check against what a vault says.
  init(accountID: AccountID, vault: Vault, hasRootKey: Bool) {
    self.init(
      accountID: accountID, codes: vault.codes,
      revoked: Set(
        vault.members.filter { $0.status != .granted }.map(\.agentID)
          + vault.persons.filter { $0.status != .granted }.map(\.personID)),
      persons: Set(vault.persons.map(\.personID)), members: Set(vault.members.map(\.agentID)),
      hasRootKey: hasRootKey)
  }

  /// Steps 1 to 11 of §10.2, in their order. R-10.2-1
  ///
  /// `isApproved` says whether a person has seen this id and let its maker in; it is asked last, and only where the
  /// code wants approval.
  package func verify(
    _ bytes: [UInt8], now: Time, isApproved: (AgentID) -> Bool
  ) throws(ProtocolError) -> Verified {
    let request = try EnrolmentRequest(received: bytes)
    guard request.accountID == accountID else { throw ProtocolError(.wrongAccount, "10.2") }
    guard let index = try codes.firstIndex(of: request) else { throw ProtocolError(.macInvalid, "10.2") }
    let code = codes[index]
    guard !code.isDead(at: now) else { throw ProtocolError(.codeExpired, "10.2") }
    guard !code.nonces.contains(request.nonce) else { throw ProtocolError(.nonceReused, "10.2") }
    try request.checkKeys(in: bytes)
    let agentID = request.agentID
    guard !revoked.contains(agentID) else { throw ProtocolError(.revoked, "10.2") }
    guard !persons.contains(agentID), code.role == .agent || !members.contains(agentID) else {
      throw ProtocolError(.wrongRecipient, "10.2")
    }
    guard (code.role == .agent && code.kind == .scoped) || hasRootKey else {
      throw ProtocolError(.rootRequired, "10.2")
    }
    guard code.approval == .automatic || isApproved(agentID) else {
      throw ProtocolError(.approvalRequired, "10.2")
    }
    return Verified(request: request, agentID: agentID, codeIndex: index)
  }
}

extension [LiveCode] {
  /// The place of the code that a request was made under, nil for none. Every code is tried, also after one was found,
  /// so that the time does not tell which. R-10.2-4
  fileprivate func firstIndex(of request: EnrolmentRequest) throws(ProtocolError) -> Int? {
    var found: Int?
    for (index, code) in enumerated() where try code.authenticates(request) { found = found ?? index }
    return found
  }
}

extension Vault {
  /// The code that a request was made under, the first by id; nil where its MAC verifies under none. Nothing else of
  /// the request is checked. §10.2
  public func code(of request: EnrolmentRequest) throws(ProtocolError) -> LiveCode? {
    try codes.firstIndex(of: request).map { codes[$0] }
  }
}

extension EnrolmentRequest {
  /// Steps 6 and 7 of §10.2: `badKey` unless the suite accepts both keys, then `signatureInvalid`. `bytes` are
  /// those that this request was parsed from.
  func checkKeys(in bytes: [UInt8]) throws(ProtocolError) {
    _ = try primitive("10.2", or: .badKey) { () throws(PrimitiveError) in
      try RSAPublicKey(modulus: modulus.bytes)
    }
    let key = try primitive("10.2", or: .badKey) { () throws(PrimitiveError) in
      try Ed25519.PublicKey(verifyKey.bytes)
    }
    guard isSigned(by: key, in: bytes) else { throw ProtocolError(.signatureInvalid, "10.2") }
  }
}
