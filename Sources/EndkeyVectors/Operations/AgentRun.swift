internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// An agent that is taken through the steps of `agent/run`.
struct AgentRun: ~Copyable {
  enum Event: String {
    case code, state, grant, activity
    case serviceOff = "service_off"
    case restart
    case restartDamaged = "restart_damaged"
  }

  private var agent: Agent
  private let deviceKey: SecretBytes
  private var random: DeterministicRandom

  /// The agent has pinned `code`, and sent its request.
  init(identity: consuming Identity, code: [UInt8], nonce: [UInt8]) throws {
    var random = DeterministicRandom.suite("agent/run")
    let deviceKey = try random.secret(LocalState.deviceKeyCount)
    var agent = Agent(identity: identity)
    var given = FixedRandom(nonce)
    _ = try agent.enrol(code: SecretBytes(copying: code), using: &given)
    self.agent = agent
    self.deviceKey = deviceKey
    self.random = random
  }

  var phase: JSONValue { .string(agent.phase.name) }

  /// The phase after the step, and its error or null.
  mutating func step(_ event: Event, _ message: [UInt8]) throws -> JSONObject {
    var code: ErrorCode?
    do throws(ProtocolError) {
      try take(event, message)
    } catch {
      code = error.code
    }
    return .of(["phase": phase, "code": .code(code)])
  }

  private mutating func take(_ event: Event, _ message: [UInt8]) throws(ProtocolError) {
    switch event {
    case .code: _ = try agent.enrol(code: SecretBytes(copying: message), using: &random)
    case .state: try agent.accept(state: message)
    case .grant: try agent.accept(grant: message)
    case .activity:
      var sealer = try agent.tokenSealer()
      _ = try sealer.seal(message, field: .windowTitle)
    case .serviceOff: try agent.serviceOff()
    case .restart:
      let kept = try agent.save(deviceKey: deviceKey, using: &random)
      try restart(with: kept.serialized)
    case .restartDamaged:
      var damaged = try agent.save(deviceKey: deviceKey, using: &random).serialized
      damaged[damaged.count - 1] ^= 1
      try restart(with: damaged)
    }
  }

  private mutating func restart(with bytes: [UInt8]) throws(ProtocolError) {
    agent = try Agent(
      restoring: bytes, deviceKey: deviceKey, isMarked: agent.needsMark, using: &random)
  }
}
