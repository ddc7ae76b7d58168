internal import Endkey
internal import EndkeyJSON
internal import EndkeyWire
internal import Foundation

/// Why a command failed: printed as `endkey: FILE: code at offset (§section): meaning`.
struct CommandError: Error, Equatable {
  var status: ExitStatus
  /// The file or other place at fault.
  var place: String?
  /// A code of §19, where the protocol refused something.
  var code: ErrorCode?
  var offset: Int?
  var section: String?
  var meaning: String

  /// Something that the protocol has no code for.
  init(_ status: ExitStatus, _ place: String? = nil, _ meaning: String) {
    self.status = status
    self.place = place
    self.meaning = meaning
  }

  /// What the protocol would refuse.
  init(_ code: ErrorCode, _ section: String, in place: String) {
    status = code.isBadInput ? .badInput : .checkFailed
    self.place = place
    self.code = code
    self.section = section
    meaning = code.meaning
  }

  /// What the protocol refused. Input that is wrong by itself is bad input, anything else a failed check.
  init(_ error: ProtocolError, in place: String? = nil) {
    status = error.code.isBadInput ? .badInput : .checkFailed
    self.place = place
    code = error.code
    offset = error.offset
    section = error.section
    meaning = error.code.meaning
  }

  /// The system's error after a call that failed.
  static func system(_ place: String, _ action: String) -> CommandError {
    CommandError(.badInput, place, "cannot \(action): \(unsafe String(cString: strerror(errno)))")
  }
}

extension CommandError: CustomStringConvertible {
  var description: String {
    var text = "endkey: "
    if let place { text += "\(place): " }
    if let code {
      text += code.rawValue
      if let offset { text += " at \(offset)" }
      if let section { text += " (§\(section))" }
      text += ": "
    }
    return text + meaning
  }

  var json: JSONValue {
    var object = JSONObject()
    if let place { object.append("place", .string(place)) }
    if let code { object.append("code", .string(code.rawValue)) }
    if let offset { object.append("offset", .integer(offset)) }
    if let section { object.append("section", .string(section)) }
    object.append("meaning", .string(meaning))
    return ["error": .object(object), "exit": .integer(status.rawValue)]
  }
}

extension ErrorCode {
  fileprivate var isBadInput: Bool { layer == .format || layer == .policy }
}

/// Runs `body`; what the protocol refuses in it is told as a fault of `place`.
func naming<Value: ~Copyable>(_ place: String?, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as ProtocolError {
    throw CommandError(error, in: place)
  } catch let error as WireError {
    throw CommandError(ProtocolError(error), in: place)
  }
}
