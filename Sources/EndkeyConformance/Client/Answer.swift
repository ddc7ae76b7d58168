internal import EndkeyJSON
internal import EndkeySuite

/// What became of a prompt: the client's answer, or the runner's own finding.
enum Answer: Equatable, Sendable {
  case ok(out: JSONObject, trace: JSONObject?)
  case reject(Rejection)
  case unsupported(reason: String)
  /// The client's own fault: it could not answer.
  case error(detail: String)
  case crash(String)
  case timeout(String)
  /// With what to do about it.
  case violation(String, advice: String? = nil)
  /// Never sent, because the client was given up.
  case skipped(String)

  /// Most bytes of a text that a client chooses and the runner keeps.
  static let textMaximum = 1 << 10

  struct Rejection: Equatable, Sendable {
    /// After the map of codes, if the client gave none of ours.
    let code: String?
    let native: String?
    let offset: Int?
    /// What nobody may get together with a rejection.
    let out: JSONValue?
  }
}

/// An answer's line, taken apart.
struct AnswerLine {
  let seq: Int
  let answer: Answer

  /// Throws for what is no answer of the client protocol.
  init(parsing line: [UInt8], codes: CodeMap) throws {
    let value = try JSONValue(parsing: line, limits: JSONLimits(byteCount: LineSplitter.lineMaximum))
    self = try JSONCursor(value).object { fields in
      let seq = try fields.required("seq").integer(in: 0...Int.max)
      let outcome = try fields.required("outcome")
      let answer: Answer
      switch try outcome.string() {
      case "ok":
        let trace = try fields.optional("trace")?.plainObject()
        answer = .ok(out: try fields.required("out").plainObject(), trace: trace)
      case "reject":
        let native = try fields.optional("native")?.shortString()
        let code = try fields.optional("code")?.shortString()
        let offset = try fields.optional("offset")?.integer(in: 0...Int.max)
        _ = try fields.optional("trace")?.plainObject()
        answer = .reject(
          Answer.Rejection(
            code: codes.code(code, native: native), native: native, offset: offset,
            out: fields.optional("out")?.value))
      case "unsupported":
        answer = .unsupported(reason: try fields.required("reason").shortString())
      case "error":
        answer = .error(detail: try fields.required("detail").string().cut)
      default:
        throw outcome.error("neither ok, reject, unsupported nor error")
      }
      return AnswerLine(seq: seq, answer: answer)
    }
  }

  /// The number that a line bears which is perhaps no answer.
  static func seq(of line: [UInt8]) -> Int? {
    do {
      let value = try JSONValue(parsing: line, limits: JSONLimits(byteCount: LineSplitter.lineMaximum))
      var fields = try JSONCursor(value).fields()
      return try fields.required("seq").integer(in: 0...Int.max)
    } catch {
      return nil
    }
  }

  private init(seq: Int, answer: Answer) {
    self.seq = seq
    self.answer = answer
  }
}

extension JSONCursor {
  fileprivate func shortString() throws -> String {
    let text = try string()
    guard text.utf8.count <= Answer.textMaximum else {
      throw error("longer than \(Answer.textMaximum) bytes")
    }
    return text
  }
}

extension String {
  /// Whole characters, as many as are kept.
  fileprivate var cut: String {
    guard utf8.count > Answer.textMaximum else { return self }
    var (text, count) = ("", 0)
    for scalar in unicodeScalars {
      count += UTF8.width(scalar)
      guard count <= Answer.textMaximum else { break }
      text.unicodeScalars.append(scalar)
    }
    return text
  }
}

extension Answer {
  /// As far as a vector's rule judges it; nothing if it is neither an output nor a rejection.
  var judged: JudgedAnswer? {
    switch self {
    case .ok(let out, _): .ok(out)
    case .reject(let rejection):
      .reject(code: rejection.code, offset: rejection.offset, hasOutput: rejection.out != nil)
    default: nil
    }
  }
}

extension Answer {
  /// The text of what is no answer on a protocol question.
  var detail: String {
    switch self {
    case .ok, .reject: ""
    case .unsupported(let text), .error(let text), .crash(let text), .timeout(let text),
      .violation(let text, _),
      .skipped(let text):
      text
    }
  }

  /// What to do about it, where that is known.
  var advice: String? {
    if case .violation(_, let advice) = self { advice } else { nil }
  }
}
