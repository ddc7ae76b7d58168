public import EndkeyWire
public import ServiceModel

extension Store {
  /// Stores Grants of the newest state's keys; gives for each that it refused the recipient and why.
  public func store(_ grants: [Grant], in account: AccountID) async throws -> [(AgentID, Problem.Kind)] {
    try await database.write { transaction in
      let state = try transaction.state(account)
      let listed = Set(state.revoked)
      var refused: [(AgentID, Problem.Kind)] = []
      for grant in grants {
        let recipient = grant.recipient
        if grant.accountID != account || grant.epoch != state.epoch || grant.commitment != state.commitment {
          refused.append((recipient, .staleEpoch))
        } else if listed.contains(recipient) {
          refused.append((recipient, .agentListed))
        } else if try transaction.row(.request, [.fixed(account), .fixed(recipient)]) == nil,
          try transaction.row(.person, [.fixed(account), .fixed(recipient)]) == nil
        {
          refused.append((recipient, .unknownRecipient))
        } else {
          try transaction.store(grant)
        }
      }
      return refused
    }
  }

  /// The newest Grant to a recipient. Throws `no-grant` where there is none.
  public func grant(to recipient: AgentID, in account: AccountID) async throws -> [UInt8] {
    try await database.read { transaction in
      guard let row = try transaction.row(.grant, [.fixed(account), .fixed(recipient)]) else {
        throw Problem(.noGrant)
      }
      return row.bytes(2)
    }
  }
}

extension Transaction {
  /// Puts a Grant in the place of an earlier one. Its recipient may upload from now on. H-5-2
  func store(_ grant: Grant) throws {
    let (account, recipient) = (Value.fixed(grant.accountID), Value.fixed(grant.recipient))
    try run(.dropGrant, [account, recipient])
    try run(
      .storeGrant,
      [account, recipient, .epoch(grant.epoch), .fixed(grant.commitment), .bytes(grant.serialized)])
    try run(.grantRequest, [account, recipient])
    try run(.grantAgent, [account, recipient])
  }
}
