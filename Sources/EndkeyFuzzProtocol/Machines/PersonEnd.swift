internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// A person's end, its disk, and what must be true of it. §10.4, §12.7, §12.8, §13.2
struct PersonEnd: ~Copyable {
  private(set) var end: Owner
  private var pair: Keys.Pair
  private var stretched: Held<StretchedPassword>
  /// The pending publication as it lies beside the pins, which outlives the keys in memory.
  private var kept: PendingPublication?
  /// What the pending act means.
  private var deed = Deed()
  private var latch = PinsLatch()
  /// Acts, openings and answers that were not refused.
  private(set) var accepted = 0

  init(pins: OwnerPins?, _ pair: Keys.Pair, _ stretched: Held<StretchedPassword>) {
    end = Owner.locked(pins: pins)
    self.pair = pair
    self.stretched = stretched
  }

  var id: AgentID { pair.agentID }

  /// What shows of an end, to compare.
  private struct Look: Equatable {
    let phase: OwnerMachine.Phase
    let pins: OwnerPins?
    let pending: PendingPublication?
    let state: AccountState?
    let newestMade: Time

    init(_ end: borrowing Owner) {
      phase = end.phase
      pins = end.pins
      pending = end.pending
      state = end.state
      newestMade = end.vault?.newest.made ?? 0
    }
  }

  // MARK: Acts

  /// What an act asks of who makes it.
  enum Kind {
    /// Any person, the owner, the owner at an end that begins a list anew.
    case any, owning, extending, replacing

    var isRootAct: Bool { self == .extending || self == .replacing }
  }

  typealias Body<Made> = (inout Owner, Consent, Time, inout DeterministicRandom) throws(ProtocolError) -> Made

  /// Makes an act; says whether it did. Refused, it must have changed nothing: R-19-2.
  @discardableResult
  mutating func act(
    _ kind: Kind, _ given: Deed, _ line: AccountLine, _ script: inout Script,
    _ random: inout DeterministicRandom,
    _ body: Body<Publication?>
  ) throws(Violation) -> Bool {
    let word = script.byte()
    // Mostly the person says what is asked for, and the clock is right.
    let consent = Consent(isNewest: word & 3 != 3, isClockRight: word & 4 == 0)
    let isBehind = word >> 4 == 15
    let now = isBehind ? day(90) : line.now
    let before = Look(end)
    var made: Publication?
    let code = refusal { () throws(ProtocolError) in made = try body(&end, consent, now, &random) }
    guard let publication = made else {
      try require(Look(end) == before, "an act is refused, but something changed: R-19-2")
      try require(code != .internalError, "an act is an internal error")
      let expected: ErrorCode? =
        switch before.phase {
        case .absent, .locked: .noMasterKey
        case .settling: .unsettled
        case .open: code
        }
      // Nothing may be to do.
      try require(
        code == nil || code == expected, "an act in \(before.phase) gives \(code, default: "nothing")")
      return false
    }
    accepted += 1
    deed = given
    try checkMayAct(kind, consent, at: now, before)
    try check(publication, kind, consent, before)
    return true
  }

  /// R-12.8-1: what keeps an end from signing.
  private func checkMayAct(
    _ kind: Kind, _ consent: Consent, at now: Time, _ before: Look
  ) throws(Violation) {
    guard before.phase == .open, let pins = before.pins, let state = before.state else {
      throw Violation("an act is made in \(before.phase)")
    }
    try require(pins.isConfirmed || consent.isNewest, "an end signs that nobody has confirmed")
    try require(now < state.validUntil || consent.isNewest, "an end signs after its state has ended")
    let isBehind = now.adding(days: Limit.clockAheadMax) < before.newestMade
    let isSetting = kind.isRootAct && consent.isClockRight
    try require(!isBehind || isSetting, "an end signs whose clock is behind")
    let isOwner = pair.verifyKey == state.rootKey
    try require(isOwner || kind == .any, "a manager acts as the owner")
    try require(!isOwner || !pins.isRootDue || kind.isRootAct, "an act comes before the root act that is due")
  }

