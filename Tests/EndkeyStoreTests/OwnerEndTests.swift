import Endkey
import EndkeyStore
import Foundation
import Testing

/// A person's end over a store and a service. Passwords are stretched for real.
@Suite("A person's end, its store and its service") struct OwnerEndTests {
  private typealias World = OwnerWorld

  @Sendable private static func rotate(
    _ owner: inout Owner, _ now: Time, _ random: inout SystemRandom
  ) throws(ProtocolError) -> Publication? {
    try owner.rotate(now: now, using: &random)
  }

  private func agent(
    of owner: World.End, at service: MemoryOwnerService, named label: String = ""
  ) async throws -> AgentID {
    try await enrolled(of: owner, at: service, named: label).agentID
  }

  /// An agent that was let in, and what it is called.
  private func enrolled(
    of owner: World.End, at service: MemoryOwnerService, named label: String = ""
  ) async throws -> (agentID: AgentID, agent: AgentBox) {
    var random = SystemRandom()
    let holder = CodeHolder()
    try await owner.act { (owner, now, random) throws(ProtocolError) in
      let code = try owner.makeCode(.agents(.automatic), label: label, expires: nil, now: now, using: &random)
      holder.keep(code.code.text())
      return code.publication
    }
    var agent = Agent(identity: try Identity.generate(using: &random))
    let request = try agent.enrol(code: holder.code(), using: &random)
    service.agentRequests.append(request)
    let waiting = try #require(try await owner.waitingRequests().first)
    try await owner.act(at: waiting.place) { (owner, now, random) throws(ProtocolError) in
      try owner.approve(waiting.bytes, now: now, using: &random)
    }
    return (request.agentID, AgentBox(agent))
  }

  @Test("An account is made, opened again, and grants go out with each epoch")
  func life() async throws {
    let world = try await World()
    let owner = try await world.open()
    var status = await owner.status
    #expect(status.isConfirmed && status.isOwner)
    let agentID = try await agent(of: owner, at: world.service)
    #expect(world.service.grants[agentID]?.epoch == .first)
    try await owner.act(Self.rotate)
    #expect(world.service.grants[agentID]?.epoch == Epoch.first.next)
    #expect(await owner.ungranted.isEmpty)
    world.service.agentRequests = []
    try await owner.act(Self.rotate)
    #expect(await owner.ungranted == [agentID])
    let again = try await world.open()
    status = await again.status
    #expect(status.isConfirmed && status.findings.isEmpty)
  }

  @Test("R-13.2-2: a device that has lost its pins says so, and signs nothing before a person has spoken")
  func lostPins() async throws {
    let world = try await World()
    world.store.items[.ownerPins] = nil
    let locked = try await LockedOwner(store: world.store, service: world.service, loginName: "l")
    #expect(locked.arePinsLost)
    let owner = try await locked.open(with: World.credentials())
    let status = await owner.status
    #expect(!status.isConfirmed)
    do {
      try await owner.act(Self.rotate)
      Issue.record("signed")
    } catch {
      guard case .refused(let error, _) = error else { throw error }
      #expect(error.code == .approvalRequired)
    }
    try await owner.confirm()
    try await owner.act(Self.rotate)
    let fresh = try await LockedOwner(store: MemoryStore(Faults()), service: world.service, loginName: "l")
    #expect(!fresh.arePinsLost)
  }

  @Test("Wherever the program ends in an act, the account opens, and no two states have one number")
  func crashes() async throws {
    for point in 0...9 {
      var world = try await World()
      let owner = try await world.open()
      world.faults.begin(at: point)
      var isDone = false
      do {
        try await owner.act(Self.rotate)
        isDone = true
      } catch {}
      world.restart()
      let again = try await world.open()
      let status = await again.status
      #expect(status.phase == .open, "point \(point)")
      let epoch = try #require(await again.status.state).epoch
      #expect(!isDone || epoch != .first, "point \(point)")
      try await again.act(Self.rotate)
      #expect(world.service.signed.values.allSatisfy { $0.count == 1 }, "point \(point)")
      #expect(world.store.items[.publication] == nil && world.store.items[.ownerPins] != nil)
    }
  }

