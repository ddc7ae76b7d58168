import EndkeyPrimitives
import EndkeyWire
import TestPrimitives
import TestSupport
import Testing

@testable import Endkey

@Suite("Replacing texts") struct ScanReplacerTests {
  static func token(_ value: String, epoch: Epoch = ActivityFixture.epoch) throws -> String {
    var sealer = try ActivityFixture.sealer(epoch: epoch)
    return try sealer.seal(value, field: .windowTitle).text
  }

  static func blob(_ content: [UInt8], agentID: AgentID = ActivityFixture.agentID) throws -> String {
    var random = CountingRandom()
    return try SealedBlob(
      sealing: content.span, key: ActivityFixture.agentKey(agentID), field: .chatText, using: &random
    ).shortText()
  }

  static func replace(
    _ text: String, _ escaping: Escaping = .none, ring: KeyRing? = nil, piece: Int = .max
  ) throws -> (text: String, replacer: ScanReplacer) {
    var replacer = ScanReplacer(ring: try ring ?? ActivityFixture.ownerRing(), escaping: escaping)
    let bytes = [UInt8](text.utf8)
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: min(piece, max(bytes.count, 1))) {
      let end = piece >= bytes.count - start ? bytes.count : start + piece
      try replacer.feed(bytes.span.extracting(start..<end), into: &output)
    }
    try replacer.finish(into: &output)
    return (String(decoding: output, as: UTF8.self), replacer)
  }

  @Test("Tokens and blobs anywhere in a text are replaced: R-18-1")
  func replaces() throws {
    let text =
      "a \(try Self.token("Überblick")),\(try Self.blob([UInt8]("hi there".utf8)))\(try Self.token("x"))!"
    let (replaced, replacer) = try Self.replace(text)
    #expect(replaced == "a Überblick,hi therex!")
    #expect(replacer.replacedCount == 3)
    #expect(replacer.unopened.isEmpty && replacer.skipped.isEmpty)
  }

  @Test("Candidates that are no match stay and are reported with offset and code: R-18-1")
  func skipped() throws {
    let text = "ekt1_short ekt1_\(String(repeating: "A", count: 54)) \(try Self.token("ok"))"
    let (replaced, replacer) = try Self.replace(text)
    #expect(replaced == text.prefix(71) + "ok")
    #expect(replacer.skipped.map(\.offset) == [0, 11])
    #expect(replacer.skipped.map(\.code) == [.truncated, .unknownVersion])
  }

  @Test("What does not open stays as it is and is reported: R-18-4")
  func unopened() throws {
    let later = try Self.token("later", epoch: 8)
    var forged = [UInt8](try Self.token("forged").utf8)
    forged[20] = forged[20] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    let other = try Self.blob([1], agentID: ActivityFixture.otherAgentID)
    let text = [later, String(decoding: forged, as: UTF8.self), other].joined(separator: " ")
    let (replaced, replacer) = try Self.replace(text, ring: ActivityFixture.agentRing())
    #expect(replaced == text)
    #expect(replacer.unopened.map(\.code) == [.noGrant, .tokenOpenFailed, .noGrant])
    #expect(replacer.unopened.map(\.offset) == [0, later.utf8.count + 1, 2 * later.utf8.count + 2])
    let binary = try Self.replace(Self.blob([0xff, 0xd8]))
    #expect(binary.replacer.unopened.map(\.code) == [.valueNotUTF8])
  }

  @Test(
    "Text in pieces of any size gives the same as the whole: R-18-3",
    arguments: [1, 2, 3, 7, 58, 59, 60, 1_000])
  func pieces(_ piece: Int) throws {
    let blob = try Self.blob(ActivityFixture.content(500).map { $0 & 0x7f })
    let unopened = try Self.token("z", epoch: 9)
    let text =
      "<p>\(try Self.token("<b>"))</p>\"\(try Self.token("a\"b"))\",\(try Self.token("a,b")),ekt1_\n"
      + "\(try Self.token("=1"))\n\(blob) \(unopened)"
    for escaping: Escaping in [.none, .text, .json, .csv(separator: UInt8(ascii: ","))] {
      let (whole, first) = try Self.replace(text, escaping)
      let (pieces, second) = try Self.replace(text, escaping, piece: piece)
      #expect(pieces == whole)
      #expect(second.unopened == first.unopened && second.skipped == first.skipped)
    }
  }

  @Test("Time is linear in a text of overlapping candidates: R-18-2")
  func linear() throws {
    let text = String(repeating: "ekt1_", count: 40_000)
    let (replaced, replacer) = try Self.replace(text)
    #expect(replaced == text)
    #expect(replacer.skipped.count == 40_000)
  }

  @Test(
    "R-18.2-4: what could steer a terminal is written out, and nothing else is changed",
    arguments: [
      ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"), ("a\nb\r\tc\u{7f}\u{9b}", "a\\u{a}b\\u{d}\\u{9}c\\u{7f}\\u{9b}"),
      (
        "\u{202e}gpj.exe\u{2066}\u{2069}\u{200f}\u{061c}",
        "\\u{202e}gpj.exe\\u{2066}\\u{2069}\\u{200f}\\u{61c}"
      ),
      ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
      ("<b> \\ \u{a0}\u{200d} é 漢字", "<b> \\ \u{a0}\u{200d} é 漢字"),
    ])
  func text(_ value: String, _ expected: String) throws {
    #expect(try Self.replace("x \(Self.token(value)) y\n", .text).text == "x \(expected) y\n")
  }

  @Test("A value cannot leave its string in JSON: R-18-5")
  func json() throws {
    let (replaced, _) = try Self.replace(
      "{\"t\":\"\(try Self.token("a\",\"b\":\"c\\ \n\u{1f}</script> é"))\"}", .json)
    #expect(replaced == #"{"t":"a\",\"b\":\"c\\ \u000a\u001f\u003c/script> é"}"#)
    #expect(
      try Self.replace("\"\(Self.token("\u{7f}\u{9b}\u{202e}\u{2028}\u{a0}😀"))\"", .json).text
        == "\"\\u007f\\u009b\\u202e\\u2028\u{a0}😀\"")
  }

  @Test(
    "R-18.2-4: every field of CSV is quoted, a value cannot leave its field, and none is a formula",
    arguments: [
      ("1,#,2\n", "plain", #""1","plain","2"\#n"#),
      ("1,#,2\n", "a,b", #""1","a,b","2"\#n"#),
      ("1,#", "a\"b", #""1","a""b""#),
      ("#\r\n2", "a\nb", "\"a\nb\"\r\n\"2\""),
      ("1,x # y,2", "a,b", #""1","x a,b y","2""#),
      ("1,\"#\",2", "a,b", #""1","a,b","2""#),
      ("1,\"x \"\"#\"\"\",2", "a\"b", #""1","x ""a""b""","2""#),
      ("#,2", "=HYPERLINK(1)", #""'=HYPERLINK(1)","2""#),
      ("\"#\",=2", "+x", #""'+x","'=2""#),
      ("#", "-1,\"", #""'-1,""""#),
      ("#", "x;=2", #""x;'=2""#),
      ("\"a\n#\"", "=1+1", "\"a\n'=1+1\""),
      ("\"x;#\"", "=1", #""x;'=1""#),
      ("#", "a\"-1", #""a""'-1""#),
      ("#", "a|@b,+c\t\u{ff0b}d", "\"a|'@b,'+c\t'\u{ff0b}d\""),
      ("#", "\n=1", "\"'\n'=1\""),
      ("#", "a=b+c-d@e", #""a=b+c-d@e""#),
      ("#", "@x", #""'@x""#),
      ("#", "a;=1,+b|-c - d", #""a;'=1,'+b|'-c - d""#),
      ("#", "a\"@b\t\u{ff0b}c\r\n=d", "\"a\"\"'@b\t'\u{ff0b}c\r\n'=d\""),
      ("#", "\t=1", "\"'\t'=1\""),
      ("#", "\tx", "\"'\tx\""),
      ("#", "\u{ff1d}x", "\"'\u{ff1d}x\""),
      ("#", "\u{ff20}", "\"'\u{ff20}\""),
      ("-1,+2.50,-,+.5,1e5,-1e5,--1,#", "-3", #""-1","+2.50","'-","'+.5","1e5","'-1e5","'--1","-3""#),
      ("x#", "=1", #""x=1""#),
      ("#x,=", "", #""x","'=""#),
      ("a \"b\" c,d#\n", "", #""a ""b"" c","d"\#n"#),
      ("\"a\",\"\",\"b\"\"\"\n\n,#\n", "", "\"a\",\"\",\"b\"\"\"\n\n\"\",\"\"\n"),
    ])
  func csv(_ pattern: String, _ value: String, _ expected: String) throws {
    let parts = pattern.split(separator: "#", omittingEmptySubsequences: false)
    let text = parts.joined(separator: try Self.token(value))
    #expect(try Self.replace(text, .csv(separator: UInt8(ascii: ","))).text == expected)
    #expect(try Self.replace(text, .csv(separator: UInt8(ascii: ",")), piece: 1).text == expected)
  }

  @Test("Fields are those between the separator that the caller names")
  func separator() throws {
    let text = "1,5;\(try Self.token("a;b"));\(try Self.token("a,b"))\n"
    #expect(try Self.replace(text, .csv(separator: UInt8(ascii: ";"))).text == "\"1,5\";\"a;b\";\"a,b\"\n")
  }
}
