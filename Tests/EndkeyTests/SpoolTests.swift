import EndkeyPrimitives
import EndkeyWire
import TestPrimitives
import TestSupport
import Testing

@testable import Endkey

@Suite("Spool") struct SpoolTests {
  static let deviceKey = SecretBytes(copying: [UInt8](repeating: 0x55, count: 32))

  static func key(
    _ agentID: AgentID = ActivityFixture.agentID, accountID: AccountID = ActivityFixture.accountID
  ) throws -> SpoolKey {
    try SpoolKey(deviceKey: deviceKey, accountID: accountID, agentID: agentID)
  }

  /// A capture with this content in one field.
  static func capture(
    _ content: [UInt8], _ field: CapturedField = .blob(.clipboard),
    accountID: AccountID = ActivityFixture.accountID
  ) throws -> Capture {
    try Capture.make(
      accountID: accountID, kind: .website, start: 1_000, duration: 10,
      items: [CapturedItem(field: field, content: BoundedBytes(content))])
  }

  static let contents: [[UInt8]] = [
    [UInt8]("first".utf8), [], ActivityFixture.content(20_000), [UInt8]("fourth".utf8),
    [UInt8]("last one".utf8),
  ]

  /// A segment of some captures, and where each frame lies in it.
  struct Segment {
    var bytes: [UInt8]
    var frames: [Range<Int>] = []

    init(
      _ contents: [[UInt8]] = SpoolTests.contents, segment: Counter = 5,
      agentID: AgentID = ActivityFixture.agentID, accountID: AccountID = ActivityFixture.accountID
    ) throws {
      var random = CountingRandom()
      var writer = SpoolWriter(key: try key(agentID, accountID: accountID), segment: segment)
      bytes = writer.header.serialized
      for content in contents {
        let frame = try writer.append(capture(content, accountID: accountID), using: &random)
        frames.append(bytes.count..<bytes.count + frame.count)
        bytes += frame
      }
    }

    func frame(_ index: Int) -> [UInt8] { [UInt8](bytes[frames[index]]) }
  }

  static func recover(_ bytes: [UInt8]) throws -> SpoolRecovery {
    try SpoolRecovery(segment: bytes.span, key: key())
  }

  /// A readable summary: indices of frames (with `!` for a broken chain), damage, torn end.
  static func summary(_ recovery: SpoolRecovery) -> String {
    let frames = recovery.frames.map { "\($0.index)\($0.breaksChain ? "!" : "")" }
    let damage = recovery.damage.map { "\($0.offset)+\($0.length) \($0.code.rawValue)" }
    return (frames + damage + (recovery.tornOffset.map { ["torn \($0)"] } ?? [])).joined(separator: ", ")
  }

