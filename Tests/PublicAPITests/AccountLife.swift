import Endkey
import Testing

/// A service in memory. Tests make it lie by changing what it keeps.
struct Service {
  var ownerVault: [UInt8]?
  var accountState: [UInt8] = []
  var ruleSet: [UInt8]?
  var passwordWrap: [UInt8]?
  var personKeys: [AgentID: [UInt8]] = [:]
  var grants: [AgentID: [UInt8]] = [:]
  var requests: [AgentID: [UInt8]] = [:]
  var batches: [AgentID: [[UInt8]]] = [:]

  /// Takes all of a publication, or says false: this is another vault than its end expects.
  mutating func take(_ publication: Publication, by personID: AgentID) -> Bool {
    guard publication.expected == ownerVault.map({ Hash(sha256: $0) }) else { return false }
    ownerVault = publication.ownerVault.serialized
    if let state = publication.accountState { accountState = state.serialized }
    if let rules = publication.ruleSet { ruleSet = rules.serialized }
    if let wrap = publication.passwordWrap { passwordWrap = wrap.serialized }
    if let keys = publication.personKeys { personKeys[personID] = keys.serialized }
    for grant in publication.grants { grants[grant.recipient] = grant.serialized }
    return true
  }

  /// Takes a publication that is made on the vault that is here.
  mutating func store(_ publication: Publication, by personID: AgentID) throws {
    let isTaken = take(publication, by: personID)
    try #require(isTaken)
  }

  func whole(of personID: AgentID) -> Whole {
    Whole(
      personKeys: personKeys[personID] ?? [], passwordWrap: passwordWrap, accountState: accountState,
      grant: grants[personID], ownerVault: ownerVault ?? [], ruleSet: ruleSet)
  }

  func head(of personID: AgentID) throws -> PasswordHeader {
    try PersonKeys(parsing: personKeys[personID] ?? []).head
  }

  func deliver(to agent: inout Agent) throws {
    try agent.accept(state: accountState)
    let agentID = try id(of: agent)
    try agent.accept(grant: try #require(grants[agentID]))
  }
}

/// An owner, its service, and what both need, seen with `import Endkey` alone.
struct Life: ~Copyable {
  let now: Time

  var random = SystemRandom()
  var owner: Owner
  let ownerID: AgentID
  var service: Service
  let credentials: Credentials
  let recoveryText: RecoveryText
  let deviceKey: SecretBytes

  init() throws {
    let now = try Time(milliseconds: 1_700_000_000_000)
    var random = SystemRandom()
    var owner = Owner.absent()
    let credentials = Self.credentials("correct horse")
    let account = try owner.create(
      identity: .generate(using: &random), credentials: credentials, retentionDays: RetentionDays(365),
      now: now, using: &random)
    var service = Service()
    let personID = owner.personID
    let ownerID = try #require(personID)
    try service.store(account.publication, by: ownerID)
    try owner.stored()
    deviceKey = try LocalState.makeDeviceKey(using: &random)
    recoveryText = account.recoveryText.copy()
    self.now = now
    self.owner = owner
    self.ownerID = ownerID
    self.service = service
    self.credentials = credentials
  }

  static func credentials(_ password: String, loginName: String = "ana@example.com") -> Credentials {
    Credentials(loginName: loginName, password: SecretBytes(utf8: password))
  }

  /// What the owner's last act has made is stored.
  mutating func publish() throws {
    try service.store(try owner.noAnswer(), by: ownerID)
    try owner.stored()
  }

  mutating func publish(_ end: inout Owner, by personID: AgentID) throws {
    try service.store(try end.noAnswer(), by: personID)
    try end.stored()
  }

  /// Gives keys to all whose requests the service has.
  mutating func grant() throws {
    let made = try owner.makeGrants(for: Array(service.requests.values), now: now, using: &random)
    for grant in made.grants { service.grants[grant.recipient] = grant.serialized }
  }

  /// The text of a code, which the service never sees.
  mutating func code(_ use: CodeUse = .agents(.automatic), expires: Time? = nil) throws -> SecretBytes {
    let made = try owner.makeCode(use, expires: expires, now: now, using: &random)
    try publish()
    return made.code.text()
  }

  /// An agent that asks to be let in.
  mutating func applicant(_ use: CodeUse = .agents(.automatic)) throws -> Agent {
    var agent = Agent(identity: try .generate(using: &random))
    let request = try agent.enrol(code: code(use), using: &random)
    service.requests[request.agentID] = request.serialized
    return agent
  }

  mutating func enrolled() throws -> Agent {
    var agent = try applicant()
    let agentID = try id(of: agent)
    _ = try owner.approve(service.requests[agentID] ?? [], now: now, using: &random)
    try publish()
    try grant()
    try service.deliver(to: &agent)
    return agent
  }

  /// Lets a second person in, and gives the id.
  mutating func invite(_ end: inout Owner, password: String) throws -> AgentID {
    let joining = try end.enrol(
      code: EnrolmentCode(text: code(.manager)), identity: .generate(using: &random),
      credentials: Self.credentials(password, loginName: "ben"), using: &random)
    let personID = joining.request.agentID
    _ = try owner.addPerson(joining.request.serialized, approved: personID, now: now, using: &random)
    try publish()
    service.personKeys[personID] = joining.keys.serialized
    try open(&end, as: personID, with: Self.credentials(password, loginName: "ben"))
    try end.confirm()
    return personID
  }

  /// Opens what the service, or one that lies, has for a person.
  func open(
    _ end: inout Owner, as personID: AgentID, with credentials: borrowing Credentials,
    from lying: Service? = nil
  ) throws {
    let service = lying ?? self.service
    let stretched = try end.stretch(credentials, for: service.head(of: personID))
    try end.open(service.whole(of: personID), with: stretched)
  }

  /// The owner's device looks at what the service has now.
  mutating func reopen() throws {
    try owner.lock()
    let stretched = try owner.stretch(credentials, for: service.head(of: ownerID))
    try owner.open(service.whole(of: ownerID), with: stretched)
  }

  /// A device of the owner that remembers nothing.
  func device() throws -> Owner {
    var device = Owner.locked()
    try open(&device, as: ownerID, with: credentials)
    return device
  }

  /// A batch of one record with one token, which the service keeps.
  mutating func work(_ title: String, by agent: inout Agent) throws -> Token {
    var sealer = try agent.tokenSealer(at: now)
    let token = try sealer.seal(title, field: .windowTitle)
    let record = Record(
      kind: .application, start: now, duration: 60_000, items: try BoundedList([.token(token)]))
    let batch = try agent.signBatch([record], at: now)
    service.batches[batch.agentID, default: []].append(batch.serialized)
    return token
  }

  func audit(_ agentID: AgentID, by end: borrowing Owner) throws -> AuditReport {
    try end.audit(
      agentID, batches: service.batches[agentID] ?? [], request: service.requests[agentID])
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
