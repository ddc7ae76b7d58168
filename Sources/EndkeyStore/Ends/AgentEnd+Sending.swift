internal import Endkey
internal import EndkeyPrimitives
public import EndkeyWire

// From the spool to what the service has: batch, outbox. §16.1

/// What `send` has brought to the service.
public struct SentActivity: Sendable {
  /// The batches that were made, oldest first.
  public internal(set) var batches: [RecordBatch] = []
  /// Where each batch that was delivered stands, for a message, by its number.
  public internal(set) var places: [Counter: String] = [:]
  /// Files of the agent with damage, which are kept aside: segments of the spool (R-17-2), batches and blobs; and
  /// batches that are gone. Their places, for a message.
  public internal(set) var damaged: [String] = []
  /// What the service refuses for good, and is kept aside: why, with the place of each.
  public internal(set) var refused: [EndError] = []

  /// Nothing yet.
  public init() {}
}

extension AgentEnd {
  /// Asks for the newest state, makes batches of all that the spool holds, and delivers what waits. R-13.5-4
  ///
  /// When this throws, nothing is lost: what was captured stays in the spool or is in a batch that waits.
  public func send() async throws(EndError) -> SentActivity {
    var sent = SentActivity()
    try await send(&sent)
    return sent
  }

  /// Sends as ``send()`` does. What was done and found before this throws is in `sent`.
  public func send(_ sent: inout SentActivity) async throws(EndError) {
    try await refresh()
    try await repeatDelivered()
    try await deliver(&sent)
    var size = Extent.sizeMax
    while true {
      let most = size
      let made: Made?
      do throws(EndError) {
        made = try await step { (agent, random) throws(EndError) in
          try makeBatch(&agent, &random, atMost: most)
        }
      } catch {
        // A spool that has filled the disk is sent in smaller batches: each makes room for the next.
        guard case .store(let fault) = error, fault.isOfRoom, size > Extent.sizeMin else { throw error }
        size /= 8
        continue
      }
      guard let made else { return }
      sent.damaged += made.damaged
      if let batch = made.batch { sent.batches.append(batch) }
      try await deliver(&sent)
    }
  }

  /// Delivers the batches that wait, in their order, each behind its blobs, and forgets what the service has. What the
  /// service says that it will never take is put aside with its blobs. A batch that cannot be read is left to the next
  /// step, which makes it again. Those behind these go on.
  ///
  /// They are the same bytes whoever delivers them: the lock is for what is written here, and not for the way there.
  /// - Throws: `service` with the error of the first that was not delivered. It and those behind it stay.
  private func deliver(_ sent: inout SentActivity) async throws(EndError) {
    let waiting = try stored { () throws(StoreError) in try store.outbox() }
    guard !waiting.isEmpty else { return }
    let agent = try load()
    let (agentID, counted) = (try id(of: agent), agent.sequence)
    let service = try asked()
    for sequence in waiting where sequence <= counted {
      // Missing when another process has just delivered it.
      guard case .whole(let bytes) = try readable(.batch(sequence)), let named = Self.blobs(of: bytes) else {
        continue
      }
      var whole: [Hash] = []
      do {
        for hash in named {
          guard case .whole(let blob) = try readable(.blob(hash)), Hash(sha256: blob) == hash else {
            continue
          }
          whole.append(hash)
          _ = try await put(OutgoingMessage(.blob, by: agentID, hash: hash, bytes: blob), at: service)
        }
        // Whoever has delivered it has removed it before its blobs.
        guard case .whole = try readable(.batch(sequence)) else { continue }
        sent.places[sequence] = try await put(
          OutgoingMessage(.batch, by: agentID, hash: Hash(sha256: bytes), bytes: bytes), at: service)
        sent.damaged += named.filter { !whole.contains($0) }.map { store.place(of: .blob($0)) }
        let isKept = await service.incarnation() != nil
        try await settle(sequence, blobs: named) { () throws(EndError) in
          if isKept { try keepDelivered(bytes, sequence, whole) }
        }
      } catch {
        guard case .service(.refused(_, let refusal)) = error, refusal.isOfMessage else { throw error }
        let aside = StoreItem.refusedBatch(sequence)
        try await settle(sequence, blobs: named) { () throws(EndError) in
          try stored { () throws(StoreError) in
            for hash in whole { try copy(.blob(hash), to: .refusedBlob(hash)) }
            try store.write(bytes, as: aside)
          }
        }
        sent.refused.append(.service(.refused(place: store.place(of: aside), refusal)))
      }
    }
  }

