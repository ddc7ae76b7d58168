import EndkeyJSON
import Testing

@Suite("Decoding documents") struct JSONCursorTests {
  enum Outcome: String {
    case ok
    case kelvin = "K"
  }

  static let document: JSONValue = [
    "tests": [
      ["id": "a", "in": ["key": "00ff", "n": 3], "ok": true], ["id": "b", "in": [:], "outcome": "ok"],
    ],
    "max": .integer(UInt64.max),
  ]

  @Test("a document whose every key is asked for is read")
  func reads() throws {
    let ids = try JSONCursor(Self.document).object { fields in
      #expect(try fields.required("max").integer(as: UInt64.self) == .max)
      return try fields.required("tests").array().map { test in
        try test.object { fields in
          _ = fields.optional("ok")
          _ = try fields.optional("outcome")?.name(of: Outcome.self)
          _ = try fields.required("in").object { fields in
            let key = try fields.optional("key")?.hex(count: 2)
            let n = try fields.optional("n")?.integer(in: 0...3)
            #expect(key == nil || key == [0, 255])
            #expect(n == nil || n == 3)
          }
          return try fields.required("id").string()
        }
      }
    }
    #expect(ids == ["a", "b"])
  }

  static let faults: [(text: String, message: String)] = [
    (#"[]"#, "expected an object, found an array"),
    (#"{}"#, #"no "tests""#),
    (#"{"tests":1}"#, "tests: expected an array, found 1"),
    (#"{"tests":[{"key":"00"},{"key":"00","x":1}]}"#, #"tests[1]: unknown key "x""#),
    (#"{"tests":[{}]}"#, #"tests[0]: no "key""#),
    (#"{"tests":[],"tests2":0}"#, #"unknown key "tests2""#),
    (#"{"tests":[{"key":null}]}"#, "tests[0].key: expected a string, found null"),
    (#"{"tests":[{"key":"0"}]}"#, "tests[0].key: an odd number of hex digits: 1"),
    (#"{"tests":[{"key":"0A"}]}"#, "tests[0].key: no hex digit, or one in upper case, at character 1"),
    (#"{"tests":[{"key":"0000"}]}"#, "tests[0].key: expected 1 bytes, found 2"),
    (#"{"tests":[{"key":"00","n":4}]}"#, "tests[0].n: expected an integer from 0 to 3, found 4"),
    (#"{"tests":[{"key":"00","n":1.0}]}"#, "tests[0].n: expected an integer from 0 to 3, found 1.0"),
    (#"{"tests":[{"key":"00","n":"1"}]}"#, "tests[0].n: expected an integer from 0 to 3, found a string"),
    (#"{"tests":[{"key":"00","ok":0}]}"#, "tests[0].ok: expected a boolean, found 0"),
    (#"{"tests":[{"key":"00","outcome":"no"}]}"#, #"tests[0].outcome: unknown name "no""#),
    (
      "{\"tests\":[{\"key\":\"00\",\"outcome\":\"\u{212a}\"}]}", "tests[0].outcome: unknown name \"\u{212a}\""
    ),
  ]

  @Test("a fault is named with its path", arguments: faults)
  func namesFaults(_ item: (text: String, message: String)) throws {
    let value = try JSONValue(parsing: Array(item.text.utf8))
    let error = #expect(throws: JSONShapeError.self) {
      try JSONCursor(value).object { fields in
        for test in try fields.required("tests").array() {
          try test.object { fields in
            _ = try fields.required("key").hex(count: 1)
            _ = try fields.optional("n")?.integer(in: UInt8(0)...3)
            _ = try fields.optional("ok")?.bool()
            _ = try fields.optional("outcome")?.name(of: Outcome.self)
          }
        }
      }
    }
    #expect(error?.description == item.message)
  }

  @Test("a map's members come in order, and count as asked for")
  func rest() throws {
    let keys = try JSONCursor(["z": 1, "count": 2, "a": 3]).object { fields in
      _ = try fields.required("count")
      return fields.rest().map { "\($0.key)=\($0.value.path)" }
    }
    #expect(keys == ["z=z", "a=a"])
  }

  @Test("hex goes both ways; upper case only where it is asked for")
  func hex() throws {
    let bytes = (0...255).map { UInt8($0) }
    #expect(try Hex.decode(Hex.encode(bytes)) == bytes)
    #expect(Hex.encode([0x0a, 0xf0][...]) == "0af0")
    #expect(try Hex.decode("") == [])
    #expect(try Hex.decode("aAFf", letterCase: .any) == [0xaa, 0xff])
    #expect(throws: Hex.Fault.notADigit(offset: 1)) { try Hex.decode("aA") }
    #expect(throws: Hex.Fault.notADigit(offset: 2)) { try Hex.decode("00g0", letterCase: .any) }
    #expect(throws: Hex.Fault.oddLength(3)) { try Hex.decode("000") }
    #expect(throws: Hex.Fault.notADigit(offset: 0)) { try Hex.decode("\u{ff10}0") }
  }
}
