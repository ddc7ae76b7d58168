public import EndkeyPrimitives
public import EndkeyWire

/// What one end keeps on its device, between the library and a disk, a database or a key store. §13.4
///
/// Everything but the device key is sealed or public: an implementation stores bytes and reads none of them. The ends
/// decide what is written and in which order; an implementation promises this much:
///
/// - `write` is whole or not at all, and durable when it returns: a crash leaves the old bytes or the new ones.
/// - `remove` is durable when it returns.
/// - Between `lock` and the end of the lock, no other process and no other task gets a lock.
///
/// ``EndFolder`` is the implementation with a folder.
public protocol EndStore: Sendable {
  /// Waits until this end is the only one that works on the store, and holds it until the lock ends.
  ///
  /// - Throws: `busy` when another holds it for longer than the implementation waits.
  func lock() async throws(StoreError) -> StoreLock

  /// The device key: 32 bytes, made with the store and never changed. §13.4
  ///
  /// - Throws: `readableByOthers` when it is no secret any more.
  func deviceKey() throws(StoreError) -> SecretBytes

  /// What was written as `item`, or nil when nothing stands there.
  func read(_ item: StoreItem) throws(StoreError) -> [UInt8]?

  /// Writes `bytes` in the place of what stands there as `item`.
  func write(_ bytes: [UInt8], as item: StoreItem) throws(StoreError)

  /// Removes what was written as `item`. Does nothing when nothing stands there.
  func remove(_ item: StoreItem) throws(StoreError)

  /// The sequence numbers of the batches that were written and not removed, in ascending order.
  func outbox() throws(StoreError) -> [Counter]

  /// The name of the store in messages for people, such as the path of a folder.
  var name: String { get }

  /// The name of an item in messages for people, such as the path of a file.
  func place(of item: StoreItem) -> String
}

/// A thing that an end keeps on its device.
public enum StoreItem: Hashable, Sendable {
  /// The sealed state of an agent. §13.4
  case agentState
  /// The mark, outside the state, that an agent was pinned; its bytes mean nothing. R-13.1-4
  case mark
  /// A signed batch that an agent made and its service may not have, by its sequence number. §16.1
  case batch(Counter)
  /// The sealed pins of an owner's device. §13.4
  case ownerPins
  /// The publication that an owner's device is sending, written ahead.
  case publication
}

/// Holds a store for one end until the value ends.
public struct StoreLock: ~Copyable, Sendable {
  private let holder: any Sendable & AnyObject

  /// A lock that `holder` holds: it ends when `holder` does, to which nobody else keeps a reference.
  public init(keeping holder: any Sendable & AnyObject) { self.holder = holder }

  /// Ends the lock here.
  public consuming func end() {}
}
