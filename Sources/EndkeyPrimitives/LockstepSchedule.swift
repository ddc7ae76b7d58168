/// Which messages go in lock-step, and in which lanes.
///
/// Lanes are sorted by length, the longest first: those with a block at a step are then the first ones.
@safe struct LockstepSchedule: ~Copyable, @unchecked Sendable {
  // Sendable: written through `mutating` members only.
  /// Most messages in lock-step: more do not fit the cache.
  static var laneMaximum: Int { 512 }
  /// Most blocks of them together.
  static var blockMaximum: Int { 4_096 }

  /// The number of messages in lock-step.
  private(set) var laneCount = 0
  private let messages = UnsafeMutablePointer<LockstepSIV.Message>.allocate(capacity: laneMaximum)
  private let indices = UnsafeMutablePointer<Int>.allocate(capacity: laneMaximum)
  /// The number of blocks of the longest message.
  private(set) var stepCount = 0
  /// The number of blocks of all messages.
  private(set) var blockCount = 0
  /// How many lanes have a block at each step; zero past the last.
  private let laneCounts = unsafe Self.counts()
  /// By number of blocks: how many messages have it, then the lane of the next that has.
  private let nextLanes = unsafe Self.counts()

  /// Zeros. Not an `InlineArray`: that is copied, all of it, to read one element.
  private static func counts() -> UnsafeMutableBufferPointer<Int> {
    let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: LockstepSIV.blockMaximum + 1)
    unsafe counts.initialize(repeating: 0)
    return unsafe counts
  }

  deinit {
    unsafe laneCounts.deallocate()
    unsafe nextLanes.deallocate()
    unsafe messages.deallocate()
    unsafe indices.deallocate()
  }

  /// The message in each lane, until the next plan.
  var lanes: UnsafeBufferPointer<LockstepSIV.Message> {
    unsafe UnsafeBufferPointer(start: messages, count: laneCount)
  }

  /// The index of the message in `lane`.
  @inline(__always)
  func index(_ lane: Int) -> Int {
    precondition(lane < laneCount)
    return unsafe indices[lane]
  }

  /// The number of lanes that have a block at `step`, which may be the one past the last.
  func laneCount(_ step: Int) -> Int {
    precondition(0...stepCount ~= step)
    return unsafe laneCounts[step]
  }

  /// Plans as many of the messages at `start..<limit` as fit, at least one. Says where the next plan starts.
  @inline(__always)
  mutating func plan(
    from start: Int, upTo limit: Int, _ message: (Int) -> LockstepSIV.Message
  ) -> Int {
    for count in 0...stepCount { unsafe nextLanes[count] = 0 }
    (stepCount, blockCount) = (0, 0)
    var end = start
    while end < limit, end - start < Self.laneMaximum {
      let count = Int(message(end).blockCount)
      guard blockCount + count <= Self.blockMaximum else { break }
      precondition(1...LockstepSIV.blockMaximum ~= count)
      unsafe nextLanes[count] += 1
      stepCount = max(stepCount, count)
      blockCount += count
      end += 1
    }

    laneCount = 0
    unsafe laneCounts[stepCount] = 0
    for count in stride(from: stepCount, to: 0, by: -1) {
      unsafe (nextLanes[count], laneCount) = (laneCount, laneCount + nextLanes[count])
      unsafe laneCounts[count - 1] = laneCount
    }

    for index in start..<end {
      let message = message(index)
      let count = Int(message.blockCount)
      let lane = unsafe nextLanes[count]
      unsafe (messages + lane).initialize(to: message)
      unsafe (indices + lane).initialize(to: index)
      unsafe nextLanes[count] = lane + 1
    }
    return end
  }
}
