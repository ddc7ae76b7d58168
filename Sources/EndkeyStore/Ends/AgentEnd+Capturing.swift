internal import Endkey
internal import EndkeyPrimitives
public import EndkeyWire

// From what is captured to the spool. §17

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
  let name: Name?

  struct Name {
    let key: Hash
    /// Of each activity, in their order.
    let contents: [Hash]
    let isWhole: Bool
  }

  /// An input; with `key`, which is not empty, each of it is kept once, by its content: what was kept under this name
  /// before is not kept again, and what was mended since is.
  public init(_ activities: [CapturedActivity], key: String? = nil) {
    self.activities = activities
    name = key.map { key in
      var counts: [Hash: UInt64] = [:]
      let contents = activities.map(\.hash).map { content in
        defer { counts[content, default: 0] += 1 }
        return Self.hash(content, counts[content, default: 0])
      }
      return Name(key: Hash(sha256: [0] + key.utf8), contents: contents, isWhole: false)
    }
  }

  /// An input whose name stands for all of it, once: another under the same name is refused.
  public init(_ activities: [CapturedActivity], standingFor key: String) {
    self.activities = activities
    let whole = Hash(sha256: activities.flatMap { $0.hash.bytes })
    name = Name(
      key: Hash(sha256: [1] + key.utf8), contents: activities.indices.map { Self.hash(whole, UInt64($0)) },
      isWhole: true)
  }

  private static func hash(_ content: Hash, _ number: UInt64) -> Hash {
    Hash(
      sha256: Writer.array(count: Hash.byteCount + 8) {
        $0.fixed(content)
        $0.uint64(number)
      })
  }

  /// Whether its sender has given it a name.
  public var isNamed: Bool { name != nil }
}

extension CapturedActivity {
  /// Stands for all of it.
  fileprivate var hash: Hash {
    let items = items.sorted { $0.field < $1.field }
    let bytes = Writer.array(count: items.reduce(13) { $0 + $1.serializedCount }) { writer in
      writer.uint8(kind.rawValue)
      writer.uint64(start.milliseconds)
      writer.uint32(duration)
      for item in items { item.serialize(into: &writer) }
    }
    return Hash(sha256: bytes)
  }
}

/// What `capture` has kept.
public struct KeptCaptures: Sendable {
  /// How many captures were kept now, of all inputs.
  public internal(set) var count = 0
  /// The inputs, by their place, of which nothing was kept: other content was, under their name.
  public internal(set) var refused: [Int] = []
  /// What was unreadable among the agent's files and was put aside: their places, for a message.
  public internal(set) var damaged: [String] = []
}

extension AgentEnd {
  /// Keeps what was captured in the spool: it is on the disk when this returns. Neither the service nor any key of the
  /// account is needed.
  ///
  /// - Throws: `refused` when this agent captures nothing, or one is too long: then none was kept.
  @discardableResult
  public func capture(inputs: [CaptureInput]) async throws(EndError) -> KeptCaptures {
    let lock = try await store.locked()
    var random = SystemRandom()
    var kept = KeptCaptures()
    let agent = try load()
    let deviceKey = try stored { () throws(StoreError) in try store.deviceKey() }
    let key = try checked(store.name) { () throws(ProtocolError) in
      try agent.spoolKey(deviceKey: deviceKey)
    }
    let spent = try soundSpent(counted: agent.sequence, &kept.damaged)
    let segments = try soundSegments(&kept.damaged)
    let taken = spent.map(\.place)
    guard let next = (segments.last ?? 0).next else {
      throw .refused(ProtocolError(.limitReached, "17"), place: store.name)
    }
    var number = max(next, taken.map(\.segment).max() ?? 0)
    var known = try knownInputs(areNeeded: inputs.contains(where: \.isNamed)) { segment in
      segments.contains(segment) || taken.contains { $0.reaches(segment) }
    }
    var new: [[CapturedActivity]] = []
    for (index, input) in inputs.enumerated() {
      let before = input.name.map { known.contents(of: $0.key) } ?? []
      if let name = input.name, name.isWhole, !before.isSubset(of: name.contents) {
        kept.refused.append(index)
        continue
      }
      var noted: [(content: Hash, segment: Counter)] = []
      for (index, activity) in input.activities.enumerated() {
        let content = input.name?.contents[index]
        if let content, before.contains(content) { continue }
        if new.isEmpty || new[new.count - 1].count == Self.segmentCount { new.append([]) }
        new[new.count - 1].append(activity)
        kept.count += 1
        guard let content else { continue }
        let segment = try checked(store.name) { () throws(ProtocolError) in
          try number.advanced(by: new.count - 1)
        }
        noted.append((content, segment))
      }
      if let name = input.name { known.note(noted, of: name.key) }
    }
    known.forgetOldest()
    var written: [[UInt8]] = []
    for (index, portion) in new.enumerated() {
      var spool = SpoolWriter(
        key: key,
        segment: try checked(store.name) { () throws(ProtocolError) in try number.advanced(by: index) })
      var segment = spool.header.serialized
      for activity in portion {
        segment += try checked(store.name) { () throws(ProtocolError) in
          try agent.capture(
            activity.kind, start: activity.start, duration: activity.duration, items: activity.items,
            into: &spool, using: &random)
        }
      }
      written.append(segment)
    }
    try stored { () throws(StoreError) in
      // First what is in the segments: without them it counts for nothing, and the next capture drops it.
      if known.isChanged, !written.isEmpty { try store.write(known.bytes, as: .inputs) }
      for segment in written {
        try store.write(segment, as: .segment(number))
        number = number.next ?? number
      }
    }
    lock.end()
    return kept
  }

  /// Keeps what was captured in the spool.
  public func capture(_ activities: [CapturedActivity]) async throws(EndError) {
    try await capture(inputs: [CaptureInput(activities)])
  }

  /// Captures of a segment, at most.
  private static var segmentCount: Int { 400 }

  /// The inputs that were named, as far as they are in segments that were written.
  private func knownInputs(
    areNeeded: Bool, _ isWritten: (Counter) -> Bool
  ) throws(EndError) -> KnownInputs {
    do throws(StoreError) {
      if let known = KnownInputs(bytes: try store.read(.inputs) ?? [], isWritten: isWritten) { return known }
    } catch {
      guard error.isOfContents else { throw .store(error) }
    }
    // What has no name is kept whatever this file says.
    guard areNeeded else { return KnownInputs() }
    let reason = "cannot be read: without this file a retry may count twice; remove it to go on"
    throw .store(.damaged(place: store.place(of: .inputs), reason: reason))
  }
}

extension Counter {
  fileprivate func advanced(by count: Int) throws(ProtocolError) -> Counter {
    guard let sum = Counter(exactly: value + UInt64(count)) else { throw ProtocolError(.limitReached, "17") }
    return sum
  }
}
