internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// The ends of an owner and a manager, the service that they share, and what must be true of all. §4, §10.4, §12
struct OwnerRun: ~Copyable {
  private var line: AccountLine
  private var owner: PersonEnd
  private var manager: PersonEnd
  private var random = DeterministicRandom("owner")

  init() throws(Violation) {
    let base = AccountBase.shared
    line = AccountLine(base.shelf, base.state, now: AccountBase.now)
    owner = PersonEnd(pins: base.ownerPins, Keys.account, base.ownerKeys)
    manager = PersonEnd(pins: base.managerPins, Keys.manager, base.managerKeys)
    try owner.start(line)
  }

  mutating func take(_ given: consuming Script) throws(Violation) -> FuzzTarget.Outcome {
    var script = given
    var slowSteps = SlowSteps.allowed(&script)
    var events = 0
    while !script.isAtEnd, events < 30 {
      events += 1
      let choice = script.byte()
      // What takes long: passwords are stretched, keys are checked.
      let isSlow = slowSteps > 0 && choice & 0x60 == 0x60
      if isSlow { slowSteps -= 1 }
      // A manager's end is opened when it first does something, and only the owner recovers the account.
      if choice & 0x80 == 0 {
        try Self.step(&owner, isSlow, &line, &script, &random)
      } else {
        try manager.start(line)
        try Self.step(&manager, isSlow, &line, &script, &random)
      }
      try owner.checkLatch()
      try manager.checkLatch()
    }
    try owner.settle(&line, &random)
    try manager.settle(&line, &random)
    return owner.accepted + manager.accepted > 0 ? .accepted : .refused
  }

  private static func step(
    _ end: inout PersonEnd, _ isSlow: Bool, _ line: inout AccountLine, _ script: inout Script,
    _ random: inout DeterministicRandom
  ) throws(Violation) {
    if isSlow {
      switch script.below(6) {
      case 0: return try end.changePassword(&line, &script, &random)
      case 1 where end.id != Keys.manager.agentID:
        return try end.recover(&line, keeping: [Keys.agents[0].agentID: .scoped], &random)
      default: return try end.restart(line, &script, &random)
      }
    }
    switch script.below(24) {
    case 0...5: try end.send(&line, &script, &random)
    case 6: try end.discard()
    case 7: try end.confirm()
    case 8: try end.grant(line, &script, &random)
    case 9: line.now = line.now.adding(hours: script.one(of: [1, 20, 30, 24 * 20, 24 * 70]))
    default: try act(&end, line, &script, &random)
    }
  }

  // MARK: Acts. §12.9

  private static func act(
    _ end: inout PersonEnd, _ line: AccountLine, _ script: inout Script, _ random: inout DeterministicRandom
  ) throws(Violation) {
    let agent = Keys.agents[script.below(3)]
    let choice = script.below(20)
    switch choice {
    case 0...3: try makeCode(&end, line, &script, &random)
    case 4...7: try answer(agent, &end, line, &script, &random)
    case 8, 9: try remove(agent.agentID, choice == 8, &end, line, &script, &random)
    case 10:
      let persons = [[Keys.manager.agentID], [Keys.guest.agentID], [end.id]][script.below(3)]
      try end.act(
        .replacing, Deed(dropsCodes: true, removed: Set(persons + [agent.agentID])), line, &script, &random
      ) { (end, consent, now, random) throws(ProtocolError) in
        try end.removePersons(
          Set(persons), removing: [agent.agentID], consent: end.keepingAll(consent), now: now, using: &random)
      }
    case 11:
      try end.act(.replacing, Deed(dropsCodes: true), line, &script, &random) {
        (end, consent, now, random) throws(ProtocolError) in
        try end.repair(removing: [], consent: end.keepingAll(consent), now: now, using: &random)
      }
    case 12, 13:
      try end.act(.any, Deed(), line, &script, &random) { (end, consent, now, random) throws(ProtocolError) in
        try end.rotate(consent: consent, now: now, using: &random)
      }
    case 14:
      try end.act(.owning, Deed(), line, &script, &random) {
        (end, consent, now, random) throws(ProtocolError) in
        try end.renewCertificate(consent: consent, now: now, using: &random)
      }
    case 15:
      try end.act(.any, Deed(), line, &script, &random) { (end, consent, now, random) throws(ProtocolError) in
        try end.renew(consent: consent, now: now, using: &random)
      }
    case 16: try rules(&end, line, &script, &random)
    case 17:
      try end.act(.owning, Deed(), line, &script, &random) {
        (end, consent, now, random) throws(ProtocolError) in
        try end.setRetention(
          AccountBase.retentionDays(), blobs: AccountBase.retentionDays(), consent: consent, now: now,
          using: &random)
      }
    case 18: try note(agent.agentID, &end, line, &script, &random)
    default:
      let label = String(decoding: script.string(atMost: 8), as: UTF8.self)
      try end.act(.any, Deed(), line, &script, &random) { (end, consent, now, random) throws(ProtocolError) in
        try end.setLabel(label, ofMember: agent.agentID, consent: consent, now: now, using: &random)
      }
    }
  }

