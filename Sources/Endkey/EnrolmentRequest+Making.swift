internal import EndkeyPrimitives
public import EndkeyWire

extension EnrolmentRequest {
  /// Makes an agent's request under a code that a person gave it. §10.2
  package static func make(
    code: borrowing TypedSecret, identity: borrowing Identity, nonce: Hash
  ) throws(ProtocolError) -> EnrolmentRequest {
    precondition(code.kind == .code, "an account secret enrols nobody")
    let (accountID, modulus, verifyKey) = (code.accountID, identity.modulus, identity.verifyKey)
    let unsigned = try wire { () throws(WireError) in
      try EnrolmentRequest(
        header: Header(type: .enrolmentRequest, accountID: accountID, epoch: 0), modulus: modulus,
        verifyKey: verifyKey, nonce: nonce)
    }
    let key = try Label.Derived.enrolmentMAC.derive(from: code.secret, context: accountID.bytes)
    let mac = try primitive("10.2") { () throws(PrimitiveError) in
      try HMACSHA256.authenticate(unsigned.authenticatedBytes, key: key)
    }
    return try wire { () throws(WireError) in try unsigned.authenticated(mac) }.signed(by: identity.signing)
  }

  /// The id of the agent that asks. To be shown to the person who approves: R-10.2-2.
  public var agentID: AgentID { AgentID(modulus: modulus, verifyKey: verifyKey) }
}