  /// What an act sends goes on from what the end has opened, and is on the disk.
  private mutating func check(
    _ sent: Publication, _ kind: Kind, _ consent: Consent, _ before: Look
  ) throws(Violation) {
    guard let pins = before.pins, let last = before.state else { throw Violation("an act on nothing") }
    try require(sent.expected == pins.vaultHash, "an act starts from another vault than the one opened")
    try require(
      sent.ownerVault.counter == pins.vaultCounter.next && sent.ownerVault.signer == pair.verifyKey,
      "the vault's counter goes from \(pins.vaultCounter) to \(sent.ownerVault.counter)")
    try require(kind != .replacing || sent.accountState != nil, "a root act makes no state")
    if let state = sent.accountState { try check(state, after: last, kind, consent, before) }

    let now = Look(end)
    try require(now.phase == .settling && now.pending?.publication == sent, "what was sent is not pending")
    try require(now.pins?.pending?.vault == sent.vaultHash, "what was sent is not on the disk: R-12.8-2")
    try require(
      now.pins?.state == pins.state && now.pins?.vaultHash == pins.vaultHash, "what is not stored is pinned")
    keep()
  }

  private mutating func check(
    _ state: AccountState, after last: AccountState, _ kind: Kind, _ consent: Consent, _ before: Look
  ) throws(Violation) {
    try require(state.signer == pair.verifyKey, "an end signs as another")
    try require(state.pair > last.pair, "the state's counter goes to \(state.counter)")
    let isReplacing = state.generation > last.generation
    try require(!isReplacing || kind.isRootAct, "an act begins the list anew that is no root act")
    try require(
      isReplacing == (kind == .replacing || (kind == .extending && before.pins?.isRootDue == true)),
      "an act has the generation \(state.generation)")
    try require(
      state.made >= before.newestMade || (isReplacing && consent.isClockRight), "the line's clock goes back")
    if isReplacing {
      let greatest = before.pins?.generation ?? .first
      try require(state.generation > greatest, "a generation is signed a second time")
    }
    guard state.list != last.list else { return }
    try require(pair.verifyKey == state.rootKey, "a list is signed without the root key")
    try latch.sign(state.generation.value, persons: Set(state.signers.map(\.personID.bytes)))
  }

  /// Notes the text of the code that the pending act makes.
  mutating func noteCode(_ text: [UInt8]) { deed.newCode = text }

  // MARK: Settling

  /// The pending publication goes to the service: an answer comes, or is lost.
  mutating func send(
    _ line: inout AccountLine, _ script: inout Script, _ random: inout DeterministicRandom
  ) throws(Violation) {
    guard end.phase == .settling, let pending = end.pending else { return }
    let isStored = try line.store(pending.publication, by: id, deed)
    guard script.below(4) > 0 else {
      let again = try must("sending again") { try end.noAnswer() }
      return try require(again == pending.publication, "other bytes are sent again")
    }
    // A service may say that a vault was lost that it holds, and show what it likes.
    if isStored, script.below(8) != 7 {
      try takeStored(pending.publication)
    } else {
      try lose(pending.publication, to: script.below(3) == 2 ? mixed(line, &script) : nil, line, &random)
    }
  }

  private mutating func takeStored(_ sent: Publication) throws(Violation) {
    try must("settling") { try end.stored() }
    accepted += 1
    try require(end.phase == .open && end.pins?.pending == nil, "what was stored is still pending")
    try require(
      end.pins?.vaultHash == sent.vaultHash && end.pins?.vaultCounter == sent.ownerVault.counter,
      "another vault is pinned than was stored")
    if let state = sent.accountState {
      try require(
        end.state == state && end.pins?.state?.state == state, "another state is pinned than was stored")
    }
    keep()
  }

