internal import EndkeyPrimitives
public import EndkeyWire

extension EnrolmentRequest {
  /// Makes an agent's request under a code that a person gave it. §10.2
  package static func make(
    code: borrowing TypedSecret, identity: borrowing Identity, nonce: Hash
  ) throws(ProtocolError) -> EnrolmentRequest {
    precondition(code.kind == .code, "an account secret enrols nobody")
    var request = EnrolmentRequest(
      accountID: code.accountID, modulus: identity.modulus, verifyKey: identity.verifyKey, nonce: nonce)
    let covered = request.authenticatedBytes
    let key = try Label.Derived.enrolmentMAC.derive(from: code.secret, context: code.accountID.bytes)
    let mac = try primitive("10.2") { () throws(PrimitiveError) in
      try HMACSHA256.authenticate(covered, key: key)
    }
    request.mac = Bytes(unchecked: mac)
    return request.signed(by: identity.signing)
  }

  /// The id of the agent that asks. To be shown to the person who approves: R-10.2-2.
  public var agentID: AgentID { AgentID(modulus: modulus, verifyKey: verifyKey) }
}
