internal import EndkeyPrimitives
package import EndkeyWire

/// What an act asks of the end that makes it, before anything is made. §12.8, §12.9
enum ActKind: Sendable {
  /// Writes the vault; a state is made only where the newest is old.
  case writing
  /// The same, but only the owner may.
  case owning
  /// Makes a state under the list of now.
  case stating
  /// The same, and ends members: a person is asked about others.
  case removing
  /// Makes the list of now anew.
  case renewing
  /// A root act under the list of now, which it makes longer; where a root act is due, it makes a generation.
  case extending
  /// A root act that makes a generation.
  case replacing

  /// What becomes of such an act where another end was faster.
  func pending(isReplacing: Bool) -> PendingPublication.Kind {
    switch self {
    case .writing, .owning, .stating, .renewing: .plain
    case .removing: .removing
    case .extending, .replacing: isReplacing ? .replacing : .extending
    }
  }
}

/// Who goes with an act.
struct Going: Sendable {
  var agents: Set<AgentID> = []
  var persons: Set<AgentID> = []

  /// `unknownAgent`, `revoked` and `wrongRecipient`, in this order, for an id that cannot go. §12.8
  func check(_ vault: Vault) throws(ProtocolError) {
    let members = agents.map { vault[member: $0] }
    let people = persons.map { vault[person: $0] }
    guard !members.contains(nil), !people.contains(nil) else { throw ProtocolError(.unknownAgent, "12.8") }
    guard members.allSatisfy({ $0?.status == .granted }), people.allSatisfy({ $0?.status == .granted }) else {
      throw ProtocolError(.revoked, "12.8")
    }
    guard people.allSatisfy({ $0?.role != .owner }) else { throw ProtocolError(.wrongRecipient, "12.8") }
  }
}