  /// The service holds another vault: `given`, or the newest.
  private mutating func lose(
    _ sent: Publication, to given: Whole?, _ line: AccountLine, _ random: inout DeterministicRandom
  ) throws(Violation) {
    let whole = given ?? line.newest.whole(of: id)
    let before = Look(end)
    let wasFirst = before.pending?.base.isEmpty == true
    var loss: Owner.Loss?
    let code = refusal { () throws(ProtocolError) in loss = try end.lost(to: whole, using: &random) }
    guard let loss else {
      try require(Look(end) == before, "a refused whole changes something")
      let isMine = given == nil && line.lists(pair.verifyKey)
      return try require(!isMine, "what is stored does not open: \(code, default: "")")
    }
    accepted += 1
    switch loss {
    case .stored: try require(line.has(sent), "a publication is taken as stored that nobody has")
    case .merged(let new):
      try require(new.accountState == sent.accountState, "the same act signs a second state")
      try require(new.expected == Hash(sha256: whole.ownerVault), "it is made on top of another vault")
      try require(
        end.phase == .settling && end.pending?.publication == new, "what is made anew is not pending")
    case .dead where wasFirst: try require(end.phase == .absent, "a lost beginning leaves an account")
    case .dead:
      try require(end.phase == .open && end.pins?.pending == nil, "what died is still pending")
      try checkNumberIsSpent(sent, before)
    }
    keep()
  }

  /// What died may have been read by somebody: no other list may have its number.
  private func checkNumberIsSpent(_ sent: Publication, _ before: Look) throws(Violation) {
    guard let state = sent.accountState, let kind = before.pending?.kind,
      kind == .extending || kind == .replacing,
      let greatest = end.pins?.generation
    else { return }
    try require(greatest > state.generation, "a root act died, and its number may be used again")
  }

  /// The person gives up what is pending.
  mutating func discard() throws(Violation) {
    let before = Look(end)
    let code = refusal { () throws(ProtocolError) in try end.discard() }
    guard before.phase == .settling, let sent = before.pending?.publication else {
      return try require(code != nil && Look(end) == before, "something is given up in \(before.phase)")
    }
    try require(code == nil && end.pending == nil && end.pins?.pending == nil, "it cannot be given up")
    if end.phase == .open { try checkNumberIsSpent(sent, before) }
    keep()
  }

  /// Whatever is pending settles, as long as the service is honest and nobody else writes.
  mutating func settle(_ line: inout AccountLine, _ random: inout DeterministicRandom) throws(Violation) {
    for _ in 0..<3 {
      guard end.phase == .settling, let sent = end.pending?.publication else { return }
      if try line.store(sent, by: id, deed) {
        try takeStored(sent)
      } else if line.lists(pair.verifyKey) || end.pending?.base.isEmpty == true {
        try lose(sent, to: nil, line, &random)
      } else {
        // Who was removed opens nothing any more.
        try discard()
      }
    }
    try require(end.phase != .settling, "a pending publication does not settle")
  }

  // MARK: Opening

  /// The keys are wiped, or the end crashes; it opens what the service shows: the newest, or something older, mixed or
  /// changed. With `forgets`, what lay on the disk is lost as well.
  mutating func restart(
    _ line: AccountLine, _ script: inout Script, _ random: inout DeterministicRandom
  ) throws(Violation) {
    guard end.phase != .absent else { return }
    if end.phase != .locked {
      let pins = end.pins
      try must("locking") { try end.lock() }
      try require(end.phase == .locked && end.pins == pins, "locking forgets the pins")
    }
    switch script.below(8) {
    case 5: kept = nil
    case 6:
      end = Owner.locked(pins: nil)
      (kept, latch) = (nil, PinsLatch())
    case 7: try savePins(&script, &random)
    default: break
    }
    if script.below(3) == 2 { try open(mixed(line, &script), line) }
    if end.phase == .locked { try open(nil, line) }
  }

  /// Opens what was made before this run.
  mutating func start(_ line: AccountLine) throws(Violation) {
    if end.phase == .locked { try open(nil, line) }
  }

