import Endkey

/// A stranger's program: it makes an account, enrols two agents, seals, audits, rotates and recovers.
@main
struct Outside {
  /// The clock of all of them.
  static func now() throws -> Time { try Time(milliseconds: 1_700_000_000_000) }

  static func main() throws {
    var random = SystemRandom()
    var owner = Owner.absent()
    let credentials = Credentials(
      loginName: "ana@example.com", password: SecretBytes(utf8: "correct horse"))
    let account = try owner.create(
      identity: .generate(using: &random), credentials: credentials, using: &random)
    var service = Service(account)

    var first = try enrol(by: &owner, at: &service, using: &random)
    var second = try enrol(by: &owner, at: &service, using: &random)
    let token = try work(&first, at: &service)
    _ = try work(&second, at: &service)
    let others = try ids(first, second)
    let total = try audit(others, token, by: &owner, at: &service, using: &random)
    check(total == 120_000, "two agents worked a minute each on the same")

    service.take(try owner.revoke(others[0], using: &random))
    service.take(try owner.rotate(with: credentials, using: &random))
    try service.deliver(to: &second)
    try first.accept(state: service.messages.accountState)
    check(first.phase == .revoked && second.phase == .active, "one is gone, one goes on")

    var device = Owner.locked()
    try device.open(service.messages, with: credentials)
    var opener = try device.tokenOpener()
    try check(try opener.string(of: token) == "Quarterly report", "a fresh device reads what is old")
    print("4 passed, 0 failed")
  }

  static func enrol(
    by owner: inout Owner, at service: inout Service, using random: inout SystemRandom
  ) throws -> Agent {
    let code = try owner.makeCode(approval: .automatic, expires: nil, now: now(), using: &random)
    service.take(code)
    var agent = Agent(identity: try .generate(using: &random))
    let request = try agent.enrol(code: code.code.text(), using: &random)
    service.take(try owner.approve(request.serialized, now: now(), using: &random))
    try service.deliver(to: &agent)
    return agent
  }

  static func work(_ agent: inout Agent, at service: inout Service) throws -> Token {
    var sealer = try agent.tokenSealer()
    let token = try sealer.seal("Quarterly report", field: .windowTitle)
    let record = try Record(
      kind: .application, start: now(), duration: 60_000, items: BoundedList([.token(token)]))
    service.take(try agent.signBatch([record]))
    return token
  }

  static func audit(
    _ agents: [AgentID], _ token: Token, by owner: inout Owner, at service: inout Service,
    using random: inout SystemRandom
  ) throws -> UInt64 {
    var totals = Totals()
    for agentID in agents {
      let report = try owner.audit(agentID, batches: service.batches[agentID] ?? [], using: &random)
      check(report.findings.isEmpty, "an honest service")
      service.take(report)
      totals.add(report.totals)
    }
    return totals[token]
  }

  static func ids(_ first: borrowing Agent, _ second: borrowing Agent) throws -> [AgentID] {
    [first.agentID, second.agentID].compactMap { $0 }
  }

  static func check(_ isTrue: @autoclosure () throws -> Bool, _ what: String) rethrows {
    guard try isTrue() else { fatalError(what) }
  }
}
