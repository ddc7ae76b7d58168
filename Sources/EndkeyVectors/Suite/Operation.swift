internal import Endkey
public import EndkeyJSON
internal import EndkeyWire

/// An operation of the suite: takes the `in` of a vector, gives its outcome. `vectors/README.md` describes each.
public struct Operation: Sendable {
  /// As in `op` of the files, such as `token/open`.
  public let name: String
  /// One sentence for the head of the file, with the section.
  public let about: String
  /// Runs on the members of `in`; asks for each. Throws `ProtocolError` or `WireError` for what the protocol refuses, and
  /// `JSONShapeError` for an input that is none of this operation.
  let body: @Sendable (inout JSONFields, inout Trace) throws -> JSONObject

  init(
    _ name: String, _ about: String,
    _ body: @escaping @Sendable (inout JSONFields, inout Trace) throws -> JSONObject
  ) {
    self.name = name
    self.about = about
    self.body = body
  }

  /// The outcome for `input`, and the intermediate values on the way. Throws `JSONShapeError` when `input` is not
  /// that of this operation.
  public func run(_ input: JSONObject) throws -> (outcome: Outcome, trace: JSONObject) {
    var trace = Trace()
    do {
      let out = try JSONCursor(.object(input)).object { fields in try body(&fields, &trace) }
      return (.ok(out), trace.values)
    } catch let error as ProtocolError {
      return (.reject(error.code, offset: error.code.layer == .format ? error.offset : nil), trace.values)
    } catch let error as WireError {
      let error = ProtocolError(error)
      return (.reject(error.code, offset: error.offset), trace.values)
    }
  }

  /// All operations, by name.
  public static let all: [String: Operation] = {
    var all: [String: Operation] = [:]
    for operation in catalogue {
      let previous = all.updateValue(operation, forKey: operation.name)
      precondition(previous == nil, "two operations named \(operation.name)")
    }
    return all
  }()
}

/// The intermediate values of one run, in order. Values of vectors are public; no other run is traced.
struct Trace {
  private(set) var values = JSONObject()

  mutating func note(_ name: String, _ bytes: [UInt8]) {
    values.append(name, .hex(bytes))
  }
}
