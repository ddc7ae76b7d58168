import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// What a malicious service may try, one test for each, by the name of the attack.
@Suite("Attacks of the service") struct AttackTests {
  private func token(_ value: String = "secret", by agent: borrowing Agent) throws -> Token {
    var sealer = try agent.tokenSealer()
    return try sealer.seal(value, field: .windowTitle)
  }

  private func batch(by agent: inout Agent, duration: UInt32 = 5) throws -> [UInt8] {
    try agent.signBatch([
      Record(kind: .application, start: 0, duration: duration, items: [.token(token(by: agent))])
    ]).serialized
  }

  @Test(
    "Weak iterations, or so many that the owner's end hangs", arguments: [0, 1, 599_999, 1 << 31] as [UInt32])
  func iterations(_ count: UInt32) throws {
    let head = try PasswordWrap(parsing: Base.shared.get().messages.passwordWrap).head
    let weak = PasswordHeader(
      accountID: head.accountID, epoch: head.epoch, counter: head.counter, iterations: count,
      accountSecret: .none, salt: head.salt)
    expect(.iterationsOutOfRange) { _ = try StretchedPassword(Base.credentials(), head: weak) }
  }

  @Test("PBKDF2: one salt for two accounts does not make their login keys testable at once")
  func oneSalt() throws {
    let head = try PasswordWrap(parsing: Base.shared.get().messages.passwordWrap).head
    let ana = try StretchedPassword(Base.credentials(loginName: "ana"), head: head)
    let bob = try StretchedPassword(Base.credentials(loginName: "bob"), head: head)
    #expect(try ana.loginKey().array != bob.loginKey().array)
  }

  @Test("A login key asked for under a salt of the service's choice")
  func loginSalt() throws {
    let world = try World()
    let pins = world.owner.pins
    let head = try PasswordWrap(parsing: world.stored.passwordWrap).head
    let chosen = PasswordHeader(
      accountID: head.accountID, epoch: head.epoch, counter: head.counter, iterations: head.iterations,
      accountSecret: .none, salt: .zero)
    expect(.pinMismatch) { _ = try StretchedPassword(Base.credentials(), head: chosen, pin: pins?.wrap) }
  }

  @Test("Another key put into a request at enrolment")
  func swappedKey() throws {
    var world = try World()
    var agent = Agent(identity: try Base.agent())
    let request = try agent.enrol(code: world.code(), using: &world.random)
    let mallory = try Base.agent(1)
    let swapped = EnrolmentRequest(
      accountID: request.accountID, modulus: mallory.modulus, verifyKey: mallory.verifyKey,
      nonce: request.nonce,
      mac: request.mac
    ).signed(by: mallory.signing)
    expect(.macInvalid) { try world.approve(swapped) }
    let members = world.owner.vault?.members.count
    #expect(members == 0)
  }

  @Test("The service's own MasterKey or account planted at an agent")
  func plantedKey() throws {
    var world = try World()
    var agent = Agent(identity: try Base.agent())
    _ = try agent.enrol(code: world.code(), using: &world.random)
    // A whole account of the service's own, under the id of the victim and under its own.
    let mallory = try Base.other()
    for accountID in [world.accountID, mallory.accountID] {
      let key = MasterKey(secret: try world.random.secret(32), accountID: accountID, epoch: 1)
      let state = try AccountState.make(
        counter: 1, masterKey: key, modulus: mallory.modulus, ruleSet: .zero, previous: .zero, revoked: [],
        signingKey: mallory.signing)
      expect(.wrongAccount) { try agent.accept(state: state.serialized) }
    }
    try agent.accept(state: world.stored.accountState)
    let key = MasterKey(secret: try world.random.secret(32), accountID: world.accountID, epoch: 1)
    let own = try Base.agent()
    let grant = try Grant.make(
      .master, to: own.agentID, modulus: own.modulus, counter: 1, masterKey: key,
      signingKey: mallory.signing, using: &world.random)
    expect(.signatureInvalid) { try agent.accept(grant: grant.serialized) }
    #expect(agent.phase == .waiting)
  }

