internal import Endkey
internal import EndkeyPrimitives
public import EndkeyWire

// From what is captured to what the service has: spool, batch, outbox. §16.1

/// Something that happened on a computer, as it was captured.
public struct CapturedActivity: Equatable, Sendable {
  /// The kind of action.
  public let kind: RecordKind
  /// When it began.
  public let start: Time
  /// How many milliseconds it took.
  public let duration: UInt32
  /// The values and contents, at most one of each field, in any order.
  public let items: [CapturedItem]

  /// An action with these values and contents.
  public init(kind: RecordKind, start: Time, duration: UInt32, items: [CapturedItem]) {
    self.kind = kind
    self.start = start
    self.duration = duration
    self.items = items
  }
}

/// Captures that come together, under a name if their sender may send them again.
public struct CaptureInput: Sendable {
  /// What was captured, in its order.
  public let activities: [CapturedActivity]
  let key: Hash?

  /// An input; with `key` what was kept of it under this name before is not kept again.
  public init(_ activities: [CapturedActivity], key: String? = nil) {
    self.activities = activities
    self.key = key.map { Hash(sha256: Array($0.utf8)) }
  }
}

/// What `send` has brought to the service.
public struct SentActivity: Sendable {
  /// The batches that were made, oldest first.
  public let batches: [RecordBatch]
  /// Where each batch that was delivered stands, for a message, by its number.
  public let places: [Counter: String]
  /// Segments of the spool with damage, which are kept aside: R-17-2. Their places, for a message.
  public let damaged: [String]
  /// What the service refuses for good, and is kept aside: why, with the place of each.
  public let refused: [EndError]
}

/// What became of the batches that waited.
struct Delivery {
  /// Where each batch that was delivered stands, for a message, by its number.
  var places: [Counter: String] = [:]
  /// What the service refuses for good, and is kept aside.
  var refused: [EndError] = []

  mutating func merge(_ other: Delivery) {
    places.merge(other.places) { $1 }
    refused += other.refused
  }
}

extension AgentEnd {
  /// Keeps what was captured in the spool: it is on the disk when this returns. Neither the service nor any key of the
  /// account is needed. Returns how many were kept now, of all inputs.
  ///
  /// - Throws: `refused` when this agent captures nothing, or one is too long: then none was kept.
  @discardableResult
  public func capture(inputs: [CaptureInput]) async throws(EndError) -> Int {
    let lock = try await store.locked()
    var random = SystemRandom()
    let agent = try load()
    let deviceKey = try stored { () throws(StoreError) in try store.deviceKey() }
    let key = try checked(store.name) { () throws(ProtocolError) in
      try agent.spoolKey(deviceKey: deviceKey)
    }
    let segments = try stored { () throws(StoreError) in try store.segments() }
    let taken = try spent().map(\.place)
    guard let next = (segments.last ?? 0).next else {
      throw .refused(ProtocolError(.limitReached, "17"), place: store.name)
    }
    var number = max(next, taken.map(\.segment).max() ?? 0)
    var known = try knownInputs(areNeeded: inputs.contains { $0.key != nil }) { segment in
      segments.contains(segment) || taken.contains { $0.reaches(segment) }
    }
    var new: [(activity: CapturedActivity, key: Hash?)] = []
    var queued: [Hash: Int] = [:]
    for input in inputs {
      let kept = input.key.map { queued[$0, default: known.keptCount(of: $0)] } ?? 0
      if let key = input.key { queued[key] = max(kept, input.activities.count) }
      new += input.activities.dropFirst(kept).map { ($0, input.key) }
    }
    for start in stride(from: 0, to: new.count, by: Self.segmentCount) {
      let portion = new[start..<min(start + Self.segmentCount, new.count)]
      var spool = SpoolWriter(key: key, segment: number)
      var segment = spool.header.serialized
      for (activity, _) in portion {
        segment += try checked(store.name) { () throws(ProtocolError) in
          try agent.capture(
            activity.kind, start: activity.start, duration: activity.duration, items: activity.items,
            into: &spool, using: &random)
        }
      }
      // First what is in the segment: without the segment it counts for nothing, and the next capture drops it.
      known.note(portion.compactMap(\.key), in: number)
      try stored { () throws(StoreError) in
        if known.isChanged { try store.write(known.bytes, as: .inputs) }
        try store.write(segment, as: .segment(number))
      }
      known.isChanged = false
      number = number.next ?? number
    }
    lock.end()
    return new.count
  }

