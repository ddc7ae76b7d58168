import Endkey
import EndkeyStore
import Testing

/// An account with one agent that holds keys, over stores in memory.
struct World {
  typealias Agents = AgentEnd<MemoryStore, MemoryService>
  typealias Owners = OwnerEnd<MemoryStore, MemoryService>

  let faults = Faults()
  let service: MemoryService
  var ownerStore: MemoryStore
  var agentStore: MemoryStore

  static func credentials() -> Credentials {
    Credentials(loginName: "l", password: SecretBytes(copying: Array("p".utf8)))
  }

  init() async throws {
    service = MemoryService(faults)
    ownerStore = MemoryStore(faults)
    agentStore = MemoryStore(faults)
    var random = SystemRandom()
    let owner = try await Owners.create(
      identity: try Identity.generate(using: &random), credentials: Self.credentials(), iterations: 600_000,
      store: ownerStore, service: service)
    let code = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    _ = try await agent.enrol(code: code.code.text())
    try await agent.sendRequest()
    for request in try await owner.waitingRequests() { _ = try await owner.approve(request, now: 1) }
    let status = try await agent.refresh()
    try #require(status.phase == .active)
    faults.begin(at: nil)
  }

  var agent: Agents { Agents(store: agentStore, service: service) }

  func owner() async throws -> Owners {
    try await LockedOwner(store: ownerStore, service: service).open(with: Self.credentials())
  }

  /// The program ends and starts again.
  mutating func restart() {
    faults.begin(at: nil)
    ownerStore = ownerStore.restarted()
    agentStore = agentStore.restarted()
  }

  func records(_ duration: Int) throws -> [Record] {
    var sealer = try agent.tokenSealer()
    return [
      try Record(
        kind: .application, start: 1, duration: UInt32(duration),
        items: BoundedList([.token(sealer.seal("a", field: .applicationName))]))
    ]
  }
}

@Suite("An agent's store") struct AgentStoreTests {
  @Test("a batch is written before the state that counts it, and delivered after it")
  func order() async throws {
    let world = try await World()
    let recorded = try await world.agent.record(try world.records(5))
    #expect(recorded.undelivered == nil)
    #expect(
      world.faults.changes == [
        "write batch(1)", "write agentState", "deliver 1", "remove batch(1)",
      ])
  }

  @Test("the mark is written before the first state that is pinned")
  func mark() async throws {
    let faults = Faults()
    let store = MemoryStore(faults)
    let world = try await World()
    let code = try await world.owner().makeCode(approval: .automatic, expires: nil, now: 1)
    let agent = AgentEnd(store: store, service: MemoryService(faults))
    _ = try await agent.enrol(code: code.code.text())
    #expect(faults.changes == ["write mark", "write agentState"])
  }

  @Test("wherever the program ends while it records, no batch that was made is lost and none is doubled")
  func crashes() async throws {
    var world = try await World()
    let agentID = try world.agent.status().agentID
    var made = 0
    for point in 0..<8 {
      let records = try world.records(point + 1)
      let before = try world.agent.status().sequence
      world.faults.begin(at: point)
      var isMade = false
      do {
        _ = try await world.agent.record(records)
        isMade = true
      } catch {}
      world.restart()
      let after = try world.agent.status().sequence
      // Whoever was told that it was made finds it counted; it counts at most once.
      #expect(after == before.next || (after == before && !isMade), "point \(point)")
      made = Int(after.value)
      try await world.agent.deliver()
      let batches = world.service.batchesByAgent[agentID] ?? [:]
      #expect(batches.keys.map(\.value).sorted() == (0..<made).map { UInt64($0 + 1) }, "point \(point)")
    }
    #expect(try world.agent.status().waiting == 0)
    let audit = try #require(try await world.owner().audit())
    #expect(audit.findings.isEmpty && audit.countedCount == made && made == 5)
  }

  @Test("while the service is away everything is kept, and delivered in its order afterwards")
  func offline() async throws {
    let world = try await World()
    world.service.isAway = true
    for duration in 1...3 {
      let recorded = try await world.agent.record(try world.records(duration))
      #expect(recorded.undelivered == .service(.unavailable(place: "service", reason: "no network")))
    }
    #expect(try world.agent.status().waiting == 3)
    world.service.isAway = false
    #expect(try await world.agent.deliver().keys.sorted() == [1, 2, 3])
    #expect(
      world.faults.changes.filter { $0.hasPrefix("deliver") } == ["deliver 1", "deliver 2", "deliver 3"])
    #expect(try world.agent.status().waiting == 0)
  }

  @Test("an agent whose state is gone has stopped; one whose mark and state are gone was never enrolled")
  func lost() async throws {
    let world = try await World()
    let state = try #require(world.agentStore.items[.agentState])
    world.agentStore.items[.agentState] = nil
    #expect(throws: EndError.stopped(place: "agentState")) { _ = try world.agent.status() }
    await #expect(throws: EndError.stopped(place: "agentState")) { _ = try await world.agent.refresh() }
    #expect(world.agentStore.items[.agentState] == nil)
    world.agentStore.items[.agentState] = [1] + state
    #expect(throws: EndError.stopped(place: "agentState")) { _ = try world.agent.keyRing() }
    world.agentStore.items[.agentState] = nil
    world.agentStore.items[.mark] = nil
    #expect(throws: EndError.noRequest(place: "memory")) { _ = try world.agent.status() }
    // A state without its mark is whole: the mark is for when the state is not.
    world.agentStore.items[.agentState] = state
    #expect(try world.agent.status().phase == .active)
  }
}

