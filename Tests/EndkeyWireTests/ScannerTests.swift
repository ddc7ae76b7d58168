import EndkeyWire
import TestPrimitives
import Testing

/// What a scanner says, and the text as a filter would write it.
private struct Log: ScanReceiver, Equatable {
  var text: [UInt8] = []
  var matches: [Scanner.Match] = []
  var matched: [[UInt8]] = []
  var skipped: [Scanner.Skipped] = []

  mutating func text(_ bytes: Span<UInt8>) { for index in bytes.indices { text.append(bytes[index]) } }

  mutating func match(_ match: Scanner.Match, text bytes: Span<UInt8>) {
    matches.append(match)
    matched.append(bytes.indices.map { bytes[$0] })
    text += Array("[\(matches.count)]".utf8)
  }

  mutating func skipped(_ candidate: Scanner.Skipped) { skipped.append(candidate) }

  /// Of `text` in pieces that end at `cuts`.
  init(_ bytes: [UInt8], cuts: [Int] = []) {
    var scanner = Scanner()
    var start = 0
    for cut in cuts + [bytes.count] {
      scanner.feed(bytes.span.extracting(start..<cut), into: &self)
      start = cut
    }
    scanner.finish(into: &self)
  }

  init(_ text: String) { self.init(Array(text.utf8)) }

  var faults: [Fault] { skipped.map { Fault($0.code, $0.offset) } }
  var ranges: [Range<Int>] { matches.map(\.range) }
}

@Suite("Scanner") struct ScannerTests {
  static let token = String(decoding: TextFormTests.tokenText, as: UTF8.self)
  static let blob = String(decoding: TextFormTests.blobText, as: UTF8.self)

  static func text(_ prefix: String, _ bytes: [UInt8]) -> String {
    prefix + String(decoding: TextFormTests.encode(bytes), as: UTF8.self)
  }

  @Test(
    "R-18-1: a text form is found wherever it stands",
    arguments: [
      ("", ""), ("<td title=\"", "\">"), ("{\"a\":\"", "\"}"), ("a,", ",b\r\n"), ("https://x/?q=", "&r=1"),
      ("\u{feff}", "\0"), ("ekt1", " "), ("ek", ""), ("e", "_"), ("_", "AAAA"), ("ekt1_", ""),
      ("eks1_ ", "="),
      ("\u{e9}", "\u{e9}"), ("12ekekt1", "ekt1"),
    ])
  func places(_ before: String, _ after: String) throws {
    for form in [Self.token, Self.blob] {
      let log = Log(before + form + after)
      let start = before.utf8.count
      #expect(log.ranges == [start..<start + form.utf8.count])
      #expect(log.matched == [Array(form.utf8)])
      #expect(String(decoding: log.text, as: UTF8.self) == before + "[1]" + after)
    }
    #expect(Log(before + Self.token).matches.first?.content == .token(try Token(text: Self.token)))
    #expect(Log(before + Self.blob).matches.first?.content == .blob(try SealedBlob(text: Self.blob)))
  }

  @Test("R-18-1: forms back to back are all found")
  func backToBack() {
    let log = Log(Self.token + Self.blob + Self.token + Self.token)
    #expect(log.text == Array("[1][2][3][4]".utf8))
    #expect(log.skipped.isEmpty)
  }

