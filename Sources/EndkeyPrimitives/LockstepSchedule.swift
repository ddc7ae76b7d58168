/// Which messages go in lock-step, in which lane, and where their blocks lie.
///
/// Lanes are sorted by length, the longest first: those with a block at a step are then the first ones.
struct LockstepSchedule: Sendable {
  /// Most messages in lock-step: more do not fit the cache.
  static var laneMaximum: Int { 512 }
  /// Most blocks of them together.
  static var blockMaximum: Int { 4_096 }

  /// The message in each lane.
  private(set) var order: [Int] = []
  /// The number of blocks of the longest message.
  private(set) var stepCount = 0
  /// The number of blocks of all messages.
  private(set) var blockCount = 0
  /// How many lanes have a block at each step; zero past the last.
  private var laneCounts = [Int](repeating: 0, count: LockstepSIV.blockMaximum + 1)
  /// The place of the first lane's block at each step.
  private var firstBlocks = [Int](repeating: 0, count: LockstepSIV.blockMaximum)
  /// By number of blocks: how many messages have it, then the lane of the next that has.
  private var nextLanes = [Int](repeating: 0, count: LockstepSIV.blockMaximum + 1)

  var laneCount: Int { order.count }

  /// The number of lanes that have a block at `step`, which may be the one past the last.
  @inline(__always)
  func laneCount(_ step: Int) -> Int { laneCounts[step] }

  /// The place of a lane's block at `step`, counted in blocks.
  @inline(__always)
  func block(_ step: Int, _ lane: Int) -> Int { firstBlocks[step] + lane }

  /// Plans as many messages from `start` on as fit, at least one. Says where the next plan starts.
  mutating func plan(_ messages: [LockstepSIV.Message], from start: Int) -> Int {
    for count in 0...stepCount { nextLanes[count] = 0 }
    (stepCount, blockCount) = (0, 0)
    var end = start
    while end < messages.count, end - start < Self.laneMaximum {
      let count = messages[end].blockCount
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
    var block = 0
    for step in 0..<stepCount {
      firstBlocks[step] = block
      block += laneCounts[step]
    }

    order.removeAll(keepingCapacity: true)
    order.append(contentsOf: repeatElement(0, count: laneCount))
    for index in start..<end {
      let count = messages[index].blockCount
      order[nextLanes[count]] = index
      nextLanes[count] += 1
    }
    return end
  }
}