  /// Opens `given`, or the newest that the service has.
  private mutating func open(_ given: Whole?, _ line: AccountLine) throws(Violation) {
    let whole = given ?? line.newest.whole(of: id)
    let before = Look(end)
    let code = refusal { () throws(ProtocolError) in
      try end.open(whole, with: stretched.value.copy(), pending: kept)
    }
    let isListed = line.lists(pair.verifyKey)
    guard code == nil else {
      try require(Look(end) == before, "a refused opening changes something")
      return try require(given != nil || !isListed, "what is stored does not open: \(code, default: "")")
    }
    accepted += 1
    try require(given != nil || isListed, "who was removed opens what is stored: P7")
    guard let pins = end.pins, let state = end.state else { throw Violation("it is open, without pins") }
    try require(pins.state?.state == state, "another state is open than is pinned")
    try require(
      !pins.isConfirmed || (before.pins?.isConfirmed == true && end.findings.isEmpty),
      "what does not fit, or is new, is taken as confirmed")
    let isBegun = before.pins?.state.map { state.generation > $0.state.generation } ?? true
    try require(isBegun || end.findings.isEmpty, "a finding in the pinned generation is no error")
    keep()
  }

  /// The parts of a whole, each from any time, one of them changed now and then.
  private func mixed(_ line: AccountLine, _ script: inout Script) -> Whole {
    var whole = line.newest.whole(of: id)
    let (one, other) = (
      script.one(of: line.shelves).whole(of: id), script.one(of: line.shelves).whole(of: id)
    )
    let parts = script.byte()
    if parts & 1 != 0 { whole.ownerVault = one.ownerVault }
    if parts & 2 != 0 { whole.accountState = one.accountState }
    if parts & 4 != 0 { (whole.grant, whole.passwordWrap) = (one.grant, one.passwordWrap) }
    if parts & 8 != 0 { whole.personKeys = other.personKeys }
    if parts & 16 != 0 { whole.ruleSet = other.ruleSet }
    switch parts >> 5 {
    case 5: whole.ownerVault = script.edited(whole.ownerVault)
    case 6: whole.accountState = script.edited(whole.accountState)
    case 7: whole.grant = nil
    default: break
    }
    return whole
  }

  /// Saved and read again, the pins are as before; changed, they are none.
  private mutating func savePins(
    _ script: inout Script, _ random: inout DeterministicRandom
  ) throws(Violation) {
    let deviceKey = Keys.secret("device", 32)
    guard end.pins != nil else { return }
    let saved = try must("saving the pins") {
      try end.savePins(deviceKey: deviceKey, using: &random).serialized
    }
    let changed = script.edited(saved)
    var restored: OwnerPins?
    let code = refusal { () throws(ProtocolError) in
      restored = try OwnerPins(opening: changed, deviceKey: deviceKey)
    }
    try require((code == nil) == (changed == saved), "changed pins open")
    guard let restored else { return }
    try require(restored == end.pins, "saved and opened, the pins are others")
    end = Owner.locked(pins: restored)
  }

  // MARK: What stays

  /// Notes what lies on the disk.
  private mutating func keep() { kept = end.pending }

  /// Holds the pins against what they were.
  mutating func checkLatch() throws(Violation) {
    guard let pins = end.pins, let state = pins.state else { return }
    try latch.check(
      PinsLatch.Look(
        generation: state.state.generation.value, counter: state.state.counter.value,
        greatest: pins.generation.value, vaultCounter: pins.vaultCounter.value,
        names: [state.hash.bytes, pins.vaultHash.bytes]))
  }

  /// The digits were compared: what is shown is the newest.
  mutating func confirm() throws(Violation) {
    let before = Look(end)
    let code = refusal { () throws(ProtocolError) in try end.confirm() }
    try require((code == nil) == (before.phase == .open), "it is confirmed in \(before.phase)")
    try require(code == nil ? end.pins?.isConfirmed == true : Look(end) == before, "a word is lost")
  }