  private static func makeCode(
    _ end: inout PersonEnd, _ line: AccountLine, _ script: inout Script, _ random: inout DeterministicRandom
  ) throws(Violation) {
    let kind: GrantKind = script.below(4) == 3 ? .master : .scoped
    let approval: Approval = script.below(2) == 1 ? .manual : .automatic
    let isManagers = script.below(4) == 3
    let uses = UInt16(script.below(3))
    let use: CodeUse =
      isManagers ? .manager : kind == .master ? .masterAgents(uses: uses) : .agents(approval, uses: uses)
    let expires = script.below(4) == 3 ? line.now.adding(hours: 2) : nil
    // The text is known once the act is made: it is put where the deed is kept.
    var text: [UInt8] = []
    let happened = try end.act(
      use.kind == .master ? .owning : .any, Deed(), line, &script, &random
    ) { (end, consent, now, random) throws(ProtocolError) in
      let made = try end.makeCode(use, expires: expires, consent: consent, now: now, using: &random)
      text = made.code.text().withBytes { $0.array }
      return made.publication
    }
    if happened { end.noteCode(text) }
  }

  /// A request comes under one of the codes that were made: of a computer, or of a person.
  private static func answer(
    _ agent: Keys.Pair, _ end: inout PersonEnd, _ line: AccountLine, _ script: inout Script,
    _ random: inout DeterministicRandom
  ) throws(Violation) {
    guard !line.codes.isEmpty else { return }
    let text = script.one(of: line.codes).text
    let nonce = script.byte()
    let code = try must("a code") { try EnrolmentCode(text: SecretBytes(copying: text)) }
    let isPerson = script.below(4) == 3 || code.terms.role == .manager
    let who = isPerson ? Keys.guest : agent
    let original = try must("a request") {
      try EnrolmentRequest.make(
        code: code, identity: who.identity(), nonce: Hash([UInt8](repeating: nonce, count: 32))
      ).serialized
    }
    let request = script.below(4) == 3 ? script.edited(original) : original
    let approved: AgentID? = script.below(4) > 0 ? who.agentID : nil
    let deed = Deed(code: text, request: (who.agentID, request))
    let happened = try end.act(
      isPerson ? .extending : code.terms.kind == .master ? .owning : .any, deed, line, &script, &random
    ) { (end, consent, now, random) throws(ProtocolError) in
      if isPerson {
        try end.addPerson(
          request, approved: approved, consent: end.keepingAll(consent), now: now, using: &random)
      } else {
        try end.approve(request, approved: approved, consent: consent, now: now, using: &random)
      }
    }
    try require(!happened || request == original, "a changed request is let in")
  }

  private static func remove(
    _ agentID: AgentID, _ isRetired: Bool, _ end: inout PersonEnd, _ line: AccountLine,
    _ script: inout Script,
    _ random: inout DeterministicRandom
  ) throws(Violation) {
    let deed = isRetired ? Deed(retired: [agentID]) : Deed(dropsCodes: true, removed: [agentID])
    try end.act(.any, deed, line, &script, &random) { (end, consent, now, random) throws(ProtocolError) in
      isRetired
        ? try end.retire([agentID], consent: consent, now: now, using: &random)
        : try end.remove([agentID], consent: end.keepingAll(consent), now: now, using: &random)
    }
  }

