import Endkey
import EndkeyStore
import Foundation
import Synchronization
import Testing

@Suite("Folders") struct FolderTests {
  /// A folder of its own for a test, removed when the value ends.
  final class Scratch {
    let path = "\(NSTemporaryDirectory())endkey-store-\(UUID())"

    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  @Test("an account and an agent live in folders, and everything is there after a restart")
  func life() async throws {
    let scratch = try Scratch()
    let service = ServiceFolder(path: "\(scratch.path)/service")
    var random = SystemRandom()
    let identity = try Identity.generate(using: &random)
    var parts: Identity? = .some(identity)
    try await EndFolder.create("\(scratch.path)/owner", as: .owner, service: service.path, login: "l") {
      store in
      guard let identity = parts.take() else { return }
      _ = try await OwnerEnd.create(
        identity: identity, credentials: World.credentials(), iterations: 600_000, store: store,
        service: service)
    }
    let owner = try await LockedOwner(
      store: EndFolder("\(scratch.path)/owner", as: .owner), service: service
    ).open(with: World.credentials())
    let code = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    try await EndFolder.create("\(scratch.path)/agent", as: .agent, service: service.path) { store in
      _ = try await AgentEnd(store: store, service: service).enrol(code: code.code.text())
    }
    let agent = AgentEnd(store: try EndFolder("\(scratch.path)/agent", as: .agent), service: service)
    try await agent.sendRequest()
    for request in try await owner.waitingRequests() { _ = try await owner.approve(request, now: 1) }
    #expect(try await agent.refresh().phase == .active)
    var sealer = try agent.tokenSealer()
    let record = try Record(
      kind: .application, start: 1, duration: 5,
      items: BoundedList([.token(sealer.seal("a", field: .applicationName))]))
    let recorded = try await agent.record([record])
    #expect(recorded.place?.hasSuffix("/00000001.ek") == true)
    let audit = try #require(try await owner.audit())
    #expect(audit.countedCount == 1 && audit.findings.isEmpty)
    try await owner.note(audit)
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/owner").sorted()
    #expect(names == ["config.json", "device.key", "pins.ek"])
  }

  @Test("one lock at a time: another waits, and gives up after its patience")
  func contention() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/agent"
    try await EndFolder.create(path, as: .agent, service: "s") { _ in }
    let held = try await EndFolder(path).lock()
    let impatient = try EndFolder(path, patience: .milliseconds(50))
    await #expect(throws: StoreError.busy(place: path, waited: 0)) { _ = try await impatient.lock() }
    held.end()
    try await impatient.lock().end()
  }