@Suite("A life's beginning") struct BeginningTests {
  @Test("wherever the program ends while an account is made, it is there whole or can be made again")
  func account() async throws {
    for point in 0...8 {
      let faults = Faults()
      let (store, service) = (MemoryStore(faults), MemoryService(faults))
      faults.begin(at: point)
      var isMade = false
      do {
        try await Self.make(store, service)
        isMade = true
      } catch {}
      faults.begin(at: nil)
      let restarted = store.restarted()
      if point == 0 {
        #expect(restarted.items.isEmpty && service.account == nil)
        try await Self.make(restarted, service)
      }
      let locked = try await LockedOwner(store: restarted, service: service)
      #expect(locked.resumption == ((1...6).contains(point) ? .sent : .nothing), "point \(point)")
      let owner = try await locked.open(with: World.credentials())
      #expect(await owner.vault?.epoch == .first && service.states.count == 1, "point \(point)")
      #expect(restarted.items.keys.sorted { "\($0)" < "\($1)" } == [.ownerPins], "point \(point)")
      #expect(isMade == (point > 7), "point \(point)")
    }
  }

  private static func make(_ store: MemoryStore, _ service: MemoryService) async throws {
    var random = SystemRandom()
    _ = try await World.Owners.create(
      identity: try Identity.generate(using: &random), credentials: World.credentials(),
      iterations: 600_000, store: store, service: service)
  }

  @Test("wherever the program ends while an agent is enrolled, it goes on with the same keys, or has stopped")
  func enrolment() async throws {
    let world = try await World()
    let owner = try await world.owner()
    for point in 0..<12 {
      let new = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
      let store = MemoryStore(world.faults)
      world.faults.begin(at: point)
      var agentID: AgentID?
      do {
        let agent = AgentEnd(store: store, service: world.service)
        agentID = try await agent.enrol(code: new.code.text()).agentID
        try await agent.sendRequest()
        for request in try await owner.waitingRequests() { _ = try await owner.approve(request, now: 1) }
        _ = try await agent.refresh()
      } catch {}
      world.faults.begin(at: nil)
      let again = AgentEnd(store: store.restarted(), service: world.service)
      switch point {
      case 0:
        #expect(throws: EndError.noRequest(place: "memory")) { _ = try again.status() }
        continue
      case 1, 2:
        // The mark is there and the state is not: R-13.1-4.
        #expect(throws: EndError.stopped(place: "agentState")) { _ = try again.status() }
        continue
      default: break
      }
      #expect(try agentID == nil || again.status().agentID == agentID, "point \(point)")
      try await again.sendRequest()
      for request in try await owner.waitingRequests() { _ = try await owner.approve(request, now: 1) }
      #expect(try await again.refresh().phase == .active, "point \(point)")
    }
  }
}