  @Test("A frame, and the key for the service, are those of an independent implementation")
  func knownAnswer() throws {
    var random = CountingRandom()
    var writer = SpoolWriter(key: try Self.key(), segment: 5)
    let capture = try Self.capture([UInt8]("hello".utf8), .token(.windowTitle))
    let frame = try writer.append(capture, using: &random)
    #expect(
      frame
        == [UInt8](
          hex:
            "454b66720000000000000079ef22f9e9f6d3d65889b2f19e47c13d21486efe195442da8cc4289df5eda2d244835c71ad"
            + "a5808eb8000102030405060708090a0b0c0d0e0f1011121314151617d3ffb36a0a182c1f4341e26e9603c1e5f2e48105"
            + "9a09ae45fd09e57c953905b087a89cfb28b3b5eca0c43769156c67d50def804c0a14c822ed7b675e3a20bde32604cd52"
            + "f7a286eb1c737fa75c5d269e4a58ee78a9eecb6334e79e8c54d5876afa"))
    let upload = try Label.Derived.upload.derive(
      from: Self.deviceKey, context: ActivityFixture.accountID.bytes + ActivityFixture.agentID.bytes)
    #expect(
      upload.array == [UInt8](hex: "8caa00c4688a837d119e6195b0cb0cb222170b14c47feb35fd85b83e9781ebb9"))
  }

  @Test("A whole segment gives all captures in order, without findings")
  func whole() throws {
    let segment = try Segment()
    let recovery = try Self.recover(segment.bytes)
    #expect(try recovery.frames.map(\.capture) == Self.contents.map { try Self.capture($0) })
    #expect(recovery.frames.map(\.offset) == segment.frames.map(\.lowerBound))
    #expect(Self.summary(recovery) == "0, 1, 2, 3, 4")
    #expect(!recovery.isQuarantined)
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
    let big = try Segment([[UInt8]("a".utf8), ActivityFixture.content(500)] + (0..<5).map { [UInt8($0)] })
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
      try Segment(segment: 6), try Segment(agentID: ActivityFixture.otherAgentID),
      try Segment(accountID: .zero),
    ] {
      let mixed = start + other.frame(3) + end
      #expect(
        try Self.summary(Self.recover(mixed))
          == "0, 1, \(start.count)+\(other.frame(3).count) frame_open_failed")
    }
  }

  @Test("A header that does not parse, or of another account or agent: nothing is read: R-17-2")
  func refusedHeaders() throws {
    let segment = try Segment()
    func expectRefused(_ bytes: [UInt8], _ code: ErrorCode) throws {
      let recovery = try Self.recover(bytes)
      #expect(recovery.refusal?.code == code)
      #expect(recovery.frames.isEmpty && recovery.isQuarantined)
    }
    try expectRefused([], .truncated)
    try expectRefused([UInt8](segment.bytes.prefix(47)), .truncated)
    try expectRefused(segment.bytes.flipping(at: 0), .badMagic)
    try expectRefused(segment.bytes.flipping(at: 3), .unexpectedType)
    try expectRefused(segment.bytes.flipping(at: 4), .wrongAccount)
    try expectRefused(segment.bytes.flipping(at: 23), .valueOutOfRange)  // of an epoch
    try expectRefused(segment.bytes.flipping(at: 24), .wrongRecipient)
    try expectRefused(try Segment(agentID: ActivityFixture.otherAgentID).bytes, .wrongRecipient)
    // Another segment number: the header is right, but no frame opens.
    let recovery = try Self.recover(segment.bytes.flipping(at: 47))
    #expect(recovery.frames.isEmpty && recovery.damage.count == 5)
  }

  /// A frame that holds these bytes, sealed as they must be.
  private func frame(of payload: [UInt8]) throws -> [UInt8] {
    var random = CountingRandom()
    let key = try Self.key()
    let header = SpoolHeader(accountID: key.accountID, agentID: key.agentID, segment: 5)
    var head = SpoolFrameHead(
      index: 0, length: try ByteCount(ChunkedEncryption.sealedCount(of: payload.count)),
      previous: Hash(sha256: header.serialized))
    head.check = head.rightCheck
    let sealed = try ChunkedEncryption.seal(
      payload.span, key: key.secret, context: header.serialized + head.checkedBytes, using: &random)
    return header.serialized + head.serialized + sealed
  }

  @Test("What opens and is no capture of the account is damage")
  func noCapture() throws {
    let right = try Self.capture([1]).serialized
    #expect(try Self.summary(Self.recover(frame(of: right))) == "0")
    let other = try Self.capture([1], accountID: .zero).serialized
    for payload in [[], [1], right + [0], [UInt8](right.dropLast()), other] {
      let bytes = try frame(of: payload)
      #expect(try Self.summary(Self.recover(bytes)) == "48+\(bytes.count - 48) frame_open_failed")
    }
  }

  @Test("What is captured is not refused for what it is, only when there is no room for it")
  func writerLimits() throws {
    var random = CountingRandom()
    var writer = SpoolWriter(key: try Self.key(), segment: 1)
    let greatest = try Self.capture([UInt8](repeating: 0, count: Limit.captureMax))
    let frame = try writer.append(greatest, using: &random)
    #expect(frame.count == SpoolFrameHead.byteCount + Limit.sealedMax)
    #expect(
      code { () throws(ProtocolError) in
        try Capture.make(
          accountID: .zero, kind: .website, start: 0, duration: 0,
          items: [
            CapturedItem(
              field: .blob(.voice),
              content: wire { () throws(WireError) in
                try BoundedBytes([UInt8](repeating: 0, count: Limit.captureMax + 1))
              })
          ])
      } == .limitReached)
    let tooLong = try Capture(
      accountID: ActivityFixture.accountID, kind: .website, start: 0, duration: 0,
      items: BoundedList([
        CapturedItem(
          field: .blob(.voice), content: BoundedBytes([UInt8](repeating: 0, count: Limit.captureMax + 1)))
      ]))
    #expect(code { () throws(ProtocolError) in try writer.append(tooLong, using: &random) } == .limitReached)
    let foreign = try Self.capture([1], accountID: .zero)
    #expect(code { () throws(ProtocolError) in try writer.append(foreign, using: &random) } == .wrongAccount)
    #expect(writer.nextIndex == 1)
    let next = try writer.append(Self.capture([1]), using: &random)
    let recovery = try Self.recover(writer.header.serialized + frame + next)
    #expect(Self.summary(recovery) == "0, 1")
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
