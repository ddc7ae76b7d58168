import EndkeyJSON
import Testing

@Suite("JSON values") struct JSONValueTests {
  @Test("pretty has two spaces a level, keys as given, empties on one line, a newline at the end")
  func pretty() {
    let value: JSONValue = ["b": [1, ["x": nil], [], [:]], "a": "\u{7f}/<\u{1}\"\u{202e}\u{9b}é", "c": true]
    #expect(
      String(decoding: value.serialized(.pretty), as: UTF8.self) == #"""
        {
          "b": [
            1,
            {
              "x": null
            },
            [],
            {}
          ],
          "a": "\u007f/<\u0001\"\u202e\u009bé",
          "c": true
        }

        """#)
  }

  @Test("compact is one line, whatever the strings hold")
  func compact() {
    let value: JSONValue = ["a\nb": "\r\n", "c": [1, -2]]
    #expect(
      String(decoding: value.serialized(.compact), as: UTF8.self) == #"{"a\nb":"\r\n","c":[1,-2]}"# + "\n")
  }

  @Test("integers beyond 2^53 stay exact; floats and integers out of range are no integers")
  func numbers() throws {
    #expect(JSONNumber(UInt64.max).integer(as: UInt64.self) == .max)
    #expect(JSONNumber(Int64.min).integer(as: Int64.self) == .min)
    guard
      case .array(let elements) = try JSONValue(
        parsing: Array("[9007199254740993,256,-1,1.0,1e2,1e400]".utf8))
    else {
      Issue.record("no array")
      return
    }
    let numbers = elements.compactMap { if case .number(let number) = $0 { number } else { nil } }
    #expect(numbers.map { $0.integer(as: Int64.self) } == [9_007_199_254_740_993, 256, -1, nil, nil, nil])
    #expect(numbers.map { $0.integer(as: UInt8.self) } == [nil, nil, nil, nil, nil, nil])
    #expect(numbers.map(\.double) == [9_007_199_254_740_992, 256, -1, 1, 100, nil])
    #expect(JSONNumber(Double.nan) == nil)
    #expect(JSONNumber(Double.infinity) == nil)
    for value in [0.1, 1e-7, 1e22, -0.0, 5, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
      let number = try #require(JSONNumber(value))
      #expect(try JSONValue(parsing: Array(number.text.utf8)) == .number(number))
      #expect(number.double == value)
    }
  }

  @Test("texts that Swift takes for equal are different values")
  func exactText() {
    let composed: JSONValue = "\u{e9}"
    let decomposed: JSONValue = "e\u{301}"
    #expect(composed != decomposed)
    #expect((["\u{212a}": 1] as JSONValue) != ["K": 1])
  }

  @Test("objects are equal in any order, arrays only in theirs")
  func order() {
    #expect((["a": 1, "b": 2] as JSONValue) == ["b": 2, "a": 1])
    #expect((["a": 1, "b": 2] as JSONValue) != ["a": 1])
    #expect((["a": 1] as JSONValue) != ["b": 1])
    #expect(([1, 2] as JSONValue) != [2, 1])
    #expect((1 as JSONValue) != "1")
    #expect((nil as JSONValue) != false)
  }

  @Test("an object keeps its order, refuses a key twice and replaces in place")
  func object() {
    var object = JSONObject()
    for index in 0..<12 {
      let isNew = object.append("k\(index)", .integer(index))
      let isNewAgain = object.append("k\(index)", nil)
      #expect(isNew && !isNewAgain)
    }
    object["k0"] = "new"
    object["k11"] = "last"
    object["k12"] = "added"
    object["k1"] = nil as JSONValue?
    #expect(object.members.map(\.key) == (0...12).map { "k\($0)" })
    #expect(object["k0"] == "new")
    #expect(object["k1"] == 1)
    #expect(object["k11"] == "last")
    #expect(object["k13"] == nil)
  }
}
