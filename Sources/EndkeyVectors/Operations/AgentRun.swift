internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// An agent that is taken through the steps of `agent/run`.
struct AgentRun: ~Copyable {
  enum Event: String {
    case code, state, grant, capture, activity
    case serviceOff = "service_off"
    case restart
    case restartDamaged = "restart_damaged"
  }

  struct Step {
    let event: Event
    let message: [UInt8]
    /// Milliseconds that the computer ran before the step.
    let runs: UInt64
    /// Its clock then.
    let wall: Time

    init(_ fields: inout JSONFields) throws {
      event = try fields.required("event").name()
      message = try fields.nullable("message") { try $0.hex() } ?? []
      runs = try fields.counter("runs").value
      wall = try fields.time("wall")
    }
  }

  private var agent: Agent
  private let deviceKey: SecretBytes
  private var spool: SpoolWriter
  private var random: DeterministicRandom

  /// Of the members of `in` that are not the steps: the agent has pinned the code, and sent its request.
  init(_ fields: inout JSONFields) throws {
    let code = try Operation.text(&fields, "code")
    let identity = try Operation.identity(&fields)
    var nonce = FixedRandom(try fields.bytes("nonce", count: 32))
    var random = DeterministicRandom.suite("agent/run")
    let deviceKey = try random.secret(LocalState.deviceKeyCount)
    var agent = Agent(identity: identity)
    _ = try agent.enrol(code: code, using: &nonce)
    spool = SpoolWriter(key: try agent.spoolKey(deviceKey: deviceKey), segment: 0)
    self.agent = agent
    self.deviceKey = deviceKey
    self.random = random
  }

  var phase: JSONValue { .string(agent.phase.name) }

  /// The phase after the step, its error or null, and the agent's clock.
  mutating func step(_ step: Step) throws -> JSONObject {
    agent.run(milliseconds: step.runs)
    var code: ErrorCode?
    do throws(ProtocolError) {
      try take(step)
    } catch {
      code = error.code
    }
    let now = agent.clock.now(wall: step.wall)
    return .of(["phase": phase, "code": .code(code), "now": .integer(now.milliseconds)])
  }

  private mutating func take(_ step: Step) throws(ProtocolError) {
    switch step.event {
    case .code: _ = try agent.enrol(code: SecretBytes(copying: step.message), using: &random)
    case .state: try agent.accept(state: step.message)
    case .grant: try agent.accept(grant: step.message)
    case .capture:
      _ = try AgentMachine.step(agent.phase, .capture).get("10.3")
      let capture = try Capture(received: step.message)
      _ = try agent.capture(
        capture.kind, start: capture.start, duration: capture.duration, items: capture.items.elements,
        into: &spool, using: &random)
    case .activity:
      var sealer = try agent.tokenSealer(at: step.wall)
      _ = try sealer.seal(step.message, field: .windowTitle)
    case .serviceOff: try agent.serviceOff()
    case .restart, .restartDamaged:
      guard agent.phase != .stopped else { throw ProtocolError(.stopped, "10.3") }
      var kept = try agent.save(deviceKey: deviceKey, using: &random).serialized
      if step.event == .restartDamaged { kept[kept.count - 1] ^= 1 }
      agent = try Agent(
        restoring: kept, deviceKey: deviceKey, isMarked: agent.needsMark, using: &random)
    }
  }
}
