import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §10.4, §12.7, §12.9: a person's end from the first opening to each act.
@Suite("A person's end") struct OwnerTests {
  // MARK: Opening

  @Test("R-12.7-6, R-10.4-3: a fresh end opens, and signs nothing before a person has spoken")
  func fresh() throws {
    var world = try World()
    var end = try world.end(.owner, isFresh: true)
    let (phase, findings, confirmed) = (end.phase, end.findings, end.pins?.isConfirmed)
    #expect(phase == .open && findings.isEmpty && confirmed == false)
    expect(.approvalRequired) { _ = try end.rotate(now: world.now, using: &world.random) }
    expect(.approvalRequired) { _ = try end.makeGrants(for: [], now: world.now, using: &world.random) }
    expect(.approvalRequired) { _ = try end.renewCertificate(now: world.now, using: &world.random) }
    try end.confirm()
    try world.settle(end.rotate(now: world.now, using: &world.random), &end)
    let epoch = end.state?.epoch
    #expect(epoch == 2)
  }

  @Test("The word with an act confirms the end; no durable storage needs another one")
  func words() throws {
    var world = try World()
    var end = try world.end(.manager, isFresh: true, isDurable: false)
    expect(.approvalRequired) {
      _ = try end.rotate(consent: Consent(isNewest: true), now: world.now, using: &world.random)
    }
    let notYet = end.pins?.isConfirmed
    #expect(notYet == false)
    let consent = Consent(isNewest: true, withoutStorage: true)
    try world.settle(end.rotate(consent: consent, now: world.now, using: &world.random), &end)
    let confirmed = end.pins?.isConfirmed
    #expect(confirmed == true)
  }

  @Test("An absent or locked end does nothing but begin; an open one does not begin again")
  func phases() throws {
    var world = try World()
    var absent = Owner.absent()
    let whole = try world.shelf.whole(for: Party.owner.id)
    expect(.noMasterKey) { try absent.open(whole, with: world.stretched(.owner)) }
    expect(.noMasterKey) { _ = try absent.rotate(now: world.now, using: &world.random) }
    expect(.noMasterKey) { try absent.lock() }
    var end = try world.end(.owner)
    expect(.alreadyPinned) { try world.open(&end, as: .owner) }
    expect(.alreadyPinned) { try end.stored() }
    expect(.alreadyPinned) {
      _ = try end.create(
        identity: Party.stranger.identity(), credentials: Base.credentials(), retentionDays: Base.retention(),
        now: world.now, using: &world.random)
    }
    try end.lock()
    expect(.noMasterKey) { _ = try end.rotate(now: world.now, using: &world.random) }
    expect(.noMasterKey) { _ = try end.keyRing() }
    expect(.alreadyPinned) {
      _ = try end.enrol(
        code: .test(role: .manager), identity: Party.stranger.identity(), credentials: Base.credentials(),
        using: &world.random)
    }
    try world.open(&end, as: .owner)
  }

  @Test("R-10.1-4: an agent's code makes no person, and a refused beginning changes nothing")
  func beginnings() throws {
    var world = try World()
    var absent = Owner.absent()
    expect(.wrongRecipient) {
      _ = try absent.enrol(
        code: .test(), identity: Party.stranger.identity(), credentials: Base.credentials(),
        using: &world.random)
    }
    expect(.badPassword) {
      _ = try absent.create(
        identity: Party.stranger.identity(), credentials: Base.credentials(""),
        retentionDays: Base.retention(), now: world.now, using: &world.random)
    }
    let phase = absent.phase
    #expect(phase == .absent)
  }