  /// Keeps what was captured in the spool.
  public func capture(_ activities: [CapturedActivity]) async throws(EndError) {
    try await capture(inputs: [CaptureInput(activities)])
  }

  /// The inputs that were named, as far as they are in segments that were written.
  private func knownInputs(
    areNeeded: Bool, _ isWritten: (Counter) -> Bool
  ) throws(EndError) -> KnownInputs {
    let bytes = try stored { () throws(StoreError) in try store.read(.inputs) } ?? []
    guard let known = KnownInputs(bytes: bytes, isWritten: isWritten) else {
      // What has no name is kept whatever this file says.
      guard areNeeded else { return KnownInputs() }
      let reason = "cannot be read: without this file a retry may count twice; remove it to go on"
      throw .store(.damaged(place: store.place(of: .inputs), reason: reason))
    }
    return known
  }

  /// Asks for the newest state, makes batches of all that the spool holds, and delivers what waits. R-13.5-4
  ///
  /// When this throws, nothing is lost: what was captured stays in the spool or is in a batch that waits.
  public func send() async throws(EndError) -> SentActivity {
    try await refresh()
    try await repeatDelivered()
    var delivery = try await deliverAll()
    var batches: [RecordBatch] = []
    var damaged: [String] = []
    while let made = try await step({ (agent, random) throws(EndError) in
      try makeBatch(&agent, &random)
    }) {
      damaged += made.damaged
      if let batch = made.batch { batches.append(batch) }
      delivery.merge(try await deliverAll())
    }
    return SentActivity(
      batches: batches, places: delivery.places, damaged: damaged, refused: delivery.refused)
  }

  /// Delivers the batches that wait, in their order, each behind its blobs, and forgets what the service has. Returns
  /// the places where batches stand, for a message, by their numbers.
  ///
  /// They are the same bytes whoever delivers them, so this needs no lock.
  /// - Throws: `service` with the error of the first that was not delivered. It and those behind it stay.
  @discardableResult
  public func deliver() async throws(EndError) -> [Counter: String] { try await deliverAll().places }

  /// The same. What the service says that it will never take is put aside with its blobs, and those behind it go on.
  private func deliverAll() async throws(EndError) -> Delivery {
    let waiting = try stored { () throws(StoreError) in try store.outbox() }
    var delivery = Delivery()
    guard !waiting.isEmpty else { return delivery }
    let agent = try load()
    let (agentID, counted) = (try id(of: agent), agent.sequence)
    let service = try asked()
    for sequence in waiting where sequence <= counted {
      // Nil when another process has just delivered it.
      let bytes = try stored { () throws(StoreError) in try store.read(.batch(sequence)) }
      guard let bytes else { continue }
      let blobs = try blobs(of: bytes, sequence)
      do {
        for hash in blobs { _ = try await put(.blob, .blob(hash), by: agentID, at: service) }
        delivery.places[sequence] = try await put(.batch, .batch(sequence), by: agentID, at: service)
      } catch {
        guard case .service(.refused(_, let refusal)) = error, refusal.isOfMessage else { throw error }
        let aside = StoreItem.refusedBatch(sequence)
        try stored { () throws(StoreError) in
          for hash in blobs { try copy(.blob(hash), to: .refusedBlob(hash)) }
          try store.write(bytes, as: aside)
        }
        delivery.refused.append(.service(.refused(place: store.place(of: aside), refusal)))
      }
      if delivery.places[sequence] != nil, await service.incarnation() != nil {
        try keepDelivered(bytes, sequence, blobs)
      }
      try stored { () throws(StoreError) in
        try store.remove(.batch(sequence))
        for hash in blobs { try store.remove(.blob(hash)) }
      }
    }
    return delivery
  }

  /// Gives the service what stands as `item`; nil when another process has just done so.
  private func put(
    _ kind: OutgoingMessage.Kind, _ item: StoreItem, by agentID: AgentID, at service: Service
  ) async throws(EndError) -> String? {
    let bytes = try stored { () throws(StoreError) in try store.read(item) }
    guard let bytes else { return nil }
    do {
      return try await service.put(
        OutgoingMessage(kind, by: agentID, hash: Hash(sha256: bytes), bytes: bytes))
    } catch {
      throw .service(error)
    }
  }

