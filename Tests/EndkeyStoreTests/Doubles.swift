import Endkey
import EndkeyStore

/// The program ended here, as when the power goes.
struct Crash: Error {}

/// Ends the program at one change, before or after it is made, and names every change that was made.
final class Faults: @unchecked Sendable {
  /// The change at which the program ends, from 0: before it when even, after it when odd, halved. Nil for never.
  var point: Int?
  private(set) var changes: [String] = []
  private var isDead = false

  /// Forgets what happened, and ends the program at `point` of what comes.
  func begin(at point: Int?) {
    self.point = point
    changes = []
    isDead = false
  }

  /// Makes a change, unless the program has ended. Says whether it goes on.
  func change(_ name: String, _ make: () -> Void) -> Bool {
    guard !isDead else { return false }
    let number = changes.count
    if point == 2 * number {
      isDead = true
      return false
    }
    make()
    changes.append(name)
    if point == 2 * number + 1 { isDead = true }
    return !isDead
  }
}

/// A store in memory, as a product could have one in a database.
final class MemoryStore: EndStore, @unchecked Sendable {
  var items: [StoreItem: [UInt8]] = [:]
  let faults: Faults
  private let key: SecretBytes
  private final class Holder: Sendable {}

  /// `key` is the octet that the device key consists of.
  init(_ faults: Faults, key: UInt8 = 7) {
    self.faults = faults
    self.key = SecretBytes(copying: [UInt8](repeating: key, count: 32))
  }

  /// The same store after a crash: what was written is there, nothing is locked.
  func restarted() -> MemoryStore {
    let store = MemoryStore(faults)
    store.items = items
    return store
  }

  func lock() async throws(StoreError) -> StoreLock { StoreLock(keeping: Holder()) }
  func deviceKey() throws(StoreError) -> SecretBytes { key.copy() }
  func read(_ item: StoreItem) throws(StoreError) -> [UInt8]? { items[item] }

  func write(_ bytes: [UInt8], as item: StoreItem) throws(StoreError) {
    guard faults.change("write \(item)", { items[item] = bytes }) else { throw crashed }
  }

  func remove(_ item: StoreItem) throws(StoreError) {
    guard faults.change("remove \(item)", { items[item] = nil }) else { throw crashed }
  }

  func outbox() throws(StoreError) -> [Counter] {
    items.keys.compactMap { item in if case .batch(let number) = item { number } else { nil } }.sorted()
  }

  var name: String { "memory" }
  func place(of item: StoreItem) -> String { "\(item)" }
  private var crashed: StoreError { .system(.write, place: "memory", code: 5) }
}

// Its key cannot be copied, and so not be reflected.
extension MemoryStore: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: ["items": items]) }
}

/// A service in memory that keeps everything it ever stored.
final class MemoryService: AgentService, OwnerService, @unchecked Sendable {
  var account: StoredMessages?
  var grants: [AgentID: [UInt8]] = [:]
  var requestsByAgent: [AgentID: [UInt8]] = [:]
  var batchesByAgent: [AgentID: [Counter: [UInt8]]] = [:]
  /// The account's states that were ever stored, in their order.
  private(set) var states: [[UInt8]] = []
  let faults: Faults
  /// Whether the network is away.
  var isAway = false

  init(_ faults: Faults) { self.faults = faults }

  let name = "service"

  func accountState() throws(ServiceError) -> ReceivedMessage {
    ReceivedMessage(place: "state", bytes: try storedMessages().accountState)
  }

  func storedMessages() throws(ServiceError) -> StoredMessages {
    try reach()
    guard let account else { throw .noAccount(place: name) }
    return account
  }

  func publish(_ messages: [PublishedMessage], expecting expected: Hash?) throws(ServiceError) {
    try reach()
    var vault: Hash?
    for case .ownerVault(let message) in messages { vault = Hash(sha256: message.serialized) }
    let current = account.map { Hash(sha256: $0.ownerVault) }
    guard current != nil || expected == nil else { throw .noAccount(place: name) }
    guard current == vault || current == expected else { throw .superseded(place: name) }
    let isNew = current != vault
    let goesOn = faults.change("publish") {
      var stored =
        account
        ?? StoredMessages(
          passwordWrap: [], privateKeys: [], ownerVault: [], accountState: [], ruleSet: nil)
      for message in messages {
        if isNew { stored.store(message) }
        if case .grant(let grant) = message { grants[grant.recipient] = grant.serialized }
      }
      if isNew, account?.accountState != stored.accountState { states.append(stored.accountState) }
      account = stored
    }
    guard goesOn else { throw .uncertain(place: name, reason: "the answer was lost") }
  }

  func grant(to agentID: AgentID) throws(ServiceError) -> ReceivedMessage? {
    try reach()
    return grants[agentID].map { ReceivedMessage(place: "grant", bytes: $0) }
  }

  func put(_ request: EnrolmentRequest) throws(ServiceError) -> String {
    try change("request") { requestsByAgent[request.agentID] = request.serialized }
    return "request"
  }

  func put(_ batch: OutgoingBatch) throws(ServiceError) -> String {
    try reach()
    let old = batchesByAgent[batch.agentID]?[batch.sequence]
    guard old == nil || old == batch.bytes else { throw .occupied(place: "batch") }
    try change("deliver \(batch.sequence)") {
      batchesByAgent[batch.agentID, default: [:]][batch.sequence] = batch.bytes
    }
    return "batch \(batch.sequence)"
  }

  func requests() throws(ServiceError) -> [ReceivedMessage] {
    requestsByAgent.values.map { ReceivedMessage(place: "request", bytes: $0) }
  }

  func batchAuthors() throws(ServiceError) -> [String] { batchesByAgent.keys.map { "\($0)" } }

  func batches(of author: String) throws(ServiceError) -> [ReceivedMessage] {
    for (agentID, batches) in batchesByAgent where "\(agentID)" == author {
      return batches.sorted { $0.key < $1.key }.map {
        ReceivedMessage(place: "batch \($0.key)", bytes: $0.value)
      }
    }
    return []
  }

  private func change(_ name: String, _ make: () -> Void) throws(ServiceError) {
    try reach()
    guard faults.change(name, make) else { throw .uncertain(place: self.name, reason: "the answer was lost") }
  }

  private func reach() throws(ServiceError) {
    if isAway { throw .unavailable(place: name, reason: "no network") }
  }
}
