import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §13.3: what is captured lies in the spool until it is sent, and is made tokens and blobs only then.
@Suite("Captures") struct CaptureTests {
  private func item(_ field: CapturedField, _ text: String) throws -> CapturedItem {
    try CapturedItem(field, [UInt8](text.utf8))
  }

  @Test("R-13.1-6, R-16.1-6: an agent captures before it has any key, and sends under the newest epoch")
  func lateSealing() throws {
    var random = SystemRandom()
    var agent = try Agent.inPhase(.pinned)
    let key = try agent.spoolKey(deviceKey: AgentTests.deviceKey)
    var spool = SpoolWriter(key: key, segment: 1)
    var segment = spool.header.serialized
    segment += try agent.capture(
      .website, start: 5, duration: 6,
      items: [item(.blob(.screenshot), "picture"), item(.token(.url), "example.com")], into: &spool,
      using: &random)

    let line = Line(epoch: 7, master: 7)
    try agent.accept(state: line.bytes())
    try agent.accept(grant: line.grant().serialized)
    let frames = try SpoolRecovery(segment: segment.span, key: key).frames
    var sealer = try agent.captureSealer(at: AgentTests.wall)
    let sealed = try sealer.seal(try #require(frames.first).capture, using: &random)

    #expect((sealed.record.kind, sealed.record.start, sealed.record.duration) == (.website, 5, 6))
    var ring = KeyRing(accountID: try testAccount(), holder: .owner)
    try ring.add(Shared(line.masterKey()))
    guard case .token(let token) = sealed.record.items[0], case .blob(let reference) = sealed.record.items[1]
    else { throw Missing() }
    var opener = TokenOpener(ring: ring)
    #expect(try opener.open(token) == [UInt8]("example.com".utf8))
    let blob = try #require(sealed.blobs.first)
    #expect(blob.epoch == 7)
    #expect(try blob.open(with: ring, reference: reference) == [UInt8]("picture".utf8))
    _ = try agent.signBatch([sealed.record], at: AgentTests.wall)
  }

  @Test("Items come in any order, each field once")
  func items() throws {
    let account = try testAccount()
    let all = try [item(.blob(.voice), "v"), item(.token(.url), "u"), item(.blob(.keystrokes), "k")]
    let capture = try Capture.make(accountID: account, kind: .website, start: 0, duration: 0, items: all)
    #expect(capture.items.map(\.field) == [.token(.url), .blob(.keystrokes), .blob(.voice)])
    expect(.notCanonical) {
      _ = try Capture.make(
        accountID: account, kind: .website, start: 0, duration: 0, items: all + [item(.token(.url), "w")])
    }
  }

  @Test("An item is made of a field and what was found, and refused only when no capture holds it")
  func item() throws {
    #expect(try CapturedItem(.url, "ab") == item(.token(.url), "ab"))
    #expect(try CapturedItem(.voice, [0x61]) == item(.blob(.voice), "a"))
    let long = [UInt8](repeating: 0xff, count: Limit.captureMax)
    #expect(try CapturedItem(.voice, long).content.bytes == long)
    expect(.limitReached) { _ = try CapturedItem(.voice, long + [0]) }
  }

  @Test("A capture of another account is not sealed")
  func otherAccount() throws {
    var random = SystemRandom()
    var sealer = try Agent.inPhase(.active).captureSealer(at: AgentTests.wall)
    let foreign = try Capture.make(accountID: .zero, kind: .idle, start: 0, duration: 0, items: [])
    expect(.wrongAccount) { _ = try sealer.seal(foreign, using: &random) }
  }

  // MARK: Captured text

  @Test("R-13.3-1: nothing that is captured is refused: ill-formed UTF-8 becomes U+FFFD, by maximal subparts")
  func repair() {
    let mark: [UInt8] = [0xef, 0xbf, 0xbd]
    let cases: [([UInt8], [UInt8])] = [
      ([], []), ([0x61], [0x61]), ([0xff], mark), ([0x61, 0x80, 0x62], [0x61] + mark + [0x62]),
      ([0xc0, 0xaf], mark + mark),  // an overlong form
      ([0xe2, 0x82], mark), ([0xe2, 0x82, 0x61], mark + [0x61]),  // cut off
      ([0xf0, 0x9f, 0x98], mark), ([0xf0, 0x80, 0x80, 0x80], mark + mark + mark + mark),
      ([0xed, 0xa0, 0x80], mark + mark + mark),  // a surrogate
      ([0xf4, 0x90, 0x80, 0x80], mark + mark + mark + mark),  // above U+10FFFF
      ([0xe2, 0x82, 0xac], [0xe2, 0x82, 0xac]), (mark, mark),
    ]
    for (bytes, expected) in cases { #expect(CapturedText.repaired(bytes) == expected, "\(bytes)") }
  }

  @Test("A value that is too long is cut between two code points", arguments: 1...4)
  func cut(_ width: Int) throws {
    let character =
      [[0x61], [0xc3, 0xa4], [0xe2, 0x82, 0xac], [0xf0, 0x9f, 0x98, 0x80]][width - 1] as [UInt8]
    for start in 0..<4 {
      let text =
        [UInt8](repeating: 0x78, count: start) + Array(repeatElement(character, count: 5_000).joined())
      let value = CapturedText.repaired(text)
      #expect(value.count == start + (4_095 - start) / width * width)
      #expect(value[...] == text.prefix(value.count))
      let isText = isUTF8(value.span)
      #expect(isText)
    }
    let whole = [UInt8](repeating: 0x61, count: 4_095)
    #expect(CapturedText.repaired(whole) == whole)
  }

  @Test("A mark of replacement at the end is cut as any other character")
  func cutRepaired() throws {
    let bytes = [UInt8](repeating: 0x61, count: 4_094) + [0xff]
    #expect(CapturedText.repaired(bytes) == [UInt8](repeating: 0x61, count: 4_094))
    var sealer = try Agent.inPhase(.active).tokenSealer(at: AgentTests.wall)
    _ = try sealer.seal(CapturedText.repaired([UInt8](repeating: 0xff, count: 10_000)), field: .url)
  }
}
