import EndkeyPrimitives
import EndkeyWire
import TestPrimitives
import TestSupport
import Testing

@testable import Endkey

@Suite("Spool") struct SpoolTests {
  static let payloads: [[UInt8]] = [
    [UInt8]("first".utf8), [], ActivityFixture.content(20_000), [UInt8]("fourth".utf8),
    [UInt8]("last one".utf8),
  ]

  /// A segment of some payloads, and where each frame lies in it.
  struct Segment {
    var bytes: [UInt8]
    var frames: [Range<Int>] = []

    init(
      _ payloads: [[UInt8]] = SpoolTests.payloads, segment: Counter = 5,
      agentID: AgentID = ActivityFixture.agentID,
      epoch: Epoch = ActivityFixture.epoch
    ) throws {
      var random = CountingRandom()
      var writer = try SpoolWriter(key: ActivityFixture.agentKey(agentID, epoch: epoch), segment: segment)
      bytes = writer.header.serialized
      for payload in payloads {
        let frame = try writer.append(payload, using: &random)
        frames.append(bytes.count..<bytes.count + frame.count)
        bytes += frame
      }
    }

    func frame(_ index: Int) -> [UInt8] { [UInt8](bytes[frames[index]]) }
  }

  static func recover(_ bytes: [UInt8], ring: KeyRing? = nil) throws -> SpoolRecovery {
    try SpoolRecovery(segment: bytes.span, ring: ring ?? ActivityFixture.agentRing())
  }

  /// A readable summary: indices of frames (with `!` for a broken chain), damage, torn end.
  static func summary(_ recovery: SpoolRecovery) -> String {
    let frames = recovery.frames.map { "\($0.index)\($0.breaksChain ? "!" : "")" }
    let damage = recovery.damage.map { "\($0.offset)+\($0.length) \($0.code.rawValue)" }
    return (frames + damage + (recovery.tornOffset.map { ["torn \($0)"] } ?? [])).joined(separator: ", ")
  }

