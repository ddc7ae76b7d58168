import Endkey
import EndkeyStore
import Testing

/// §13: an agent over its store and service, whatever ends it.
@Suite("An agent's end") struct AgentEndTests {
  // MARK: Order and crashes

  @Test("The mark is written before the first state that is pinned")
  func mark() async throws {
    let world = try AgentWorld()
    _ = try await world.agent.enrol(code: world.code())
    #expect(
      world.faults.changes == ["write admission", "write mark", "write agentState", "write clock"])
  }

  @Test("A batch is written before the state that counts it, and delivered after it, behind its blobs")
  func order() async throws {
    let world = try await AgentWorld.active()
    try await world.agent.capture([world.activity(5, picture: [1, 2, 3])])
    #expect(world.faults.changes == ["write segment(1)"])
    world.faults.begin(at: nil)
    let sent = try await world.agent.send()
    #expect(sent.batches.map(\.sequence) == [1])
    let changes = world.faults.changes.map { $0.prefix { $0 != "(" } }
    #expect(
      changes == [
        "write blob", "write batch", "write spent", "write agentState", "write clock", "deliver blob",
        "deliver batch", "write spent", "remove batch", "remove blob", "remove segment", "write agentState",
        "write clock",
      ])
    #expect(world.store.items.keys.allSatisfy { "\($0)".prefix(7) != "segment" })
    #expect(try world.durations() == [5])
  }

  @Test(
    "What was confirmed in the last seven days is given again, wherever that ends, to a service with other data"
  )
  func restored() async throws {
    var point = 0
    var isDone = false
    while !isDone {
      var world = try await AgentWorld.active()
      world.service.data = try Bytes([UInt8](repeating: 1, count: 16))
      try await world.agent.capture([world.activity(1, picture: [9])])
      _ = try await world.agent.send()
      world.service.lose()
      world.service.data = try Bytes([UInt8](repeating: 2, count: 16))
      world.faults.begin(at: point)
      do {
        _ = try await world.agent.send()
        isDone = true
      } catch {}
      world.restart()
      _ = try await world.agent.send()
      #expect(try world.durations() == [1], "point \(point)")
      #expect(world.service.messages.map(\.kind) == [.blob, .batch], "point \(point)")
      world.clocks.time = world.clocks.time.adding(days: 8)
      _ = try await world.agent.send()
      #expect(world.store.items.keys.allSatisfy { !"\($0)".hasPrefix("delivered") }, "point \(point)")
      point += 1
    }
    #expect(point > 3)
  }

  @Test("What the service refuses for good is kept aside with its blobs, and the next batch goes on")
  func refused() async throws {
    let world = try await AgentWorld.active()
    try await world.agent.capture([world.activity(1, picture: [9])])
    world.service.refusal = .refused(place: "service", .init("malformed", "no", isOfMessage: true))
    let sent = try await world.agent.send()
    #expect(sent.refused.map(\.place) == ["refusedBatch(1)"])
    world.service.refusal = nil
    try await world.agent.capture([world.activity(2)])
    #expect(try await world.agent.send().refused.isEmpty)
    #expect(try world.durations() == [2])
    let aside = world.store.items.keys.map { "\($0)".prefix { $0 != "(" } }.filter { $0.hasPrefix("refused") }
    #expect(aside.sorted() == ["refusedBatch", "refusedBlob"])
    // Another refusal keeps all.
    world.service.refusal = .refused(place: "service", .init("not-granted", "no", retryAfter: 600))
    try await world.agent.capture([world.activity(3)])
    await #expect(throws: EndError.self) { _ = try await world.agent.send() }
    world.service.refusal = nil
    _ = try await world.agent.send()
    #expect(try world.durations() == [2, 3])
  }

  @Test("Wherever the program ends while it sends, what was captured arrives once")
  func crashes() async throws {
    var point = 0
    var isDone = false
    while !isDone {
      var world = try await AgentWorld.active()
      // Three batches, of which the second begins within a segment.
      try await world.agent.capture([world.activity(1, picture: [9]), world.activity(2, after: 30)])
      try await world.agent.capture([world.activity(3, after: 31, picture: [8])])
      try await world.agent.capture([world.activity(5, after: 60)])
      world.faults.begin(at: point)
      do {
        _ = try await world.agent.send()
        isDone = true
      } catch {}
      world.restart()
      try await world.agent.capture([world.activity(4)])
      _ = try await world.agent.send()
      #expect(try world.durations().sorted() == [1, 2, 3, 4, 5], "point \(point)")
      let batches = try world.service.batches()
      #expect(batches.map(\.sequence.value) == Array(1...UInt64(batches.count)), "point \(point)")
      for (batch, next) in zip(batches, batches.dropFirst()) {
        #expect(next.previous == Hash(sha256: batch.serialized), "point \(point)")
      }
      // Every blob that a batch names is there.
      let blobs = Set(world.service.messages.filter { $0.kind == .blob }.map(\.hash))
      for batch in batches {
        for case .blob(let reference) in batch.records.flatMap(\.items) {
          #expect(blobs.contains(reference.digest), "point \(point)")
        }
      }
      let left = world.store.items.keys.filter { [.segment, .batch, .blob].contains(Self.kind($0)) }
      #expect(left.isEmpty, "point \(point): \(left)")
      point += 1
    }
    #expect(point > 40)
  }

  private enum Kind { case segment, batch, blob, other }

  private static func kind(_ item: StoreItem) -> Kind {
    switch item {
    case .segment: .segment
    case .batch: .batch
    case .blob: .blob
    default: .other
    }
  }

  @Test(
    "A batch has at most a day of activity and about a mebibyte, and takes what was captured in its order")
  func extent() async throws {
    let world = try await AgentWorld.active()
    let hours = [0, 1, 23, 24, 25, 47, 100, 99]
    try await world.agent.capture(try hours.map { try world.activity(UInt32($0), after: $0) })
    let sent = try await world.agent.send()
    #expect(
      sent.batches.map { $0.records.map(\.duration) } == [[0, 1, 23], [24, 25, 47], [100, 99]])
    let long = String(repeating: "a", count: 4_095)
    let item = CapturedItem(field: .token(.windowTitle), content: try BoundedBytes([UInt8](long.utf8)))
    let activity = CapturedActivity(kind: .website, start: AgentWorld.made, duration: 1, items: [item])
    try await world.agent.capture([CapturedActivity](repeating: activity, count: 600))
    let counts = try await world.agent.send().batches.map(\.records.count)
    #expect(counts.count == 3 && counts.reduce(0, +) == 600 && counts.allSatisfy { $0 < 255 })
  }

  @Test("R-17-4: what was captured stays in the spool until the service has its batch")
  func kept() async throws {
    let world = try await AgentWorld.active()
    try await world.agent.capture([world.activity(1)])
    let segment = try #require(world.store.items[.segment(1)])
    world.faults.begin(at: 2 * 4)  // before the delivery
    await #expect(throws: EndError.self) { _ = try await world.agent.send() }
    #expect(world.store.items[.segment(1)] == segment && world.store.items[.batch(1)] != nil)
    world.faults.begin(at: nil)
    _ = try await world.agent.send()
    #expect(world.store.items[.segment(1)] == nil)
    #expect(try world.durations() == [1])
  }

  @Test("Wherever the program ends while it captures, what it said that it kept is kept")
  func capturing() async throws {
    for point in 0..<4 {
      var world = try await AgentWorld.active()
      world.faults.begin(at: point)
      var kept: [UInt32] = []
      for duration in 1...2 as ClosedRange<UInt32> {
        do {
          try await world.agent.capture([world.activity(duration)])
          kept.append(duration)
        } catch {}
      }
      world.restart()
      _ = try await world.agent.send()
      let found = try world.durations()
      #expect(kept.allSatisfy(found.contains), "point \(point)")
    }
  }

  @Test("Wherever the program ends while it captures a named input, a retry keeps each of it once")
  func retrying() async throws {
    // More than one segment, and another capture between the two attempts, which takes the number that was free.
    let activities = try (0...400).map { try AgentWorld().activity($0) }
    let input = CaptureInput(activities, key: "a")
    let between = try AgentWorld().activity(500)
    var world = try await AgentWorld.active()
    let items = world.store.items
    for point in 0..<9 {
      world.store.items = items
      world.faults.begin(at: point)
      do { try await world.agent.capture(inputs: [input]) } catch {}
      world.restart()
      try await world.agent.capture([between])
      try await world.agent.capture(inputs: [input, input, CaptureInput([between], key: "b")])
      #expect(try await world.agent.capture(inputs: [input]).count == 0)
      let found = try spooled(world)
      #expect(found.sorted() == Array(0...400) + [500, 500], "point \(point)")
    }
  }

  @Test("A named input that was sent is not kept again")
  func resent() async throws {
    let world = try await AgentWorld.active()
    let input = CaptureInput([try world.activity(1)], key: "a")
    try await world.agent.capture(inputs: [input])
    _ = try await world.agent.send()
    _ = try await world.agent.send()
    #expect(try world.store.segments() == [])
    #expect(try await world.agent.capture(inputs: [input]).count == 0)
  }

  /// The durations of all that the spool holds.
  private func spooled(_ world: AgentWorld) throws -> [UInt32] {
    let key = try world.agent.spoolKey()
    return try world.store.segments().flatMap { number in
      let segment = try #require(world.store.items[.segment(number)])
      return try SpoolRecovery(segment: segment.span, key: key).frames.map(\.capture.duration)
    }
  }

  @Test(
    "Names of inputs that cannot be read are told to who gives one, and keep nothing else from being kept")
  func damagedInputs() async throws {
    let world = try await AgentWorld.active()
    world.store.items[.inputs] = [1]
    let input = CaptureInput([try world.activity(1)], key: "a")
    await #expect(throws: EndError.self) { try await world.agent.capture(inputs: [input]) }
    #expect(try world.store.segments() == [])
    try await world.agent.capture(input.activities)
    #expect(try world.store.segments() == [1])
  }

  // MARK: Without a service

  @Test("Offline, waiting for keys or under an expired state an agent captures on, and sends it all later")
  func offline() async throws {
    let world = try AgentWorld()
    _ = try await world.agent.enrol(code: world.code())
    try await world.agent.capture([world.activity(1)])
    world.service.isAway = true
    try await world.agent.capture([world.activity(2)])
    await #expect(throws: EndError.self) { _ = try await world.agent.send() }
    world.service.isAway = false
    try world.publish(isGranted: false)
    await #expect(throws: EndError.self) { _ = try await world.agent.send() }  // no grant yet
    try await world.agent.capture([world.activity(3)])
    try world.publish()
    world.clocks.time = AgentWorld.made.adding(days: 60)
    await #expect(throws: EndError.self) { _ = try await world.agent.send() }  // the state has ended
    #expect(try world.agent.status().isExpired)
    try world.publish(counter: 2, made: AgentWorld.made.adding(days: 59))
    let sent = try await world.agent.send()
    #expect(sent.batches.map(\.made) == [AgentWorld.made.adding(days: 60)])
    #expect(try world.durations() == [1, 2, 3])
  }

  @Test("R-13.5-4: what is sent is of the epoch of the newest state, though it was captured in another")
  func newEpoch() async throws {
    let world = try await AgentWorld.active()
    try await world.agent.capture([world.activity(1)])
    try world.publish(counter: 2, epoch: 2)
    #expect(try await world.agent.send().batches.map(\.epoch.value) == [2])
  }

  @Test("R-16.1-5: a batch that was made is sent again byte for byte until the service has it")
  func sameBytes() async throws {
    let world = try await AgentWorld.active()
    try await world.agent.capture([world.activity(1)])
    let changes = 6  // as far as the first delivery, whose answer is lost
    world.faults.begin(at: 2 * (changes - 2) + 1)
    await #expect(throws: EndError.self) { _ = try await world.agent.send() }
    world.faults.begin(at: nil)
    let made = try #require(world.store.items[.batch(1)])
    try world.publish(counter: 2, epoch: 2)
    _ = try await world.agent.send()
    #expect(world.service.messages.map(\.bytes) == [made])
  }

  // MARK: Clocks

  @Test(
    "R-13.5-1: what the computer has run counts, over restarts of the program, with its wall clock held back")
  func clock() async throws {
    var world = try await AgentWorld.active()
    for _ in 0..<59 {
      world.clocks.run(24 * AgentWorld.hour)
      try await world.agent.keepTime()
      world.restart()
      _ = try world.agent.tokenSealer()
    }
    // Without a word to the store in between, too.
    world.clocks.run(23 * AgentWorld.hour)
    _ = try world.agent.tokenSealer()
    world.clocks.run(AgentWorld.hour)
    #expect(throws: EndError.self) { _ = try world.agent.tokenSealer() }
    #expect(try world.agent.status().isExpired)
  }

  @Test("After the computer was started again, what it has run since counts, not more")
  func restartedComputer() async throws {
    let world = try await AgentWorld.active()
    world.clocks.run(50 * 24 * AgentWorld.hour)
    try await world.agent.keepTime()
    world.clocks.restart()
    world.clocks.run(9 * 24 * AgentWorld.hour)
    _ = try world.agent.tokenSealer()
    world.clocks.run(24 * AgentWorld.hour)
    #expect(throws: EndError.self) { _ = try world.agent.tokenSealer() }
  }

  @Test("The clocks of this computer run")
  func system() {
    let clocks = SystemClocks()
    let (wall, uptime) = (clocks.wall(), clocks.uptime())
    #expect(wall > Time(0).adding(days: 20_000))
    #expect(uptime.start == clocks.uptime().start && uptime.milliseconds <= clocks.uptime().milliseconds)
  }

  // MARK: Damage

  @Test("R-17-2: a damaged segment is kept aside, and what is whole in it is sent")
  func damaged() async throws {
    let world = try await AgentWorld.active()
    try await world.agent.capture([world.activity(1), world.activity(2), world.activity(3)])
    let whole = try #require(world.store.items[.segment(1)])
    var segment = whole
    segment[segment.count / 2] ^= 1
    world.store.items[.segment(1)] = segment
    try await world.agent.capture([world.activity(4)])
    world.store.items[.segment(3)] = [1, 2, 3]
    let sent = try await world.agent.send()
    #expect(sent.damaged == ["damaged(1)", "damaged(3)"])
    #expect(world.store.items[.damaged(1)] == segment)
    #expect(try world.durations() == [1, 3, 4])
    #expect(try await world.agent.send().batches.isEmpty)
  }

  @Test("An agent whose spool has filled its disk sends it in batches that find room")
  func fullDisk() async throws {
    let world = try await AgentWorld.active()
    try await world.agent.capture((1...300).map { try world.activity($0) })
    world.store.room = 5_000
    let sent = try await world.agent.send()
    #expect(sent.batches.count > 3 && sent.batches.allSatisfy { $0.serialized.count <= 5_000 })
    #expect(try world.durations() == Array(1...300))
    try await world.agent.capture([world.activity(1)])
    world.store.room = 0
    await #expect(throws: EndError.self) { _ = try await world.agent.send() }
    #expect(try world.store.segments().count == 1)
  }

  @Test("A batch that is gone before the service has it is made again; one that was settled is not")
  func removed() async throws {
    var world = try await AgentWorld.active()
    try await world.agent.capture([world.activity(1)])
    let points = 2 * 12  // the changes of a delivery
    let items = world.store.items
    for point in 0..<points {
      (world.store.items, world.service.refusal) = (items, nil)
      world.service.lose()
      world.faults.begin(at: point)
      do { _ = try await world.agent.send() } catch {}
      let isSettled = world.faults.changes.count { $0 == "write spent" } > 1
      world.restart()
      let isDelivered = try !world.durations().isEmpty
      let isCounted = try world.agent.status().sequence == 1
      let isGone = world.store.items.removeValue(forKey: .batch(1)) != nil && isCounted && !isSettled
      let sent = try await world.agent.send()
      #expect(sent.damaged == (isGone ? ["batch(1)"] : []), "point \(point)")
      // Nobody can tell a batch whose answer was lost from one that never came.
      #expect(try world.durations() == (isGone && isDelivered ? [1, 1] : [1]), "point \(point)")
      #expect(try await world.agent.send().damaged.isEmpty)
    }
  }

  @Test("What was found before the service went away is told all the same")
  func toldBeforeAnError() async throws {
    var world = try await AgentWorld.active()
    try await world.agent.capture([world.activity(1)])
    world.faults.begin(at: 2 * 4)  // before the delivery
    await #expect(throws: EndError.self) { _ = try await world.agent.send() }
    world.restart()
    world.store.items[.batch(1)] = nil
    world.service.refusal = .unavailable(place: "service", reason: "no network")
    var sent = SentActivity()
    do {
      try await world.agent.send(&sent)
      Issue.record("the service takes a batch")
    } catch {}
    #expect(sent.damaged == ["batch(1)"] && sent.batches.map(\.sequence) == [2])
  }

  @Test("A spool of nothing but damage makes no batch")
  func onlyDamage() async throws {
    let world = try await AgentWorld.active()
    world.store.items[.segment(1)] = [1, 2, 3]
    let sent = try await world.agent.send()
    #expect(sent.batches.isEmpty && sent.damaged == ["damaged(1)"])
    #expect(world.store.items[.segment(1)] == nil)
  }

  @Test("An agent whose state is gone has stopped; one whose mark and state are gone was never enrolled")
  func lost() async throws {
    let world = try await AgentWorld.active()
    let state = try #require(world.store.items[.agentState])
    world.store.items[.agentState] = nil
    #expect(throws: EndError.stopped(place: "agentState")) { _ = try world.agent.status() }
    await #expect(throws: EndError.stopped(place: "agentState")) { _ = try await world.agent.refresh() }
    await #expect(throws: EndError.stopped(place: "agentState")) { try await world.agent.capture([]) }
    #expect(world.store.items[.agentState] == nil)
    world.store.items[.agentState] = [1] + state
    #expect(throws: EndError.stopped(place: "agentState")) { _ = try world.agent.keyRing() }
    world.store.items[.agentState] = nil
    world.store.items[.mark] = nil
    #expect(throws: EndError.noRequest(place: "memory")) { _ = try world.agent.status() }
    // A state without its mark is whole: the mark is for when the state is not.
    world.store.items[.agentState] = state
    #expect(try world.agent.status().phase == .active)
  }

  @Test("Another code of the account is taken while the agent waits, and the new request is sent")
  func anotherCode() async throws {
    let world = try AgentWorld()
    let first = try await world.agent.enrol(code: world.code())
    let second = try await world.agent.enrol(code: world.code())
    #expect(first.agentID == second.agentID && first != second)
    try await world.agent.sendRequest()
    #expect(world.service.requests == [second])
  }
}
