public import EndkeyPrimitives
public import EndkeyWire

// Opening what agents made, and audits. §14.2, §15, §16

extension Owner {
  /// The keys of all epochs, for whatever opens tokens, blobs and texts.
  ///
  /// - Throws: `noMasterKey` when the account is not open.
  public func keyRing() throws(ProtocolError) -> KeyRing { try openSession(.read).ring }

  /// What the service knows the person's login by: with the login key it gives the account again while it is open.
  ///
  /// - Throws: `noMasterKey` when the account is not open, or the password was changed by an act that was interrupted.
  public func loginID() throws(ProtocolError) -> Hash {
    guard let stretched = try openSession(.read).stretched else { throw ProtocolError(.noMasterKey, "9.4") }
    return stretched.value.loginID
  }

  /// The login key: 32 bytes. §9.4
  ///
  /// - Throws: as ``loginID()``.
  public func loginKey() throws(ProtocolError) -> SecretBytes { try stretchedPassword().loginKey() }

  /// The password, stretched, with which the account was opened: it opens the account again.
  ///
  /// - Throws: as ``loginID()``.
  public func stretchedPassword() throws(ProtocolError) -> StretchedPassword {
    guard let stretched = try openSession(.read).stretched else { throw ProtocolError(.noMasterKey, "9.4") }
    return stretched.value.copy()
  }

  /// What the service keeps of the login with which the account was opened; nil where the password was changed by an
  /// act that was interrupted. §9.4
  func login() throws(ProtocolError) -> Publication.Login? {
    let session = try openSession(.read)
    return try session.stretched?.value.login(rootKeyOf: session.isOwner ? session.identity : nil)
  }

  /// What opens tokens of all epochs. §14.2
  ///
  /// - Throws: `noMasterKey` when the account is not open.
  public func tokenOpener() throws(ProtocolError) -> TokenOpener { TokenOpener(ring: try keyRing()) }

  /// What opens one blob, of any epoch and agent. §15
  ///
  /// - Parameter reference: what the record that names the blob says of it; nil when there is none at hand.
  /// - Throws: `noMasterKey` when the account is not open.
  public func blobOpener(reference: BlobReference? = nil) throws(ProtocolError) -> BlobOpener {
    BlobOpener(ring: try keyRing(), reference: reference)
  }

  /// Audits a member's batches: back from its mark for history, and on from it. §16.2
  ///
  /// - Parameters:
  ///   - agentID: the member.
  ///   - batches: all its batches that the service gives, in any order.
  ///   - erased: the numbers that the service marks as erased.
  ///   - request: its EnrolmentRequest, as the service stores it; nil where it has none.
  ///   - now: the time, by which retention may have taken batches; nil where none may be missing.
  ///   - isRecount: whether the marks of the vault mean nothing: all batches are counted anew, as for
  ///     ``repair(removing:recounting:consent:now:using:)``.
  /// - Throws: `unknownAgent` when the vault has no such member; `noMasterKey` when the account is not open.
  public func audit(
    _ agentID: AgentID, batches: [[UInt8]], erased: [ClosedRange<Counter>] = [], request: [UInt8]?,
    now: Time? = nil, isRecount: Bool = false
  ) throws(ProtocolError) -> AuditReport {
    let session = try openSession(.audit)
    let member = try session.vault.requireMember(agentID, "16.2")
    let audit = Audit(
      accountID: session.accountID, member: isRecount ? member.unmarked : member,
      members: Set(session.vault.members.map(\.agentID)),
      request: request.flatMap(EnrolmentRequest.init(reading:)), notes: StateNotes(session.vault.states),
      erasures: session.vault.erasures, ring: session.ring,
      expired: now?.subtracting(days: session.vault.retentionDays.value))
    return audit.report(on: batches, erased: erased)
  }

  /// Notes in the vault how far audits of members came, and which rules' values they saw. Two ends may have
  /// audited: the greater mark stays.
  ///
  /// - Throws: what keeps this end from signing (§12.8); `unknownAgent` for an id.
  public mutating func note(
    _ reports: [AgentID: AuditReport], consent: Consent = .none, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    let made = try act(.writing, consent, at: now, using: &random) { (draft, _) throws(ProtocolError) in
      var seen: Set<Token> = []
      for (agentID, report) in reports {
        var member = try draft.vault.requireMember(agentID, "16.2")
        member.take(report.mark)
        if let kept = report.kept, kept.sequence > member.keptSequence {
          (member.keptSequence, member.keptHash) = (kept.sequence, kept.hash)
          draft.vault.dropErasures(of: agentID, through: kept.sequence)
        }
        try draft.vault.set(member)
        seen.formUnion(report.totals.tokens)
      }
      try draft.noteSeen(seen)
    }
    return made.publication
  }
}

extension Member {
  /// The same, of whom nothing was counted.
  var unmarked: Member {
    var member = self
    (member.auditedSequence, member.auditedHash) = (0, .zero)
    (member.auditedGeneration, member.auditedState) = (0, 0)
    (member.keptSequence, member.keptHash) = (0, .zero)
    return member
  }

  /// Takes the marks of an audit that counted all batches anew, whatever they were. What is missing before its first
  /// batch was taken by retention.
  mutating func recount(_ report: AuditReport) {
    self = unmarked
    take(report.mark)
    if let first = report.counted.first, let kept = first.sequence.previous, kept > 0 {
      (keptSequence, keptHash) = (kept, first.previous)
    }
  }

  /// Goes on to the mark of an audit, never back.
  fileprivate mutating func take(_ mark: AuditMark) {
    if mark.sequence > auditedSequence { (auditedSequence, auditedHash) = (mark.sequence, mark.hash) }
    if mark.pair > AuditMark(self).pair {
      (auditedGeneration, auditedState) = (mark.pair.generation, mark.pair.counter)
    }
  }
}

extension Draft {
  /// Marks the rules whose value has one of these tokens, of any epoch: from now on they are published. R-16.4-1
  fileprivate mutating func noteSeen(_ tokens: Set<Token>) throws(ProtocolError) {
    var opener = TokenOpener(ring: base.ring)
    var values: [TokenField: Set<[UInt8]>] = [:]
    for token in tokens { values[token.field, default: []].insert(try opener.open(token)) }
    for (index, rule) in vault.rules.enumerated() {
      guard values[rule.field]?.contains(rule.value.bytes) == true else { continue }
      if !rule.seen { vault.rules[index].seen = true }
      // A token of a past epoch may be new for a rule that was seen before.
      changesRules = true
    }
    seenTokens.formUnion(tokens.filter { $0.epoch != epoch })
  }
}