  /// Removes a batch that the service has, or will never take, with its blobs, once `keep` has kept what is to be kept
  /// of it. Before that it is written down as settled: one that is gone and is not settled was lost.
  private func settle(
    _ sequence: Counter, blobs: [Hash], _ keep: () throws(EndError) -> Void
  ) async throws(EndError) {
    let lock = try await store.locked()
    try keep()
    var spent = try spent()
    let index = spent.firstIndex { $0.batch == sequence }
    if let index { spent[index].fate = .settled }
    try stored { () throws(StoreError) in
      if index != nil { try store.write(spent.bytes, as: .spent) }
      try store.remove(.batch(sequence))
      for hash in blobs { try removeOrSetAside(.blob(hash)) }
    }
    lock.end()
  }

  private func put(_ message: OutgoingMessage, at service: Service) async throws(EndError) -> String {
    do {
      return try await service.put(message)
    } catch {
      throw .service(error)
    }
  }

  /// What stands as an item.
  private enum Stored {
    case whole([UInt8])
    case missing
    case unreadable
  }

  private func readable(_ item: StoreItem) throws(EndError) -> Stored {
    do {
      return try store.read(item).map { Stored.whole($0) } ?? .missing
    } catch {
      guard error.isOfContents else { throw .store(error) }
      return .unreadable
    }
  }

  /// What cannot be removed, as a folder in its place, is put aside.
  private func removeOrSetAside(_ item: StoreItem) throws(StoreError) {
    do {
      try store.remove(item)
    } catch {
      guard error.isOfContents else { throw error }
      _ = try store.setAside(item)
    }
  }

  /// The hashes of the blobs that a batch names; nil when it is none.
  private static func blobs(of batch: [UInt8]) -> [Hash]? {
    do {
      return try RecordBatch(received: batch).blobs
    } catch {
      return nil
    }
  }
}

// MARK: - What a service may lose again

extension AgentEnd {
  /// How long what was confirmed is kept: a service that is restored from a backup of these days lacks nothing.
  private static var keptDays: Int { 7 }

  /// Keeps a batch that was confirmed, with its blobs, before it leaves the outbox.
  private func keepDelivered(
    _ batch: [UInt8], _ sequence: Counter, _ blobs: [Hash]
  ) throws(EndError) {
    let bytes = Writer.array(count: 8 + batch.count) { (writer: inout Writer) in
      writer.uint64(clocks.wall().milliseconds)
      writer.bytes(batch.span)
    }
    try stored { () throws(StoreError) in
      for hash in blobs { try copy(.blob(hash), to: .deliveredBlob(hash)) }
      try store.write(bytes, as: .deliveredBatch(sequence))
    }
  }

  private func copy(_ item: StoreItem, to other: StoreItem) throws(StoreError) {
    if let bytes = try store.read(item) { try store.write(bytes, as: other) }
  }

  /// Forgets what was confirmed long enough ago. Where the service has other data than when it confirmed the rest, it
  /// is given all of that again: what it still has changes nothing.
  private func repeatDelivered() async throws(EndError) {
    let service = try asked()
    guard let incarnation = await service.incarnation() else { return }
    try forgetDelivered()
    let known = try stored { () throws(StoreError) in try store.read(.incarnation) }
    guard known != incarnation.bytes else { return }
    if known != nil {
      let agentID = try id(of: try load())
      for sequence in try stored({ () throws(StoreError) in try store.delivered() }) {
        guard let batch = try delivered(sequence)?.batch else { continue }
        for hash in Self.blobs(of: batch) ?? [] {
          guard case .whole(let blob) = try readable(.deliveredBlob(hash)) else { continue }
          _ = try await put(OutgoingMessage(.blob, by: agentID, hash: hash, bytes: blob), at: service)
        }
        _ = try await put(
          OutgoingMessage(.batch, by: agentID, hash: Hash(sha256: batch), bytes: batch), at: service)
      }
    }
    let lock = try await store.locked()
    try stored { () throws(StoreError) in try store.write(incarnation.bytes, as: .incarnation) }
    lock.end()
  }

