/// Which messages go in lock-step, and in which lanes.
///
/// A message has 1, 2, 4 ... 256 blocks. Lanes are sorted by that, the longest first: those with a block at a step
/// are then the first ones.
@safe struct LockstepSchedule: ~Copyable, @unchecked Sendable {
  // Sendable: written through `mutating` members only.
  /// A message, and where it is.
  struct Lane {
    /// Where the string starts in its buffer.
    var string = 0
    /// How many bytes of it there are.
    var count = 0
    /// Where the record starts in its buffer.
    let record: Int
    /// 2 to this power is the number of blocks.
    let power: UInt8
    /// Of what kind the record is.
    let kind: UInt8
    /// The how-manieth of the plan it is.
    let index: UInt16
  }

  /// Most messages in lock-step: more do not fit the cache.
  static var laneMaximum: Int { 512 }
  /// Most blocks of them together.
  static var blockMaximum: Int { 4_096 }
  /// A message of 4,096 bytes has 2 to this power blocks.
  static var powerMaximum: Int { 8 }

  /// The number of messages in lock-step.
  private(set) var laneCount = 0
  /// The number of blocks of all messages.
  private(set) var blockCount = 0
  private let unsorted = UnsafeMutablePointer<Lane>.allocate(capacity: laneMaximum)
  private let sorted = UnsafeMutablePointer<Lane>.allocate(capacity: laneMaximum)
  /// For each power, how many messages have it; once sorted, the lane after the last that has.
  private let ends = UnsafeMutablePointer<Int>.allocate(capacity: powerMaximum + 2)

  init() {
    unsafe ends.initialize(repeating: 0, count: Self.powerMaximum + 2)
  }

  deinit {
    unsafe unsorted.deallocate()
    unsafe sorted.deallocate()
    unsafe ends.deallocate()
  }

  mutating func removeAll() {
    (laneCount, blockCount) = (0, 0)
    for power in 0...Self.powerMaximum { unsafe ends[power] = 0 }
  }

  /// Whether one more message fits.
  @inline(__always)
  func hasRoom(power: Int) -> Bool {
    laneCount < Self.laneMaximum && blockCount + 1 &<< power <= Self.blockMaximum
  }

  /// Adds a message, for which there is room.
  @inline(__always)
  mutating func add(_ lane: Lane) {
    let power = Int(lane.power)
    precondition(power <= Self.powerMaximum && hasRoom(power: power))
    unsafe unsorted[laneCount] = lane
    unsafe ends[power] &+= 1
    laneCount &+= 1
    blockCount &+= 1 &<< power
  }

  /// Gives each message its lane.
  mutating func sort() {
    // Where the lanes of each power start: one after the other, from the highest on.
    var start = 0
    for power in (0...Self.powerMaximum).reversed() {
      unsafe (ends[power], start) = (start, start + ends[power])
    }
    for index in 0..<laneCount {
      let lane = unsafe unsorted[index]
      let power = Int(lane.power)
      unsafe sorted[ends[power]] = lane
      unsafe ends[power] &+= 1
    }
  }

  /// The messages, sorted.
  var lanes: UnsafeBufferPointer<Lane> { unsafe UnsafeBufferPointer(start: sorted, count: laneCount) }

  /// The lanes of messages with 2 to the `power` blocks.
  func lanes(power: Int) -> Range<Int> {
    precondition(0...Self.powerMaximum ~= power)
    return unsafe ends[power + 1]..<ends[power]
  }

  /// Calls `body` with each lane, its message, how many bytes that has, and how many those before it have together.
  @inline(__always)
  func forEachLane(_ body: (Int, Lane, _ byteCount: Int, _ place: Int) -> Void) {
    var place = 0
    for power in (0...Self.powerMaximum).reversed() {
      let byteCount = 16 << power
      for lane in lanes(power: power) {
        unsafe body(lane, sorted[lane], byteCount, place)
        place &+= byteCount
      }
    }
  }
}