  @Test(
    "R-12.2-5, R-12.8-5: the account that is made has the numbers of a first list, one owner, a grant to itself"
  )
  func creation() throws {
    var random = SystemRandom()
    var owner = Owner.absent()
    let account = try owner.create(
      identity: Party.stranger.identity(), credentials: Base.credentials(), retentionDays: Base.retention(),
      now: day(100), using: &random)
    let publication = account.publication
    let state = try #require(publication.accountState)
    #expect(state.generation.value == 100 * 24 * 60 && state.epoch == 1 && state.counter == 1)
    #expect(state.made == day(100) && state.validUntil == day(160) && state.certificateUntil == day(190))
    #expect(state.certificateFrom == day(100) && state.revoked.isEmpty)
    #expect(publication.expected == nil && publication.ownerVault.counter == 1)
    #expect(try publication.grants.map(\.recipient) == [Party.stranger.id])
    #expect(publication.login?.recoveryVerifier != nil)
    let isWhole = try RecoveryText(text: account.recoveryText.text()).seed.array
    #expect(try isWhole == Party.stranger.identity().signing.copySeed().array)
    let phase = owner.phase
    #expect(phase == .settling)
    expect(.unsettled) { _ = try owner.rotate(now: day(100), using: &random) }
    try owner.stored()
    let (settled, pins) = (owner.phase, owner.pins)
    #expect(settled == .open && pins?.isConfirmed == true && pins?.state?.state == state)
  }

  // MARK: Persons

  @Test("R-12.9-5: a manager opens with the own password and signs; the owner's acts it cannot make")
  func manager() throws {
    var world = try World()
    var manager = try world.end(.manager)
    try world.enrol(.agent, by: &manager)
    try world.settle(manager.rotate(now: world.now, using: &world.random), &manager)
    let state = try AccountState(parsing: world.shelf.state)
    #expect(try state.signer == Party.manager.verifyKey && state.epoch == 2)
    let (now, agentID) = (world.now, try Party.agent.id)
    func refused(_ act: (inout Owner, inout SystemRandom) throws -> Void) {
      expect(.rootRequired) { try act(&manager, &world.random) }
    }
    refused { _ = try $0.makeCode(.manager, expires: nil, now: now, using: &$1) }
    refused { _ = try $0.makeCode(.masterAgents(), expires: nil, now: now, using: &$1) }
    refused { _ = try $0.addPerson([], approved: nil, now: now, using: &$1) }
    refused { _ = try $0.removePersons([agentID], removing: [], now: now, using: &$1) }
    refused { _ = try $0.repair(removing: [], now: now, using: &$1) }
    refused { _ = try $0.renewCertificate(now: now, using: &$1) }
    refused { _ = try $0.setRetention(Base.retention(), blobs: Base.retention(), now: now, using: &$1) }
    refused { _ = try $0.erase([], now: now, using: &$1) }
    // The owner takes the grant of the manager's epoch, then makes the wrap that is missing.
    var owner = try world.end(.owner)
    let wrap = try owner.makeWrap(now: world.now)
    #expect(wrap?.epoch == 2)
    world.shelf.wrap = wrap?.serialized
    try owner.lock()
    try world.open(&owner, as: .owner)
    #expect(try owner.makeWrap(now: world.now) == nil)
  }

  @Test(
    "R-12.2-2, R-12.8-5, R-12.9-3: a person who is removed has no keys of what comes, and is not let in again"
  )
  func removedPerson() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let before = try AccountState(parsing: world.shelf.state)
    try world.enrol(.agent, by: &owner)
    _ = try owner.makeCode(.agents(.manual), expires: nil, now: world.now, using: &world.random)
    try owner.discard()
    expect(.approvalRequired) {
      _ = try owner.removePersons([Party.manager.id], removing: [], now: world.now, using: &world.random)
    }
    let removed = try owner.removePersons(
      [Party.manager.id], removing: [Party.agent.id], now: world.now, using: &world.random)
    try world.settle(removed, &owner)
    let state = try #require(removed.accountState)
    #expect(state.generation > before.generation && state.epoch == 2 && state.certificateFrom == world.now)
    #expect(try state.signers.map(\.personID) == [Party.owner.id])
    #expect(try Array(state.revoked) == [Party.agent.id])
    #expect(try removed.grants.map(\.recipient) == [Party.owner.id])
    let vault = try owner.openVault()
    #expect(try vault.codes.isEmpty && vault[person: Party.manager.id]?.status == .removed)
    #expect(try vault[member: Party.agent.id]?.listed == 2)

