public import EndkeyPrimitives
public import EndkeyWire

// Persons, passwords, and the acts that only the root key can make. §12.9

extension Owner {
  /// Adds a person who may sign, on a request under a manager's code. §10.2
  ///
  /// While a root act is due it makes a generation, and asks about all members as a repair does.
  ///
  /// - Parameters:
  ///   - request: the bytes of a PersonRequest's EnrolmentRequest.
  ///   - approved: the id that the owner was shown and let in, compared with the one that the person sees.
  ///   - label: what the persons call the new one; the code's label when empty.
  ///   - consent: what the owner says.
  ///   - now: the time.
  ///   - random: where randomness comes from.
  /// - Throws: what keeps this end from signing (§12.8); the errors of §10.2 in their order, of which
  ///   `wrongRecipient` is also for a computer's request; `approvalRequired` for a member that the owner was to be
  ///   asked about; `limitReached` for a 65th person.
  public mutating func addPerson(
    _ request: [UInt8], approved: AgentID?, label: String = "", consent: Consent = .none, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.extending, consent, at: now, using: &random) { (draft, random) throws(ProtocolError) in
      // Where a root act was due, the act has dropped the codes already: the request is of one that lived.
      let check = EnrolmentCheck(
        accountID: draft.base.accountID, vault: draft.base.vault, hasRootKey: draft.base.isOwner)
      let verified = try check.verify(request, now: now) { $0 == approved }
      let code = draft.base.vault.codes[verified.codeIndex]
      guard code.role == .manager else { throw ProtocolError(.wrongRecipient, "10.2") }
      if let index = draft.vault.codes.firstIndex(where: { $0.id == code.id }) {
        draft.vault.codes[index] = try code.used(for: verified.request.nonce)
      }
      let person = Person(
        personID: verified.agentID, role: .manager, status: .granted, modulus: verified.request.modulus,
        verifyKey: verified.request.verifyKey, keys: .zero,
        label: label.isEmpty ? code.label : try Person.label(label))
      try draft.take(.addPerson(person), using: &random)
    }.publication
  }

  /// Removes persons: another generation and epoch, no codes. Also for a person whose password or device has
  /// fallen, who enrols anew under new keys. Persons are shown by id: any person may have changed a label.
  ///
  /// Before that the owner is asked about every member: a person may have let in computers of its own. Those that go
  /// are `removing`, those that stay are named in the consent.
  ///
  /// - Throws: what keeps this end from signing (§12.8); `unknownAgent` or `revoked` for an id, `wrongRecipient`
  ///   for the owner's; `approvalRequired` for a member that the owner was not asked about; `limitReached`.
  public mutating func removePersons(
    _ personIDs: Set<AgentID>, removing agentIDs: Set<AgentID>, consent: Consent = .none, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.removePersons(personIDs, agents: agentIDs), consent, at: now, using: &random)
  }

  /// Repairs the account: another generation and epoch, no codes, the same persons. For a stolen MasterKey, forks,
  /// a wrong clock, a restored backup, or a root act that was lost. The owner is asked about every member; those
  /// that go are `removing`, those that stay are named in the consent.
  ///
  /// Whoever may sign can write marks that no batch comes up to. `reports` are audits that counted all batches of
  /// members anew (``audit(_:batches:erased:request:now:isRecount:)``), whose marks are taken though they go back.
  ///
  /// - Throws: what keeps this end from signing (§12.8); `unknownAgent` or `revoked` for an id; `approvalRequired` for
  ///   a member that the owner was not asked about; `limitReached`.
  public mutating func repair(
    removing agentIDs: Set<AgentID>, recounting reports: [AgentID: AuditReport] = [:],
    consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    let act = Act.repair(agents: agentIDs)
    return try self.act(act.kind, going: act.going, consent, at: now, using: &random) {
      draft, random throws(ProtocolError) in
      for (agentID, report) in reports {
        var member = try draft.vault.requireMember(agentID, "12.9")
        guard member.status == .granted else { throw ProtocolError(.revoked, "12.9") }
        member.recount(report)
        try draft.vault.set(member)
      }
      try draft.take(act, using: &random)
    }.publication
  }

  /// Lists the same persons for longer. No program does that by itself: the owner has compared the digits that this end
  /// shows with those of another end, or of a batch. R-12.8-6
  ///
  /// - Throws: what keeps this end from signing (§12.8).
  public mutating func renewCertificate(
    consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.renewCertificate, consent, at: now, using: &random)
  }

  /// Names a person. `unknownAgent` when there is none, `valueTooLong`.
  public mutating func setLabel(
    _ label: String, ofPerson personID: AgentID, consent: Consent = .none, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.writing, consent, at: now, using: &random) { (draft, _) throws(ProtocolError) in
      var person = try draft.vault.requirePerson(personID, "12.9")
      person.label = try Person.label(label)
      try draft.vault.set(person)
    }.publication
  }

  /// Sets this person's new password. It keeps the RSA key, which opens every later master grant: a password that has
  /// fallen into other hands calls for ``removePersons(_:removing:consent:now:using:)``.
  ///
  /// - Parameters:
  ///   - credentials: what opens the account from now on.
  ///   - iterations: the iterations of PBKDF2, 600,000 to 10,000,000. It takes 0.1 to 2 seconds.
  ///   - consent: what the person says.
  ///   - now: the time.
  ///   - random: where randomness comes from.
  /// - Throws: what keeps this end from signing (§12.8); `iterationsOutOfRange`, `badPassword` or `badLoginName`;
  ///   `limitReached` for the last counter.
  public mutating func changePassword(
    to credentials: borrowing Credentials, iterations: UInt32 = UInt32(Limit.iterationsMin),
    consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.writing, consent, at: now, using: &random) { (draft, random) throws(ProtocolError) in
      guard let counter = draft.base.personKeys.head.counter.next else {
        throw ProtocolError(.limitReached, "12.9")
      }
      let head = try PasswordHeader(
        accountID: draft.base.accountID, counter: counter, iterations: iterations,
        accountSecret: credentials.accountSecretUse, using: &random)
      let stretched = Shared(try StretchedPassword(credentials, head: head))
      let keys = try PersonKeys.seal(draft.base.identity.value, with: stretched.value, using: &random)
      draft.newKeys = Draft.NewKeys(keys: keys, stretched: stretched)
    }.publication
  }
}
