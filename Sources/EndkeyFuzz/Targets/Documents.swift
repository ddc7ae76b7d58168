internal import EndkeyJSON
internal import Foundation

extension FuzzTarget {
  /// JSON, which vector files, reports and the client protocol are made of.
  static let documents: [FuzzTarget] = [json]

  private static var json: FuzzTarget {
    FuzzTarget(
      "json", "JSON: written and read it is the same value; what is accepted, Foundation accepts",
      maxLength: 2048, seeds: [.made("requests"), .made("files")]
    ) { (input, effort) throws(Violation) in
      let bytes = input.array
      let limits = JSONLimits(byteCount: 1 << 20, depth: 32)
      let value: JSONValue
      do throws(JSONSyntaxError) {
        value = try JSONValue(parsing: bytes, limits: limits)
      } catch {
        try require((0...bytes.count).contains(error.offset), "a fault at \(error.offset) of \(bytes.count)")
        return .refused
      }
      for style in [JSONStyle.compact, .pretty] {
        let written = value.serialized(style)
        let again: JSONValue
        do throws(JSONSyntaxError) {
          again = try JSONValue(parsing: written)
        } catch {
          throw Violation("what is written \(style) is not read: \(error)")
        }
        try require(again == value, "what is written \(style) is read as another value")
        try require(again.serialized(style) == written, "the same value is written \(style) in two ways")
      }
      // Foundation does not take numbers beyond a double, and is slow.
      if effort == .full || input.mixed & 15 == 0, !value.hasHugeNumber {
        do {
          _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        } catch {
          throw Violation("Foundation refuses what is accepted: \(error)")
        }
      }
      return .accepted
    }
  }
}

extension JSONValue {
  fileprivate var hasHugeNumber: Bool {
    switch self {
    case .number(let number): !(Double(number.text)?.isFinite ?? false)
    case .array(let elements): elements.contains(where: \.hasHugeNumber)
    case .object(let object): object.members.contains { $0.value.hasHugeNumber }
    case .null, .bool, .string: false
    }
  }
}
