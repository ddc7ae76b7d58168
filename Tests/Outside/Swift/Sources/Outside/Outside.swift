import Endkey

/// A stranger's program: it makes an account, enrols two agents, seals, audits, removes one and opens anew.
@main
struct Outside: ~Copyable {
  var random = SystemRandom()
  var owner = Owner.absent()
  var service = Service()

  /// The clock of all of them.
  static func now() throws -> Time { try Time(milliseconds: 1_700_000_000_000) }

  static func main() throws {
    var outside = Outside()
    try outside.live()
    print("4 passed, 0 failed")
  }

  mutating func live() throws {
    let credentials = Credentials(
      loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
    _ = try owner.create(
      identity: .generate(using: &random), credentials: credentials, retentionDays: RetentionDays(365),
      now: Self.now(), using: &random)
    try publish()

    var first = try enrol()
    var second = try enrol()
    let token = try work(&first)
    _ = try work(&second)
    let total = try audit(token)
    Self.check(total == 120_000, "two agents worked a minute each on the same")

    guard let gone = first.agentID else { fatalError("an agent without an id") }
    let asked = owner.vault?.suspects(of: [gone]) ?? []
    _ = try owner.remove([gone], consent: Consent().keeping(asked), now: Self.now(), using: &random)
    try publish()
    try grant()
    try service.deliver(to: &second)
    try first.accept(state: service.accountState)
    let phases = (first.phase, second.phase)
    Self.check(phases == (.revoked, .active), "one is gone, one goes on")

    var device = Owner.locked()
    try device.open(service.whole, with: device.stretch(credentials, for: service.head()))
    var opener = try device.tokenOpener()
    let value = try opener.string(of: token)
    Self.check(value == "Quarterly report", "a fresh device reads what is old")
  }

  /// The service stores what the owner's last act has made.
  mutating func publish() throws {
    service.take(try owner.noAnswer())
    try owner.stored()
  }

  mutating func grant() throws {
    let requests = Array(service.requests.values)
    service.take(try owner.makeGrants(for: requests, now: Self.now(), using: &random).grants)
  }

  mutating func enrol() throws -> Agent {
    let code = try owner.makeCode(
      .agents(.automatic), expires: nil, now: Self.now(), using: &random
    ).code.text()
    try publish()
    var agent = Agent(identity: try .generate(using: &random))
    let request = try agent.enrol(code: code, using: &random)
    service.take(request)
    _ = try owner.approve(request.serialized, now: Self.now(), using: &random)
    try publish()
    try grant()
    try service.deliver(to: &agent)
    return agent
  }

  mutating func work(_ agent: inout Agent) throws -> Token {
    var sealer = try agent.tokenSealer(at: Self.now())
    let token = try sealer.seal("Quarterly report", field: .windowTitle)
    let record = try Record(
      kind: .application, start: Self.now(), duration: 60_000, items: BoundedList([.token(token)]))
    service.take(try agent.signBatch([record], at: Self.now()))
    return token
  }

  func audit(_ token: Token) throws -> UInt64 {
    var totals = Totals()
    for (agentID, batches) in service.batches {
      let report = try owner.audit(agentID, batches: batches, request: service.requests[agentID])
      Self.check(report.findings.isEmpty, "an honest service")
      totals.add(report.totals)
    }
    return totals[token]
  }

  static func check(_ isTrue: Bool, _ what: String) {
    guard isTrue else { fatalError(what) }
  }
}
