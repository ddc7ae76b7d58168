import Endkey
import Testing

@Suite("An account's life, with `import Endkey` alone") struct LifeTests {
  @Test("From the making of an account to its recovery: agents, activity, audit, rules, revocation, rotation")
  func whole() throws {
    var life = try Life()
    var first = try life.enrolled()
    var second = try life.enrolled()
    let token = try life.work("Quarterly report", by: &first)
    #expect(try life.work("Quarterly report", by: &second) == token)

    // Rules are published once an audit has seen their value.
    let rule = RuleDefinition(
      field: .windowTitle, category: .productive, seen: false, value: try BoundedBytes("Quarterly report"))
    let unseen = try life.owner.setRules([rule], using: &life.random)
    life.service.take(unseen)
    #expect(unseen.ruleSet.category(of: token) == nil)
    for report in [try life.audit(first), try life.audit(second)] {
      #expect(report.findings.isEmpty && report.totals[token] == 60_000)
    }
    let rules = try life.owner.remakeRules(using: &life.random)
    life.service.take(rules)
    #expect(rules.ruleSet.category(of: token) == .productive)

    // The first agent goes: rotation is due, and nobody is granted before it.
    let (firstID, secondID) = (try id(of: first), try id(of: second))
    life.service.take(try life.owner.revoke(firstID, using: &life.random))
    #expect(life.owner.phase == .rotationDue)
    expect(.rotationDue) { _ = try life.owner.grant(secondID, kind: .scoped, using: &life.random) }
    let epoch = try life.owner.rotate(with: life.credentials, using: &life.random)
    life.service.take(epoch)
    #expect(epoch.grants.map(\.recipient) == [secondID])
    #expect(epoch.ruleSet != nil && epoch.accountState.revoked.elements == [firstID])
    try first.accept(state: life.service.messages.accountState)
    #expect(first.phase == .revoked)
    expect(.revoked) { _ = try first.tokenSealer() }
    try life.service.deliver(to: &second)
    let later = try life.work("Quarterly report", by: &second)
    #expect(later.epoch == Epoch.first.next && later != token)

    // A fresh device needs the password and what the service keeps.
    var device = Owner.locked()
    try device.open(life.service.messages, with: life.credentials)
    var opener = try device.tokenOpener()
    for sealed in [token, later] { #expect(try opener.string(of: sealed) == "Quarterly report") }
    let again = try device.audit(
      secondID, batches: Array(life.service.batches[secondID]?.dropFirst() ?? []), using: &life.random)
    #expect(again.findings.isEmpty && again.totals[later] == 60_000)
  }

  @Test("Blobs, at once and in pieces, and a spool come back as they were")
  func blobs() throws {
    var life = try Life()
    let agent = try life.enrolled()
    let content = [UInt8](repeating: 7, count: 50_000)
    let short = try agent.sealBlob(content.span, field: .screenshot, using: &life.random)
    var sealed: [UInt8] = []
    var sealer = try agent.blobSealer(.voice, using: &life.random)
    for piece in [content, content] { try sealer.update(piece.span, into: &sealed) }
    let reference = try sealer.finish(into: &sealed)

    #expect(try short.blob.open(with: life.owner.keyRing(), reference: short.reference) == content)
    var opener = try life.owner.blobOpener(reference: reference)
    var opened: [UInt8] = []
    try opener.update(sealed.span, into: &opened)
    try opener.finish(into: &opened)
    #expect(opened == content + content)
    expect(.blobOpenFailed) {
      _ = try short.blob.open(with: life.owner.keyRing(), reference: reference)
    }

    var spool = try agent.spoolWriter(segment: 1)
    var segment = spool.header.serialized
    segment += try spool.append(Array("kept".utf8), using: &life.random)
    let recovery = try SpoolRecovery(segment: segment.span, ring: agent.keyRing())
    #expect(recovery.frames.map(\.payload) == [Array("kept".utf8)] && !recovery.isQuarantined)
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

    let other = try LocalState.makeDeviceKey(using: &life.random)
    expect(.localStateOpenFailed) { _ = try OwnerPins(opening: life.pinsOnDisk, deviceKey: other) }
    try life.owner.lock()
    var device = Owner.locked(pins: try OwnerPins(opening: life.pinsOnDisk, deviceKey: life.deviceKey))
    try device.open(life.service.messages, with: life.credentials)
    #expect(device.phase == .open)
  }

  @Test("A second manager opens the account with its grant, and sets a password; an account secret is needed")
  func manager() throws {
    var life = try Life()
    let manager = try life.enrolled(role: .manager)
    var second = Owner.locked()
    try second.open(life.service.messages, with: manager.masterKey())
    life.service.take(
      try second.changePassword(to: Life.credentials("battery staple"), using: &life.random))
    var device = Owner.locked()
    expect(.passwordOpenFailed) { try device.open(life.service.messages, with: life.credentials) }
    try device.open(life.service.messages, with: Life.credentials("battery staple"))

    let identity = try Identity.generate(using: &life.random)
    let secret = try TypedSecret(kind: .accountSecret, accountID: identity.accountID, using: &life.random)
    var owner = Owner.absent()
    let account = try owner.create(
      identity: identity,
      credentials: Credentials(
        loginName: "b", password: SecretBytes(utf8: "correct horse"), accountSecret: secret),
      using: &life.random)
    let stored = StoredMessages(account)
    var without = Owner.locked()
    expect(.accountSecretMismatch) {
      try without.open(
        stored, with: Credentials(loginName: "b", password: SecretBytes(utf8: "correct horse")))
    }
    let typed = try TypedSecret(text: secret.revealedText().utf8.span, kind: .accountSecret)
    try without.open(
      stored,
      with: Credentials(loginName: "b", password: SecretBytes(utf8: "correct horse"), accountSecret: typed))
  }
}