  @Test("R-18-1: a candidate is skipped with the code of its fault, and the scan goes on at the next byte")
  func skipped() {
    func fault(_ offset: Int, _ new: [UInt8]) -> [Fault] {
      Log("." + Self.text("ekt1_", Sample.token.replacing(offset, new)) + Self.token).faults
    }
    #expect(fault(0, [0]) == [Fault(.unknownVersion, 1)])
    #expect(fault(1, [0]) == [Fault(.unknownValue, 1)])
    #expect(fault(2, [0, 0, 0, 0]) == [Fault(.valueOutOfRange, 1)])
    #expect(fault(22, [0, 31]) == [Fault(.lengthOutOfRange, 1)])
    let blob = Sample.blobText
    func blobFault(_ offset: Int, _ new: [UInt8]) -> [Fault] {
      Log(Self.text("eks1_", blob.replacing(offset, new)) + ".").faults
    }
    #expect(blobFault(0, [0, 0, 112]) == [Fault(.lengthOutOfRange, 0)])
    #expect(blobFault(0, [0, 0, 114]) == [Fault(.truncated, 0)])
    #expect(blobFault(3, [0]) == [Fault(.badMagic, 0)])
    #expect(blobFault(5, [2]) == [Fault(.unknownVersion, 0)])
    #expect(blobFault(6, [8]) == [Fault(.unexpectedType, 0)])
    #expect(blobFault(23, [0, 0, 0, 0]) == [Fault(.valueOutOfRange, 0)])
    #expect(blobFault(27, [1]) == [Fault(.unknownValue, 0)])
  }

  @Test("R-18-1: a form cut by the end of the text, or by another character, is truncated")
  func truncated() {
    for (form, prefix) in [(Self.token, "ekt1_"), (Self.blob, "eks1_")] {
      for count in 5..<form.utf8.count {
        let head = String(form.prefix(count))
        #expect(Log(head).faults == [Fault(.truncated, 0)])
        let log = Log(head + " " + form)
        #expect(log.faults == [Fault(.truncated, 0)])
        #expect(log.ranges.count == 1)
      }
      #expect(Log(String(prefix.prefix(4))).faults.isEmpty)
    }
  }

  @Test("R-18-1: trailing bits that are not zero are skipped as bad base64url")
  func trailingBits() {
    // 56 bytes are 75 characters, of which the last holds two bits too many.
    let last = TextFormTests.alphabet.firstIndex(of: TextFormTests.tokenText[79]) ?? 0
    let character = TextFormTests.alphabet[last | 1]
    let text = Self.token.dropLast() + String(UnicodeScalar(character))
    #expect(Log(text + Self.token).faults == [Fault(.badBase64url, 0)])
    #expect(Log(text + Self.token).ranges == [80..<160])
  }

  @Test("R-18-1: a form within a skipped one is found")
  func nested() {
    let log = Log("ekt1_" + Self.token + "eks1_ekt1_" + Self.token)
    #expect(log.ranges == [5..<85, 95..<175])
    #expect(log.faults.map(\.offset) == [0, 85, 90])
  }

  static let mixed: [UInt8] = Array(
    ("<p>ekt1_" + token + "</p>ekt1_AAAA eks1_" + blob + blob.dropLast(7) + "!ek" + token.dropLast()
      + "ekt1_ek"
      + token + "x_y_e ekt").utf8)

  @Test("R-18-3: the result is the same however the text is cut in two")
  func cutInTwo() {
    let whole = Log(Self.mixed)
    #expect(whole.matches.count == 3)
    #expect(whole.skipped.count > 3)
    for cut in 0...Self.mixed.count { #expect(Log(Self.mixed, cuts: [cut]) == whole) }
  }

  @Test(
    "R-18-3: the result is the same byte by byte, and in random pieces", arguments: 0..<60 as Range<UInt64>)
  func cutAtRandom(_ seed: UInt64) {
    var random = DeterministicRandom("soup \(seed)")
    let text = Self.soup(&random)
    let whole = Log(text)
    #expect(Log(text, cuts: Array(0..<text.count)) == whole)
    for _ in 0..<10 {
      let cuts = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        Int.random(in: 0...text.count, using: &random)
      }
      #expect(Log(text, cuts: cuts.sorted()) == whole)
    }
    let found = Scanner.scan(text.span)
    #expect(found.matches == whole.matches && found.skipped == whole.skipped)
    #expect(Self.reference(text) == Findings(ranges: whole.ranges, faults: whole.faults))
  }

