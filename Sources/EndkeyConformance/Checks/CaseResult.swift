internal import EndkeyJSON

/// What the runner says of a case.
public enum Verdict: String, CaseIterable, Sendable {
  case pass, fail, unsupported, crash, timeout
  case protocolViolation = "protocol_violation"
  /// Not asked, because the client was given up.
  case skipped

  /// Whether a question was put and something came of it.
  var isExecuted: Bool { self != .unsupported && self != .skipped }
  var isFailure: Bool { isExecuted && self != .pass }
}

/// A vector, check or scenario, and what became of it.
public struct CaseResult: Sendable {
  enum Kind: String, Sendable {
    case vector, check, scenario
  }

  /// The first intermediate value that differs from the vector's.
  struct Difference: Equatable, Sendable {
    let name: String
    let expected: JSONValue
    let got: JSONValue?
  }

  public let id: String
  let op: String
  let kind: Kind
  let level: String
  let req: [String]
  /// What the case is about, for people.
  let about: String
  public internal(set) var verdict: Verdict
  /// Why, in words; empty for a pass.
  public internal(set) var reason: String
  var request: JSONObject?
  var expected: JSONValue?
  var got: JSONValue?
  var difference: Difference?
  /// What to do about it, in a sentence: for a mistake that is easily made.
  var advice: String?
  /// The case behind whose failure this one stands: its twin.
  var behind: String?
  /// Whether it failed again by itself, in a fresh process; nothing if that was not tried.
  var failsAlone: Bool?
  /// The fault that the client probably has.
  var cause: String?
  /// Set when the list of known failures excuses it.
  var known: KnownFailure?

  init(
    id: String, op: String, kind: Kind, level: String = "MUST", req: [String], about: String,
    verdict: Verdict,
    reason: String = "", request: JSONObject? = nil, expected: JSONValue? = nil, got: JSONValue? = nil,
    difference: Difference? = nil
  ) {
    self.id = id
    self.op = op
    self.kind = kind
    self.level = level
    self.req = req
    self.about = about
    self.verdict = verdict
    self.reason = reason
    self.request = request
    self.expected = expected
    self.got = got
    self.difference = difference
  }

  /// Counts as a failure of the run.
  var isFailure: Bool { verdict.isFailure && known == nil }
  /// The chapter of the specification.
  var chapter: String { req.first.map(Requirement.chapter(of:)) ?? "" }
}

extension Answer {
  /// The verdict of an answer that is neither an output nor a rejection.
  var failedVerdict: Verdict {
    switch self {
    case .ok, .reject, .error: .fail
    // It said in its hello that it has the operation.
    case .unsupported: .fail
    case .crash: .crash
    case .timeout: .timeout
    case .violation: .protocolViolation
    case .skipped: .skipped
    }
  }

  /// What is wrong with it where an output or rejection is due.
  var failedReason: String {
    switch self {
    case .ok, .reject: ""
    case .unsupported(let reason): "claimed in hello, but unsupported: \(reason)"
    case .error(let detail): "the client could not answer: \(detail)"
    case .crash(let text), .timeout(let text), .violation(let text, _), .skipped(let text): text
    }
  }

  var json: JSONValue? {
    switch self {
    case .ok(let out, _): return ["outcome": "ok", "out": .object(out)]
    case .reject(let rejection):
      var object = JSONObject()
      object.append("outcome", "reject")
      object.append("code", rejection.code.map(JSONValue.string) ?? .null)
      if let native = rejection.native { object.append("native", .string(native)) }
      if let offset = rejection.offset { object.append("offset", .integer(offset)) }
      if let out = rejection.out { object.append("out", out) }
      return .object(object)
    default: return nil
    }
  }
}