  @Test("A frame is that of an independent implementation")
  func knownAnswer() throws {
    let segment = try Segment([[UInt8]("hello".utf8)])
    #expect(
      segment.frame(0)
        == [UInt8](
          hex:
            "454b6672000000000000004dd801fe538b875f265cfb0d4ab283f3e95738aab9a0d999db9958a07f1d27754e06b3673"
            + "89ff67137000102030405060708090a0b0c0d0e0f1011121314151617ffdd4ccdd05be25d61a76d90f4870d9b0d70"
            + "189242c6a0542fe60054b88b9d70d1da01c9e65cd1081df8c601500e4e4c5e859e0d63"))
  }

  @Test("A whole segment gives all payloads in order, without findings")
  func whole() throws {
    let segment = try Segment()
    let recovery = try Self.recover(segment.bytes)
    #expect(recovery.frames.map(\.payload) == Self.payloads)
    #expect(recovery.frames.map(\.offset) == segment.frames.map(\.lowerBound))
    #expect(Self.summary(recovery) == "0, 1, 2, 3, 4")
    #expect(!recovery.isQuarantined)
    #expect(try Self.recover(segment.bytes, ring: ActivityFixture.ownerRing()) == recovery)
    #expect(try Self.summary(Self.recover([UInt8](segment.bytes.prefix(48)))) == "")
  }

  @Test("Cut anywhere in its last frame, a segment gives all others, and is torn, not damaged: R-17-1")
  func torn() throws {
    let segment = try Segment()
    let last = segment.frames[4]
    for end in last {
      let recovery = try Self.recover([UInt8](segment.bytes.prefix(end)))
      let expected = end == last.lowerBound ? "0, 1, 2, 3" : "0, 1, 2, 3, torn \(last.lowerBound)"
      #expect(Self.summary(recovery) == expected, "cut at \(end)")
      #expect(!recovery.isQuarantined)
    }
  }

  @Test("A short end that does not start as a frame is damage")
  func shortEnd() throws {
    let segment = try Segment()
    let size = segment.bytes.count
    for tail in [[0], [UInt8]("EKfX".utf8), [UInt8]("Ek".utf8), [UInt8](repeating: 0x45, count: 51)] {
      let recovery = try Self.recover(segment.bytes + tail)
      #expect(Self.summary(recovery) == "0, 1, 2, 3, 4, \(size)+\(tail.count) bad_frame")
      #expect(recovery.isQuarantined)
    }
  }

  @Test(
    "Any byte of a frame changed: it alone is damage, all others are delivered: R-17-1, R-17-2"
  )
  func damagedByte() throws {
    let segment = try Segment()
    let frame = segment.frames[3]
    for index in frame {
      let recovery = try Self.recover(segment.bytes.flipping(at: index))
      let code = index - frame.lowerBound < 52 ? "bad_frame" : "frame_open_failed"
      #expect(
        Self.summary(recovery) == "0, 1, 2, 4, \(frame.lowerBound)+\(frame.count) \(code)", "byte \(index)")
      #expect(recovery.isQuarantined)
    }
  }

  @Test("The last frame changed in its sealed bytes is damage, not torn")
  func damagedLast() throws {
    let segment = try Segment()
    let last = segment.frames[4]
    let recovery = try Self.recover(segment.bytes.flipping(at: last.upperBound - 1))
    #expect(Self.summary(recovery) == "0, 1, 2, 3, \(last.lowerBound)+\(last.count) frame_open_failed")
  }

  @Test("Bytes lost within a frame, or zeros written over several, cost only those frames: R-17-1")
  func damagedRegions() throws {
    let segment = try Segment()
    let (second, third, fourth) = (segment.frames[1], segment.frames[2], segment.frames[3])
    // Of 1,000 bytes less the head claims more than the segment has, of 100 less it does not.
    for (count, code) in [(1_000, "bad_frame"), (100, "frame_open_failed")] {
      var lost = segment.bytes
      lost.removeSubrange(third.lowerBound + 60..<third.lowerBound + 60 + count)
      #expect(
        try Self.summary(Self.recover(lost))
          == "0, 1, 3, 4, \(third.lowerBound)+\(third.count - count) \(code)")
    }

    var zeroed = segment.bytes
    for index in second.lowerBound + 3..<third.upperBound - 7 { zeroed[index] = 0 }
    #expect(
      try Self.summary(Self.recover(zeroed))
        == "0, 3, 4, \(second.lowerBound)+\(fourth.lowerBound - second.lowerBound) bad_frame")

    let inserted =
      segment.bytes[..<third.lowerBound] + [UInt8](repeating: 0x45, count: 100)
      + segment.bytes[third.lowerBound...]
    #expect(
      try Self.summary(Self.recover([UInt8](inserted))) == "0, 1, 2, 3, 4, \(third.lowerBound)+100 bad_frame")
  }

  @Test("A write that broke off does not hide the frames written behind it: R-17-1")
  func brokenWrite() throws {
    let segment = try Segment()
    let third = segment.frames[2]
    // The head claims 20,000 bytes, of which 10 came, then two more frames: they lie within what it claims.
    let start = [UInt8](segment.bytes[..<(third.lowerBound + 62)])
    let short = start + segment.frame(3) + segment.frame(4)
    #expect(try Self.summary(Self.recover(short)) == "0, 1, 3, 4, \(third.lowerBound)+62 bad_frame")

    // The same with enough bytes behind it that its end lies within the segment.
    let big = try Segment([[UInt8]("a".utf8), ActivityFixture.content(300)] + (0..<5).map { [UInt8($0)] })
    let second = big.frames[1]
    let long = [UInt8](big.bytes[..<(second.lowerBound + 62)] + big.bytes[second.upperBound...])
    #expect(
      try Self.summary(Self.recover(long)) == "0, 2, 3, 4, 5, 6, \(second.lowerBound)+62 frame_open_failed")
  }

  @Test("A frame missing, repeated or out of place breaks the chain and is kept")
  func chain() throws {
    let segment = try Segment()
    func joined(_ order: [Int]) -> [UInt8] { segment.bytes.prefix(48) + order.flatMap { segment.frame($0) } }
    #expect(try Self.summary(Self.recover(joined([0, 2, 3, 4]))) == "0, 2!, 3, 4")
    #expect(try Self.summary(Self.recover(joined([0, 1, 1, 2, 3, 4]))) == "0, 1, 1!, 2, 3, 4")
    #expect(try Self.summary(Self.recover(joined([1, 0]))) == "1!, 0!")
    #expect(try !Self.recover(joined([1, 0])).isQuarantined)
    // Behind damage there is nothing to continue.
    let damaged = joined([0]) + [1, 2, 3] + segment.frame(3) + segment.frame(4)
    #expect(try Self.summary(Self.recover(damaged)) == "0, 3, 4, \(joined([0]).count)+3 bad_frame")
  }

  @Test("Frames of another segment or agent do not open")
  func foreignFrames() throws {
    let segment = try Segment()
    let (start, end) = ([UInt8](segment.bytes[..<segment.frames[1].lowerBound]), segment.frame(1))
    for other in [
      try Segment(segment: 6), try Segment(agentID: ActivityFixture.otherAgentID), try Segment(epoch: 8),
    ] {
      let mixed = start + other.frame(3) + end
      #expect(
        try Self.summary(Self.recover(mixed))
          == "0, 1, \(start.count)+\(other.frame(3).count) frame_open_failed")
    }
  }

  @Test("A header that does not parse, or of another account, agent or epoch: nothing is read: R-17-2")
  func refusedHeaders() throws {
    let segment = try Segment()
    func expectRefused(_ bytes: [UInt8], _ code: ErrorCode, ring: KeyRing? = nil) throws {
      let recovery = try Self.recover(bytes, ring: ring)
      #expect(recovery.refusal?.code == code)
      #expect(recovery.frames.isEmpty && recovery.isQuarantined)
    }
    try expectRefused([], .truncated)
    try expectRefused([UInt8](segment.bytes.prefix(47)), .truncated)
    try expectRefused(segment.bytes.flipping(at: 0), .badMagic)
    try expectRefused(segment.bytes.flipping(at: 3), .unexpectedType)
    try expectRefused(segment.bytes.flipping(at: 4), .wrongAccount)
    try expectRefused(segment.bytes.flipping(at: 24), .wrongRecipient)
    try expectRefused(try Segment(epoch: 8).bytes, .noGrant)
    try expectRefused(try Segment(agentID: ActivityFixture.otherAgentID).bytes, .wrongRecipient)
    var withMaster = KeyRing(accountID: ActivityFixture.accountID, holder: .agent(ActivityFixture.agentID))
    try withMaster.add(ActivityFixture.masterKey())
    try expectRefused(
      try Segment(agentID: ActivityFixture.otherAgentID).bytes, .wrongRecipient, ring: withMaster)
    // Another segment number: the header is right, but no frame opens.
    let recovery = try Self.recover(segment.bytes.flipping(at: 47))
    #expect(recovery.frames.isEmpty && recovery.damage.count == 5)
  }

  @Test("A full segment and an oversized payload are refused, and the writer goes on")
  func writerLimits() throws {
    var random = CountingRandom()
    var writer = try SpoolWriter(key: ActivityFixture.agentKey(), segment: 1)
    let tooLong = [UInt8](repeating: 0, count: 16_777_215 - 56 - 16 * 1_023 + 1)
    #expect(code { () throws(ProtocolError) in try writer.append(tooLong, using: &random) } == .valueTooLong)
    #expect(writer.nextIndex == 0)
    let frame = try writer.append([1], using: &random)
    let recovery = try Self.recover(writer.header.serialized + frame)
    #expect(Self.summary(recovery) == "0")
  }

  @Test("Many heads that claim much cost time linear in the segment")
  func linear() throws {
    // Right heads, 72 bytes apart, each of which claims all that follows: none of their seals opens.
    var bytes = try Segment([]).bytes
    for index in 0..<3_000 {
      var head = try SpoolFrameHead(index: UInt32(index), length: ByteCount(200_000), previous: .zero)
      head.check = head.rightCheck
      bytes += head.serialized + [UInt8](repeating: 0, count: 20)
    }
    bytes += [UInt8](repeating: 0, count: 200_000)
    let recovery = try Self.recover(bytes)
    #expect(recovery.frames.isEmpty)
    #expect(recovery.damage.count == 3_000)
    #expect(recovery.damage.allSatisfy { $0.code == .frameOpenFailed })
  }
}
