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

  @Test("R-12.8-7: one lock at a time: another waits, and gives up after its patience")
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
    patient.onWait = { path, holder in
      told.notices.withLock { $0.append((path, holder, ContinuousClock.now - start)) }
    }
    let waiter = Task { [patient] in try await patient.lock().end() }
    while told.notices.withLock({ $0.isEmpty }) {
      try await Task.sleep(for: .milliseconds(10))
    }
    held.end()
    try await waiter.value
    let notices = told.notices.withLock { $0 }
    #expect(notices.map(\.0) == [path])
    #expect(notices.allSatisfy { $0.2 >= .seconds(1) })
    #if os(Linux)
      #expect(notices.map(\.1?.processID) == [ProcessInfo.processInfo.processIdentifier])
    #endif
  }

  @Test("nothing in a service's folder that is a link is followed: neither read, nor moved, nor removed")
  func links() throws {
    let folders = [
      "account", "account.next", "account.previous", "account/grants", "account.next/grants", "grants",
      "requests",
      "person-requests", "batches", "blobs", ".tmp",
    ]
    for name in folders {
      let scratch = try Scratch()
      let files = FileManager.default
      let (root, mine) = ("\(scratch.path)/service", "\(scratch.path)/mine")
      try files.createDirectory(atPath: mine, withIntermediateDirectories: true)
      try Data("secret".utf8).write(to: URL(fileURLWithPath: "\(mine)/device.key"))
      let parent = URL(fileURLWithPath: "\(root)/\(name)").deletingLastPathComponent()
      try files.createDirectory(at: parent, withIntermediateDirectories: true)
      if name != "account" {
        try files.createDirectory(atPath: "\(root)/account", withIntermediateDirectories: true)
        try Data("state".utf8).write(to: URL(fileURLWithPath: "\(root)/account/state.ek"))
      }
      try files.createSymbolicLink(atPath: "\(root)/\(name)", withDestinationPath: mine)
      let service = ServiceFolder(path: root, patience: .milliseconds(50))
      #expect(throws: ServiceError.self, "\(name)") { _ = try service.accountState(unless: nil) }
      #expect(try String(contentsOfFile: "\(mine)/device.key", encoding: .utf8) == "secret")
    }
  }

  @Test("a file in a service's folder that is a link is not read")
  func linkedFiles() throws {
    let scratch = try Scratch()
    let files = FileManager.default
    let root = "\(scratch.path)/service"
    try files.createDirectory(atPath: "\(root)/account", withIntermediateDirectories: true)
    try Data("secret".utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/password"))
    try files.createSymbolicLink(
      atPath: "\(root)/account/state.ek", withDestinationPath: "\(scratch.path)/password")
    let error = #expect(throws: ServiceError.self) { _ = try ServiceFolder(path: root).accountState() }
    #expect(error?.meaning == "is a link, and none is followed here")
  }

  private final class Told: Sendable {
    let notices = Mutex<[(String, LockHolder?, Duration)]>([])
  }

  @Test("a folder that is no end's, another role's, or there already, is refused with its place")
  func refused() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/agent"
    #expect(throws: StoreError.missing(place: path)) { _ = try EndFolder(path) }
    try await EndFolder.create(path, as: .agent, service: "s") { _ in }
    let other = StoreError.damaged(
      place: path, reason: "is an agent's folder, and this is done in a person's")
    #expect(throws: other) { _ = try EndFolder(path, as: .owner) }
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

  @Test("what a killed process has left of a folder goes when it is made again, and nothing else")
  func left() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/agent"
    let names = (left: "agent.endkey-1.tmp", filled: "agent.endkey-2.tmp", others: "agent.old.tmp")
    for name in [names.left, names.filled, names.others] {
      try FileManager.default.createDirectory(
        atPath: "\(scratch.path)/\(name)/.filling", withIntermediateDirectories: true)
    }
    // Another process is at work in this one.
    let descriptor = unsafe open("\(scratch.path)/\(names.filled)/.filling", O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    try await EndFolder.create(path, as: .agent, service: "s") { _ in }
    let here = Set(try FileManager.default.contentsOfDirectory(atPath: scratch.path))
    #expect(here == ["agent", names.filled, names.others])
    #expect(!FileManager.default.fileExists(atPath: "\(path)/.filling"))
  }

  @Test("R-6.1-2: of a file that is longer than its message, a byte more than that is read")
  func long() throws {
    let scratch = try Scratch()
    let service = ServiceFolder(path: scratch.path)
    let id = String(repeating: "0", count: 2 * AgentID.byteCount)
    let login = Hash.zero
    let key = SecretBytes(copying: [UInt8](repeating: 0, count: 32))
    let files: [(path: String, most: Int)] = [
      ("account/state.ek", AccountState.byteCountMax), ("account/vault.ek", OwnerVault.byteCountMax),
      ("account/rules.ek", RuleSet.byteCountMax), ("account/password-wrap.ek", PasswordWrap.byteCount),
      ("account/keys-\(id).ek", PersonKeys.byteCount), ("grants/\(id).ek", Grant.byteCount),
      ("requests/\(id).ek", EnrolmentRequest.byteCount),
      ("person-requests/\(id).ek", PersonRequest.byteCount),
      ("batches/\(id)/\(login).ek", RecordBatch.byteCountMax), ("blobs/\(id)/\(login).ek", 41),
    ]
    for file in files {
      let url = URL(filePath: "\(scratch.path)/\(file.path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
      let handle = try FileHandle(forWritingTo: url)
      try handle.truncate(atOffset: 1 << 32)
      try handle.close()
    }
    try Data(id.utf8).write(to: URL(filePath: "\(scratch.path)/account/login-\(login)"))
    let whole = try service.whole(of: login, loginKey: key)
    let source = try service.recoverySource(of: .zero, for: key)
    let reference = BlobReference(field: .voice, length: 41, digest: login)
    let read = [
      try service.accountState().bytes, whole.accountState, source.accountState, whole.ownerVault,
      source.ownerVault, whole.ruleSet, whole.passwordWrap, whole.personKeys, whole.grant,
      try service.grant(to: .zero)?.bytes, try service.requests().first?.bytes,
      try service.personRequests().first?.bytes, try service.batches(of: id).first?.bytes,
      try service.blob(reference, of: .zero)?.bytes,
    ]
    let most = [
      AccountState.byteCountMax, AccountState.byteCountMax, AccountState.byteCountMax,
      OwnerVault.byteCountMax, OwnerVault.byteCountMax, RuleSet.byteCountMax, PasswordWrap.byteCount,
      PersonKeys.byteCount,
      Grant.byteCount, Grant.byteCount, EnrolmentRequest.byteCount, PersonRequest.byteCount,
      RecordBatch.byteCountMax, 41,
    ]
    #expect(read.map { $0?.count } == most.map { $0 + 1 })
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
    let cause = StoreError.damaged(place: state, reason: "is no file")
    #expect(throws: ServiceError.unavailable(place: state, reason: "is no file", cause: cause)) {
      _ = try ServiceFolder(path: "\(scratch.path)/service").accountState()
    }
  }

  @Test("every item is whole again as it was written, and gone when it was removed")
  func items() async throws {
    let scratch = try Scratch()
    try await EndFolder.create("\(scratch.path)/e", as: .agent, service: "s") { _ in }
    let folder = try EndFolder("\(scratch.path)/e")
    let items: [StoreItem] = [
      .agentState, .mark, .clock, .spent, .inputs, .health, .segment(3), .segment(20), .damaged(3),
      .batch(10),
      .batch(9), .blob(Hash(sha256: [1])), .ownerPins, .publication,
    ]
    for item in items {
      #expect(try folder.read(item) == nil)
      try folder.write([1], as: item)
      try folder.write([2, 3], as: item)
      #expect(try folder.read(item) == [2, 3])
    }
    #expect(try folder.outbox() == [9, 10])
    #expect(try folder.segments() == [3, 20])
    #expect(try folder.blobs() == [Hash(sha256: [1])])
    try folder.remove(.batch(9))
    try folder.remove(.batch(9))
    #expect(try folder.outbox() == [10])
  }
}
