public import Endkey
public import EndkeyJSON

/// What an operation answers: its output, or the one code of the check that failed first.
public enum Outcome: Equatable, Sendable {
  case ok(JSONObject)
  /// `offset` stands where the grammar decides the place.
  case reject(ErrorCode, offset: Int?)

  public var isRejection: Bool {
    if case .reject = self { true } else { false }
  }
}

extension Outcome {
  init(parsing cursor: JSONCursor) throws {
    self = try cursor.object { fields in
      let outcome = try fields.required("outcome")
      switch try outcome.string() {
      case "ok":
        return .ok(try fields.required("out").plainObject())
      case "reject":
        let code: ErrorCode = try fields.required("code").name()
        let layer = try fields.required("layer")
        guard try layer.string() == code.layer.rawValue else {
          throw layer.error("\(code.rawValue) is of layer \"\(code.layer.rawValue)\"")
        }
        return .reject(code, offset: try fields.optional("offset")?.integer(in: 0...Int.max))
      default:
        throw outcome.error("neither \"ok\" nor \"reject\"")
      }
    }
  }

  var json: JSONValue {
    var object = JSONObject()
    switch self {
    case .ok(let out):
      object.append("outcome", "ok")
      object.append("out", .object(out))
    case .reject(let code, let offset):
      object.append("outcome", "reject")
      object.append("code", .string(code.rawValue))
      object.append("layer", .string(code.layer.rawValue))
      if let offset { object.append("offset", .integer(offset)) }
    }
    return .object(object)
  }
}

extension Outcome: CustomStringConvertible {
  /// One line, for reports.
  public var description: String {
    String(decoding: json.serialized(.compact).dropLast(), as: UTF8.self)
  }
}
