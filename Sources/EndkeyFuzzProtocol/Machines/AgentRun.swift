internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// An agent, and next to it what must be true of it. §10.3, §12.1, §13
struct AgentRun: ~Copyable {
  private var agent: Agent
  private var random = DeterministicRandom("agent")
  private var latch = Latch()
  private var slowSteps = 0
  private var accepted = 0
  /// The hash of the last batch.
  private var lastBatch = Hash.zero

  /// What shows of an agent, to compare.
  private struct Look: Equatable {
    let phase: AgentPhase
    let writes: Counter
    let accountID: AccountID?
    let terms: CodeTerms?
    let request: EnrolmentRequest?
    let state: AcceptedState?
    let clock: AgentClock
    let sequence: Counter

    init(_ agent: borrowing Agent) {
      phase = agent.phase
      writes = agent.writes
      accountID = agent.accountID
      terms = agent.terms
      request = agent.request
      state = agent.state
      clock = agent.clock
      sequence = agent.sequence
    }

    /// What the codes alone say of the time.
    var anchor: Time { terms.map { $0.made.adding(milliseconds: clock.age.value) } ?? 0 }
  }

  init() throws(Violation) {
    agent = Agent(identity: try must("an identity") { try Keys.agents[0].identity() })
  }

  mutating func take(_ given: consuming Script) throws(Violation) -> FuzzTarget.Outcome {
    var script = given
    slowSteps = SlowSteps.allowed(&script)
    var events = 0
    while !script.isAtEnd, events < 40 {
      events += 1
      let anchor = Look(agent).anchor
      try step(&script)
      try checkLatch(since: anchor)
    }
    return accepted > 0 ? .accepted : .refused
  }

  private mutating func step(_ script: inout Script) throws(Violation) {
    switch script.below(12) {
    case 0, 1: try enrol(&script)
    case 2, 3, 4: try state(&script)
    case 5, 6: try grant(&script)
    case 7: try activity(&script)
    case 8: try capture(&script)
    case 9: try serviceOff()
    case 10: try run(&script)
    default: try restart(&script)
    }
  }

  // MARK: Events

  private mutating func enrol(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let sample = script.one(of: Messages.shared.codes)
    let given = script.edited(sample.text)
    let text = SecretBytes(copying: given)
    let code = refusal { () throws(ProtocolError) in _ = try agent.enrol(code: text, using: &random) }
    guard given == sample.text else {
      try require(code != nil, "a changed code is taken")
      _ = try check(code, [], before)
      return
    }
    guard try check(code, [event(of: sample, before)], before) else { return }
    try require(before.accountID ?? sample.accountID == sample.accountID, "the pin moves to another account")
    try require(agent.accountID == sample.accountID, "another account is pinned than the code's")
    let terms = agent.terms
    try require(terms?.kind == sample.terms.kind && terms?.role == .agent, "the code's kind is not kept")
    try require(
      terms.map { $0.generation >= sample.terms.generation } ?? false, "the code's generation is lost")
  }

  /// The row of the table that a code is. §10.3
  private func event(of code: CodeSample, _ before: Look) -> AgentMachine.Event {
    if let accountID = before.accountID, accountID != code.accountID { return .codeOfOther }
    if code.terms.role == .manager { return .codeOfManager }
    guard let state = before.state?.state else { return .code }
    return code.terms.generation > state.generation ? .codeAbove : .code
  }

  private mutating func state(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let sample = script.one(of: Messages.shared.states)
    let given = try Delivery(of: sample.bytes, &script)
    let code = refusal { () throws(ProtocolError) in try agent.accept(state: given.bytes) }
    let isFit = sample.isSound && !given.isChanged && follows(sample.bytes, before)
    guard try check(code, [.state, .stateOfKeys, .stateRevokes], before) else {
      return try require(
        !isFit || !mayTakeState(before), "a state that goes on from the one before is refused")
    }
    try require(
      isFit || given.isSignedAgain, "a state was accepted that no person on the list signed, or too late")
    guard let new = agent.state else { throw Violation("a state was accepted, but is not kept") }
    try require(new.hash == Hash(sha256: given.bytes), "another state is kept than was given")
    try checkClock(before, new)
    let isListed = new.state.revoked.contains(Keys.agents[0].agentID)
    try require(!isListed || agent.phase == .revoked, "an agent that was revoked goes on")
    let hasKeysOf = before.state.map { $0.state.hasKeys(of: new.state) } ?? false
    try require(agent.phase != .active || hasKeysOf, "keys are kept that are of another state: R-10.3-2")
  }