  private func forgetDelivered() throws(EndError) {
    let now = clocks.wall()
    for sequence in try stored({ () throws(StoreError) in try store.delivered() }) {
      if let (time, batch) = try delivered(sequence) {
        // They were confirmed in this order.
        guard time.adding(days: Self.keptDays) < now else { return }
        for hash in Self.blobs(of: batch) ?? [] {
          try stored { () throws(StoreError) in try removeOrSetAside(.deliveredBlob(hash)) }
        }
      }
      try stored { () throws(StoreError) in try removeOrSetAside(.deliveredBatch(sequence)) }
    }
  }

  /// When a batch was confirmed, and its bytes; nil where what is kept is damaged, or gone.
  private func delivered(_ sequence: Counter) throws(EndError) -> (time: Time, batch: [UInt8])? {
    guard case .whole(let bytes) = try readable(.deliveredBatch(sequence)), bytes.count > 8,
      RecordBatch(reading: Array(bytes[8...])) != nil
    else { return nil }
    let time = Time(0).adding(milliseconds: bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    return (time, Array(bytes[8...]))
  }
}

// MARK: - Batches

extension AgentEnd {
  private struct Made: Sendable {
    let batch: RecordBatch?
    let damaged: [String]
  }

  /// Makes the next batch of what the spool holds; nil when that is nothing. What a lost batch had comes first.
  private func makeBatch(
    _ agent: inout Agent, _ random: inout SystemRandom, atMost size: Int
  ) throws(EndError) -> Made? {
    var damaged: [String] = []
    var spent = try dropSettled(counted: agent.sequence, &damaged)
    let lost = spent.firstLost
    let start = lost.map { spent.start(of: $0) } ?? spent.last?.place ?? SpoolPlace(segment: 0, frames: 0)
    let end = lost.map { spent.end(of: $0) }
    let segments = try soundSegments(&damaged).filter {
      $0 >= start.segment && (end?.reaches($0) ?? true)
    }
    if segments.isEmpty, lost == nil { return damaged.isEmpty ? nil : Made(batch: nil, damaged: damaged) }
    let deviceKey = try stored { () throws(StoreError) in try store.deviceKey() }
    let key = try checked(store.name) { () throws(ProtocolError) in
      try agent.spoolKey(deviceKey: deviceKey)
    }
    var sealer = try checked(store.name) { () throws(ProtocolError) in
      try agent.captureSealer(at: clocks.wall())
    }
    var (records, extent, place) = ([] as [Record], Extent(sizeMax: size), start)
    reading: for number in segments {
      let item = StoreItem.segment(number)
      place = SpoolPlace(segment: number.next ?? number, frames: 0)
      guard let recovery = try recover(item, key, &damaged) else { continue }
      if let aside = try keepAside(number, recovery) { damaged.append(aside) }
      let taken = number == start.segment ? start.frames : 0
      let limit = number == end?.segment ? end?.frames ?? 0 : recovery.frames.count
      for (index, frame) in recovery.frames.enumerated().prefix(limit).dropFirst(taken) {
        let sealed = try checked(store.place(of: item)) { () throws(ProtocolError) in
          try sealer.seal(frame.capture, using: &random)
        }
        // What fitted into one batch does so again.
        guard extent.add(sealed.record) || end != nil else {
          place = SpoolPlace(segment: number, frames: index)
          break reading
        }
        for blob in sealed.blobs {
          let bytes = blob.serialized
          try stored { () throws(StoreError) in try store.write(bytes, as: .blob(Hash(sha256: bytes))) }
        }
        records.append(sealed.record)
      }
    }
    guard !records.isEmpty else {
      // Nothing could be read of what is left.
      try stored { () throws(StoreError) in
        if let lost {
          spent[lost].fate = .settled
          try store.write(spent.bytes, as: .spent)
        } else {
          for number in segments where number < place.segment { try store.remove(.segment(number)) }
        }
      }
      return lost == nil && damaged.isEmpty ? nil : Made(batch: nil, damaged: damaged)
    }
    let batch = try checked(store.name) { () throws(ProtocolError) in
      try agent.signBatch(records, at: clocks.wall())
    }
    let made = SpentCaptures(
      batch: batch.sequence, place: lost == nil ? place : spent.last?.place ?? place,
      replaced: lost.map { spent[$0].batch } ?? 0)
    try stored { () throws(StoreError) in
      try store.write(batch.serialized, as: .batch(batch.sequence))
      try store.write((spent + [made]).bytes, as: .spent)
    }
    return Made(batch: batch, damaged: damaged)
  }

