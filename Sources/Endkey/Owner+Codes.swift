public import EndkeyPrimitives
public import EndkeyWire

// Enrolment codes, the requests under them, and grants. §10, §11

/// An enrolment code that was made. §10.1
public struct NewCode: ~Copyable, Sendable {
  /// The code, for one person or as many computers as it has uses. It must not travel through the service.
  public let code: EnrolmentCode
  /// The vault that knows the code: it is of use once this is stored.
  public let publication: Publication
}

/// What an enrolment code is for. §10.1
public struct CodeUse: Equatable, Sendable {
  /// Whether it enrols agents or one manager.
  public let role: Role
  /// What its computers are granted; a person gets the MasterKey.
  public let kind: GrantKind
  /// Whether a person lets in each computer.
  public let approval: Approval
  /// How many computers it is for.
  public let uses: UInt16

  private init(role: Role, kind: GrantKind, approval: Approval, uses: UInt16) {
    self.role = role
    self.kind = kind
    self.approval = approval
    self.uses = uses
  }

  /// A code for computers, 1 to 2,047.
  public static func agents(_ approval: Approval, uses: UInt16 = 1) -> CodeUse {
    CodeUse(role: .agent, kind: .scoped, approval: approval, uses: uses)
  }

  /// A code for computers, 1 to 2,047, that get the MasterKey, each let in by the owner. Such a computer can read
  /// everything up to its epoch, also what others have recorded, and the secrets of all codes that live.
  public static func masterAgents(uses: UInt16 = 1) -> CodeUse {
    CodeUse(role: .agent, kind: .master, approval: .manual, uses: uses)
  }

  /// A code for one more person who may sign, let in by the owner.
  public static let manager = CodeUse(role: .manager, kind: .master, approval: .manual, uses: 1)

  /// Whether only the owner may make such a code, and answer requests under it. R-12.9-5
  var isOwnersAlone: Bool { role == .manager || kind == .master }
}

extension Owner {
  /// Makes an enrolment code. §10.1
  ///
  /// A vault that is full of codes forgets those that can enrol nobody at `now`.
  ///
  /// - Parameters:
  ///   - use: what the code is for.
  ///   - label: what the persons call it, and its computers: at most 255 bytes.
  ///   - expires: when the code ends; nil for a code that never does.
  ///   - consent: what the person says.
  ///   - now: the time.
  ///   - random: where randomness comes from; a program passes a `SystemRandom`.
  /// - Throws: what keeps this end from signing (§12.8); `limitReached` when `use` has no uses or too many,
  ///   `expires` is 0, or the vault has no room; `valueTooLong` or `valueNotUTF8` for the label.
  public mutating func makeCode(
    _ use: CodeUse, label: String = "", expires: Time?, consent: Consent = .none, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> NewCode {
    let made = try act(use.isOwnersAlone ? .owning : .writing, consent, at: now, using: &random) {
      (draft, random) throws(ProtocolError) -> EnrolmentCode in
      guard (1...LiveCode.noncesMax).contains(Int(use.uses)), expires != 0 else {
        throw ProtocolError(.limitReached, "10.1")
      }
      let terms = CodeTerms(
        generation: draft.base.state.state.generation, made: draft.made, kind: use.kind, role: use.role)
      let code = try EnrolmentCode(accountID: draft.base.accountID, terms: terms, using: &random)
      let id = try primitive("10.1") { () throws(PrimitiveError) in try random.bytes(8) }
      let live = LiveCode(
        id: Bytes(unchecked: id.span), secret: code.secret.copy(), label: try Person.label(label),
        role: use.role, kind: use.kind, approval: use.approval, usesLeft: use.uses, expires: expires)
      try draft.vault.add(live, now: now)
      return code
    }
    return NewCode(code: made.output.copy(), publication: made.publication)
  }

  /// Ends a code: whoever knows it cannot enrol any more. `unknownAgent` when there is none.
  public mutating func dropCode(
    _ id: Bytes<8>, consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.writing, consent, at: now, using: &random) { (draft, _) throws(ProtocolError) in
      guard draft.vault.codes.contains(where: { $0.id == id }) else {
        throw ProtocolError(.unknownAgent, "10.1")
      }
      draft.vault.dropCode(id)
    }.publication
  }

