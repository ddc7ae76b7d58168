/// Which messages go in lock-step, and in which lanes.
///
/// Lanes are sorted by length, the longest first: those with a block at a step are then the first ones.
struct LockstepSchedule: Sendable {
  /// Most messages in lock-step: more do not fit the cache.
  static var laneMaximum: Int { 512 }
  /// Most blocks of them together.
  static var blockMaximum: Int { 4_096 }

  /// The message in each lane.
  private(set) var lanes: [LockstepSIV.Message] = []
  /// The index of that message.
  private(set) var order: [Int] = []
  /// The number of blocks of the longest message.
  private(set) var stepCount = 0
  /// The number of blocks of all messages.
  private(set) var blockCount = 0
  /// How many lanes have a block at each step; zero past the last.
  private var laneCounts = InlineArray<257, Int>(repeating: 0)
  /// By number of blocks: how many messages have it, then the lane of the next that has.
  private var nextLanes = InlineArray<257, Int>(repeating: 0)

  /// The number of lanes that have a block at `step`, which may be the one past the last.
  func laneCount(_ step: Int) -> Int { laneCounts[step] }

  /// Plans as many of the messages at `start..<limit` as fit, at least one. Says where the next plan starts.
  @inline(__always)
  mutating func plan(
    from start: Int, upTo limit: Int, _ message: (Int) -> LockstepSIV.Message
  ) -> Int {
    for count in 0...stepCount { nextLanes[count] = 0 }
    (stepCount, blockCount) = (0, 0)
    var end = start
    while end < limit, end - start < Self.laneMaximum {
      let count = Int(message(end).blockCount)
      guard blockCount + count <= Self.blockMaximum else { break }
      nextLanes[count] += 1
      stepCount = max(stepCount, count)
      blockCount += count
      end += 1
    }

    var laneCount = 0
    laneCounts[stepCount] = 0
    for count in stride(from: stepCount, to: 0, by: -1) {
      (nextLanes[count], laneCount) = (laneCount, laneCount + nextLanes[count])
      laneCounts[count - 1] = laneCount
    }

    if lanes.count != laneCount {
      lanes = [LockstepSIV.Message](repeating: message(start), count: laneCount)
      order = [Int](repeating: 0, count: laneCount)
    }
    for index in start..<end {
      let message = message(index)
      let count = Int(message.blockCount)
      let lane = nextLanes[count]
      lanes[lane] = message
      order[lane] = index
      nextLanes[count] = lane + 1
    }
    return end
  }
}
