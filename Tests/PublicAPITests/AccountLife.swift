import Endkey
import Testing

/// A service in memory. Tests make it lie by changing what it keeps.
struct Service {
  var messages: StoredMessages
  var grants: [AgentID: [UInt8]] = [:]
  var batches: [AgentID: [[UInt8]]] = [:]

  init(_ account: Owner.NewAccount) { messages = StoredMessages(account) }

  mutating func take(_ publication: borrowing some Publication & ~Copyable) {
    messages.store(publication)
    for case .grant(let grant) in publication.messages { grants[grant.recipient] = grant.serialized }
  }

  func deliver(to agent: inout Agent) throws {
    try agent.accept(state: messages.accountState)
    let agentID = try id(of: agent)
    try agent.accept(grant: try #require(grants[agentID]))
  }
}

/// An owner, its service, and what both need, seen with `import Endkey` alone.
struct Life: ~Copyable {
  let now: Time

  var random = SystemRandom()
  var owner: Owner
  var service: Service
  let credentials: Credentials
  let deviceKey: SecretBytes
  var pinsOnDisk: [UInt8]

  init() throws {
    let now = try Time(milliseconds: 1_700_000_000_000)
    var random = SystemRandom()
    var owner = Owner.absent()
    let credentials = Self.credentials("correct horse")
    let account = try owner.create(
      identity: .generate(using: &random), credentials: credentials, using: &random)
    let deviceKey = try LocalState.makeDeviceKey(using: &random)
    pinsOnDisk = try owner.savePins(deviceKey: deviceKey, using: &random).serialized
    self.now = now
    self.owner = owner
    service = Service(account)
    self.credentials = credentials
    self.deviceKey = deviceKey
  }

  static func credentials(_ password: String) -> Credentials {
    Credentials(loginName: "ana@example.com", password: SecretBytes(utf8: password))
  }

  /// The text of a code, which the service never sees.
  mutating func code(
    role: Role = .agent, approval: Approval = .automatic, expires: Time? = nil
  ) throws -> SecretBytes {
    let made = try owner.makeCode(
      role: role, approval: approval, expires: expires, now: now, using: &random)
    service.take(made)
    return made.code.text()
  }

  mutating func enrolled(role: Role = .agent) throws -> Agent {
    var agent = Agent(identity: try .generate(using: &random))
    let request = try agent.enrol(code: code(role: role), using: &random)
    service.take(try owner.approve(request.serialized, now: now, using: &random))
    try service.deliver(to: &agent)
    return agent
  }

  /// A batch of one record with one token, which the service keeps.
  mutating func work(_ title: String, by agent: inout Agent) throws -> Token {
    var sealer = try agent.tokenSealer()
    let token = try sealer.seal(title, field: .windowTitle)
    let record = Record(
      kind: .application, start: now, duration: 60_000, items: try BoundedList([.token(token)]))
    let batch = try agent.signBatch([record])
    service.batches[batch.agentID, default: []].append(batch.serialized)
    return token
  }

  mutating func audit(_ agent: borrowing Agent) throws -> Owner.AuditReport {
    let agentID = try id(of: agent)
    let report = try owner.audit(agentID, batches: service.batches[agentID] ?? [], using: &random)
    service.take(report)
    return report
  }
}

/// The id of an agent that has not stopped.
func id(of agent: borrowing Agent) throws -> AgentID {
  let agentID = agent.agentID
  return try #require(agentID)
}

/// Expects `body` to be refused with `code`.
func expect(
  _ code: ErrorCode, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  var found: ErrorCode?
  do {
    try body()
  } catch {
    found = (error as? ProtocolError)?.code
  }
  #expect(found == code, sourceLocation: sourceLocation)
}