/// A person's end that is about to sign: what it has opened, and what it remembers besides. §12.8
package struct Acting: Sendable {
  let base: OwnerSession
  /// Whether a person has said at this end that what is shown is the newest, or made the account here.
  let isConfirmed: Bool
  /// Whether the end keeps what it signs through a crash.
  let isDurable: Bool
  /// The greatest generation that the end has signed or seen.
  let generation: Generation

  /// `generation` is the greatest that the end remembers; what is served beside a kept whole counts as seen.
  package init(base: OwnerSession, isConfirmed: Bool, isDurable: Bool, generation: Generation) {
    self.base = base
    self.isConfirmed = isConfirmed
    self.isDurable = isDurable
    self.generation = max(generation, base.aside?.state?.state.generation ?? generation)
  }

  private var isRootDue: Bool {
    base.isOwner && (base.aside != nil || generation > base.state.state.generation)
  }

  /// What the publication of an act starts from: a new list and epoch are made already, where the act has them.
  ///
  /// - Throws: what keeps this end from signing, in the order of §12.8, and `limitReached`.
  func draft(
    _ kind: ActKind, going: Going, _ consent: Consent, at now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Draft {
    let check = check(kind, consent, at: now)
    _ = try OwnerMachine.step(.open, check.event(at: now)).get("12.8")
    try going.check(base.vault)
    let asked = base.vault.asked(kind.pending(isReplacing: check.isReplacing), going: going.agents)
    guard asked.allSatisfy({ consent.staying[$0.agentID] == $0.kind }) else {
      throw ProtocolError(.approvalRequired, "12.8")
    }
    var draft = Draft(base: base, made: check.made(at: now))
    if isRenewalDue(at: draft.made) { draft.makeState() }
    if check.isReplacing {
      try draft.replaceList(try Founding.generation(after: generation, at: draft.made))
      try draft.beginEpoch(using: &random)
    }
    return draft
  }

  /// The same checks for what an end makes without writing the vault.
  func checkSigning(_ consent: Consent, at now: Time) throws(ProtocolError) {
    var check = check(.writing, consent, at: now)
    (check.usesList, check.isRootDue) = (false, false)
    _ = try OwnerMachine.step(.open, check.event(at: now)).get("12.8")
  }

  private func check(_ kind: ActKind, _ consent: Consent, at now: Time) -> SigningCheck {
    let (isRootAct, needsRootKey): (Bool, Bool) =
      switch kind {
      case .writing, .stating, .removing: (false, false)
      case .owning, .renewing: (false, true)
      case .extending, .replacing: (true, true)
      }
    var check = SigningCheck(
      isConfirmed: isConfirmed, isDurable: isDurable, isRootAct: isRootAct, isReplacing: isRootDue,
      isRootDue: isRootDue, hasRootKey: base.isOwner, needsRootKey: needsRootKey, usesList: true,
      validUntil: base.state.state.validUntil, certificateUntil: base.state.state.certificateUntil,
      newestMade: base.vault.newest.made, consent: consent)
    switch kind {
    case .writing, .owning: check.usesList = isRenewalDue(at: check.made(at: now))
    case .stating, .removing: break
    case .renewing: check.usesList = false
    case .extending: (check.usesList, check.isReplacing) = (!isRootDue, isRootDue)
    case .replacing: (check.usesList, check.isReplacing) = (false, true)
    }
    return check
  }

  /// States are renewed by the way, so that agents never fall silent: where the newest is more than 20 hours old.
  private func isRenewalDue(at made: Time) -> Bool { base.vault.newest.made.adding(hours: 20) < made }
}

// MARK: - Acts. §12.9

/// An act of §12.9 that makes more than a vault, or a vault alone.
package enum Act: Sendable {
  case edit, renewCertificate, rotate
  case retire(Set<AgentID>)
  case remove(Set<AgentID>)
  case addPerson(Person)
  case removePersons(Set<AgentID>, agents: Set<AgentID>)
  case repair(agents: Set<AgentID>)

  var kind: ActKind {
    switch self {
    case .edit: .writing
    case .renewCertificate: .renewing
    case .rotate, .retire: .stating
    case .remove: .removing
    case .addPerson: .extending
    case .removePersons, .repair: .replacing
    }
  }

  var going: Going {
    switch self {
    case .edit, .renewCertificate, .rotate, .addPerson: Going()
    case .retire(let agents), .remove(let agents), .repair(let agents): Going(agents: agents)
    case .removePersons(let persons, let agents): Going(agents: agents, persons: persons)
    }
  }
}

extension Draft {
  /// Changes what the act changes besides list and generation.
  mutating func take(_ act: Act, using random: inout some RandomSource) throws(ProtocolError) {
    switch act {
    case .edit: break
    case .renewCertificate: renewList()
    case .rotate: try beginEpoch(using: &random)
    case .retire(let agents):
      try end(agents, as: .retired)
      for agentID in agents {
        if let member = vault[member: agentID] { vault.dropCode(member.codeID) }
      }
    case .remove(let agents):
      try beginEpoch(using: &random)
      try end(agents, as: .removed)
      vault.codes = []
    case .addPerson(let person):
      try vault.set(person)
      newPersons = [person.personID]
      if !isReplacing { extendList() }
    case .removePersons(let persons, let agents):
      for personID in persons { try endPerson(personID) }
      try end(agents, as: .removed)
    case .repair(let agents): try end(agents, as: .removed)
    }
  }

  private mutating func endPerson(_ personID: AgentID) throws(ProtocolError) {
    var person = try vault.requirePerson(personID, "12.9")
    person.status = .removed
    try vault.set(person)
  }
}

extension Acting {
  /// What `act` publishes on top of the base, where the person wants the vault to say what `vault` says, and its
  /// rule set is `ruleSet`: zeros for none, nil for the one of now.
  package func publish(
    _ act: Act, vault: Vault, ruleSet: Hash?, consent: Consent, at now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    var draft = try draft(act.kind, going: act.going, consent, at: now, using: &random)
    let (codes, pastKeys) = (draft.vault.codes, draft.vault.pastKeys)
    draft.vault = vault
    draft.vault.pastKeys = pastKeys
    if draft.isReplacing {
      draft.vault.codes = codes
      try draft.endUnlisted()
    }
    try draft.take(act, using: &random)
    draft.giveBack()
    draft.vault.ruleSet = ruleSet ?? (draft.epoch == base.epoch ? vault.ruleSet : .zero)
    return try draft.publish(ruleSet: nil, using: &random)
  }
}