  private func mayTakeState(_ before: Look) -> Bool {
    AgentMachine.step(before.phase, .state).error == nil
  }

  /// Whether a sound state goes on from what the agent knew, by the letter of §12.1.
  private func follows(_ bytes: [UInt8], _ before: Look) -> Bool {
    guard let state = parsed(bytes, as: AccountState.self), state.accountID == before.accountID else {
      return false
    }
    guard let last = before.state?.state else {
      return state.generation >= before.terms?.generation ?? .first
    }
    if state == last || state.generation > last.generation { return true }
    guard state.generation == last.generation, state.counter > last.counter else { return false }
    return state.epoch > last.epoch || (state.epoch == last.epoch && state.commitment == last.commitment)
  }

  /// R-13.5-1: a state of the generation kept moves the clock on, one of another begins it anew, from the code's.
  private func checkClock(_ before: Look, _ new: AcceptedState) throws(Violation) {
    let (made, clock) = (new.state.made, agent.clock)
    guard new != before.state else {
      return try require(clock == before.clock, "a state that is given again moves the clock")
    }
    let isContinuing = before.state?.state.generation == new.state.generation
    let least = max(made, isContinuing ? before.clock.now(wall: 0) : before.anchor)
    try require(clock.least == least && clock.running == 0, "the clock begins at another time")
    try require(clock.age == before.clock.age, "a state changes how long the agent has run")
  }

  private mutating func grant(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let sample = script.one(of: Messages.shared.grants)
    let given = try Delivery(of: sample.bytes, &script)
    let code = refusal { () throws(ProtocolError) in try agent.accept(grant: given.bytes) }
    let isFit = fits(sample.grant, before)
    guard try check(code, [.grant, .grantListed], before) else {
      return try require(
        given.isChanged || !isFit || AgentMachine.step(before.phase, .grant).error != nil,
        "a grant of the state kept is refused")
    }
    // Even signed again: what the ciphertext hides says to which grant it belongs. R-11-4. Who has the keys already
    // does not look at it.
    try require(!given.isChanged || before.phase == .active, "a changed grant was accepted")
    try require(given.isChanged || isFit, "a grant was accepted that is not of the state kept: R-11-1")
    try require(
      before.state == agent.state && before.clock == agent.clock, "a grant changes more than the keys")
  }

  /// Whether an agent that knows `before` must take the keys of a grant, by the letter of §11.
  private func fits(_ grant: Grant, _ before: Look) -> Bool {
    guard let state = before.state?.state else { return false }
    return grant.accountID == state.accountID && grant.epoch == state.epoch
      && grant.commitment == state.commitment && grant.recipient == Keys.agents[0].agentID
      && grant.kind == before.terms?.kind && state.signers.contains { $0.verifyKey == grant.signer }
      && !state.revoked.contains(grant.recipient)
  }

  private mutating func serviceOff() throws(Violation) {
    let before = Look(agent)
    let code = refusal { () throws(ProtocolError) in try agent.serviceOff() }
    try require(code != nil, "the agent gives in: R-13.1-3")
    _ = try check(code, [.serviceOff], before)
  }

  private mutating func run(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let hours = script.one(of: [0, 1, 30, 24 * 50, 24 * 400])
    agent.run(milliseconds: UInt64(hours) * 3_600_000)
    let after = Look(agent)
    guard let accountID = before.accountID else {
      return try require(after.clock == before.clock, "time is counted from nothing")
    }
    try require(
      after.accountID == accountID && after.anchor == before.anchor.adding(hours: hours),
      "what has run is not counted")
    guard before.state != nil else {
      return try require(after.clock.running == 0, "no state, and it runs out")
    }
    try require(
      after.clock.now(wall: 0) == before.clock.now(wall: 0).adding(hours: hours), "the clock stands still")
  }

