public import EndkeyPrimitives
public import EndkeyWire

// Acts about members and epochs. §12.2, §12.3

extension Owner {
  /// Retires members: computers in good order, whose batches were audited, since nothing counts that they sign later.
  /// Each code that one of them came by ends. §12.3
  ///
  /// - Throws: what keeps this end from signing (§12.8); `unknownAgent` or `revoked` for an id; `limitReached`.
  public mutating func retire(
    _ agentIDs: Set<AgentID>, consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.retire(agentIDs), consent, at: now, using: &random)
  }

  /// Removes members: stolen or hostile computers. All codes end, and the account goes to the next epoch. §12.3
  ///
  /// Before that a person is asked about each of ``Vault/suspects(of:)``, and says which stay.
  ///
  /// - Throws: what keeps this end from signing (§12.8); `unknownAgent` or `revoked` for an id; `approvalRequired` for
  ///   a member that the person was not asked about; `limitReached`.
  public mutating func remove(
    _ agentIDs: Set<AgentID>, consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.remove(agentIDs), consent, at: now, using: &random)
  }

  /// Goes to the next epoch: new keys for everybody who is still a member. §12.2
  ///
  /// Codes live on, so that this does not mend a stolen MasterKey, which opens their secrets:
  /// ``repair(removing:recounting:consent:now:using:)`` does.
  ///
  /// - Throws: what keeps this end from signing (§12.8); `limitReached` when there is no epoch left, or the vault keeps
  ///   4,096 MasterKeys.
  public mutating func rotate(
    consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.rotate, consent, at: now, using: &random)
  }

  /// What a person's end does at its first opening of a day: the state is renewed where it is old, and the end's
  /// own keys are noted where they are not yet. Nil where there is nothing to do.
  public mutating func renew(
    consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication? {
    let session = try openSession(.read)
    let isNoted = session.vault[person: session.personID]?.keys == session.personKeys.hash
    let isOld = session.vault.newest.made.adding(hours: 20) < now
    guard isOld || !isNoted else { return nil }
    return try act(.writing, consent, at: now, using: &random) { (_, _) throws(ProtocolError) in }.publication
  }

  /// Names a member; an empty label takes the name away. `unknownAgent` when there is none, `valueTooLong`.
  public mutating func setLabel(
    _ label: String, ofMember agentID: AgentID, consent: Consent = .none, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.writing, consent, at: now, using: &random) { (draft, _) throws(ProtocolError) in
      var member = try draft.vault.requireMember(agentID, "12.9")
      member.label = try Person.label(label)
      try draft.vault.set(member)
    }.publication
  }
}

extension Vault {
  /// The members about whom a person is asked before others are removed: those that came by the same codes, those that
  /// nobody has named, and all others where one of those that go had the MasterKey, which opens the secrets of codes.
  /// R-12.3-3
  public func suspects(of agentIDs: Set<AgentID>) -> [Member] {
    let going = agentIDs.compactMap { self[member: $0] }
    let codes = Set(going.map(\.codeID))
    let hadMaster = going.contains { $0.kind == .master }
    return members.filter { member in
      member.status == .granted && !agentIDs.contains(member.agentID)
        && (hadMaster || codes.contains(member.codeID) || member.label.count == 0)
    }
  }

  /// The members that an act asks about. R-12.3-3, R-12.9-3
  func asked(_ kind: PendingPublication.Kind, going: Set<AgentID>) -> [Member] {
    switch kind {
    case .plain, .extending: []
    case .removing: suspects(of: going)
    case .replacing: grantedMembers.filter { !going.contains($0.agentID) }
    }
  }
}
