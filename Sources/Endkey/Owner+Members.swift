public import EndkeyPrimitives
public import EndkeyWire

// Codes, requests, grants and revocations. §10, §11, §12.3

extension Owner {
  /// Makes an enrolment code. §10.1
  ///
  /// Times are milliseconds since 1970-01-01T00:00:00Z. A vault that is full of codes forgets those that can enrol
  /// nobody at `now`.
  ///
  /// - Parameters:
  ///   - role: whether the code enrols agents or a second manager.
  ///   - approval: whether a person must let in each computer that comes with the code.
  ///   - uses: how many computers the code enrols, 1 to 2,047.
  ///   - expires: when the code ends, at least 1; nil for a code that never does.
  ///   - now: the time.
  ///   - random: where salts and nonces come from; a program passes a `SystemRandom`.
  /// - Throws: `limitReached` when `uses` or `expires` is out of range or the vault has no room for a code;
  ///   `noMasterKey` when the account is not open.
  public mutating func makeCode(
    role: Role = .agent, approval: Approval, uses: UInt16 = 1, expires: Time?, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> NewCode {
    try step(.makeCode) { (session) throws(ProtocolError) in
      guard (1...LiveCode.noncesMax).contains(Int(uses)), expires ?? 1 > 0 else {
        throw ProtocolError(.limitReached, "10.1")
      }
      let code = try TypedSecret(kind: .code, accountID: session.accountID, using: &random)
      try session.vault.add(
        LiveCode(
          secret: code.secret.copy(), role: role, approval: approval, usesLeft: uses, expires: expires),
        now: now)
      return NewCode(code: code, ownerVault: try session.writeVault(using: &random))
    }
  }

  /// Verifies a request to be enrolled, notes its maker as a member, and grants it keys. §10.2, §11
  ///
  /// - Parameters:
  ///   - request: the bytes of an EnrolmentRequest, as the service gives them.
  ///   - approved: the agent id that a person was shown and let in, for codes that ask for that: R-10.2-2.
  ///   - kind: what an agent is granted; scoped keys when nil. A manager always gets the MasterKey.
  ///   - now: the time, in milliseconds since 1970-01-01T00:00:00Z.
  ///   - random: where salts and nonces come from; a program passes a `SystemRandom`.
  /// - Throws: the errors of §10.2 in their order: a fault of format, `wrongAccount`, `macInvalid`, `codeExpired`,
  ///   `nonceReused`, `badKey`, `signatureInvalid`, `revoked`, `rotationDue`, `approvalRequired`; `limitReached` when
  ///   the vault has no room for a member; `noMasterKey` when the account is not open.
  public mutating func approve(
    _ request: [UInt8], approved: AgentID? = nil, kind: GrantKind? = nil, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> NewGrant {
    // Whether rotation is due is step 8 of the checks: a bad request is told as such before.
    var draft = try openSession(.request)
    let check = EnrolmentCheck(
      accountID: draft.accountID, codes: draft.vault.codes,
      revoked: draft.vault.revoked.union(draft.state.revoked), isRotationDue: draft.vault.isRotationDue)
    let verified = try check.verify(request, now: now) { $0 == approved }
    let role = check.codes[verified.codeIndex].role
    try draft.vault.use(codeAt: verified.codeIndex, for: verified.request.nonce)
    let kind = role == .manager ? .master : kind ?? .scoped
    let member = draft.member(verified, role: role, kind: kind)
    try draft.vault.set(member)
    let grant = try draft.makeGrant(kind, to: member, using: &random)
    let made = NewGrant(ownerVault: try draft.writeVault(using: &random), grant: grant)
    keep(draft)
    return made
  }

  /// Grants keys of the current epoch again to a member, of the same or another kind. §11
  ///
  /// - Throws: `unknownAgent` when the vault has no such member; `revoked` when it was revoked; `rotationDue` after
  ///   a revocation, until ``rotate(with:iterations:using:)``; `noMasterKey` when the account is not open.
  public mutating func grant(
    _ agentID: AgentID, kind: GrantKind, using random: inout some RandomSource
  ) throws(ProtocolError) -> NewGrant {
    try step(.grant) { (session) throws(ProtocolError) in
      let member = try session.vault.requireMember(agentID, "11")
      guard member.status == .granted else { throw ProtocolError(.revoked, "11") }
      let grant = try session.makeGrant(kind, to: member, using: &random)
      return NewGrant(ownerVault: try session.writeVault(using: &random), grant: grant)
    }
  }

  /// Revokes a member by the next AccountState. §12.3
  ///
  /// A member that holds keys of the current epoch can still open what others make with them: rotation is due then,
  /// and no grant is made before it.
  ///
  /// - Throws: `unknownAgent` when the vault has no such member; `revoked` when it was revoked before;
  ///   `limitReached` when the state has no room; `noMasterKey` when the account is not open.
  public mutating func revoke(
    _ agentID: AgentID, using random: inout some RandomSource
  ) throws(ProtocolError) -> Revocation {
    try step(.revoke) { (session) throws(ProtocolError) in
      var member = try session.vault.requireMember(agentID, "12.3")
      guard member.status == .granted else { throw ProtocolError(.revoked, "12.3") }
      member.status = .revoked
      try session.vault.set(member)
      let state = try session.makeState()
      return Revocation(accountState: state, ownerVault: try session.writeVault(using: &random))
    }
  }
}

extension OwnerSession {
  /// The member that a verified request makes. One that is known already keeps what was audited of it.
  fileprivate func member(
    _ verified: EnrolmentCheck.Verified, role: Role, kind: GrantKind
  ) -> Member {
    if var known = vault[member: verified.agentID] {
      (known.role, known.kind) = (role, kind)
      return known
    }
    return Member(
      agentID: verified.agentID, modulus: verified.request.modulus, verifyKey: verified.request.verifyKey,
      role: role, status: .granted, kind: kind, epoch: epoch, grantCounter: 0, auditedSequence: 0,
      auditedHash: .zero)
  }
}