  /// The hashes of the blobs that a batch of this agent's names.
  private func blobs(of batch: [UInt8], _ sequence: Counter) throws(EndError) -> [Hash] {
    let batch = try checked(store.place(of: .batch(sequence))) { () throws(ProtocolError) in
      try RecordBatch(received: batch)
    }
    return batch.blobs
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
        for hash in try blobs(of: batch, sequence) {
          _ = try await put(.blob, .deliveredBlob(hash), by: agentID, at: service)
        }
        let message = OutgoingMessage(.batch, by: agentID, hash: Hash(sha256: batch), bytes: batch)
        do {
          _ = try await service.put(message)
        } catch {
          throw .service(error)
        }
      }
    }
    try stored { () throws(StoreError) in try store.write(incarnation.bytes, as: .incarnation) }
  }

  private func forgetDelivered() throws(EndError) {
    let now = clocks.wall()
    for sequence in try stored({ () throws(StoreError) in try store.delivered() }) {
      if let (time, batch) = try delivered(sequence) {
        // They were confirmed in this order.
        guard time.adding(days: Self.keptDays) < now else { return }
        for hash in try blobs(of: batch, sequence) {
          try stored { () throws(StoreError) in try store.remove(.deliveredBlob(hash)) }
        }
      }
      try stored { () throws(StoreError) in try store.remove(.deliveredBatch(sequence)) }
    }
  }

  /// When a batch was confirmed, and its bytes; nil where what is kept is damaged, or gone.
  private func delivered(_ sequence: Counter) throws(EndError) -> (time: Time, batch: [UInt8])? {
    guard let bytes = try stored({ () throws(StoreError) in try store.read(.deliveredBatch(sequence)) }),
      bytes.count > 8, RecordBatch(reading: Array(bytes[8...])) != nil
    else { return nil }
    let time = Time(0).adding(milliseconds: bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    return (time, Array(bytes[8...]))
  }
}

// MARK: - Batches

extension AgentEnd {
  /// Captures of a segment, at most.
  private static var segmentCount: Int { 400 }

  private struct Made: Sendable {
    let batch: RecordBatch?
    let damaged: [String]
  }

  /// Makes the next batch of what the spool holds; nil when that is nothing.
  private func makeBatch(
    _ agent: inout Agent, _ random: inout SystemRandom
  ) throws(EndError) -> Made? {
    let spent = try dropConfirmed(counted: agent.sequence)
    var place = spent.last?.place ?? SpoolPlace(segment: 0, frames: 0)
    let segments = try stored { () throws(StoreError) in try store.segments() }
      .filter { $0 >= place.segment }
    guard !segments.isEmpty else { return nil }
    let deviceKey = try stored { () throws(StoreError) in try store.deviceKey() }
    let key = try checked(store.name) { () throws(ProtocolError) in
      try agent.spoolKey(deviceKey: deviceKey)
    }
    var sealer = try checked(store.name) { () throws(ProtocolError) in
      try agent.captureSealer(at: clocks.wall())
    }
    var (records, extent): ([Record], Extent) = ([], Extent())
    var damaged: [String] = []
    reading: for number in segments {
      let item = StoreItem.segment(number)
      let recovery = try recover(item, key)
      if let aside = try keepAside(number, recovery) { damaged.append(aside) }
      let taken = number == place.segment ? place.frames : 0
      for (index, frame) in recovery.frames.enumerated().dropFirst(taken) {
        let sealed = try checked(store.place(of: item)) { () throws(ProtocolError) in
          try sealer.seal(frame.capture, using: &random)
        }
        guard extent.add(sealed.record) else {
          place = SpoolPlace(segment: number, frames: index)
          break reading
        }
        for blob in sealed.blobs {
          let bytes = blob.serialized
          try stored { () throws(StoreError) in try store.write(bytes, as: .blob(Hash(sha256: bytes))) }
        }
        records.append(sealed.record)
      }
      place = SpoolPlace(segment: number.next ?? number, frames: 0)
    }
    guard !records.isEmpty else {
      // Nothing could be read of what is left.
      try stored { () throws(StoreError) in
        for number in segments where number < place.segment { try store.remove(.segment(number)) }
      }
      return damaged.isEmpty ? nil : Made(batch: nil, damaged: damaged)
    }
    let batch = try checked(store.name) { () throws(ProtocolError) in
      try agent.signBatch(records, at: clocks.wall())
    }
    try stored { () throws(StoreError) in
      try store.write(batch.serialized, as: .batch(batch.sequence))
      try store.write((spent + [SpentCaptures(batch: batch.sequence, place: place)]).bytes, as: .spent)
    }
    return Made(batch: batch, damaged: damaged)
  }