@Suite("An owner's store") struct OwnerStoreTests {
  @Test("a step is written ahead, sent, remembered, and then no longer written ahead")
  func order() async throws {
    let world = try await World()
    let owner = try await world.owner()
    world.faults.begin(at: nil)
    let agentID = try world.agent.status().agentID
    try await owner.revoke(agentID)
    #expect(
      world.faults.changes == [
        "write publication", "publish", "write ownerPins", "remove publication",
      ])
  }

  @Test("wherever the program ends in a step, it is made whole by the next start or never happened")
  func crashes() async throws {
    var world = try await World()
    let agentID = try world.agent.status().agentID
    for point in 0..<8 {
      let owner = try await world.owner()
      let before = world.service.account
      let counter = await owner.state?.counter
      world.faults.begin(at: point)
      var isMade = false
      do {
        try await owner.grant(agentID, kind: .scoped)
        isMade = true
      } catch {}
      world.restart()
      let locked = try await LockedOwner(store: world.ownerStore, service: world.service)
      let again = try await locked.open(with: World.credentials())
      #expect(world.ownerStore.items[.publication] == nil, "point \(point)")
      let isStored = world.service.account != before
      // Before the write-ahead is on the disk nothing has happened; from then on the service has it.
      #expect(isStored == (point > 0), "point \(point)")
      #expect(isStored || !isMade, "point \(point)")
      #expect(await again.state?.counter == counter)
      #expect(locked.resumption == ((1...6).contains(point) ? .sent : .nothing), "point \(point)")
      let status = try await world.agent.refresh()
      #expect(status.phase == .active, "point \(point)")
    }
  }

  @Test("two devices of one owner: the step of the second is made on what the first has stored")
  func superseded() async throws {
    let world = try await World()
    let (first, second) = (try await world.owner(), try await world.owner())
    let agentID = try world.agent.status().agentID
    _ = try await first.makeCode(approval: .automatic, expires: nil, now: 1)
    try await second.revoke(agentID)
    #expect(await second.vault?.codes.count == 2)
    #expect(await second.phase == .rotationDue)
  }

  @Test("a step that was interrupted and overtaken is dropped, and whoever opens the account is told")
  func dropped() async throws {
    let world = try await World()
    let owner = try await world.owner()
    world.faults.begin(at: 1)
    await #expect(throws: EndError.self) {
      _ = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    }
    let pending = try #require(world.ownerStore.items[.publication])
    world.faults.begin(at: nil)
    world.ownerStore.items[.publication] = nil
    _ = try await world.owner().makeCode(approval: .automatic, expires: nil, now: 1)
    world.ownerStore.items[.publication] = pending
    let locked = try await LockedOwner(store: world.ownerStore, service: world.service)
    #expect(locked.resumption == .dropped)
    #expect(world.ownerStore.items[.publication] == nil)
    _ = try await locked.open(with: World.credentials())
  }

  @Test(
    "a password whose setting was uncertain opens the account once it is set, and the end goes on with it")
  func uncertainPassword() async throws {
    let world = try await World()
    let owner = try await world.owner()
    let new = { Credentials(loginName: "l", password: SecretBytes(copying: Array("q".utf8))) }
    for point in 1...5 {
      world.faults.begin(at: point)
      await #expect(throws: EndError.self) {
        try await owner.changePassword(
          to: point.isMultiple(of: 2) ? World.credentials() : new(), iterations: 600_000)
      }
      world.faults.begin(at: nil)
      #expect(world.ownerStore.items[.publication] != nil, "point \(point)")
      _ = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
      #expect(await owner.resumption == .sent, "point \(point)")
    }
    _ = try await LockedOwner(store: world.ownerStore, service: world.service).open(with: new())
  }

  @Test("an interrupted step is not sent to another account, nor taken from another device")
  func foreign() async throws {
    let (world, other) = (try await World(), try await World())
    let owner = try await world.owner()
    world.faults.begin(at: 1)
    await #expect(throws: EndError.self) {
      _ = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    }
    world.faults.begin(at: nil)
    let pending = try #require(world.ownerStore.items[.publication])
    await #expect(throws: EndError.refused(ProtocolError(.pinMismatch, "9.3"), place: "service")) {
      _ = try await LockedOwner(store: world.ownerStore, service: other.service)
    }
    #expect(world.ownerStore.items[.publication] == pending)
    let device = MemoryStore(world.faults, key: 8)
    _ = try await LockedOwner(store: device, service: world.service).open(with: World.credentials())
    device.items[.publication] = pending
    let (account, pins) = (world.service.account, device.items[.ownerPins])
    await #expect {
      _ = try await LockedOwner(store: device, service: world.service)
    } throws: { error in
      if case .store(.damaged("publication", _)) = error as? EndError { true } else { false }
    }
    #expect(world.service.account == account && device.items[.ownerPins] == pins)
  }

  @Test("a service that does not answer leaves the step to be sent; one that cannot be asked leaves nothing")
  func unanswered() async throws {
    let world = try await World()
    let owner = try await world.owner()
    world.service.isAway = true
    await #expect(throws: EndError.service(.unavailable(place: "service", reason: "no network"))) {
      _ = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    }
    #expect(world.ownerStore.items[.publication] == nil)
    world.service.isAway = false
    _ = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    #expect(await owner.vault?.codes.count == 2)
  }

  @Test("a step that failed is not in what the account says, and can be made again")
  func failed() async throws {
    let world = try await World()
    let owner = try await world.owner()
    let code = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    let agent = AgentEnd(store: MemoryStore(world.faults), service: world.service)
    let agentID = try await agent.enrol(code: code.code.text()).agentID
    try await agent.sendRequest()
    let request = try #require(try await owner.waitingRequests().first)
    world.service.isAway = true
    await #expect(throws: EndError.self) { _ = try await owner.approve(request, now: 1) }
    #expect(await owner.vault?[member: agentID] == nil)
    world.service.isAway = false
    for request in try await owner.waitingRequests() { _ = try await owner.approve(request, now: 1) }
    #expect(await owner.vault?[member: agentID] != nil)
    #expect(try await agent.refresh().phase == .active)
  }

  @Test("what was written ahead and is damaged is told, not skipped")
  func damaged() async throws {
    let world = try await World()
    world.ownerStore.items[.publication] = [1, 2, 3]
    await #expect {
      _ = try await LockedOwner(store: world.ownerStore, service: world.service)
    } throws: { error in
      guard case .store(.damaged(let place, _)) = error as? EndError else { return false }
      return place == "publication"
    }
    #expect(world.ownerStore.items[.publication] == [1, 2, 3])
  }
}
