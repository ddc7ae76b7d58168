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
  case violation(String)
  /// Never sent, because the client was given up.
  case skipped(String)

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
        let native = try fields.optional("native")?.string()
        let code = try fields.optional("code")?.string()
        let offset = try fields.optional("offset")?.integer(in: 0...Int.max)
        _ = try fields.optional("trace")?.plainObject()
        answer = .reject(
          Answer.Rejection(
            code: codes.code(code, native: native), native: native, offset: offset,
            out: fields.optional("out")?.value))
      case "unsupported":
        answer = .unsupported(reason: try fields.required("reason").string())
      case "error":
        answer = .error(detail: try fields.required("detail").string())
      default:
        throw outcome.error("neither ok, reject, unsupported nor error")
      }
      return AnswerLine(seq: seq, answer: answer)
    }
  }

  private init(seq: Int, answer: Answer) {
    self.seq = seq
    self.answer = answer
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
    case .unsupported(let text), .error(let text), .crash(let text), .timeout(let text), .violation(let text),
      .skipped(let text):
      text
    }
  }
}