  private func recover(_ item: StoreItem, _ key: borrowing SpoolKey) throws(EndError) -> SpoolRecovery {
    let bytes = try stored { () throws(StoreError) in try store.read(item) } ?? []
    return try checked(store.place(of: item)) { () throws(ProtocolError) in
      try SpoolRecovery(segment: bytes.span, key: key)
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

  /// Removes the segments that are in batches which the service has (R-17-4), and blobs that no batch names. Gives
  /// what the batches have that it has not.
  private func dropConfirmed(counted: Counter) throws(EndError) -> [SpentCaptures] {
    // What no state counts was never made.
    let spent = try spent().filter { $0.batch <= counted }
    let waiting = try stored { () throws(StoreError) in try store.outbox() }.filter { $0 <= counted }
    var named: Set<Hash> = []
    for sequence in waiting {
      if let bytes = try stored({ () throws(StoreError) in try store.read(.batch(sequence)) }) {
        named.formUnion(try blobs(of: bytes, sequence))
      }
    }
    let firstWaiting = waiting.first ?? .max
    return try stored { () throws(StoreError) in
      if let confirmed = spent.last(where: { $0.batch < firstWaiting }) {
        for number in try store.segments() where number < confirmed.place.segment {
          try store.remove(.segment(number))
        }
      }
      for hash in try store.blobs() where !named.contains(hash) { try store.remove(.blob(hash)) }
      // The last stays: it says how far a segment was taken.
      let left = spent.filter { $0.batch >= firstWaiting || $0.batch == spent.last?.batch }
      return left
    }
  }

  /// Ascending by batch.
  func spent() throws(EndError) -> [SpentCaptures] {
    try stored { () throws(StoreError) in try store.read(.spent) }.flatMap([SpentCaptures].init(bytes:)) ?? []
  }
}

/// What a batch has taken in: at most a day, and about a mebibyte, so that one erasure takes no more. §16.1
private struct Extent {
  private var size = 0
  private var first = Time.max
  private var last: Time = 0

  /// Whether the batch has room for a record; the first always has.
  mutating func add(_ record: Record) -> Bool {
    let size = size + record.serializedCount
    let first = min(first, record.start)
    let last = max(last, record.start.adding(milliseconds: UInt64(record.duration)))
    guard self.size == 0 || size <= 1 << 20 && last <= first.adding(hours: 24) else { return false }
    (self.size, self.first, self.last) = (size, first, last)
    return true
  }
}

/// A place in the spool: so many frames of a segment, and all of the segments before it.
struct SpoolPlace {
  let segment: Counter
  let frames: Int

  /// Whether anything of a segment lies before it.
  func reaches(_ other: Counter) -> Bool { other < segment || other == segment && frames > 0 }
}

/// Up to where the spool is in a batch. Of no meaning until a state counts the batch.
struct SpentCaptures {
  let batch: Counter
  let place: SpoolPlace
}

extension [SpentCaptures] {
  fileprivate init?(bytes: [UInt8]) {
    guard bytes.count.isMultiple(of: 24) else { return nil }
    self = []
    for start in stride(from: 0, to: bytes.count, by: 24) {
      let numbers = (0..<3).map { place in
        bytes[start + 8 * place..<start + 8 * place + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }
      guard let batch = Counter(exactly: numbers[0]), let segment = Counter(exactly: numbers[1]),
        let frames = Int(exactly: numbers[2])
      else { return nil }
      append(SpentCaptures(batch: batch, place: SpoolPlace(segment: segment, frames: frames)))
    }
  }

  fileprivate var bytes: [UInt8] {
    Writer.array(count: 24 * count) {
      for spent in self {
        $0.uint64(spent.batch.value)
        $0.uint64(spent.place.segment.value)
        $0.uint64(UInt64(spent.place.frames))
      }
    }
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