  // MARK: What an end gives besides

  /// Grants for who has asked: to members alone, of the MasterKey of now.
  mutating func grant(
    _ line: AccountLine, _ script: inout Script, _ random: inout DeterministicRandom
  ) throws(Violation) {
    let before = Look(end)
    let requests = line.requests.values.sorted { $0.lexicographicallyPrecedes($1) }.map { script.edited($0) }
    var grants: [Grant] = []
    let code = refusal { () throws(ProtocolError) in
      grants = try end.makeGrants(
        for: requests, consent: Consent(isNewest: true), now: line.now, using: &random
      ).grants
    }
    try require(Look(end) == before && code != .internalError, "grants change something")
    guard code == nil else { return }
    try require(before.phase == .open, "grants are made in \(before.phase)")
    accepted += grants.count
    for grant in grants {
      try require(
        grant.epoch == before.state?.epoch && grant.commitment == before.state?.commitment,
        "a grant is not of the state's epoch")
      let member = end.vault?[member: grant.recipient]
      try require(
        member?.status == .granted && member?.kind == grant.kind, "a grant goes to who is no member")
      try line.check(grant)
    }
  }

  /// What an audit finds; nil where the end has no such member, or is not open.
  func audit(
    _ agentID: AgentID, _ batches: [[UInt8]], _ line: AccountLine
  ) throws(Violation) -> AuditReport? {
    var report: AuditReport?
    let code = refusal { () throws(ProtocolError) in
      report = try end.audit(agentID, batches: batches, request: line.requests[agentID])
    }
    try require(
      (report != nil) == (end.vault?[member: agentID] != nil),
      "an audit in \(end.phase) gives \(code, default: "")")
    return report
  }

  // MARK: New keys

  /// A new password, which the person uses from now on.
  mutating func changePassword(
    _ line: inout AccountLine, _ script: inout Script, _ random: inout DeterministicRandom
  ) throws(Violation) {
    let happened = try act(.any, Deed(), line, &script, &random) {
      (end, consent, now, random) throws(ProtocolError) in
      try end.changePassword(to: AccountBase.credentials(), consent: consent, now: now, using: &random)
    }
    guard happened else { return }
    try settle(&line, &random)
    guard end.phase == .open else { return }
    stretched = Held(try must("the new password") { try end.stretchedPassword() })
  }

  /// All devices are lost, and the recovery text is there: new keys around the root key, and another MasterKey.
  mutating func recover(
    _ line: inout AccountLine, keeping members: [AgentID: GrantKind], _ random: inout DeterministicRandom
  ) throws(Violation) {
    let (shelf, spent) = (line.newest, end.pins?.generation)
    let shown = try must("a header") { try PersonKeys(parsing: shelf.keys[id] ?? []).head }
    pair = Keys.recovered
    end = Owner.absent(generation: spent)
    latch = PinsLatch()
    deed = Deed(dropsCodes: true)
    let now = line.now
    try must("recovering") {
      _ = try end.recover(
        identity: pair.identity(),
        source: RecoverySource(accountState: shelf.state, ownerVault: shelf.vault, head: shown),
        isConfirmed: true, staying: RecoveredMembers(members: members),
        credentials: AccountBase.credentials(),
        retentionDays: AccountBase.retentionDays(), now: now, using: &random)
    }
    stretched = Held(try must("the new password") { try end.stretchedPassword() })
    guard let state = end.pending?.publication.accountState, let spent else {
      throw Violation("a recovery makes no state")
    }
    try require(state.generation > spent, "a recovery has a number that was used")
    keep()
    try settle(&line, &random)
  }
}

extension DefaultStringInterpolation {
  /// The code, or something else where there is none.
  fileprivate mutating func appendInterpolation(_ code: ErrorCode?, default other: String) {
    appendLiteral(code.map { "\($0)" } ?? other)
  }
}