  /// Nil when nothing is there, or it cannot be read and was put aside.
  private func recover(
    _ item: StoreItem, _ key: borrowing SpoolKey, _ damaged: inout [String]
  ) throws(EndError) -> SpoolRecovery? {
    switch try readable(item) {
    case .whole(let bytes):
      return try checked(store.place(of: item)) { () throws(ProtocolError) in
        try SpoolRecovery(segment: bytes.span, key: key)
      }
    case .missing: return nil
    case .unreadable:
      damaged.append(try stored { () throws(StoreError) in try store.setAside(item) })
      return nil
    }
  }

  /// Copies a damaged segment to where nothing removes it, once. Gives the place of the copy. R-17-2
  private func keepAside(_ number: Counter, _ recovery: SpoolRecovery) throws(EndError) -> String? {
    guard recovery.isQuarantined else { return nil }
    return try stored { () throws(StoreError) in
      guard try store.read(.damaged(number)) == nil, let bytes = try store.read(.segment(number)) else {
        return nil
      }
      try store.write(bytes, as: .damaged(number))
      return store.place(of: .damaged(number))
    }
  }

  /// Removes the segments that are in settled batches (R-17-4), and blobs that no batch names. Puts aside the batches
  /// that cannot be read. Gives what the batches have that are not settled, behind the last that is.
  private func dropSettled(
    counted: Counter, _ damaged: inout [String]
  ) throws(EndError) -> [SpentCaptures] {
    var spent = try soundSpent(counted: counted, &damaged)
    var (whole, unreadable, named): (Set<Counter>, [Counter], Set<Hash>) = ([], [], [])
    for sequence in try stored({ () throws(StoreError) in try store.outbox() }) where sequence <= counted {
      let batch = try readable(.batch(sequence))
      if case .missing = batch { continue }
      if case .whole(let bytes) = batch, let hashes = Self.blobs(of: bytes) {
        whole.insert(sequence)
        named.formUnion(hashes)
      } else {
        unreadable.append(sequence)
      }
    }
    for index in spent.indices {
      let batch = spent[index].batch
      if whole.contains(batch) {
        spent[index].fate = .waiting
      } else if spent[index].fate == .waiting {
        spent[index].fate = .lost
        if !unreadable.contains(batch) { damaged.append(store.place(of: .batch(batch))) }
      }
    }
    let open = spent.firstIndex { spent.isOpen($0) } ?? spent.count
    return try stored { () throws(StoreError) in
      for batch in unreadable { damaged.append(try store.setAside(.batch(batch))) }
      if open > 0 {
        let end = spent[open - 1].place.segment
        for number in try store.segments() where number < end { try removeOrSetAside(.segment(number)) }
      }
      for hash in try store.blobs() where !named.contains(hash) { try removeOrSetAside(.blob(hash)) }
      // The last settled one stays: it says how far a segment was taken.
      return Array(spent.dropFirst(max(open - 1, 0)))
    }
  }
}

/// What a batch has taken in: at most a day, and about a mebibyte, so that one erasure takes no more. §16.1
private struct Extent {
  static var sizeMax: Int { 1 << 20 }
  static var sizeMin: Int { 1 << 11 }

  private let sizeMax: Int
  private var size = 0
  private var first = Time.max
  private var last: Time = 0

  init(sizeMax: Int) { self.sizeMax = sizeMax }

  /// Whether the batch has room for a record; the first always has.
  mutating func add(_ record: Record) -> Bool {
    let size = size + record.serializedCount
    let first = min(first, record.start)
    let last = max(last, record.start.adding(milliseconds: UInt64(record.duration)))
    guard self.size == 0 || size <= sizeMax && last <= first.adding(hours: 24) else { return false }
    (self.size, self.first, self.last) = (size, first, last)
    return true
  }
}

extension RecordBatch {
  /// The hashes of the blobs that the records name.
  var blobs: [Hash] {
    records.flatMap { record in
      record.items.compactMap { item in
        if case .blob(let reference) = item { reference.digest } else { nil }
      }
    }
  }
}