  @Test("PBKDF2: an old grant, an old wrap, an old state replayed")
  func replay() throws {
    var world = try World()
    var agent = try world.activeAgent()
    let own = try Base.agent().agentID
    let (old, oldGrant) = (world.stored, try #require(world.grants[own]))
    world.store(try world.owner.grant(own, kind: .master, using: &world.random))
    try world.deliver(to: &agent)
    expect(.counterRollback) { try agent.accept(grant: oldGrant) }
    try world.rotate()
    try world.deliver(to: &agent)
    expect(.epochRollback) { try agent.accept(grant: oldGrant) }
    expect(.counterRollback) { try agent.accept(state: old.accountState) }
    let pins = world.owner.pins
    var device = Owner.locked(pins: pins)
    expect(.epochRollback) { try device.open(old, with: Base.credentials()) }
    #expect(agent.phase == .active)
  }

  @Test("Two states of one counter: a fork between two agents shows at whoever sees both")
  func fork() throws {
    var world = try World()
    var agent = try world.activeAgent(0)
    _ = try world.activeAgent(1)
    _ = try world.activeAgent(2)
    let snapshot = world.stored
    try world.revoke(try Base.agent(1).agentID)
    let one = world.stored.accountState
    var twin = Owner.locked()
    try twin.open(snapshot, with: Base.masterKey())
    let two = try twin.revoke(Base.agent(2).agentID, using: &world.random).accountState.serialized
    try agent.accept(state: one)
    expect(.counterFork) { try agent.accept(state: two) }
  }

  @Test("A token moved to another field, account or epoch")
  func movedToken() throws {
    var world = try World()
    let agent = try world.activeAgent()
    try world.rotate()
    let token = try token(by: agent)
    var opener = try world.owner.tokenOpener()
    #expect(try opener.open(token) == [UInt8]("secret".utf8))
    let field = try Token(field: .url, epoch: 1, v: token.v, c: token.c)
    let epoch = try Token(field: token.field, epoch: 2, v: token.v, c: token.c)
    let unknown = try Token(field: token.field, epoch: 3, v: token.v, c: token.c)
    expect(.tokenOpenFailed) { _ = try opener.open(field) }
    expect(.tokenOpenFailed) { _ = try opener.open(epoch) }
    expect(.noEpochKey) { _ = try opener.open(unknown) }
    var other = KeyRing(accountID: try Base.other().accountID, holder: .owner)
    try other.add(
      MasterKey(secret: try Base.masterKey().secret.copy(), accountID: other.accountID, epoch: 1))
    var elsewhere = TokenOpener(ring: other)
    expect(.tokenOpenFailed) { _ = try elsewhere.open(token) }
  }

  @Test("A blob cut, or given another header")
  func blob() throws {
    var world = try World()
    let agent = try world.activeAgent()
    var blob: [UInt8] = []
    var sealer = try agent.blobSealer(.screenshot, using: &world.random)
    try sealer.update([UInt8](repeating: 7, count: 40_000).span, into: &blob)
    let reference = try sealer.finish(into: &blob)
    let ring = try world.owner.keyRing()
    #expect(try SealedBlob(parsing: blob).open(with: ring, reference: reference).count == 40_000)
    let cut = [UInt8](blob.prefix(blob.count - 7_232 - 16))
    for bad in [cut, blob.flipped(at: 24 + 1), blob.flipped(at: 80), blob.flipped(at: blob.count - 1)] {
      expect(.blobOpenFailed) { _ = try SealedBlob(parsing: bad).open(with: ring) }
    }
  }

  @Test("The wrapped key or the private keys mauled")
  func mauled() throws {
    let messages = try Base.shared.get().messages
    let stretched = try Base.shared.get().stretched
    for index in 101..<141 {
      var changed = messages
      changed.passwordWrap = messages.passwordWrap.flipped(at: index)
      var owner = Owner.locked()
      expect(.passwordOpenFailed) { try owner.open(changed, with: stretched.value) }
    }
    for index in [24, 48, 80, 150, 383] {
      var changed = messages
      changed.privateKeys = messages.privateKeys.flipped(at: index)
      var owner = Owner.locked()
      expect(.privateKeysOpenFailed) { try owner.open(changed, with: stretched.value) }
    }
  }

  @Test(
    "An agent as a decryption oracle: what the account did not sign never reaches RSA, and the rest is one error"
  )
  func oracle() throws {
    var world = try World()
    var agent = try world.activeAgent()
    let grant = try Grant(parsing: try #require(world.grants[try Base.agent().agentID]))
    // The agent's own ciphertext under a fresh head that the service signs itself.
    let forged = Grant(
      accountID: grant.accountID, epoch: grant.epoch, kind: .master, recipient: grant.recipient, counter: 99,
      ciphertext: grant.ciphertext)
    expect(.signatureInvalid) { try agent.accept(grant: forged.signed(by: Base.other().signing).serialized) }
    for kind in GrantKind.allCases {
      let signed = try Grant(
        accountID: grant.accountID, epoch: grant.epoch, kind: kind, recipient: grant.recipient, counter: 99,
        ciphertext: grant.ciphertext
      ).signed(by: Base.account().signing)
      expect(.grantOpenFailed) { try agent.accept(grant: signed.serialized) }
    }
    #expect(agent.phase == .active)
  }

  @Test("A key of one purpose used for another")
  func labels() throws {
    let key = try Base.masterKey()
    let agentID = try Base.agent().agentID
    let agentKey = try key.agentKey(for: agentID)
    let keys = [
      try key.tokenKey().secret.array, agentKey.secret.array, try key.privateKeysKey().array,
      try key.vaultKey().array, try key.commitment().bytes, try agentKey.blobKey().array,
      try agentKey.spoolKey().array,
    ]
    #expect(Set(keys).count == keys.count)
    #expect(Set(keys.map { [UInt8]($0.prefix(32)) }).count == keys.count)
    // A vault offered as private keys is not even parsed; sealed under the other key it does not open.
    let messages = try Base.shared.get().messages
    expect(.unexpectedType) { _ = try PrivateKeys.open(messages.ownerVault, masterKey: key) }
  }

  @Test("\"Encryption is off\", an error page, an unknown version, a damaged state")
  func off() throws {
    var world = try World()
    var agent = try world.activeAgent()
    expect(.latched) { try agent.serviceOff() }
    let answers: [([UInt8], ErrorCode)] = [
      ([UInt8]("<html>404</html>".utf8), .badMagic), ([], .truncated), ([0x45, 0x4b, 2, 6], .unknownVersion),
      (world.stored.accountState + [0], .trailingBytes),
    ]
    for (bytes, code) in answers {
      expect(code) { try agent.accept(state: bytes) }
      expect(code == .trailingBytes ? .unexpectedType : code) { try agent.accept(grant: bytes) }
    }
    #expect(agent.phase == .active)
    _ = try agent.tokenSealer()
    let key = SecretBytes(copying: .zeros(32))
    let bytes = try agent.save(deviceKey: key, using: &world.random).serialized
    let restarted = try Agent(
      restoring: bytes.flipped(at: 77), deviceKey: key, isMarked: true, using: &world.random)
    #expect(restarted.phase == .stopped)
    expect(.stopped) { _ = try restarted.tokenSealer() }
  }

  @Test("Durations edited, batches dropped, repeated or forged")
  func batches() throws {
    var world = try World()
    var agent = try world.activeAgent()
    let own = try Base.agent().agentID
    let good = try (0..<4).map { _ in try batch(by: &agent) }
    let edited = good[1].flipped(at: 91 + 1 + 8 + 3)
    var codes: [ErrorCode] = []
    let report = try world.owner.audit(
      own, batches: [good[0], edited, good[1], good[1], good[3]], using: &world.random)
    codes = report.findings.map(\.error.code)
    #expect(codes == [.signatureInvalid, .sequenceRepeat, .sequenceGap])
    #expect(report.totals[try token(by: agent)] == 15)
  }

  @Test("A state kept back from the owner shows in an agent's batch")
  func withheld() throws {
    var world = try World()
    var agent = try world.activeAgent(0)
    _ = try world.activeAgent(1)
    let snapshot = world.stored
    try world.revoke(try Base.agent(1).agentID)
    try agent.accept(state: world.stored.accountState)
    let batch = try batch(by: &agent)
    var stale = Owner.locked()
    try stale.open(snapshot, with: Base.masterKey())
    let report = try stale.audit(Base.agent(0).agentID, batches: [batch], using: &world.random)
    #expect(report.findings.map(\.error.code) == [.stateWithheld])
  }

  @Test("PBKDF2: P7: a removed agent learns no key of a later epoch")
  func removed() throws {
    var world = try World()
    var removed = try world.activeAgent(0)
    var kept = try world.activeAgent(1)
    try world.revoke(try Base.agent(0).agentID)
    try world.rotate()
    try world.deliver(to: &kept)
    let new = try token(by: kept)
    // Whatever the service gives it: the new state, the other's grant, its own old one.
    let others = try #require(world.grants[try Base.agent(1).agentID])
    let own = try #require(world.grants[try Base.agent(0).agentID])
    try removed.accept(state: world.stored.accountState)
    #expect(removed.phase == .revoked)
    for grant in [others, own] { expect(.revoked) { try removed.accept(grant: grant) } }
    // Its private key opens neither, had it been made to ignore its phase.
    let identity = try Base.agent(0)
    let state = AcceptedState(try AccountState(parsing: world.stored.accountState))
    let check = GrantCheck(accountID: world.accountID, agentID: identity.agentID, state: state, last: nil)
    expect(.wrongRecipient) { _ = try check.open(others, with: identity) }
    expect(.epochRollback) { _ = try check.open(own, with: identity) }
    let forced = try? identity.rsa.unwrap(Grant(parsing: others).ciphertext.bytes).count
    #expect(forced == nil)
    var opener = TokenOpener(ring: try removed.keyRing())
    expect(.noGrant) { _ = try opener.open(new) }
  }

  @Test("R-19-1, R-19.2-1: an error is a code, a place and a section, and nothing of what was secret")
  func errors() throws {
    let messages = try Base.shared.get().messages
    var shown: Set<String> = []
    for index in [40, 60, 90, 200, 383] {
      do {
        _ = try PrivateKeys.open(messages.privateKeys.flipped(at: index), masterKey: Base.masterKey())
      } catch {
        shown.insert("\(error)")
      }
    }
    #expect(shown == ["private_keys_open_failed (§12.4)"])
  }
}
