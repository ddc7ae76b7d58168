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
  /// Longer batches find no room.
  var room = Int.max
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
    if case .batch = item, bytes.count > room { throw .system(.write, place: "memory", code: 28) }
    guard faults.change("write \(item)", { items[item] = bytes }) else { throw crashed }
  }

  func remove(_ item: StoreItem) throws(StoreError) {
    guard faults.change("remove \(item)", { items[item] = nil }) else { throw crashed }
  }

  func setAside(_ item: StoreItem) throws(StoreError) -> String {
    guard faults.change("set aside \(item)", { items[item] = nil }) else { throw crashed }
    return "\(item), aside"
  }

  func segments() throws(StoreError) -> [Counter] {
    items.keys.compactMap { item in if case .segment(let number) = item { number } else { nil } }.sorted()
  }

  func outbox() throws(StoreError) -> [Counter] {
    items.keys.compactMap { item in if case .batch(let number) = item { number } else { nil } }.sorted()
  }

  func delivered() throws(StoreError) -> [Counter] {
    items.keys.compactMap { item in if case .deliveredBatch(let number) = item { number } else { nil } }
      .sorted()
  }

  func blobs() throws(StoreError) -> [Hash] {
    items.keys.compactMap { item in if case .blob(let hash) = item { hash } else { nil } }
  }

  var name: String { "memory" }
  func place(of item: StoreItem) -> String { "\(item)" }
  private var crashed: StoreError { .system(.write, place: "memory", code: 5) }
}

// Its key cannot be copied, and so not be reflected.
extension MemoryStore: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: ["items": items]) }
}
