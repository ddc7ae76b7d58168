import Endkey
import Testing

@Suite("An account's life, with `import Endkey` alone") struct LifeTests {
  @Test("From the making of an account to a fresh device: agents, activity, audit, rules, removal")
  func whole() throws {
    var life = try Life()
    var first = try life.enrolled()
    var second = try life.enrolled()
    let (firstID, secondID) = (try id(of: first), try id(of: second))
    let token = try life.work("Quarterly report", by: &first)
    #expect(try life.work("Quarterly report", by: &second) == token)

    // Rules are published once an audit has seen their value.
    let rule = RuleDefinition(
      field: .windowTitle, category: .productive, seen: false, value: try BoundedBytes("Quarterly report"))
    let unseen = try life.owner.setRules([rule], now: life.now, using: &life.random)
    try life.publish()
    #expect(unseen.ruleSet?.category(of: token) == nil)
    var reports: [AgentID: AuditReport] = [:]
    for agentID in [firstID, secondID] { reports[agentID] = try life.audit(agentID, by: life.owner) }
    #expect(reports.values.allSatisfy { $0.findings.isEmpty && $0.totals[token] == 60_000 })
    let noted = try life.owner.note(reports, now: life.now, using: &life.random)
    try life.publish()
    #expect(noted.ruleSet?.category(of: token) == .productive)

    // The first agent goes, and the second gets keys of the next epoch.
    let asked = life.owner.vault?.suspects(of: [firstID]) ?? []
    #expect(asked.map(\.agentID) == [secondID])
    expect(.approvalRequired) { _ = try life.owner.remove([firstID], now: life.now, using: &life.random) }
    let removal = try life.owner.remove(
      [firstID], consent: Consent().keeping(asked), now: life.now, using: &life.random)
    try life.publish()
    try life.grant()
    #expect(removal.ruleSet != nil && removal.accountState?.revoked.elements == [firstID])
    try first.accept(state: life.service.accountState)
    #expect(first.phase == .revoked)
    expect(.revoked) { _ = try first.tokenSealer(at: life.now) }
    try life.service.deliver(to: &second)
    let later = try life.work("Quarterly report", by: &second)
    #expect(later.epoch == Epoch.first.next && later != token)

    // A fresh device needs the password and what the service keeps.
    let device = try life.device()
    var opener = try device.tokenOpener()
    for sealed in [token, later] { #expect(try opener.string(of: sealed) == "Quarterly report") }
    let again = try life.audit(secondID, by: device)
    #expect(again.findings.isEmpty && again.totals[later] == 60_000 && again.totals[token] == 60_000)
  }

  @Test("What is captured before there is any key is sent later, and blobs come back as they were")
  func captures() throws {
    var life = try Life()
    var agent = try life.applicant()
    let agentID = try id(of: agent)
    let key = try agent.spoolKey(deviceKey: life.deviceKey)
    var spool = SpoolWriter(key: key, segment: 1)
    var segment = spool.header.serialized
    let content = [UInt8](repeating: 7, count: 50_000)
    segment += try agent.capture(
      .screenshot, start: life.now, duration: 1_000,
      items: [CapturedItem(.screenshot, content), CapturedItem(.windowTitle, "Editor")], into: &spool,
      using: &life.random)
    expect(.noState) { _ = try agent.captureSealer(at: life.now) }

    _ = try life.owner.approve(life.service.requests[agentID] ?? [], now: life.now, using: &life.random)
    try life.publish()
    try life.grant()
    try life.service.deliver(to: &agent)
    let recovery = try SpoolRecovery(segment: segment.span, key: key)
    #expect(!recovery.isQuarantined)
    var sealer = try agent.captureSealer(at: life.now)
    let sealed = try sealer.seal(#require(recovery.frames.first).capture, using: &life.random)
    let batch = try agent.signBatch([sealed.record], at: life.now)
    life.service.batches[agentID] = [batch.serialized]
    #expect(try life.audit(agentID, by: life.owner).counted == [batch])
    #expect(try sealed.blobs.map { try $0.open(with: life.owner.keyRing()) } == [content])

    var pieces: [UInt8] = []
    var streaming = try agent.blobSealer(.voice, at: life.now, using: &life.random)
    for piece in [content, content] { try streaming.update(piece.span, into: &pieces) }
    let reference = try streaming.finish(into: &pieces)
    var opener = try life.owner.blobOpener(reference: reference)
    var opened: [UInt8] = []
    try opener.update(pieces.span, into: &opened)
    try opener.finish(into: &opened)
    #expect(opened == content + content)
    expect(.blobOpenFailed) {
      _ = try sealed.blobs.first?.open(with: life.owner.keyRing(), reference: reference)
    }
  }

  @Test("A restart finds everything, and an agent without its state stops")
  func restart() throws {
    var life = try Life()
    var agent = try life.enrolled()
    let token = try life.work("a", by: &agent)
    let state = try agent.save(deviceKey: life.deviceKey, using: &life.random).serialized
    var restarted = try Agent(
      restoring: state, deviceKey: life.deviceKey, isMarked: true, using: &life.random)
    #expect(restarted.phase == .active && restarted.sequence == 1)
    #expect(try life.work("a", by: &restarted) == token)
    let lost = try Agent(restoring: nil, deviceKey: life.deviceKey, isMarked: true, using: &life.random)
    #expect(lost.phase == .stopped)
    let new = try Agent(restoring: nil, deviceKey: life.deviceKey, isMarked: false, using: &life.random)
    #expect(new.phase == .unpinned)

    // The owner's device stops in the middle of an act, and goes on with it.
    let sent = try life.owner.rotate(now: life.now, using: &life.random)
    let pins = try life.owner.savePins(deviceKey: life.deviceKey, using: &life.random).serialized
    let pending = try #require(life.owner.pending?.serialized)
    let other = try LocalState.makeDeviceKey(using: &life.random)
    expect(.localStateOpenFailed) { _ = try OwnerPins(opening: pins, deviceKey: other) }
    #expect(PendingPublication(parsing: pending.dropLast()) == nil)
    var device = Owner.locked(pins: try OwnerPins(opening: pins, deviceKey: life.deviceKey))
    let stretched = try device.stretch(life.credentials, for: life.service.head(of: life.ownerID))
    try device.open(
      life.service.whole(of: life.ownerID), with: stretched, pending: PendingPublication(parsing: pending))
    #expect(device.phase == .settling)
    #expect(try device.noAnswer() == sent)
    try life.publish(&device, by: life.ownerID)
    #expect(device.phase == .open && device.findings.isEmpty)
  }

  @Test("A second person reads and signs, sets a password, and goes; two ends that act at once lose nothing")
  func manager() throws {
    var life = try Life()
    var agent = try life.enrolled()
    let agentID = try id(of: agent)
    let token = try life.work("a", by: &agent)
    var manager = Owner.absent()
    let managerID = try life.invite(&manager, password: "battery staple")
    var opener = try manager.tokenOpener()
    #expect(try opener.string(of: token) == "a" && !manager.isOwner)
    expect(.rootRequired) { _ = try manager.repair(removing: [], now: life.now, using: &life.random) }

    // The manager names the computer, while the owner removes nobody and is slower.
    _ = try manager.setLabel("Studio", ofMember: agentID, now: life.now, using: &life.random)
    _ = try life.owner.makeCode(.agents(.manual), expires: nil, now: life.now, using: &life.random)
    try life.publish(&manager, by: managerID)
    let isTaken = life.service.take(try life.owner.noAnswer(), by: life.ownerID)
    #expect(!isTaken)
    let loss = try life.owner.lost(to: life.service.whole(of: life.ownerID), using: &life.random)
    guard case .merged = loss else {
      Issue.record("the state is the same")
      return
    }
    try life.publish()
    #expect(life.owner.vault?.members.map(\.label.bytes) == [Array("Studio".utf8)])
    #expect(life.owner.vault?.codes.filter { $0.approval == .manual && $0.role == .agent }.count == 1)

    // A new password, and then the end of it.
    try manager.lock()
    try life.open(&manager, as: managerID, with: Life.credentials("battery staple", loginName: "ben"))
    _ = try manager.changePassword(
      to: Life.credentials("tomato soup", loginName: "ben"), now: life.now, using: &life.random)
    try life.publish(&manager, by: managerID)
    var device = Owner.locked()
    expect(.personKeysOpenFailed) {
      try life.open(&device, as: managerID, with: Life.credentials("battery staple", loginName: "ben"))
    }
    try life.open(&device, as: managerID, with: Life.credentials("tomato soup", loginName: "ben"))
    try life.reopen()
    let shown = Consent().keeping(life.owner.vault?.grantedMembers ?? [])
    _ = try life.owner.removePersons(
      [managerID], removing: [], consent: shown, now: life.now.adding(days: 1), using: &life.random)
    try life.publish()
    var gone = Owner.locked()
    expect(.noMasterKey) {
      try life.open(&gone, as: managerID, with: Life.credentials("tomato soup", loginName: "ben"))
    }
  }

  @Test("An account secret is needed where there is one")
  func accountSecret() throws {
    var random = SystemRandom()
    let identity = try Identity.generate(using: &random)
    let secret = try AccountSecret(accountID: identity.accountID, using: &random)
    var owner = Owner.absent()
    let account = try owner.create(
      identity: identity,
      credentials: Credentials(
        loginName: "b", password: SecretBytes(utf8: "correct horse"), accountSecret: secret),
      retentionDays: RetentionDays(365), now: Time(milliseconds: 1_700_000_000_000), using: &random)
    let head = try #require(account.publication.personKeys).head
    let fresh = Owner.locked()
    expect(.accountSecretMismatch) {
      _ = try fresh.stretch(Life.credentials("correct horse", loginName: "b"), for: head)
    }
    let typed = try AccountSecret(text: SecretBytes(utf8: secret.revealedText()))
    _ = try fresh.stretch(
      Credentials(loginName: "b", password: SecretBytes(utf8: "correct horse"), accountSecret: typed),
      for: head)
  }

  @Test("A lost password: the recovery text gives the account back, and not what it holds")
  func recovery() throws {
    var life = try Life()
    var agent = try life.enrolled()
    let agentID = try id(of: agent)
    let token = try life.work("a", by: &agent)
    var owner = Owner.absent()
    let typed = try RecoveryText(text: life.recoveryText.text())
    let publication = try owner.recover(
      identity: .recovered(from: typed),
      source: RecoverySource(
        accountState: life.service.accountState, ownerVault: life.service.ownerVault ?? [],
        head: life.service.head(of: life.ownerID)),
      isConfirmed: true, staying: RecoveredMembers(members: [agentID: .scoped]),
      credentials: Life.credentials("tomato soup"), retentionDays: RetentionDays(365),
      now: life.now.adding(days: 1), using: &life.random)
    let personID = owner.personID
    try life.service.store(publication, by: try #require(personID))
    try owner.stored()
    let grants = try owner.makeGrants(
      for: [life.service.requests[agentID] ?? []], now: life.now.adding(days: 1), using: &life.random
    ).grants
    try agent.accept(state: life.service.accountState)
    try agent.accept(grant: try #require(grants.first).serialized)
    #expect(agent.phase == .active)
    var opener = try owner.tokenOpener()
    expect(.noEpochKey) { _ = try opener.open(token) }
  }
}