  // Tasks of a busy machine may rest for minutes, so that only the order of events is judged.
  @Test("who waits for a lock for longer than a second is told once, and gets it", .timeLimit(.minutes(30)))
  func waiting() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/agent"
    try await EndFolder.create(path, as: .agent, service: "s") { _ in }
    let held = try await EndFolder(path).lock()
    let told = Told()
    let start = ContinuousClock.now
    var patient = try EndFolder(path, patience: .seconds(3_600))
    patient.onWait = { path in told.notices.withLock { $0.append((path, ContinuousClock.now - start)) } }
    let waiter = Task { [patient] in try await patient.lock().end() }
    while told.notices.withLock({ $0.isEmpty }) {
      try await Task.sleep(for: .milliseconds(10))
    }
    held.end()
    try await waiter.value
    let notices = told.notices.withLock { $0 }
    #expect(notices.map(\.0) == [path])
    #expect(notices.allSatisfy { $0.1 >= .seconds(1) })
  }

  private final class Told: Sendable {
    let notices = Mutex<[(String, Duration)]>([])
  }

  @Test("a service whose folder is away gets nothing, and what is for it is kept")
  func away() async throws {
    let scratch = try Scratch()
    let service = ServiceFolder(path: "\(scratch.path)/service")
    var world = try await World()
    let messages = try #require(world.service.account)
    let batch = OutgoingBatch(agentID: try world.agent.status().agentID, sequence: 1, bytes: [1])
    #expect(throws: ServiceError.noAccount(place: service.path)) { try service.put(batch) }
    let vault = PublishedMessage.ownerVault(try OwnerVault(parsing: messages.ownerVault))
    #expect(throws: ServiceError.noAccount(place: service.path)) {
      try service.publish([vault], expecting: Hash(sha256: [1]))
    }
    #expect(!FileManager.default.fileExists(atPath: service.path))
    // The same over memory: an interrupted step outlives a service that has lost the account.
    let owner = try await world.owner()
    world.faults.begin(at: 1)
    await #expect(throws: EndError.self) {
      _ = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    }
    world.restart()
    world.service.account = nil
    await #expect(throws: EndError.service(.noAccount(place: "service"))) {
      _ = try await LockedOwner(store: world.ownerStore, service: world.service)
    }
    world.service.account = messages
    let locked = try await LockedOwner(store: world.ownerStore, service: world.service)
    #expect(locked.resumption == .sent)
  }

  @Test(
    "grants of a step that stopped halfway reach the service, also when another device goes on with the account"
  )
  func grantsFollow() async throws {
    let scratch = try Scratch()
    let service = ServiceFolder(path: "\(scratch.path)/service")
    var random = SystemRandom()
    var identity: Identity? = try Identity.generate(using: &random)
    for name in ["first", "second"] {
      try await EndFolder.create("\(scratch.path)/\(name)", as: .owner, service: service.path) { store in
        guard let identity = identity.take() else { return }
        _ = try await OwnerEnd.create(
          identity: identity, credentials: World.credentials(), iterations: 600_000, store: store,
          service: service)
      }
    }
    let (first, second) = (try EndFolder("\(scratch.path)/first"), try EndFolder("\(scratch.path)/second"))
    let owner = try await LockedOwner(store: first, service: service).open(with: World.credentials())
    let code = try await owner.makeCode(approval: .automatic, expires: nil, now: 1)
    try await EndFolder.create("\(scratch.path)/agent", as: .agent, service: service.path) { store in
      _ = try await AgentEnd(store: store, service: service).enrol(code: code.code.text())
    }
    let agent = AgentEnd(store: try EndFolder("\(scratch.path)/agent"), service: service)
    try await agent.sendRequest()
    let request = try #require(try await owner.waitingRequests().first)
    // Nothing can be put into this: the step stops after the account has changed.
    try Data().write(to: URL(filePath: "\(service.path)/grants"))
    await #expect {
      _ = try await owner.approve(request, now: 1)
    } throws: { error in
      if case .service(.uncertain) = error as? EndError { true } else { false }
    }
    try FileManager.default.removeItem(atPath: "\(service.path)/grants")
    let other = try await LockedOwner(store: second, service: service).open(with: World.credentials())
    _ = try await other.makeCode(approval: .automatic, expires: nil, now: 1)
    #expect(try await LockedOwner(store: first, service: service).resumption == .dropped)
    #expect(try await agent.refresh().phase == .active)
  }

  @Test("a folder that is no end's, another role's, or there already, is refused with its place")
  func refused() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/agent"
    #expect(throws: StoreError.missing(place: path)) { _ = try EndFolder(path) }
    try await EndFolder.create(path, as: .agent, service: "s") { _ in }
    #expect(throws: StoreError.damaged(place: path, reason: "the folder of an agent")) {
      _ = try EndFolder(path, as: .owner)
    }
    await #expect(throws: StoreError.exists(place: path)) {
      try await EndFolder.create(path, as: .agent, service: "s") { _ in }
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(path)/device.key")
    #expect(throws: StoreError.readableByOthers(place: "\(path)/device.key")) {
      _ = try EndFolder(path).deviceKey()
    }
  }

  @Test("a folder whose filling fails is not there")
  func unfilled() async throws {
    let scratch = try Scratch()
    await #expect(throws: CancellationError.self) {
      try await EndFolder.create("\(scratch.path)/agent", as: .agent, service: "s") { _ in
        throw CancellationError()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
  }

  @Test("a pipe in the place of a file is refused, and nothing waits for its other end")
  func pipes() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/agent"
    try await EndFolder.create(path, as: .agent, service: "s") { _ in }
    let folder = try EndFolder(path)
    for name in ["state.ek", "device.key", "config.json"] {
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
      try #require(unsafe mkfifo("\(path)/\(name)", 0o600) == 0)
    }
    let damaged = { (name: String) in StoreError.damaged(place: "\(path)/\(name)", reason: "is no file") }
    #expect(throws: damaged("state.ek")) { _ = try folder.read(.agentState) }
    #expect(throws: damaged("device.key")) { _ = try folder.deviceKey() }
    #expect(throws: damaged("config.json")) { _ = try EndFolder(path) }
    let state = "\(scratch.path)/service/account/state.ek"
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/service/account", withIntermediateDirectories: true)
    try #require(unsafe mkfifo(state, 0o600) == 0)
    #expect(throws: ServiceError.unavailable(place: state, reason: "is no file")) {
      _ = try ServiceFolder(path: "\(scratch.path)/service").accountState()
    }
  }

  @Test("every item is whole again as it was written, and gone when it was removed")
  func items() async throws {
    let scratch = try Scratch()
    try await EndFolder.create("\(scratch.path)/e", as: .agent, service: "s") { _ in }
    let folder = try EndFolder("\(scratch.path)/e")
    for item in [StoreItem.agentState, .mark, .batch(10), .batch(9), .ownerPins, .publication] {
      #expect(try folder.read(item) == nil)
      try folder.write([1], as: item)
      try folder.write([2, 3], as: item)
      #expect(try folder.read(item) == [2, 3])
    }
    #expect(try folder.outbox() == [9, 10])
    try folder.remove(.batch(9))
    try folder.remove(.batch(9))
    #expect(try folder.outbox() == [10])
  }
}