  /// Verifies a computer's request to be enrolled and notes it as a member. §10.2
  ///
  /// The grant is made once the publication has settled, by ``Owner/makeGrants(for:consent:now:using:)``.
  ///
  /// - Parameters:
  ///   - request: the bytes of an EnrolmentRequest, as the service gives them.
  ///   - approved: the agent id that a person was shown and let in, for codes that ask for that: R-10.2-2.
  ///   - label: what the person calls the computer; the code's label when empty.
  ///   - consent: what the person says.
  ///   - now: the time.
  ///   - random: where randomness comes from.
  /// - Throws: what keeps this end from signing (§12.8); the errors of §10.2 in their order, of which
  ///   `wrongRecipient` is also for a manager's request: that goes to
  ///   ``Owner/addPerson(_:approved:label:consent:now:using:)``; `limitReached`.
  public mutating func approve(
    _ request: [UInt8], approved: AgentID? = nil, label: String = "", consent: Consent = .none, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.writing, consent, at: now, using: &random) { (draft, _) throws(ProtocolError) in
      let label = try Person.label(label)
      let verified = try draft.verify(request, now: now, approved: approved)
      let code = draft.vault.codes[verified.codeIndex]
      guard code.role == .agent else { throw ProtocolError(.wrongRecipient, "10.2") }
      guard draft.base.isOwner || code.kind == .scoped else { throw ProtocolError(.rootRequired, "10.2") }
      draft.vault.codes[verified.codeIndex] = try code.used(for: verified.request.nonce)
      var member = draft.vault.member(verified.agentID, by: code)
      if label.count > 0 { member.label = label }
      try draft.vault.set(member)
    }.publication
  }

  /// Why a request of a computer or a person is not let in as it is; nil for one that is. Steps 1 to 11 of §10.2, in
  /// their order: of one with `approvalRequired` everything else is right.
  ///
  /// - Throws: `noMasterKey` when the account is not open.
  package func obstacle(to request: [UInt8], now: Time) throws(ProtocolError) -> ProtocolError? {
    let session = try openSession(.read)
    let check = EnrolmentCheck(
      accountID: session.accountID, vault: session.vault, hasRootKey: session.isOwner)
    do throws(ProtocolError) {
      _ = try check.verify(request, now: now) { _ in false }
      return nil
    } catch {
      return error
    }
  }

  /// Grants of the newest epoch for members, in pieces of at most 1,000. They are not part of any publication, and
  /// may be made again at any time. §12.8
  ///
  /// - Parameters:
  ///   - requests: the EnrolmentRequests of members who have none, as the service gives them.
  ///   - consent: what the person says.
  ///   - now: the time.
  ///   - random: where randomness comes from.
  /// - Returns: the grants, and the places of the requests that are of nobody who may have one.
  /// - Throws: what keeps this end from signing (§12.8).
  public borrowing func makeGrants(
    for requests: [[UInt8]], consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> (grants: [Grant], refused: [Int]) {
    let session = try openSession(.grantsMissing)
    try checkSigning(session, consent, at: now)
    var grants: [Grant] = []
    var refused: [Int] = []
    for (index, bytes) in requests.prefix(Self.grantsMax).enumerated() {
      guard let grant = try session.grant(for: bytes, using: &random) else {
        refused.append(index)
        continue
      }
      grants.append(grant)
    }
    return (grants, refused)
  }

  /// The owner's wrap of the newest epoch, where the service has none that opens; nil where there is nothing to make.
  public borrowing func makeWrap(
    consent: Consent = .none, now: Time
  ) throws(ProtocolError) -> PasswordWrap? {
    let session = try openSession(.wrapMissing)
    guard session.isOwner, !session.hasWrap, let stretched = session.stretched else { return nil }
    try checkSigning(session, consent, at: now)
    return try stretched.value.wrap(session.masterKey.value)
  }

  /// How many grants are made at once.
  public static var grantsMax: Int { 1_000 }
}

extension OwnerSession {
  /// The grant of a member, of the kind of its code; nil for a request that is no member's who may have one.
  fileprivate func grant(
    for bytes: [UInt8], using random: inout some RandomSource
  ) throws(ProtocolError) -> Grant? {
    // The id certifies the keys: no signature needs to be looked at.
    guard let request = EnrolmentRequest(reading: bytes), request.accountID == accountID,
      let member = vault[member: request.agentID],
      member.status == .granted
    else { return nil }
    return try Grant.make(
      member.kind, to: member.agentID, modulus: request.modulus, masterKey: masterKey.value,
      signingKey: identity.value.signing, using: &random)
  }
}

extension Draft {
  /// A request that passed §10.2.
  func verify(
    _ request: [UInt8], now: Time, approved: AgentID?
  ) throws(ProtocolError) -> EnrolmentCheck.Verified {
    let check = EnrolmentCheck(accountID: base.accountID, vault: vault, hasRootKey: base.isOwner)
    return try check.verify(request, now: now) { $0 == approved }
  }
}

extension Vault {
  /// The member that a code lets in. One that is known already keeps what was audited of it.
  fileprivate func member(_ agentID: AgentID, by code: LiveCode) -> Member {
    guard var known = self[member: agentID] else {
      return Member(
        agentID: agentID, label: code.label, codeID: code.id, kind: code.kind, status: .granted, listed: 0,
        auditedSequence: 0, auditedHash: .zero, auditedGeneration: 0, auditedState: 0, keptSequence: 0,
        keptHash: .zero)
    }
    (known.codeID, known.kind) = (code.id, code.kind)
    if known.label.count == 0 { known.label = code.label }
    return known
  }
}

extension Person {
  /// A label as it stands in a vault: `valueTooLong` for more than 255 bytes.
  static func label(_ text: String) throws(ProtocolError) -> BoundedBytes<0, 255> {
    guard text.utf8.count <= Limit.labelMax else { throw ProtocolError(.valueTooLong, "12.9") }
    return try wire { () throws(WireError) in try BoundedBytes([UInt8](text.utf8)) }
  }
}
