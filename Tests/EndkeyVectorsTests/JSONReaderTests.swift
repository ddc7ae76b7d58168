import EndkeyJSON
import Testing

@Suite("The JSON reader") struct JSONReaderTests {
  /// Each text with its compact form.
  static let accepted: [(text: String, compact: String)] = [
    ("null", "null"), ("true", "true"), ("false", "false"), (" \t\r\n1 \t\r\n", "1"),
    ("0", "0"), ("-0", "-0"), ("-1", "-1"), ("9007199254740993", "9007199254740993"),
    ("18446744073709551615", "18446744073709551615"), ("1E400", "1E400"), ("0.10", "0.10"),
    ("1e+05", "1e+05"),
    ("-0.0e-0", "-0.0e-0"), ("123456789012345678901234567890", "123456789012345678901234567890"),
    (#""""#, #""""#), (#""a""#, #""a""#), (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#),
    (#""\u0000\u001f\u007f""#, #""\u0000\u001f\u007f""#), (#""\u00e9\u00E9""#, "\"\u{e9}\u{e9}\""),
    (#""\uD834\udd1e""#, "\"\u{1d11e}\""),
    ("\"\u{1d11e}\u{7ff}\u{800}\u{ffff}\"", "\"\u{1d11e}\u{7ff}\u{800}\u{ffff}\""),
    (#""\uffff\uFFFE""#, "\"\u{ffff}\u{fffe}\""), ("\"\u{2028}\"", #""\u2028""#),
    ("\"\u{feff}\"", "\"\u{feff}\""),
    ("[]", "[]"), ("[ ]", "[]"), ("[1 , [2],{}]", "[1,[2],{}]"),
    ("{}", "{}"), ("{ }", "{}"), (#"{ "b" : 1 , "a" : [ ] }"#, #"{"b":1,"a":[]}"#), (#"{"":0}"#, #"{"":0}"#),
    // Two keys, though == in Swift.
    ("{\"\u{e9}\":1,\"e\u{301}\":2}", "{\"\u{e9}\":1,\"e\u{301}\":2}"),
  ]

  @Test("accepts what RFC 8259 allows, and writes it compactly", arguments: accepted)
  func accepts(_ item: (text: String, compact: String)) throws {
    let value = try JSONValue(parsing: Array(item.text.utf8))
    #expect(value.serialized(.compact) == Array((item.compact + "\n").utf8))
  }

  static let rejected: [(text: String, reason: JSONSyntaxError.Reason, offset: Int)] = [
    // Structure.
    ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("\u{feff}1", .unexpectedByte, 0),
    ("\u{a0}1", .unexpectedByte, 0),
    ("\u{0c}1", .unexpectedByte, 0), ("1 2", .trailingBytes, 2), ("{}}", .trailingBytes, 2),
    ("1,", .trailingBytes, 1),
    ("null\0", .trailingBytes, 4), ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
    ("[1,", .unexpectedEnd, 3),
    ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3),
    ("[1}", .unexpectedByte, 2),
    ("]", .unexpectedByte, 0), ("[1;2]", .unexpectedByte, 2), ("[1,,2]", .unexpectedByte, 3),
    ("{", .unexpectedEnd, 1), ("{1:2}", .unexpectedByte, 1), ("{a:2}", .unexpectedByte, 1),
    ("{'a':2}", .unexpectedByte, 1),
    (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1"#, .unexpectedEnd, 6),
    (#"{"a" 1}"#, .unexpectedByte, 5), (#"{"a":1,}"#, .unexpectedByte, 7),
    (#"{"a":1 "b":2}"#, .unexpectedByte, 7),
    (#"{"a"::1}"#, .unexpectedByte, 5), (#"{,}"#, .unexpectedByte, 1), (#"{"a"}"#, .unexpectedByte, 4),
    ("// no\n1", .unexpectedByte, 0), ("[1/**/]", .unexpectedByte, 2),
    // Keys twice, also when written differently or beyond the first few.
    (#"{"a":1,"a":1}"#, .duplicateKey, 7), (#"{"a":1,"\u0061":2}"#, .duplicateKey, 7),
    (#"{"":1,"":1}"#, .duplicateKey, 6),
    ("{" + (0..<20).map { "\"k\($0)\":0" }.joined(separator: ",") + #","k3":0}"#, .duplicateKey, 151),
    // Literals.
    ("nul", .unexpectedEnd, 3), ("nulL", .invalidLiteral, 3), ("True", .unexpectedByte, 0),
    ("tru e", .invalidLiteral, 3),
    ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0), ("-Infinity", .invalidNumber, 1),
    ("truefalse", .trailingBytes, 4),
    // Numbers.
    ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("00", .invalidNumber, 1),
    ("+1", .unexpectedByte, 0),
    ("-", .unexpectedEnd, 1), ("--1", .invalidNumber, 1), (".5", .unexpectedByte, 0),
    ("1.", .unexpectedEnd, 2),
    ("1.e1", .invalidNumber, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
    ("1e+-1", .invalidNumber, 3),
    ("1.5.5", .trailingBytes, 3), ("0x10", .trailingBytes, 1), ("[1_000]", .unexpectedByte, 2),
    ("1e5.5", .trailingBytes, 3),
    ("\u{ff11}", .unexpectedByte, 0), ("- 1", .invalidNumber, 1),
    // Strings.
    ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), ("\"\\", .unexpectedEnd, 2),
    ("'a'", .unexpectedByte, 0),
    ("\"\u{0}\"", .controlCharacter, 1), ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1),
    ("\"\u{1f}\"", .controlCharacter, 1), (#""\x41""#, .invalidEscape, 1), (#""\a""#, .invalidEscape, 1),
    (#""\'""#, .invalidEscape, 1),
    (#""\U0041""#, .invalidEscape, 1), (#""\u004""#, .invalidEscape, 1), (#""\u00g0""#, .invalidEscape, 1),
    (#""\u"#, .unexpectedEnd, 3), (#""\u00"#, .unexpectedEnd, 5), (#""\u+041""#, .invalidEscape, 1),
    // Half surrogate pairs.
    (#""\ud800""#, .loneSurrogate, 1), (#""a\udc00""#, .loneSurrogate, 2),
    (#""\ud800\ud800""#, .loneSurrogate, 1),
    (#""\udc00\ud800""#, .loneSurrogate, 1), (#""\ud800\n""#, .loneSurrogate, 1),
    (#""\ud800\u0061""#, .loneSurrogate, 1),
    (#""\ud800x""#, .loneSurrogate, 1), (#""\ud800\udc0g""#, .invalidEscape, 7),
    (#""\ud800"#, .unexpectedEnd, 7),
    (#""\ud800\"#, .unexpectedEnd, 8), (#""\ud800\u"#, .unexpectedEnd, 9),
  ]

  @Test("refuses what RFC 8259 forbids, at the byte", arguments: rejected)
  func rejects(_ item: (text: String, reason: JSONSyntaxError.Reason, offset: Int)) {
    let error = fault(Array(item.text.utf8))
    #expect(error?.reason == item.reason)
    #expect(error?.offset == item.offset)
  }

  static let illFormed: [(bytes: [UInt8], offset: Int)] = [
    // Bytes that begin nothing.
    ([0x80], 0), ([0xbf], 0), ([0xf5, 0x80, 0x80, 0x80], 0), ([0xf8, 0x88, 0x80, 0x80, 0x80], 0), ([0xff], 0),
    // Longer than need be.
    ([0xc0, 0x80], 0), ([0xc1, 0xbf], 0), ([0xe0, 0x80, 0x80], 1), ([0xe0, 0x9f, 0xbf], 1),
    ([0xf0, 0x80, 0x80, 0x80], 1), ([0xf0, 0x8f, 0xbf, 0xbf], 1),
    // Cut short.
    ([0xc3, 0x28], 1), ([0xc3], 1), ([0xe2, 0x28, 0xa1], 1), ([0xe2, 0x82, 0x28], 2), ([0xe2, 0x82], 2),
    ([0xf0, 0x9f, 0x98], 3),
    // Surrogates, and above U+10FFFF.
    ([0xed, 0xa0, 0x80], 1), ([0xed, 0xbf, 0xbf], 1), ([0xf4, 0x90, 0x80, 0x80], 1),
  ]

  @Test("ill-formed UTF-8 is refused at its first impossible byte", arguments: illFormed)
  func rejectsIllFormed(_ item: (bytes: [UInt8], offset: Int)) {
    for text in [[0x22] + item.bytes + [0x22], [0x22, 0x5c, 0x6e] + item.bytes + [0x22]] {
      let error = fault(text)
      #expect(error?.reason == .invalidUTF8)
      #expect(error?.offset == text.count - 1 - item.bytes.count + item.offset)
    }
  }

  @Test("every two-byte sequence is read exactly when Unicode allows it")
  func allPairs() {
    for first in UInt8(0x20)...0xff {
      for second in UInt8(0x20)...0xff
      where first != 0x22 && first != 0x5c && second != 0x22 && second != 0x5c {
        let isText = String(validating: [first, second], as: UTF8.self) != nil
        #expect((fault([0x22, first, second, 0x22]) == nil) == isText)
      }
    }
  }

  @Test("an error names line and column, columns in code points")
  func place() {
    let error = fault(Array("{\n  \"\u{e9}\u{1d11e}\": x\n}".utf8))
    #expect(error?.line == 2)
    #expect(error?.column == 9)
    #expect(error?.description == "line 2, column 9 (byte 14): this character cannot stand here")
  }

  @Test("nesting is refused above the limit, and does not exhaust the stack")
  func depth() throws {
    let limits = JSONLimits(depth: 512)
    let deepest = [UInt8](repeating: 0x5b, count: 512) + [UInt8](repeating: 0x5d, count: 512)
    #expect(try JSONValue(parsing: deepest, limits: limits).serialized(.compact).dropLast() == deepest[...])
    for opening in ["[", "{\"a\":", "[{\"a\":"] {
      let text = Array(String(repeating: opening, count: 200_000).utf8)
      #expect(fault(text)?.reason == .tooDeep)
      #expect(fault(text, limits)?.reason == .tooDeep)
    }
    #expect(fault(Array("[[]]".utf8), JSONLimits(depth: 1))?.offset == 1)
    #expect(fault(Array("[[],[]]".utf8), JSONLimits(depth: 2)) == nil)  // depth, not number
  }

  @Test("a text above the size limit is refused unread")
  func size() {
    let limits = JSONLimits(byteCount: 4)
    #expect(fault(Array("null".utf8), limits) == nil)
    #expect(fault(Array("xxxxx".utf8), limits)?.reason == .tooLong)
  }

  @Test("100,000 members are read in one pass, and one of them twice is refused")
  func manyMembers() throws {
    let members = (0..<100_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    guard case .object(let object) = try JSONValue(parsing: Array("{\(members)}".utf8)) else {
      Issue.record("no object")
      return
    }
    #expect(object["k99999"] == 99_999)
    #expect(fault(Array("{\(members),\"k5\":0}".utf8))?.reason == .duplicateKey)
  }

  @Test("mutants never trap, and what is read is written and read again as the same")
  func mutants() throws {
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let seeds = Self.accepted.map { Array($0.text.utf8) }
    let pieces = seeds + Self.rejected.map { Array($0.text.utf8) }
    var read = 0
    for _ in 0..<20_000 {
      var text = seeds[random(seeds.count)]
      for _ in 0...random(3) {
        switch random(4) {
        case 0 where !text.isEmpty: text[random(text.count)] = UInt8(random(256))
        case 1 where !text.isEmpty: text.remove(at: random(text.count))
        case 2: text.insert(contentsOf: pieces[random(pieces.count)], at: random(text.count + 1))
        default: text = [0x5b] + text + [0x2c] + seeds[random(seeds.count)] + [0x5d]
        }
      }
      do {
        let value = try JSONValue(parsing: text)
        read += 1
        for style in [JSONStyle.compact, .pretty] {
          let written = value.serialized(style)
          let again = try JSONValue(parsing: written)
          #expect(again == value)
          #expect(again.serialized(style) == written)
        }
      } catch {
        #expect((0...text.count).contains(error.offset))
      }
    }
    #expect(read > 1_000)
  }
}

/// Why `text` is refused; nothing if it is not.
private func fault(_ text: [UInt8], _ limits: JSONLimits = JSONLimits()) -> JSONSyntaxError? {
  do throws(JSONSyntaxError) {
    _ = try JSONValue(parsing: text, limits: limits)
    return nil
  } catch {
    return error
  }
}