  @Test(
    "Two devices write at once: a label is merged with a removal, a rotation makes the other one start again")
  func races() async throws {
    let world = try await World()
    let owner = try await world.open()
    let agentID = try await agent(of: owner, at: world.service, named: "a")
    let other = try await world.open(MemoryStore(Faults()))
    try await other.confirm()
    try await other.act { (owner, now, random) throws(ProtocolError) in
      try owner.setLabel("b", ofMember: agentID, now: now, using: &random)
    }
    try await owner.act(isUrgent: true) { (owner, now, random) throws(ProtocolError) in
      try owner.remove([agentID], now: now, using: &random)
    }
    let member = try #require(await owner.status.vault?[member: agentID])
    #expect(member.status == .removed && member.label.bytes == Array("b".utf8))
    // The other device has not seen that, and wants another epoch.
    try await other.act(isUrgent: true, Self.rotate)
    let state = try #require(await other.status.state)
    #expect(state.epoch.value == 3 && state.revoked.elements == [agentID])
    #expect(world.service.signed.keys.count == 3)
  }

  @Test("R-12.8-9: a member that another device lets in meanwhile gets no keys before the person was asked")
  func askedAgain() async throws {
    for isRepair in [true, false] {
      let world = try await World()
      let owner = try await world.open()
      let agentID = try await agent(of: owner, at: world.service)
      let other = try await world.open(MemoryStore(Faults()))
      try await other.confirm()
      let shown = try #require(await owner.status.vault).grantedMembers
      let lateID = try await agent(of: other, at: world.service)
      let count = world.service.publishedCount
      @Sendable func act(_ consent: Consent) async throws {
        try await owner.act(isUrgent: true) { (owner, now, random) throws(ProtocolError) in
          isRepair
            ? try owner.repair(removing: [agentID], consent: consent, now: now, using: &random)
            : try owner.remove([agentID], consent: consent, now: now, using: &random)
        }
      }
      do {
        try await act(Consent().keeping(shown))
        Issue.record("nobody was asked")
      } catch EndError.refused(let error, _) {
        #expect(error.code == .approvalRequired)
      }
      #expect(world.service.publishedCount == count && world.service.grants[lateID]?.epoch == .first)
      #expect(await owner.status.phase == .open)
      try await act(Consent().keeping(try #require(await owner.status.vault).grantedMembers))
      #expect(world.service.grants[lateID]?.epoch == Epoch.first.next)
    }
  }

  @Test("Two processes of one device: what either remembers is never set back")
  func processes() async throws {
    let world = try await World()
    let (first, second) = (try await world.open(), try await world.open())
    for _ in 0..<2 {
      try await first.act(Self.rotate)
      try await second.act(Self.rotate)
    }
    #expect(await second.status.state?.epoch.value == 5)
    // A root act that one of them gave up is due for the other.
    let other = try await world.open(MemoryStore(Faults()))
    try await other.confirm()
    world.faults.begin(at: 2)
    do {
      try await first.act { (owner, now, random) throws(ProtocolError) in
        try owner.repair(removing: [], now: now, using: &random)
      }
    } catch {}
    world.faults.begin(at: nil)
    let third = try await world.open()
    if await third.status.phase == .settling { try await third.discard() }
    #expect(await third.status.phase == .open)
    try await second.act { (owner, now, random) throws(ProtocolError) in
      try owner.repair(removing: [], now: now, using: &random)
    }
    #expect(world.service.signed.values.allSatisfy { $0.count == 1 })
  }

  @Test("A manager joins under a code, is let in by its id, and signs")
  func manager() async throws {
    let world = try await World()
    let owner = try await world.open()
    let holder = CodeHolder()
    try await owner.act { (owner, now, random) throws(ProtocolError) in
      let code = try owner.makeCode(.manager, expires: nil, now: now, using: &random)
      holder.keep(code.code.text())
      return code.publication
    }
    var random = SystemRandom()
    let store = MemoryStore(Faults(), key: 8)
    let request = try await World.End.join(
      code: EnrolmentCode(text: holder.code()), identity: Identity.generate(using: &random),
      credentials: World.credentials("m"), store: store, service: world.service)
    let waiting = try #require(try await owner.waitingPersons().first)
    let personID = request.request.agentID
    try await owner.act(at: waiting.place) { (owner, now, random) throws(ProtocolError) in
      try owner.addPerson(
        request.request.serialized, approved: personID, label: "M", now: now, using: &random)
    }
    #expect(try await owner.waitingPersons().isEmpty)
    let manager = try await world.open(store, as: "m")
    var status = await manager.status
    #expect(!status.isOwner && status.personID == personID)
    try await manager.confirm()
    try await manager.act { (owner, now, random) throws(ProtocolError) in
      try owner.renew(now: now, using: &random)
    }
    try await manager.act(Self.rotate)
    try await owner.act(isUrgent: true, Self.rotate)
    status = await owner.status
    #expect(status.state?.epoch.value == 3)
  }

  @Test(
    "R-10.4-2: an act that was kept is settled, though others were opened between and the device began again")
  func keptThrough() async throws {
    var world = try await World()
    let owner = try await world.open()
    let agentID = try await agent(of: owner, at: world.service, named: "a")
    let other = try await world.open(MemoryStore(Faults()))
    try await other.confirm()
    // It is written ahead, and does not reach the service.
    world.faults.begin(at: 2)
    await #expect(throws: EndError.self) { try await owner.act(Self.rotate) }
    world.restart()
    try await other.act { (owner, now, random) throws(ProtocolError) in
      try owner.setLabel("b", ofMember: agentID, now: now, using: &random)
    }
    for _ in 0..<2 {
      #expect(await (try world.open()).status.phase == .settling)
      world.restart()
      #expect(world.store.items[.publication] != nil)
    }
    let again = try await world.open()
    try await again.act { (_, _, _) throws(ProtocolError) in nil }
    let status = await again.status
    #expect(status.phase == .open && status.state?.epoch.value == 2)
    #expect(status.vault?[member: agentID]?.label.bytes == Array("b".utf8))
    #expect(world.service.signed.values.allSatisfy { $0.count == 1 })
  }

  @Test("R-16.5-2: batches are erased once the vault notes it; what was interrupted is asked for again")
  func erasing() async throws {
    let world = try await World()
    let owner = try await world.open()
    let (agentID, agent) = try await enrolled(of: owner, at: world.service)
    world.service.batches = try agent.batches(4, at: world.service)
    await #expect(throws: EndError.self) { _ = try await owner.erase(through: 5, of: agentID) }
    #expect(world.service.batches.count == 4)
    #expect(try await owner.erase(from: 2, through: 3, of: agentID) == 2)
    #expect(world.service.batches.count == 2)
    var audit = try await owner.audit()
    #expect(audit.findings.isEmpty && audit.countedCount == 2)
    #expect(audit.erased.map(\.range) == [2...3])
    // Behind another hole, to the end.
    let rest = world.service.batches
    #expect(try await owner.erase(from: 4, through: 4, of: agentID) == 1)
    world.service.batches = rest
    #expect(try await owner.erase(through: 4, of: agentID) == 1)
    audit = try await owner.audit()
    #expect(audit.findings.isEmpty && audit.countedCount == 1)
  }

  @Test("An owner who has lost everything recovers the account: who is named stays, and gets new keys")
  func recovering() async throws {
    let world = try await World()
    let owner = try await world.open()
    let agentID = try await agent(of: owner, at: world.service)
    let dropped = try await agent(of: owner, at: world.service)
    try await owner.act(Self.rotate)
    let account = try await RecoveringOwner(
      text: RecoveryText(text: SecretBytes(copying: world.recoveryText)), service: world.service)
    #expect(account.state.epoch.value == 2 && account.persons.isEmpty)
    #expect(account.agents == [agentID, dropped].sorted())
    #expect(account.digits == (await owner.status.digits))
    let store = MemoryStore(Faults(), key: 9)
    let recovered = try await account.recover(
      keeping: [], [agentID: .scoped], credentials: World.credentials("new"),
      retentionDays: try RetentionDays(30), store: store)
    try await recovered.act { (_, _, _) throws(ProtocolError) in nil }
    let status = await recovered.status
    #expect(status.state?.epoch.value == 3 && status.isConfirmed && status.isOwner)
    #expect(
      world.service.grants[agentID]?.epoch.value == 3 && world.service.grants[dropped]?.epoch.value == 2)
    #expect((await (try world.open(store, as: "new")).status.vault?.members.map(\.agentID)) == [agentID])
    // The old device follows the new list, or is out.
    await #expect(throws: EndError.self) { try await owner.act(Self.rotate) }
  }

  @Test("What was interrupted and cannot be read is told, not dropped")
  func damaged() async throws {
    let world = try await World()
    let owner = try await world.open()
    world.faults.begin(at: 2)
    do { try await owner.act(Self.rotate) } catch {}
    world.faults.begin(at: nil)
    let bytes = try #require(world.store.items[.publication])
    for damaged in [Array(bytes.dropLast()), bytes + [0], [], Array(bytes.dropFirst())] {
      let store = world.store.restarted()
      store.items[.publication] = damaged
      do {
        _ = try await LockedOwner(store: store, service: world.service, loginName: "l")
        Issue.record("taken")
      } catch {
        guard case .store(.damaged) = error else { throw error }
      }
    }
  }

  @Test("The same in folders: owner and manager of one service")
  func folders() async throws {
    let scratch = try FolderTests.Scratch()
    let service = ServiceFolder(path: "\(scratch.path)/service")
    typealias End = OwnerEnd<EndFolder, ServiceFolder>
    let path = "\(scratch.path)/owner"
    try await EndFolder.create(path, as: .owner, service: service.path, login: "l") { store in
      var random = SystemRandom()
      _ = try await End.create(
        identity: try Identity.generate(using: &random), credentials: World.credentials(),
        retentionDays: try RetentionDays(30), store: store, service: service)
    }
    let store = try EndFolder(path, as: .owner)
    let owner = try await LockedOwner(store: store, service: service, loginName: "l")
      .open(with: World.credentials())
    try await owner.act(Self.rotate)
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(service.path)/account").sorted()
    #expect(
      names.filter { !$0.hasPrefix("keys-") && !$0.hasPrefix("login-") }
        == ["password-wrap.ek", "state.ek", "vault.ek"])
    #expect(names.count == 5)
    await #expect(throws: EndError.service(.noLogin(place: service.path, isWaiting: false))) {
      _ = try await LockedOwner(store: store, service: service, loginName: "other")
    }
    let again = try await LockedOwner(store: store, service: service, loginName: "l")
      .open(with: World.credentials())
    let status = await again.status
    #expect(status.isConfirmed && status.state?.epoch.value == 2)
  }
}

/// An agent whose keys come from a service in memory.
final class AgentBox: @unchecked Sendable {
  private var agent: Agent

  init(_ agent: consuming Agent) { self.agent = agent }

  /// The next batches, of one record each.
  func batches(_ count: Int, at service: MemoryOwnerService) throws -> [[UInt8]] {
    let state = try #require(service.state)
    try agent.accept(state: state.serialized)
    let agentID = agent.agentID
    let grant = try #require(agentID.flatMap { service.grants[$0] })
    try agent.accept(grant: grant.serialized)
    let record = Record(kind: .application, start: state.made, duration: 1, items: try BoundedList([]))
    return try (0..<count).map { _ in try agent.signBatch([record], at: state.made).serialized }
  }
}

/// Takes a code's text out of an act.
final class CodeHolder: @unchecked Sendable {
  private var kept: SecretBytes?

  func keep(_ text: consuming SecretBytes) { kept = .some(text) }
  func code() throws -> SecretBytes {
    guard let text = kept.take() else { throw CancellationError() }
    return text
  }
}
