internal import Endkey
internal import EndkeyJSON
internal import EndkeySuite
internal import EndkeyWire

extension Outcome {
  /// A rejection with a code of the implementation.
  init(_ code: ErrorCode, offset: Int?) {
    self = .reject(code: code.rawValue, offset: offset)
  }

  /// What `body` gives, or the code with which the protocol refuses. Other errors are thrown on.
  init(_ body: () throws -> JSONObject) throws {
    do {
      self = .ok(try body())
    } catch let error as ProtocolError {
      self.init(error.code, offset: error.code.layer == .format ? error.offset : nil)
    } catch let error as WireError {
      let error = ProtocolError(error)
      self.init(error.code, offset: error.offset)
    }
  }

  /// The code of a rejection.
  var code: ErrorCode? {
    if case .reject(let code, _) = self { ErrorCode(rawValue: code) } else { nil }
  }
}

extension OperationDescription {
  /// Refuses an input that is none of this operation, an output that is none, and a code that it does not give.
  func check(_ input: JSONObject, _ outcome: Outcome) throws(JSONShapeError) {
    try checkInput(input)
    switch outcome {
    case .ok(let out): try checkOutput(out)
    case .reject(let code, _):
      guard codes.contains(code) else {
        throw JSONShapeError(path: "code", reason: "\(name) does not give \(code)")
      }
    }
  }
}
