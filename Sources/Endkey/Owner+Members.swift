public import EndkeyPrimitives
public import EndkeyWire

// Codes, requests, grants and revocations. §10, §11, §12.3

extension Owner {
  /// A code that was made, and what to store with it.
  public struct NewCode: ~Copyable, Sendable {
    /// For one computer, out of band.
    public let code: TypedSecret
    public let publication: Publication
  }

  /// Makes an enrolment code. §10.1
  ///
  /// `uses` is 1 to 2,047, else `limitReached`; `expires` and `now` are milliseconds since
  /// 1970-01-01T00:00:00Z, and `expires` is 0 for never. A full list forgets codes that are dead at `now`.
  public mutating func makeCode(
    role: Role = .agent, approval: Approval, uses: UInt16 = 1, expires: UInt64, now: UInt64,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> NewCode {
    try step(.makeCode) { (session) throws(ProtocolError) in
      guard (1...LiveCode.noncesMax).contains(Int(uses)), expires <= Limit.counterMax else {
        throw ProtocolError(.limitReached, "10.1")
      }
      let code = try TypedSecret(kind: .code, accountID: session.accountID, using: &random)
      try session.vault.add(
        LiveCode(
          secret: code.secret.copy(), role: role, approval: approval, usesLeft: uses, expires: expires),
        now: now)
      let publication = Publication(ownerVault: try session.writeVault(using: &random))
      return NewCode(code: code, publication: publication)
    }
  }

  /// Verifies a request (§10.2), notes its maker as a member, and grants.
  ///
  /// `approved` is the agent id that a person was shown and let in, for codes that ask for it: R-10.2-2. A
  /// manager gets a master grant; an agent a scoped one, unless the owner says otherwise by `kind`.
  public mutating func approve(
    _ request: [UInt8], approved: AgentID? = nil, kind: GrantKind? = nil, now: UInt64,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    // Whether rotation is due is step 8 of the checks: a bad request is told as such before.
    var draft = try openSession(.request)
    let check = EnrolmentCheck(
      accountID: draft.accountID, codes: draft.vault.codes,
      revoked: draft.vault.revoked.union(draft.state.revoked), isRotationDue: draft.vault.isRotationDue)
    let verified = try check.verify(request, now: now) { $0 == approved }
    let role = check.codes[verified.codeIndex].role
    try draft.vault.use(codeAt: verified.codeIndex, for: verified.request.nonce)
    let kind = role == .manager ? .master : kind ?? .scoped
    let member = try draft.member(verified, role: role, kind: kind)
    try draft.vault.set(member)
    let grant = try draft.makeGrant(kind, to: member, using: &random)
    let publication = Publication(ownerVault: try draft.writeVault(using: &random), grants: [grant])
    keep(draft)
    return publication
  }

  /// Grants again to a member, as the same or another kind. `unknownAgent`, or `revoked`.
  public mutating func grant(
    _ agentID: AgentID, kind: GrantKind, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try step(.grant) { (session) throws(ProtocolError) in
      let member = try session.vault.requireMember(agentID, "11")
      guard member.status == .granted else { throw ProtocolError(.revoked, "11") }
      let grant = try session.makeGrant(kind, to: member, using: &random)
      return Publication(ownerVault: try session.writeVault(using: &random), grants: [grant])
    }
  }

  /// Revokes a member by the next AccountState. If it holds keys of the current epoch, rotation is due then.
  /// `unknownAgent`, or `revoked` when it is already. §12.3
  public mutating func revoke(
    _ agentID: AgentID, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try step(.revoke) { (session) throws(ProtocolError) in
      let member = try session.vault.requireMember(agentID, "12.3")
      guard member.status == .granted else { throw ProtocolError(.revoked, "12.3") }
      try session.vault.set(try member.with(status: .revoked))
      let state = try session.makeState()
      return Publication(ownerVault: try session.writeVault(using: &random), accountState: state)
    }
  }
}

extension OwnerSession {
  /// The member that a verified request makes. One that is known already keeps what was audited of it.
  fileprivate func member(
    _ verified: EnrolmentCheck.Verified, role: Role, kind: GrantKind
  ) throws(ProtocolError) -> Member {
    if let known = vault[member: verified.agentID] { return try known.with(role: role, kind: kind) }
    return try wire { () throws(WireError) in
      try Member(
        agentID: verified.agentID, modulus: verified.request.modulus,
        verifyKey: verified.request.verifyKey, role: role, status: .granted, kind: kind, epoch: epoch,
        grantCounter: 0, auditedSequence: 0, auditedHash: .zero)
    }
  }
}
