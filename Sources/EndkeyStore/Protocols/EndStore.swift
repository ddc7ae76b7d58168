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

  /// Moves what stands as `item`, whatever it is, to where no end reads it and nothing removes it. Gives its new place,
  /// for a message; durable when it returns.
  func setAside(_ item: StoreItem) throws(StoreError) -> String

  /// The numbers of the spool's segments that were written and not removed, in ascending order.
  func segments() throws(StoreError) -> [Counter]

  /// The sequence numbers of the batches that were written and not removed, in ascending order.
  func outbox() throws(StoreError) -> [Counter]

  /// The sequence numbers of the delivered batches that were written and not removed, in ascending order.
  func delivered() throws(StoreError) -> [Counter]

  /// The hashes of the blobs that were written and not removed, in any order. Those of other items are not among them.
  func blobs() throws(StoreError) -> [Hash]

  /// The name of the store in messages for people, such as the path of a folder.
  var name: String { get }

  /// The name of an item in messages for people, such as the path of a file.
  func place(of item: StoreItem) -> String
}

/// A thing that an end keeps on its device.
public enum StoreItem: Hashable, Sendable {
  /// The sealed state of an agent. §13.4
  case agentState
  /// The mark, outside of what is sealed, that this end has remembered an account; its bytes mean nothing. R-13.1-4
  case mark
  /// How far the computer's clocks had come when an agent's state was written last. §13.5
  case clock
  /// What lets an agent's request in, of the code that it came by, sealed.
  case admission
  /// A person's request to join, with what lets it in, sealed, until the account has opened.
  case joining
  /// The session of a person whom the service has signed in, sealed.
  case session
  /// A segment of an agent's spool: what was captured, and is in no batch yet. §17
  case segment(Counter)
  /// A segment that is damaged, kept aside. R-17-2
  case damaged(Counter)
  /// How far the spool is in batches that an agent made.
  case spent
  /// Which inputs of captures are in the spool, by the names that their senders gave them, so that a retry counts once.
  case inputs
  /// How an agent that runs does, for whoever asks. No end reads it.
  case health
  /// A signed batch that an agent made and its service may not have, by its sequence number. §16.1
  case batch(Counter)
  /// A blob that such a batch names, by its hash. §15
  case blob(Hash)
  /// A signed batch that the service refuses for good, kept aside by its sequence number.
  case refusedBatch(Counter)
  /// A blob that such a batch names.
  case refusedBlob(Hash)
  /// A signed batch that the service has confirmed, with the time of that: it is kept for a while, since the service
  /// may be restored from a backup.
  case deliveredBatch(Counter)
  /// A blob that such a batch names.
  case deliveredBlob(Hash)
  /// Which data the service had when it confirmed those.
  case incarnation
  /// The sealed pins of a person's device. §13.4
  case ownerPins
  /// The publication that a person's device is sending, written ahead with its pins.
  case publication
  /// The account as a person's device has seen it last: what an owner's root act starts from where what the service
  /// has does not open, and what is put back at a service that loses data. §12.7
  case kept
  /// Which findings of audits a person has acknowledged on this device.
  case acknowledged
}

/// Holds a store for one end until the value ends.
public struct StoreLock: ~Copyable, Sendable {
  private let holder: any Sendable & AnyObject

  /// A lock that `holder` holds: it ends when `holder` does, to which nobody else keeps a reference.
  public init(keeping holder: any Sendable & AnyObject) { self.holder = holder }

  /// Ends the lock here.
  public consuming func end() {}
}