  /// R-13.1-1: all that leaves an agent is made with keys that it was granted, under a state that has not ended, and
  /// shows nothing.
  private mutating func activity(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let wall = day(script.one(of: [1, 100, 130, 170, 400]))
    let isExpired = before.state.map { before.clock.now(wall: wall) >= $0.state.validUntil } ?? false
    try require(agent.isExpired(at: wall) == isExpired, "the state's end is seen at another time: R-13.5-2")
    let event: AgentMachine.Event = isExpired ? .activityExpired : .activity
    let secret = Array("the plaintext \(script.byte())".utf8)
    var output: [UInt8] = []
    var records = [Record(kind: .idle, start: 1, duration: 2, items: [])]
    let code = refusal { () throws(ProtocolError) in
      var sealer = try agent.tokenSealer(at: wall)
      let token = try sealer.seal(secret, field: .windowTitle)
      records.append(Record(kind: .website, start: 1, duration: 2, items: [.token(token)]))
      output += token.serialized
    }
    let codes = [
      code,
      refusal { () throws(ProtocolError) in
        output += try agent.sealBlob(secret.span, field: .clipboard, at: wall, using: &random).blob.serialized
      },
      refusal { () throws(ProtocolError) in
        var sealer = try agent.captureSealer(at: wall)
        let sealed = try sealer.seal(captured(secret), using: &random)
        records.append(sealed.record)
        output += sealed.record.serialized + sealed.blobs.flatMap(\.serialized)
      },
    ]
    for code in codes { _ = try check(code, [event], before) }
    var batch: RecordBatch?
    let signed = refusal { () throws(ProtocolError) in batch = try agent.signBatch(records, at: wall) }
    try require(!output.contains(secret), "what leaves shows the plaintext")
    try require(
      output.isEmpty == (before.phase != .active || isExpired), "something leaves in \(before.phase)")
    guard let batch else {
      _ = try check(signed, [event], before)
      return
    }
    try check(batch, before, wall)
  }

  private mutating func check(_ batch: RecordBatch, _ before: Look, _ wall: Time) throws(Violation) {
    guard let state = before.state else { throw Violation("a batch without a state") }
    try require(
      before.phase == .active && AgentMachine.step(.active, .activity).error == nil, "a batch leaves")
    try require(
      agent.sequence == before.sequence.next && batch.sequence == agent.sequence
        && batch.previous == lastBatch,
      "a batch has the number \(batch.sequence)")
    try require(
      batch.state == state.hash && batch.epoch == state.state.epoch
        && batch.stateGeneration == state.state.generation && batch.stateCounter == state.state.counter,
      "a batch names another state than the one kept")
    try require(
      batch.made == before.clock.now(wall: wall) && batch.made >= state.state.made
        && batch.made < state.state.validUntil, "a batch is made at \(batch.made)")
    lastBatch = Hash(sha256: batch.serialized)
  }

  /// What was captured is kept in every phase that has pinned, under the device's key.
  private mutating func capture(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let secret = Array("the plaintext \(script.byte())".utf8)
    let deviceKey = Keys.secret("device", 32)
    var output: [UInt8] = []
    var recovered: [Capture] = []
    let code = refusal { () throws(ProtocolError) in
      let key = try agent.spoolKey(deviceKey: deviceKey)
      var writer = SpoolWriter(key: key, segment: 1)
      let made = try captured(secret)
      output = try agent.capture(
        made.kind, start: made.start, duration: made.duration, items: made.items.reversed(), into: &writer,
        using: &random)
      let segment = writer.header.serialized + output
      recovered = try SpoolRecovery(segment: segment.span, key: key).frames.map(\.capture)
      guard recovered == [made] else { throw ProtocolError(.internalError, "17") }
    }
    try require(!output.contains(secret), "what is kept shows the plaintext")
    if try check(code, [.capture], before) { return }
    try require(output.isEmpty, "a frame is written in \(before.phase)")
  }

