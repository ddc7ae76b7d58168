/// Which messages are sealed or opened at the same time, and in which lanes.
///
/// A message has 1, 2, 4 ... 256 blocks. The longest take the first lanes: those with a block at a step are then the
/// first ones.
@safe struct MultiBufferSchedule: ~Copyable, @unchecked Sendable {
  // Sendable: written through `mutating` members only.
  /// A message, and where it is.
  struct Message {
    /// Where the string starts in its buffer.
    var string = 0
    /// How many bytes of it there are.
    var count = 0
    /// Where the record starts in its buffer.
    let record: Int
    /// Of what kind the record is.
    let kind: UInt8
    /// Its place among the messages of the plan.
    var index: UInt16 = 0
  }

  /// Most messages at the same time: more do not fit the cache.
  static var laneMaximum: Int { 512 }
  /// Most blocks of them together.
  static var blockMaximum: Int { 4_096 }
  /// A message of 4,096 bytes has 2 to this power blocks.
  static var powerMaximum: Int { 8 }

  /// The number of messages, which is that of lanes in use.
  private(set) var laneCount = 0
  /// The number of blocks of all messages.
  private(set) var blockCount = 0
  /// For each power, the messages with 2 to that power blocks.
  private let messages = UnsafeMutablePointer<Message>.allocate(capacity: (powerMaximum + 1) * laneMaximum)
  /// For each power, how many there are.
  private let counts = UnsafeMutablePointer<Int>.allocate(capacity: powerMaximum + 1)
  /// By index in the plan, room for where a string ends; and before that for where the first starts.
  let stringEnds = UnsafeMutablePointer<Int>.allocate(capacity: laneMaximum + 1)

  init() {
    unsafe stringEnds.initialize(repeating: 0, count: Self.laneMaximum + 1)
    unsafe counts.initialize(repeating: 0, count: Self.powerMaximum + 1)
  }

  deinit {
    unsafe messages.deallocate()
    unsafe counts.deallocate()
    unsafe stringEnds.deallocate()
  }

  mutating func removeAll() {
    (laneCount, blockCount) = (0, 0)
    for power in 0...Self.powerMaximum { unsafe counts[power] = 0 }
  }

  /// Whether one more message fits.
  @inline(__always)
  func hasRoom(power: Int) -> Bool {
    laneCount < Self.laneMaximum && blockCount + 1 &<< power <= Self.blockMaximum
  }

  /// Adds a message, for which there is room.
  @inline(__always)
  mutating func add(_ message: Message, power: Int) {
    precondition(0...Self.powerMaximum ~= power && hasRoom(power: power))
    unsafe messages[power &* Self.laneMaximum &+ counts[power]] = message
    unsafe counts[power] &+= 1
    laneCount &+= 1
    blockCount &+= 1 &<< power
  }

  /// The number of messages with 2 to the `power` blocks and more.
  func laneCount(power: Int) -> Int {
    precondition(0...Self.powerMaximum ~= power)
    return (power...Self.powerMaximum).reduce(0) { unsafe $0 + counts[$1] }
  }

  /// What `forEachLane` says of one lane.
  func lane(_ lane: Int) -> (message: Message, byteCount: Int, place: Int) {
    var (rest, place) = (lane, 0)
    for power in (0...Self.powerMaximum).reversed() {
      let (byteCount, count) = unsafe (16 << power, counts[power])
      if rest < count {
        return unsafe (messages[power * Self.laneMaximum + rest], byteCount, place + rest * byteCount)
      }
      rest -= count
      place += count * byteCount
    }
    preconditionFailure("no such lane")
  }

  /// Calls `body` with each power from the highest down to `least`, the lanes of its messages, and how many bytes those
  /// in the lanes before them have.
  @inline(__always)
  func forEachPower(downTo least: Int, _ body: (Int, Range<Int>, _ place: Int) -> Void) {
    var (lane, place, power) = (0, 0, Self.powerMaximum)
    while power >= least {
      let end = unsafe lane &+ counts[power]
      body(power, lane..<end, place)
      place &+= (end &- lane) &* 16 &<< power
      (lane, power) = (end, power &- 1)
    }
  }

  /// Calls `body` with each lane, its message, how many bytes that has, and how many those before it have together.
  @inline(__always)
  func forEachLane(_ body: (Int, Message, _ byteCount: Int, _ place: Int) -> Void) {
    var (lane, place, power) = (0, 0, Self.powerMaximum)
    while power >= 0 {
      // The body once for each common size: its loops over a known number of blocks are none.
      switch power {
      case 0: unsafe forEachLane(power, 16, &lane, &place, body)
      case 1: unsafe forEachLane(power, 32, &lane, &place, body)
      case 2: unsafe forEachLane(power, 64, &lane, &place, body)
      case 3: unsafe forEachLane(power, 128, &lane, &place, body)
      default: unsafe forEachLane(power, 16 &<< power, &lane, &place, body)
      }
      power &-= 1
    }
  }

  @unsafe @inline(__always)
  private func forEachLane(
    _ power: Int, _ byteCount: Int, _ lane: inout Int, _ place: inout Int,
    _ body: (Int, Message, _ byteCount: Int, _ place: Int) -> Void
  ) {
    let end = unsafe lane &+ counts[power]
    var message = unsafe messages + power &* Self.laneMaximum
    while lane < end {
      unsafe body(lane, message.pointee, byteCount, place)
      unsafe message += 1
      place &+= byteCount
      lane &+= 1
    }
  }

  /// Calls `body` with each lane of the messages with 2 to the `power` blocks, and their kind.
  @inline(__always)
  func forEachKind(power: Int, _ body: (Int, UInt8) -> Void) {
    let end = laneCount(power: power)
    var lane = unsafe end &- counts[power]
    var message = unsafe messages + power &* Self.laneMaximum
    while lane < end {
      unsafe body(lane, message.pointee.kind)
      unsafe message += 1
      lane &+= 1
    }
  }
}
