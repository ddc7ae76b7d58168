internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire
internal import Foundation

/// Why a command failed: printed as `endkey: FILE: code at offset (§section): meaning; what to do next`.
struct CommandError: Error, Equatable {
  var status: ExitStatus
  /// The file or other place at fault.
  var place: String?
  /// A code of §19, where the protocol refused something.
  var code: ErrorCode?
  var offset: Int?
  var section: String?
  var meaning: String
  /// What to do next, where the meaning does not say it.
  var next: String?

  /// Something that the protocol has no code for.
  init(_ status: ExitStatus, _ place: String? = nil, _ meaning: String, next: String? = nil) {
    self.status = status
    self.place = place
    self.meaning = meaning
    self.next = next
  }

  /// What the protocol would refuse.
  init(_ code: ErrorCode, _ section: String, in place: String) {
    status = code.isBadInput ? .badInput : .checkFailed
    self.place = place
    self.code = code
    self.section = section
    meaning = code.meaning
    next = code.remedy(section)
  }

  /// What the protocol refused. Input that is wrong by itself is bad input, anything else a failed check.
  init(_ error: ProtocolError, in place: String? = nil) {
    status = error.code.isBadInput ? .badInput : .checkFailed
    self.place = place
    code = error.code
    offset = error.offset
    section = error.section
    meaning = error.code.meaning
    next = error.code.remedy(error.section)
  }

  /// A file or folder that could not be read or written.
  init(_ error: StoreError) {
    self.init(error.isOfStream ? .untold : .badInput, error.place, error.meaning, next: error.remedy)
  }

  /// Why a step of an end was not done. `place` is that of what the end was given.
  init(_ error: EndError, in place: String?) {
    switch error {
    case .refused(let refusal, let fault): self.init(refusal, in: fault ?? place)
    case .store(let error): self.init(error)
    case .service(let error):
      let status: ExitStatus =
        switch error {
        case .signInRequired, .refused: .checkFailed
        default: .badInput
        }
      self.init(status, error.place, error.meaning, next: error.remedy)
    case .stopped: self.init(.checkFailed, error.place, error.meaning)
    case .noRequest:
      self.init(
        .checkFailed, error.place, error.meaning,
        next: "`endkey agent request` makes one, under a code of the owner")
    }
  }

  /// The system's error after a call that failed.
  static func system(_ place: String, _ action: String) -> CommandError {
    let code = errno
    return CommandError(
      .badInput, place, "cannot \(action): \(unsafe String(cString: strerror(code)))",
      next: SystemFault(code).remedy)
  }
}

extension CommandError: CustomStringConvertible {
  /// A service may have chosen the name of a file: what could steer a terminal is written out.
  var description: String {
    var text = "endkey: "
    if let place { text += "\(Self.shown(place)): " }
    if let code {
      text += code.rawValue
      if let offset { text += " at \(offset)" }
      if let section { text += " (§\(section))" }
      text += ": "
    }
    let end = meaning.hasSuffix("?") ? " " : "; "
    return Console.shown(text + meaning + (next.map { end + $0 } ?? ""))
  }

  /// A person does not call standard input `-`.
  private static func shown(_ place: String) -> String {
    guard place == "-" || place.hasPrefix("-: ") else { return place }
    return "standard input" + place.dropFirst()
  }

  /// As what ends the command, with its status.
  var json: JSONValue { ["error": told, "exit": .integer(status.rawValue)] }

  /// What happened, and where.
  var told: JSONValue {
    var object = JSONObject()
    if let place { object.append("place", .string(place)) }
    if let code { object.append("code", .string(code.rawValue)) }
    if let offset { object.append("offset", .integer(offset)) }
    if let section { object.append("section", .string(section)) }
    object.append("meaning", .string(meaning))
    if let next { object.append("next", .string(next)) }
    return .object(object)
  }
}

extension ErrorCode {
  fileprivate var isBadInput: Bool { layer == .format || layer == .policy }
}

/// Runs `body`; what is refused in it is told as a fault of `place`, unless it names its own.
func naming<Value: ~Copyable>(_ place: String?, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch {
    throw named(error, place)
  }
}

/// The same where `body` waits for a service.
func naming<Value: ~Copyable>(_ place: String?, _ body: () async throws -> Value) async throws -> Value {
  do {
    return try await body()
  } catch {
    throw named(error, place)
  }
}

private func named(_ error: any Error, _ place: String?) -> any Error {
  switch error {
  case let error as ProtocolError: CommandError(error, in: place)
  case let error as WireError: CommandError(ProtocolError(error), in: place)
  case let error as EndError: CommandError(error, in: place)
  case let error as StoreError: CommandError(error)
  case let error as ServiceError: CommandError(.service(error), in: place)
  default: error
  }
}
