internal import Endkey
internal import EndkeyWire

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
  /// Whether the batch could not be read before the service had it.
  var isLost = false
  /// The lost batch whose captures this one has, instead of others from the spool; 0 for none.
  var replaced: Counter = 0
}

extension [SpentCaptures] {
  /// The batch that is to be made again.
  var firstLost: Int? { firstIndex { $0.isLost && replacement(of: $0) == nil } }

  /// Where the captures of a batch start.
  func start(of index: Int) -> SpoolPlace {
    if let origin = firstIndex(where: { $0.batch == self[index].replaced }) { return start(of: origin) }
    return index > 0 ? self[index - 1].place : SpoolPlace(segment: 0, frames: 0)
  }

  /// Where the captures of a batch end.
  func end(of index: Int) -> SpoolPlace {
    firstIndex { $0.batch == self[index].replaced }.map { end(of: $0) } ?? self[index].place
  }

  /// Whether the service has not all that a batch took, where these `wait`.
  func isOpen(_ spent: SpentCaptures, _ waiting: Set<Counter>) -> Bool {
    guard spent.isLost else { return waiting.contains(spent.batch) }
    return replacement(of: spent).map { isOpen($0, waiting) } ?? true
  }

  private func replacement(of spent: SpentCaptures) -> SpentCaptures? {
    last { $0.replaced == spent.batch && $0.batch > spent.batch }
  }
}

extension AgentEnd {
  /// As it stands, ascending by batch; empty when it cannot be read.
  func spent() throws(EndError) -> [SpentCaptures] {
    do {
      return try store.read(.spent).flatMap([SpentCaptures].init(bytes:)) ?? []
    } catch {
      guard error.isOfContents else { throw .store(error) }
      return []
    }
  }

  /// What is spent of the spool, of the batches that a state counts. Where that cannot be read, nobody knows which
  /// captures are in batches: all of the spool is put aside, so that none counts twice.
  func soundSpent(counted: Counter, _ damaged: inout [String]) throws(EndError) -> [SpentCaptures] {
    let spent = try spent()
    let right = spent.filter { $0.batch <= counted }
    if counted == 0 || right.last?.batch == counted { return right }
    return try stored { () throws(StoreError) in
      var last = try max(spent.map(\.place.segment).max() ?? 0, KnownInputs.lastSegment(in: store))
      for number in try store.segments() {
        damaged.append(try store.setAside(.segment(number)))
        if number < Self.strayMin { last = max(last, number) }
      }
      if try isUnreadable(.spent) { damaged.append(try store.setAside(.spent)) }
      let anew = [SpentCaptures(batch: counted, place: SpoolPlace(segment: last.next ?? last, frames: 0))]
      try store.write(anew.bytes, as: .spent)
      return anew
    }
  }

  /// The spool's segments. What has a number that no spool comes to is put aside: behind it nothing would fit.
  func soundSegments(_ damaged: inout [String]) throws(EndError) -> [Counter] {
    try stored { () throws(StoreError) in
      let segments = try store.segments()
      for number in segments where number >= Self.strayMin {
        damaged.append(try store.setAside(.segment(number)))
      }
      return segments.filter { $0 < Self.strayMin }
    }
  }

  private static var strayMin: Counter { Counter(exactly: UInt64(Limit.counterMax) / 2) ?? .max }

  private func isUnreadable(_ item: StoreItem) throws(StoreError) -> Bool {
    do {
      _ = try store.read(item)
      return false
    } catch {
      guard error.isOfContents else { throw error }
      return true
    }
  }
}

extension [SpentCaptures] {
  private static var entryCount: Int { 40 }

  fileprivate init?(bytes: [UInt8]) {
    guard bytes.count.isMultiple(of: Self.entryCount) else { return nil }
    self = []
    for start in stride(from: 0, to: bytes.count, by: Self.entryCount) {
      let numbers = (0..<5).map { place in
        bytes[start + 8 * place..<start + 8 * place + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }
      guard let batch = Counter(exactly: numbers[0]), let segment = Counter(exactly: numbers[1]),
        let frames = Int(exactly: numbers[2]), numbers[3] < 2, let replaced = Counter(exactly: numbers[4]),
        replaced < batch
      else { return nil }
      append(
        SpentCaptures(
          batch: batch, place: SpoolPlace(segment: segment, frames: frames), isLost: numbers[3] == 1,
          replaced: replaced))
    }
  }

  var bytes: [UInt8] {
    Writer.array(count: Self.entryCount * count) {
      for spent in self {
        $0.uint64(spent.batch.value)
        $0.uint64(spent.place.segment.value)
        $0.uint64(UInt64(spent.place.frames))
        $0.uint64(spent.isLost ? 1 : 0)
        $0.uint64(spent.replaced.value)
      }
    }
  }
}