  private func captured(_ secret: [UInt8]) throws(ProtocolError) -> Capture {
    do throws(WireError) {
      return Capture(
        accountID: agent.accountID ?? Keys.account.accountID, kind: .website, start: 1, duration: 2,
        items: [
          CapturedItem(field: .token(.url), content: try BoundedBytes(secret)),
          CapturedItem(field: .blob(.clipboard), content: try BoundedBytes(secret)),
        ])
    } catch {
      throw ProtocolError(error)
    }
  }

  /// Saved and restored, the agent is as before; with a damaged or missing state it has stopped, or starts anew
  /// when nothing was at stake.
  private mutating func restart(_ script: inout Script) throws(Violation) {
    // Its RSA key is checked anew before it opens a grant, which takes long.
    guard slowSteps > 0, agent.phase != .stopped else { return }
    slowSteps -= 1
    let before = Look(agent)
    let deviceKey = Keys.secret("device", 32)
    let isMarked = agent.needsMark
    do {
      let saved = try agent.save(deviceKey: deviceKey, using: &random).serialized
      let written = Look(agent)
      try require(written.writes == before.writes.next, "a write did not count")
      var bytes: [UInt8]? = script.below(3) == 0 ? script.edited(saved) : saved
      if script.below(16) == 15 { bytes = nil }
      agent = try Agent(restoring: bytes, deviceKey: deviceKey, isMarked: isMarked, using: &random)
      let after = Look(agent)
      if bytes == saved {
        try require(after == written, "restored, the agent is another")
      } else {
        try require(
          after.phase == (isMarked ? .stopped : .unpinned), "with a lost state it is \(after.phase)")
      }
    } catch {
      throw error as? Violation ?? Violation("restarting fails: \(error)")
    }
  }

  // MARK: Rules

  /// Holds an outcome against the table of §10.3, of which it is one of `events`; says whether it happened. With
  /// none, it was refused before the table was asked.
  private mutating func check(
    _ code: ErrorCode?, _ events: [AgentMachine.Event], _ before: Look
  ) throws(Violation) -> Bool {
    let after = Look(agent)
    let steps = events.map { AgentMachine.step(before.phase, $0) }
    guard let code else {
      try require(
        steps.contains { $0.error == nil && $0.next == after.phase },
        "\(events) lead from \(before.phase) to \(after.phase)")
      accepted += 1
      return true
    }
    try require(after == before, "\(events) are refused with \(code), but something changed: R-19-2")
    try require(code != .internalError, "\(events) are an internal error")
    // Where the table refuses all of these events, its code comes first.
    if !steps.isEmpty, steps.allSatisfy({ $0.error != nil }) {
      try require(
        steps.contains { $0.error == code }, "\(events) are refused with \(code) in \(before.phase)")
    }
    return false
  }

  private mutating func checkLatch(since anchor: Time) throws(Violation) {
    let now = Look(agent)
    let state = now.state?.state
    try latch.check(
      Latch.Look(
        isPinned: now.phase != .unpinned, isStopped: now.phase == .stopped,
        account: now.accountID?.bytes ?? [],
        generation: (state?.generation ?? now.terms?.generation)?.value ?? 0,
        counter: state?.counter.value ?? 0, epoch: state?.epoch.value ?? 0,
        time: now.clock.now(wall: 0).milliseconds, sequence: now.sequence.value))
    guard now.phase != .stopped else { return }
    // However many codes are given: the clock of a generation begins no earlier than they say.
    try require(now.terms == nil || now.anchor >= anchor, "what the codes say of the time goes back")
    if let state { try require(now.clock.least >= state.made, "the clock is before the state was made") }
  }
}

extension AccountState {
  /// Whether keys granted under `other` are those of this one.
  fileprivate func hasKeys(of other: AccountState) -> Bool {
    generation == other.generation && epoch == other.epoch && commitment == other.commitment
  }
}