    let agentID = try Party.agent.id
    expect(.noMasterKey) { _ = try world.end(.manager) }
    expect(.noMasterKey) { _ = try world.end(.manager, isFresh: true) }
    expect(.revoked) {
      _ = try owner.removePersons([Party.manager.id], removing: [], now: world.now, using: &world.random)
    }
    expect(.wrongRecipient) {
      _ = try owner.removePersons([Party.owner.id], removing: [], now: world.now, using: &world.random)
    }
    expect(.unknownAgent) {
      _ = try owner.removePersons([agentID], removing: [], now: world.now, using: &world.random)
    }
    // The same keys under a new code.
    let code = try owner.makeCode(.manager, expires: nil, now: world.now, using: &world.random)
    try world.settle(code.publication, &owner)
    var again = Owner.absent()
    let request = try again.enrol(
      code: code.code, identity: Party.manager.identity(), credentials: Base.credentials(),
      using: &world.random)
    expect(.revoked) {
      _ = try owner.addPerson(
        request.request.serialized, approved: Party.manager.id, now: world.now, using: &world.random)
    }
  }

  @Test("A person's request needs the owner's eye, its own code, and an id that nobody has")
  func addPerson() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let code = try owner.makeCode(.manager, expires: nil, now: world.now, using: &world.random)
    try world.settle(code.publication, &owner)
    var joining = Owner.absent()
    let request = try joining.enrol(
      code: code.code, identity: Party.second.identity(), credentials: Base.credentials(),
      using: &world.random
    ).request.serialized
    let before = try AccountState(parsing: world.shelf.state)
    expect(.approvalRequired) {
      _ = try owner.addPerson(request, approved: nil, now: world.now, using: &world.random)
    }
    expect(.wrongRecipient) {
      _ = try owner.approve(request, approved: Party.second.id, now: world.now, using: &world.random)
    }
    let added = try owner.addPerson(
      request, approved: Party.second.id, now: world.now, using: &world.random)
    try world.settle(added, &owner)
    let state = try #require(added.accountState)
    #expect(state.generation == before.generation && state.epoch == before.epoch)
    #expect(state.certificateFrom == before.certificateFrom)
    #expect(state.certificateUntil == before.certificateUntil && state.signers.count == 3)
    #expect(try added.grants.map(\.recipient) == [Party.second.id] && added.passwordWrap == nil)
    expect(.codeExpired) {
      _ = try owner.addPerson(request, approved: Party.second.id, now: world.now, using: &world.random)
    }
  }

  @Test(
    "PBKDF2: R-9.5-2, R-9.5-4: a new password keeps the keys, takes the next counter, and travels with a wrap"
  )
  func password() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let pins = owner.pins
    let old = try #require(pins?.head)
    let made = try owner.changePassword(
      to: Base.credentials("battery staple"), now: world.now, using: &world.random)
    let keys = try #require(made.personKeys)
    #expect(keys.head.counter == old.counter.next && keys.head.salt != old.salt)
    #expect(made.passwordWrap != nil && made.login?.recoveryVerifier != nil && made.accountState == nil)
    try world.settle(made, &owner)
    try owner.lock()
    expect(.pinMismatch) { try world.open(&owner, as: .owner) }
    let new = try owner.stretch(Base.credentials("battery staple"), for: keys.head)
    try owner.open(world.shelf.whole(for: Party.owner.id), with: new)
    // Another device has to be told.
    let other = Owner.locked(pins: try Base.shared.get().pins[.owner])
    expect(.headChanged) { _ = try other.stretch(Base.credentials("battery staple"), for: keys.head) }
    expect(.counterRollback) { _ = try owner.stretch(Base.credentials(), for: old) }
    expect(.badPassword) {
      _ = try owner.changePassword(to: Base.credentials(""), now: world.now, using: &world.random)
    }
    let open = owner.phase
    #expect(open == .open)
  }

  // MARK: Members

  @Test("A removed computer is listed in its epoch and the next, and no longer")
  func listing() throws {
    var world = try World()
    var owner = try world.end(.owner)
    var agent = try world.enrol(.agent, by: &owner)
    var other = try world.enrol(.otherAgent, by: &owner)
    let (agentID, otherID) = (try Party.agent.id, try Party.otherAgent.id)
    func revoked() throws -> [AgentID] { Array(try AccountState(parsing: world.shelf.state).revoked) }

    try world.settle(owner.retire([agentID], now: world.now, using: &world.random), &owner)
    #expect(try revoked() == [agentID])
    try agent.accept(state: world.shelf.state)
    let phase = agent.phase
    #expect(phase == .revoked)
    try other.accept(state: world.shelf.state)
    expect(.revoked) { _ = try owner.remove([agentID], now: world.now, using: &world.random) }
    expect(.unknownAgent) {
      _ = try owner.remove([otherID, Party.stranger.id], now: world.now, using: &world.random)
    }

    try world.settle(owner.remove([otherID], now: world.now, using: &world.random), &owner)
    #expect(try revoked() == [agentID, otherID].sorted())
    let listed = owner.vault?.members.map(\.listed)
    #expect(listed?.sorted() == [1, 2])
    try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
    #expect(try revoked() == [otherID])
    world.now = day(103)
    _ = try owner.renew(now: world.now, using: &world.random).map { try world.settle($0, &owner) }
    #expect(try revoked() == [otherID])
    try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
    #expect(try revoked() == [])
    try world.grant(by: owner)
    #expect(world.shelf.grants[agentID].map { $0[23] } == 1)
  }

  @Test("R-12.3-2, R-12.3-3: retiring ends the member's code, removing ends all; rotating ends none")
  func codes() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let use = CodeUse.agents(.automatic, uses: 5)
    let first = try owner.makeCode(use, label: "room", expires: nil, now: world.now, using: &world.random)
    try world.settle(first.publication, &owner)
    let second = try owner.makeCode(use, expires: nil, now: world.now, using: &world.random)
    try world.settle(second.publication, &owner)
    try world.enrol(.agent, under: first.code, by: &owner)
    try world.enrol(.otherAgent, under: second.code, by: &owner)
    var vault = try owner.openVault()
    #expect(try vault[member: Party.agent.id]?.label.bytes == [UInt8]("room".utf8))
    // The other one has no label.
    #expect(try vault.suspects(of: [Party.agent.id]).map(\.agentID) == [Party.otherAgent.id])
    try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
    vault = try owner.openVault()
    #expect(vault.codes.count(where: { $0.role == .agent }) == 2)
    try world.settle(owner.retire([Party.agent.id], now: world.now, using: &world.random), &owner)
    vault = try owner.openVault()
    let left = vault.codes.filter { $0.role == .agent }
    #expect(left.map(\.usesLeft) == [4] && left.first?.label.count == 0)
    try world.settle(owner.remove([Party.otherAgent.id], now: world.now, using: &world.random), &owner)
    let codes = owner.vault?.codes.count
    #expect(codes == 0)
  }

  @Test("R-12.3-3: where a computer goes that had the MasterKey, every other member is asked about")
  func suspects() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner, .masterAgents(), label: "server")
    try world.enrol(.otherAgent, by: &owner, label: "laptop")
    let vault = try owner.openVault()
    #expect(try vault.suspects(of: [Party.agent.id]).map(\.agentID) == [Party.otherAgent.id])
    #expect(try vault.suspects(of: [Party.otherAgent.id]).isEmpty)
  }

  @Test("A code's generation, time, kind and role are those of its making")
  func terms() throws {
    var world = try World()
    var owner = try world.end(.owner)
    let code = try owner.makeCode(
      .masterAgents(uses: 3), label: "x", expires: day(200), now: world.now,
      using: &world.random)
    let generation = owner.state?.generation
    #expect(code.code.terms.generation == generation && code.code.terms.made == world.now)
    #expect(code.code.terms.kind == .master && code.code.terms.role == .agent)
    try world.settle(code.publication, &owner)
    let live = try #require(owner.openVault().codes.first { $0.role == .agent })
    #expect(live.usesLeft == 3 && live.expires == day(200) && live.approval == .manual)
    #expect(live.isDead(at: day(200)) && !live.isDead(at: day(199)))
    for use in [CodeUse.agents(.manual, uses: 0), .agents(.manual, uses: 2_048)] {
      expect(.limitReached) {
        _ = try owner.makeCode(use, expires: nil, now: world.now, using: &world.random)
      }
    }
    expect(.limitReached) {
      _ = try owner.makeCode(.agents(.manual), expires: 0, now: world.now, using: &world.random)
    }
    expect(.valueTooLong) {
      _ = try owner.makeCode(
        .agents(.manual), label: String(repeating: "x", count: 256), expires: nil, now: world.now,
        using: &world.random)
    }
    try world.settle(owner.dropCode(live.id, now: world.now, using: &world.random), &owner)
    expect(.unknownAgent) { _ = try owner.dropCode(live.id, now: world.now, using: &world.random) }
  }

  @Test("A granted computer that asks again keeps its marks and takes the new code's kind")
  func enrolledAgain() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    let first = owner.vault?[member: try Party.agent.id]
    try world.enrol(.agent, by: &owner, .masterAgents(), label: "again")
    let second = try #require(owner.openVault()[member: Party.agent.id])
    #expect(second.kind == .master && second.codeID != first?.codeID)
    #expect(second.label.bytes == [UInt8]("again".utf8))
    let members = owner.vault?.members.count
    #expect(members == 1)
    // A manager lets nobody in who gets the MasterKey.
    let code = try owner.makeCode(
      .masterAgents(), expires: nil, now: world.now, using: &world.random)
    try world.settle(code.publication, &owner)
    var agent = Agent(identity: try Party.otherAgent.identity())
    let request = try agent.enrol(code: code.code.text(), using: &world.random).serialized
    var manager = try world.end(.manager)
    expect(.rootRequired) {
      _ = try manager.approve(request, approved: nil, now: world.now, using: &world.random)
    }
  }

  @Test("R-11-14: grants go to members whose request is there, of their kind; others are told")
  func grants() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    try world.enrol(.otherAgent, by: &owner, .masterAgents())
    try world.settle(owner.retire([Party.agent.id], now: world.now, using: &world.random), &owner)
    let requests: [[UInt8]] = [
      try #require(world.shelf.requests[Party.agent.id]), [1, 2, 3],
      try #require(world.shelf.requests[Party.otherAgent.id]),
      try #require(world.shelf.requests[Party.manager.id]),
    ]
    let made = try owner.makeGrants(for: requests, now: world.now, using: &world.random)
    #expect(made.refused == [0, 1, 3])
    #expect(try made.grants.map(\.recipient) == [Party.otherAgent.id] && made.grants[0].kind == .master)
  }

  // MARK: Renewal

  @Test("A state is renewed by the first opening of a day, and by the way of any act; never before")
  func renewal() throws {
    var world = try World()
    var owner = try world.end(.owner)
    #expect(try owner.renew(now: day(100, hours: 20), using: &world.random) == nil)
    world.now = day(100, hours: 21)
    let renewed = try #require(try owner.renew(now: world.now, using: &world.random))
    let state = try #require(renewed.accountState)
    #expect(state.made == world.now && state.validUntil == world.now.adding(days: 60) && state.epoch == 1)
    #expect(state.certificateUntil == day(190) && renewed.grants.isEmpty && renewed.passwordWrap == nil)
    try world.settle(renewed, &owner)
    world.now = day(140)
    let label = try owner.setLabel("me", ofPerson: Party.owner.id, now: world.now, using: &world.random)
    #expect(label.accountState?.validUntil == day(190))
    try world.settle(label, &owner)
    let second = try owner.setLabel("I", ofPerson: Party.owner.id, now: world.now, using: &world.random)
    #expect(second.accountState == nil)
    try world.settle(second, &owner)
    // No program renews a list: R-12.8-6.
    world.now = day(189)
    let last = try #require(try owner.renew(now: world.now, using: &world.random)?.accountState)
    #expect(last.validUntil == day(190))
    try owner.discard()
    var manager = try world.end(.manager)
    expect(.rootRequired) { _ = try manager.renew(now: day(184), using: &world.random) }
    let renewedList = try owner.renewCertificate(now: world.now, using: &world.random)
    #expect(renewedList.accountState?.certificateUntil == day(279))
    #expect(renewedList.accountState?.certificateFrom == state.certificateFrom)
    #expect(renewedList.accountState?.generation == state.generation)
    try world.settle(renewedList, &owner)
  }

  @Test("After everything has expired, the owner's word and a new list are needed")
  func expired() throws {
    var world = try World()
    var owner = try world.end(.owner)
    var manager = try world.end(.manager)
    world.now = day(200)
    expect(.stateExpired) { _ = try owner.rotate(now: world.now, using: &world.random) }
    let word = Consent(isNewest: true)
    expect(.rootRequired) { _ = try owner.rotate(consent: word, now: world.now, using: &world.random) }
    expect(.rootRequired) { _ = try manager.rotate(consent: word, now: world.now, using: &world.random) }
    try world.settle(owner.renewCertificate(consent: word, now: world.now, using: &world.random), &owner)
    try world.settle(owner.rotate(now: world.now, using: &world.random), &owner)
  }

  // MARK: Rules

  @Test("Rules are published for values that were seen alone, and serve tokens of past epochs")
  func rules() throws {
    var world = try World()
    var owner = try world.end(.owner)
    func rule(_ value: String, seen: Bool) throws -> RuleDefinition {
      RuleDefinition(
        field: .url, category: .productive, seen: seen, value: try BoundedBytes([UInt8](value.utf8)))
    }
    let set = try owner.setRules(
      [rule("b", seen: true), rule("a", seen: false)], now: world.now, using: &world.random)
    #expect(set.ruleSet?.rules.count == 1 && set.accountState == nil)
    try world.settle(set, &owner)
    let old = try #require(set.ruleSet?.rules.first?.token)
    let rotated = try owner.rotate(now: world.now, using: &world.random)
    try world.settle(rotated, &owner)
    #expect(rotated.ruleSet?.rules.count == 2 && rotated.ruleSet?.category(of: old) == .productive)
    #expect(rotated.ruleSet?.epoch == 2)
    let kept = try owner.setRules([rule("b", seen: false)], now: world.now, using: &world.random)
    #expect(kept.ruleSet?.rules.count == 2)
    try world.settle(kept, &owner)
    expect(.notCanonical) {
      _ = try owner.setRules(
        [rule("b", seen: true), rule("b", seen: false)], now: world.now, using: &world.random)
    }
    // A fresh end holds the set against the vault.
    let stored = world.shelf.ruleSet
    world.shelf.ruleSet = nil
    expect(.chainBroken) { _ = try world.end(.owner, isFresh: true) }
    world.shelf.ruleSet = set.ruleSet?.serialized
    expect(.chainBroken) { _ = try world.end(.owner, isFresh: true) }
    world.shelf.ruleSet = stored
    let fresh = try world.end(.owner, isFresh: true)
    let category = fresh.ruleSet?.category(of: old)
    #expect(category == .productive)
    // Rules that are all gone leave an empty set, not an old one.
    let none = try owner.setRules([], now: world.now, using: &world.random)
    #expect(none.ruleSet?.rules.isEmpty == true)
  }

  @Test("R-16.5-1: retention is the owner's; erasing needs an audit up to there")
  func retention() throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    let (month, week) = (try RetentionDays(30), try RetentionDays(7))
    try world.settle(
      owner.setRetention(month, blobs: week, now: world.now, using: &world.random), &owner)
    let vault = try owner.openVault()
    #expect(vault.retentionDays == month && vault.blobDays == week)
    let erasure = Erasure(
      agentID: try Party.agent.id, first: 1, last: 2, beforeHash: .zero, lastHash: .zero)
    expect(.sequenceGap) { _ = try owner.erase([erasure], now: world.now, using: &world.random) }
    for first in [0, 1] as [Counter] {
      let none = Erasure(
        agentID: try Party.agent.id, first: first, last: 0, beforeHash: .zero, lastHash: .zero)
      expect(.valueOutOfRange) { _ = try owner.erase([none], now: world.now, using: &world.random) }
    }
  }

  @Test("R-19-2, R-12.2-1: an act that fails at any use of randomness changes nothing", arguments: 0..<4)
  func failures(_ count: Int) throws {
    var world = try World()
    var owner = try world.end(.owner)
    try world.enrol(.agent, by: &owner)
    let (pins, now) = (owner.pins, world.now)
    var failing = FailingRandom(after: count)
    func attempt(_ act: (inout Owner, inout FailingRandom) throws -> Void) {
      failing = FailingRandom(after: count)
      do { try act(&owner, &failing) } catch {
        let unchanged = owner.pins == pins && owner.phase == .open
        #expect(unchanged)
      }
      if owner.phase == .settling { #expect(count > 0) }
    }
    expect(.internalError) {
      var random = FailingRandom(after: count == 3 ? 2 : count)
      _ = try owner.rotate(now: now, using: &random)
    }
    let unchanged = owner.pins == pins && owner.phase == .open
    #expect(unchanged)
    attempt { _ = try $0.makeCode(.agents(.manual), expires: nil, now: now, using: &$1) }
  }
}
