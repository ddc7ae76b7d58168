public import EndkeyJSON

/// What a vector expects, and what an operation answers: its output, or the one code of the check that failed first.
public enum Outcome: Equatable, Sendable {
  /// The members of `out`.
  case ok(JSONObject)
  /// A code of the specification. A fault of layer `format` has an offset, and no other has.
  case reject(code: String, offset: Int?)

  /// Whether it is a rejection.
  public var isRejection: Bool {
    if case .reject = self { true } else { false }
  }

  /// The layer of the code of a rejection.
  public var layer: Layer? {
    if case .reject(let code, _) = self { Layer.of(code) } else { nil }
  }
}

extension Outcome {
  /// Reads `expect` of a vector. Refuses codes that the specification does not have, a layer that is not the code's, an
  /// offset of a code of another layer than `format`, and one of that layer without an offset.
  init(parsing cursor: JSONCursor) throws {
    self = try cursor.object { fields in
      let outcome = try fields.required("outcome")
      switch try outcome.string() {
      case "ok":
        return .ok(try fields.required("out").plainObject())
      case "reject":
        let code = try fields.required("code")
        let name = try code.string()
        guard let right = Layer.of(name) else {
          throw code.error("the specification has no code \"\(name)\"")
        }
        let layer = try fields.required("layer")
        guard try layer.string() == right.rawValue else {
          throw layer.error("\(name) is of layer \"\(right.rawValue)\"")
        }
        let offset = try fields.optional("offset")?.integer(in: 0...Int.max)
        guard (offset != nil) == (right == .format) else {
          throw code.error("an offset belongs to the codes of layer format, and to no others")
        }
        return .reject(code: name, offset: offset)
      default:
        throw outcome.error("neither \"ok\" nor \"reject\"")
      }
    }
  }

  /// As it stands in a vector.
  public var json: JSONValue {
    var object = JSONObject()
    switch self {
    case .ok(let out):
      object.append("outcome", "ok")
      object.append("out", .object(out))
    case .reject(let code, let offset):
      object.append("outcome", "reject")
      object.append("code", .string(code))
      if let layer { object.append("layer", .string(layer.rawValue)) }
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
