internal import Endkey
internal import EndkeyFuzz
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// The properties of spool recovery. §17
enum SpoolProperties {
  /// Any bytes: what is recovered, the damage and the torn end lie back to back behind the header.
  static func check(_ segment: Span<UInt8>) throws(Violation) -> FuzzTarget.Outcome {
    // The key is that of whatever account and agent the header names, so that frames are looked at.
    let recovery = try must("recovery") {
      var (accountID, agentID) = (Keys.account.accountID, Keys.agents[0].agentID)
      if segment.count >= SpoolHeader.byteCount {
        accountID = AccountID(unchecked: segment.extracting(4..<20))
        agentID = AgentID(unchecked: segment.extracting(24..<40))
      }
      let key = try SpoolKey(deviceKey: Keys.secret("device", 32), accountID: accountID, agentID: agentID)
      return try SpoolRecovery(segment: segment, key: key)
    }
    try checkCover(recovery, segment.array)
    return recovery.refusal == nil ? .accepted : .refused
  }

  /// A segment of known frames, damaged: each frame that stands in it whole is recovered, and nothing else.
  static func checkDamaged(_ given: consuming Script) throws(Violation) -> FuzzTarget.Outcome {
    var script = given
    let (header, frames) = try segment(&script)
    let bytes = script.edited(damaged(header, frames.map(\.bytes), &script))
    let recovery = try must("recovery") { try SpoolRecovery(segment: bytes.span, key: key()) }
    try checkCover(recovery, bytes)
    guard bytes.starts(with: header) else {
      // A header of another segment, account or agent opens no frame.
      try require(recovery.frames.isEmpty, "a frame opens under another header")
      return .refused
    }
    var expected: [Int] = []
    for frame in frames where frame.bytes.count <= bytes.count - header.count {
      for offset in header.count...(bytes.count - frame.bytes.count)
      where bytes[offset] == frame.bytes[0]
        && bytes[offset..<offset + frame.bytes.count].elementsEqual(frame.bytes)
      {
        expected.append(offset)
      }
    }
    try require(
      recovery.frames.map(\.offset) == expected.sorted(), "a whole frame is lost, or one is made up")
    for frame in recovery.frames {
      let isKnown = frames.contains { $0.capture == frame.capture && $0.index == frame.index }
      try require(isKnown, "a frame opens as what was never written")
    }
    return .accepted
  }

  private static func checkCover(_ recovery: SpoolRecovery, _ bytes: [UInt8]) throws(Violation) {
    guard recovery.refusal == nil else {
      try require(
        recovery.frames.isEmpty && recovery.damage.isEmpty, "a refused segment was read all the same")
      return
    }
    var parts = recovery.damage.map { $0.offset..<$0.offset + $0.length }
    for frame in recovery.frames {
      let length = 52 + bytes[frame.offset + 8..<frame.offset + 12].reduce(0) { $0 << 8 | Int($1) }
      parts.append(frame.offset..<frame.offset + length)
    }
    if let torn = recovery.tornOffset { parts.append(torn..<bytes.count) }
    var end = SpoolHeader.byteCount
    for part in parts.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      try require(part.lowerBound == end, "the bytes from \(end) to \(part.lowerBound) are not accounted for")
      try require(!part.isEmpty, "an empty part at \(end)")
      end = part.upperBound
    }
    try require(end == bytes.count, "the bytes from \(end) to \(bytes.count) are not accounted for")
  }

  private struct Frame {
    let index: UInt32
    let capture: Capture
    let bytes: [UInt8]
  }

  private static func key() throws(ProtocolError) -> SpoolKey {
    try SpoolKey(
      deviceKey: Keys.secret("device", 32), accountID: Keys.account.accountID, agentID: Keys.agents[0].agentID
    )
  }

  private static func segment(_ script: inout Script) throws(Violation) -> (header: [UInt8], frames: [Frame])
  {
    do {
      var writer = SpoolWriter(key: try key(), segment: [0, 1, 2, 3][script.below(4)])
      let header = writer.header.serialized
      var frames: [Frame] = []
      var random = DeterministicRandom("spool")
      for index in 0..<script.below(6) {
        let content = pattern(script.below(64), script.byte())
        let capture = Capture(
          accountID: Keys.account.accountID, kind: .keystrokes, start: 1, duration: 2,
          items: [CapturedItem(field: .blob(.keystrokes), content: try BoundedBytes(content))])
        let bytes = try writer.append(capture, using: &random)
        frames.append(Frame(index: UInt32(index), capture: capture, bytes: bytes))
      }
      return (header, frames)
    } catch {
      throw Violation("writing a segment fails: \(error)")
    }
  }

  /// The segment, with frames dropped, doubled, swapped, or with one's head in front of another.
  private static func damaged(_ header: [UInt8], _ frames: [[UInt8]], _ script: inout Script) -> [UInt8] {
    var frames = frames
    for _ in 0..<script.below(3) where !frames.isEmpty {
      let (first, second) = (script.below(frames.count), script.below(frames.count))
      switch script.below(5) {
      case 0: frames.swapAt(first, second)
      case 1: frames.insert(frames[first], at: second)
      case 2: frames.remove(at: first)
      case 3: frames.insert([UInt8](frames[first].prefix(script.below(60))), at: second)
      default: frames.insert(script.string(atMost: 60), at: second)
      }
    }
    return header + frames.joined()
  }
}
