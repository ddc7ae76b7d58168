internal import EndkeyPrimitives
public import EndkeyWire

extension EnrolmentRequest {
  /// Makes the request of an agent, or of a person, under a code that was given to it. §10.2
  package static func make(
    code: borrowing EnrolmentCode, identity: borrowing Identity, nonce: Hash
  ) throws(ProtocolError) -> EnrolmentRequest {
    var request = EnrolmentRequest(
      accountID: code.accountID, modulus: identity.modulus, verifyKey: identity.verifyKey, nonce: nonce)
    let key = try code.requestKey()
    let mac = try primitive("10.2") { () throws(PrimitiveError) in
      try HMACSHA256.authenticate(request.authenticatedBytes, key: key)
    }
    request.mac = Bytes(unchecked: mac.span)
    return request.signed(by: identity.signing)
  }

  /// The id of whoever asks. To be shown to the person who approves: R-10.2-2.
  public var agentID: AgentID { AgentID(modulus: modulus, verifyKey: verifyKey) }
}
