internal import EndkeyPrimitives
package import EndkeyWire

/// The owner's check of a request to be enrolled. §10.2
package struct EnrolmentCheck: Sendable {
  let accountID: AccountID
  let codes: [LiveCode]
  let revoked: Set<AgentID>
  let isRotationDue: Bool

  /// A request that passed, and the index of the code that it was made under.
  package struct Verified: Sendable {
    let request: EnrolmentRequest
    package let agentID: AgentID
    package let codeIndex: Int
  }

  package init(accountID: AccountID, codes: [LiveCode], revoked: Set<AgentID>, isRotationDue: Bool) {
    self.accountID = accountID
    self.codes = codes
    self.revoked = revoked
    self.isRotationDue = isRotationDue
  }

  /// Steps 1 to 9 of §10.2, in their order. R-10.2-1
  ///
  /// `now` is in milliseconds since 1970-01-01T00:00:00Z. `isApproved` says whether a person has seen this id
  /// and let the agent in; it is asked last, and only where the code wants approval.
  package func verify(
    _ bytes: [UInt8], now: Time, isApproved: (AgentID) -> Bool
  ) throws(ProtocolError) -> Verified {
    let request = try EnrolmentRequest(received: bytes)
    guard request.accountID == accountID else { throw ProtocolError(.wrongAccount, "10.2") }
    let index = try codeIndex(of: request)
    let code = codes[index]
    guard !code.isDead(at: now) else { throw ProtocolError(.codeExpired, "10.2") }
    guard !code.nonces.contains(request.nonce) else { throw ProtocolError(.nonceReused, "10.2") }
    _ = try primitive("10.2", or: .badKey) { () throws(PrimitiveError) in
      try RSAPublicKey(modulus: request.modulus.bytes)
    }
    let key = try primitive("10.2", or: .badKey) { () throws(PrimitiveError) in
      try Ed25519.PublicKey(request.verifyKey.bytes)
    }
    guard request.isSigned(by: key, in: bytes) else { throw ProtocolError(.signatureInvalid, "10.2") }
    let agentID = request.agentID
    guard !revoked.contains(agentID) else { throw ProtocolError(.revoked, "10.2") }
    guard !isRotationDue else { throw ProtocolError(.rotationDue, "10.2") }
    guard code.approval == .automatic || isApproved(agentID) else {
      throw ProtocolError(.approvalRequired, "10.2")
    }
    return Verified(request: request, agentID: agentID, codeIndex: index)
  }

  /// Tries every code, also after one was found, so that the time does not tell which. R-10.2-4
  private func codeIndex(of request: EnrolmentRequest) throws(ProtocolError) -> Int {
    var found: Int?
    for (index, code) in codes.enumerated() where try code.authenticates(request) { found = index }
    guard let found else { throw ProtocolError(.macInvalid, "10.2") }
    return found
  }
}
