internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// An agent, and next to it what must be true of it. §10.3, §13.1
struct AgentRun: ~Copyable {
  private var agent: Agent
  private var random = DeterministicRandom("agent")
  private var latch = Latch()
  private var slowSteps = 0
  private var accepted = 0

  /// What shows of an agent, to compare.
  private struct Look: Equatable {
    let phase: AgentPhase
    let generation: Counter
    let accountID: AccountID?
    let mark: StateMark?
    let sequence: Counter
    let request: EnrolmentRequest?

    init(_ agent: borrowing Agent) {
      phase = agent.phase
      generation = agent.generation
      accountID = agent.accountID
      mark = agent.state?.mark
      sequence = agent.sequence
      request = agent.request
    }
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
      try step(&script)
      try checkLatch()
    }
    return accepted > 0 ? .accepted : .refused
  }

  private mutating func step(_ script: inout Script) throws(Violation) {
    switch script.below(8) {
    case 0: try enrol(&script)
    case 1, 2: try state(&script)
    case 3, 4: try grant(&script)
    case 5: try activity(&script)
    case 6: try serviceOff()
    default: try restart(&script)
    }
  }

  // MARK: Events

  private mutating func enrol(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let text = SecretBytes(copying: script.edited(script.one(of: Messages.shared.codes)))
    let code = refusal { () throws(ProtocolError) in _ = try agent.enrol(code: text, using: &random) }
    _ = try check(code, .code, before)
  }

  private mutating func state(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let given = try Delivery(of: Messages.shared.states, &script)
    let code = refusal { () throws(ProtocolError) in try agent.accept(state: given.bytes) }
    // One that is given again is accepted as well: it has no effect but on the phase.
    guard try check(code, .state, before, or: [.stateOfKeys, .stateRevokes]) else { return }
    try require(
      !given.isChanged || given.isSignedAgain, "a state that the account did not sign was accepted")
    guard let mark = agent.state?.mark else { throw Violation("a state was accepted, but is not kept") }
    try require(mark.hash == Hash(sha256: given.bytes), "another state is kept than was given")
  }

  private mutating func grant(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let given = try Delivery(of: Messages.shared.grants, &script)
    let code = refusal { () throws(ProtocolError) in try agent.accept(grant: given.bytes) }
    guard try check(code, .grant, before) else { return }
    // Even signed again: what the ciphertext hides says to which grant it belongs. R-11-4
    try require(!given.isChanged, "a changed grant was accepted")
    try require(before.mark == agent.state?.mark, "a grant changes the state")
  }

  private mutating func serviceOff() throws(Violation) {
    let before = Look(agent)
    let code = refusal { () throws(ProtocolError) in try agent.serviceOff() }
    try require(code != nil, "the agent gives in: R-13.1-3")
    _ = try check(code, .serviceOff, before)
  }

  /// R-13.1-1: all that leaves an agent is made with keys that it was granted, and shows nothing.
  private mutating func activity(_ script: inout Script) throws(Violation) {
    let before = Look(agent)
    let secret = Array("the plaintext \(script.byte())".utf8)
    var output: [UInt8] = []
    let codes = [
      refusal { () throws(ProtocolError) in
        var sealer = try agent.tokenSealer()
        output += try sealer.seal(secret, field: .windowTitle).serialized
      },
      refusal { () throws(ProtocolError) in
        var sealer = try agent.blobSealer(.clipboard, using: &random)
        try sealer.update(secret.span, into: &output)
        _ = try sealer.finish(into: &output)
      },
      refusal { () throws(ProtocolError) in
        var writer = try agent.spoolWriter(segment: 1)
        output += try writer.append(secret, using: &random)
      },
    ]
    for code in codes { _ = try check(code, .activity, before) }
    let code = refusal { () throws(ProtocolError) in
      let record = Record(kind: .idle, start: 1, duration: 2, items: [])
      output += try agent.signBatch([record]).serialized
    }
    if code == nil {
      try require(agent.sequence == before.sequence.next, "a batch has the number \(agent.sequence)")
      try require(before.phase == .active, "a batch was signed in the phase \(before.phase)")
    } else {
      _ = try check(code, .activity, before)
    }
    try require(!output.contains(secret), "what leaves shows the plaintext")
    try require(output.isEmpty == (before.phase != .active), "something leaves in the phase \(before.phase)")
  }

  /// Saved and restored, the agent is as before; with a damaged or missing state it has stopped, or starts anew
  /// when nothing was at stake.
  private mutating func restart(_ script: inout Script) throws(Violation) {
    // Its keys are checked anew, which takes long.
    guard slowSteps > 0, agent.phase != .stopped else { return }
    slowSteps -= 1
    let before = Look(agent)
    let deviceKey = Keys.secret("device", 32)
    let isMarked = agent.needsMark
    do {
      let saved = try agent.save(deviceKey: deviceKey, using: &random).serialized
      var bytes: [UInt8]? = script.below(3) == 0 ? script.edited(saved) : saved
      if script.below(16) == 15 { bytes = nil }
      agent = try Agent(restoring: bytes, deviceKey: deviceKey, isMarked: isMarked, using: &random)
      let after = Look(agent)
      if bytes == saved {
        try require(
          after.phase == before.phase && after.accountID == before.accountID && after.mark == before.mark
            && after.sequence == before.sequence && after.request == before.request,
          "restored, the agent is another")
        try require(after.generation == before.generation.next, "a write did not count")
      } else {
        try require(
          after.phase == (isMarked ? .stopped : .unpinned), "with a lost state it is \(after.phase)")
      }
    } catch {
      throw error as? Violation ?? Violation("restarting fails: \(error)")
    }
  }

  // MARK: Rules

  /// Holds an outcome against the table of §10.3; says whether the event happened.
  private mutating func check(
    _ code: ErrorCode?, _ event: AgentMachine.Event, _ before: Look, or others: [AgentMachine.Event] = []
  ) throws(Violation) -> Bool {
    let after = Look(agent)
    let steps = ([event] + others).map { AgentMachine.step(before.phase, $0) }
    guard let code else {
      try require(
        steps.contains { $0.error == nil && $0.next == after.phase },
        "\(event) leads from \(before.phase) to \(after.phase)")
      accepted += 1
      return true
    }
    try require(after == before, "\(event) is refused with \(code), but something changed: R-19-2")
    try require(code != .internalError, "\(event) is an internal error")
    // Where the table refuses all of these events, its code comes first.
    if steps.allSatisfy({ $0.error != nil }) {
      try require(steps.contains { $0.error == code }, "\(event) is refused with \(code) in \(before.phase)")
    }
    return false
  }

  private mutating func checkLatch() throws(Violation) {
    let mark = agent.state?.mark
    try latch.check(
      Latch.Look(
        isPinned: agent.phase != .unpinned, isStopped: agent.phase == .stopped,
        account: agent.accountID?.bytes ?? [], stateCounter: mark?.counter.value ?? 0,
        epoch: mark?.epoch.value ?? 0,
        sequence: agent.sequence.value))
  }
}