  /// Text of whole, cut, damaged and overlapping forms.
  static func soup(_ random: inout DeterministicRandom) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      var form =
        [token, blob, "ekt1_", "eks1_", "ek", "_", "<b>", " ", "ekt1_" + token].randomElement(using: &random)
        .map { Array($0.utf8) } ?? []
      if Int.random(in: 0..<3, using: &random) == 0 {
        form = Array(form.prefix(Int.random(in: 0...form.count, using: &random)))
      }
      if Int.random(in: 0..<4, using: &random) == 0, let index = form.indices.randomElement(using: &random) {
        form[index] = (TextFormTests.alphabet + Array(" <\"".utf8)).randomElement(using: &random) ?? 0
      }
      text += form
    }
    return text
  }

  struct Findings: Equatable {
    var ranges: [Range<Int>] = []
    var faults: [Fault] = []
  }

  /// The procedure of §18, word for word, on a whole text.
  static func reference(_ text: [UInt8]) -> Findings {
    var findings = Findings()
    var position = 0
    while position < text.count {
      let rest = text[position...]
      let isToken = rest.starts(with: Array("ekt1_".utf8))
      guard isToken || rest.starts(with: Array("eks1_".utf8)) else {
        position += 1
        continue
      }
      let run = rest.dropFirst(5).prefix { TextFormTests.alphabet.contains($0) }
      func outcome() -> Result<Int, WireError> {
        // The one message that would begin so: a fault before its end is the fault of its head.
        let head = (try? Base64URL.decode(Array(run.prefix(isToken ? 32 : 60)).span)) ?? []
        let length = isToken ? 24 + bytesAt(head, 22, 2) : 3 + bytesAt(head, 0, 3)
        let whole = head + [UInt8](repeating: 0, count: max(0, min(length, 70_000) - head.count))
        do throws(WireError) {
          if isToken { _ = try Token(parsing: whole) } else { _ = try BlobText(parsing: whole) }
          return .success(length)
        } catch {
          return .failure(error)
        }
      }
      var code: WireError.Code? = run.count < (isToken ? 32 : 60) ? .truncated : nil
      var count = 0
      if code == nil {
        switch outcome() {
        case .failure(let error): code = error.code
        case .success(let length):
          count = Base64URL.textCount(length)
          if run.count < count {
            code = .truncated
          } else if (try? Base64URL.decode(Array(run.prefix(count)).span)) == nil {
            code = .badBase64url
          }
        }
      }
      if let code {
        findings.faults.append(Fault(code, position))
        position += 1
      } else {
        findings.ranges.append(position..<position + 5 + count)
        position += 5 + count
      }
    }
    return findings
  }

  private static func bytesAt(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
    bytes.dropFirst(offset).prefix(count).reduce(0) { $0 << 8 | Int($1) }
  }

  @Test("the longest blob is found in pieces, behind a candidate that claims as much")
  func longest() throws {
    let context = try SealedBlob(parsing: Sample.sealedBlob.bytes).context
    let form = try SealedBlob(context: context, sealed: filler(65_536 - 41)).text()
    #expect(form.utf8.count == Scanner.heldMax)
    // The heads claim as much, and the text breaks their run.
    let text = Array((form.prefix(65) + "!" + form.prefix(50_000) + "!" + form + "!").utf8)
    let log = Log(text, cuts: Array(stride(from: 1, to: text.count, by: 1_000)))
    #expect(log == Log(text))
    #expect(log.faults == [Fault(.truncated, 0), Fault(.truncated, 66)])
    #expect(log.ranges == [50_067..<50_067 + Scanner.heldMax])
  }

  @Test("R-18-2: overlapping candidates that all claim much take no longer than their text")
  func linear() {
    let head = [1, 1] + bigEndian(1, 4) + filler(16) + bigEndian(4_096, 2)
    let unit = Self.text("ekt1_", head)
    let text = Array((String(repeating: String(repeating: unit, count: 140) + ".", count: 20)).utf8)
    let log = Log(text, cuts: Array(stride(from: 0, to: text.count, by: 77)))
    #expect(log.skipped.count == 20 * 140)
    #expect(log.skipped.allSatisfy { $0.code == .truncated })
  }
}
