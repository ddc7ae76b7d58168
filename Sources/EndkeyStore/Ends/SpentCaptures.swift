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
  var fate = Fate.waiting
  /// The lost batch whose captures this one has, instead of others from the spool; 0 for none.
  var replaced: Counter = 0

  /// What became of the batch, as far as is written down.
  enum Fate: UInt64 {
    /// The service has it, or has said that it will never take it.
    case settled
    /// It could not be read, or was gone, before it was settled.
    case lost
    /// It waits for the service. When it is not in the outbox any more, it is lost.
    case waiting
  }
}

extension [SpentCaptures] {
  /// The batch that is to be made again.
  var firstLost: Int? { firstIndex { $0.fate == .lost && replacement(of: $0) == nil } }

  /// Where the captures of a batch start.
  func start(of index: Int) -> SpoolPlace {
    if let origin = firstIndex(where: { $0.batch == self[index].replaced }) { return start(of: origin) }
    return index > 0 ? self[index - 1].place : SpoolPlace(segment: 0, frames: 0)
  }

  /// Where the captures of a batch end.
  func end(of index: Int) -> SpoolPlace {
    firstIndex { $0.batch == self[index].replaced }.map { end(of: $0) } ?? self[index].place
  }

  /// Whether what a batch took is not settled yet.
  func isOpen(_ spent: SpentCaptures) -> Bool {
    switch spent.fate {
    case .settled: false
    case .waiting: true
    case .lost: replacement(of: spent).map { isOpen($0) } ?? true
    }
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
      let place = SpoolPlace(segment: last.next ?? last, frames: 0)
      let anew = [SpentCaptures(batch: counted, place: place, fate: .settled)]
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
        let frames = Int(exactly: numbers[2]), let fate = SpentCaptures.Fate(rawValue: numbers[3]),
        let replaced = Counter(exactly: numbers[4]), replaced < batch
      else { return nil }
      append(
        SpentCaptures(
          batch: batch, place: SpoolPlace(segment: segment, frames: frames), fate: fate,
          replaced: replaced))
    }
  }

  var bytes: [UInt8] {
    Writer.array(count: Self.entryCount * count) {
      for spent in self {
        $0.uint64(spent.batch.value)
        $0.uint64(spent.place.segment.value)
        $0.uint64(UInt64(spent.place.frames))
        $0.uint64(spent.fate.rawValue)
        $0.uint64(spent.replaced.value)
      }
    }
  }
}