  private static func rules(
    _ end: inout PersonEnd, _ line: AccountLine, _ script: inout Script, _ random: inout DeterministicRandom
  ) throws(Violation) {
    let values = (0..<script.below(4)).map { _ in script.string(atMost: 8) }
    try end.act(.any, Deed(), line, &script, &random) { (end, consent, now, random) throws(ProtocolError) in
      var rules: [RuleDefinition] = []
      for value in values {
        do throws(WireError) {
          rules.append(
            RuleDefinition(
              field: .applicationName, category: .productive, seen: value.count % 2 == 0,
              value: try BoundedBytes(value)))
        } catch {
          throw ProtocolError(error)
        }
      }
      return try end.setRules(rules, consent: consent, now: now, using: &random)
    }
  }

  /// An audit of what are no batches, and its note.
  private static func note(
    _ agentID: AgentID, _ end: inout PersonEnd, _ line: AccountLine, _ script: inout Script,
    _ random: inout DeterministicRandom
  ) throws(Violation) {
    let batches = (0..<script.below(3)).map { _ in script.string(atMost: 16) }
    guard let report = try end.audit(agentID, batches, line) else { return }
    try end.act(.any, Deed(), line, &script, &random) { (end, consent, now, random) throws(ProtocolError) in
      try end.note([agentID: report], consent: consent, now: now, using: &random)
    }
  }
}

/// An account of an owner and a manager, made once: passwords take a while to stretch.
struct AccountBase: Sendable {
  static let shared = AccountBase()
  static let now = day(100)

  let shelf: Shelf
  let state: AccountState
  let ownerPins: OwnerPins
  let managerPins: OwnerPins
  let ownerKeys: Held<StretchedPassword>
  let managerKeys: Held<StretchedPassword>

  static func credentials() -> Credentials {
    Credentials(loginName: "ana@example.com", password: SecretBytes(copying: Array("correct horse".utf8)))
  }

  static func retentionDays() throws(ProtocolError) -> RetentionDays {
    do throws(WireError) {
      return try RetentionDays(365)
    } catch {
      throw ProtocolError(error)
    }
  }

  private init() {
    do {
      var random = DeterministicRandom("account")
      var owner = Owner.absent()
      let made = try owner.create(
        identity: Keys.account.identity(), credentials: Self.credentials(),
        retentionDays: Self.retentionDays(),
        now: Self.now, using: &random)
      var shelf = Shelf().replaced(by: made.publication, of: Keys.account.agentID)
      try owner.stored()

      let invitation = try owner.makeCode(.manager, expires: nil, now: Self.now, using: &random)
      try owner.stored()
      var manager = Owner.absent()
      let request = try manager.enrol(
        code: invitation.code, identity: Keys.manager.identity(), credentials: Self.credentials(),
        using: &random)
      let added = try owner.addPerson(
        request.request.serialized, approved: Keys.manager.agentID, now: Self.now, using: &random)
      try owner.stored()
      shelf = shelf.replaced(by: added, of: Keys.account.agentID)
      shelf.keys[Keys.manager.agentID] = request.keys.serialized

      guard let ownerPins = owner.pins, let managerPins = manager.pins, let state = owner.state else {
        fatalError("the account is not open")
      }
      (self.shelf, self.state, self.ownerPins, self.managerPins) = (shelf, state, ownerPins, managerPins)
      ownerKeys = Held(try owner.stretchedPassword())
      managerKeys = Held(try StretchedPassword(Self.credentials(), head: request.keys.head))
    } catch {
      fatalError("no account: \(error)")
    }
  }
}

extension Owner {
  /// What the person says, who was asked about every member that is there.
  fileprivate borrowing func keepingAll(_ consent: Consent) -> Consent {
    consent.keeping(vault?.grantedMembers ?? [])
  }
}
