internal import EndkeyJSON

/// What must hold of anything that a client under test may write: its lines are the same wherever its output is cut,
/// and an answer that is read is read of its own members. The fuzzer asks.
package enum ClientOutput {
  /// The first thing that does not hold of `bytes`; nil when all does.
  package static func disagreement(_ bytes: [UInt8]) -> String? {
    let whole = lines(of: [bytes])
    for cut in stride(from: 0, through: bytes.count, by: max(1, bytes.count / 8)) {
      let parts = lines(of: [[UInt8](bytes[..<cut]), [UInt8](bytes[cut...])])
      guard parts == whole else { return "cut at \(cut), its lines are others" }
    }
    for line in whole {
      do {
        let answer = try AnswerLine(parsing: line, codes: CodeMap())
        let again = try AnswerLine(parsing: answer.serialized, codes: CodeMap())
        guard again.seq == answer.seq, again.answer == answer.answer else {
          return "read again, an answer is another"
        }
      } catch is JSONSyntaxError {
      } catch is JSONShapeError {
      } catch {
        return "a line is refused with \(error)"
      }
    }
    return nil
  }

  /// Whether a line of `bytes` is an answer, or a hello.
  package static func isUnderstood(_ bytes: [UInt8]) -> Bool {
    lines(of: [bytes]).contains { line in
      do {
        _ = try AnswerLine(parsing: line, codes: CodeMap())
        return true
      } catch {}
      do {
        _ = try ClientIdentity(parsing: line, seq: 0)
        return true
      } catch {
        return false
      }
    }
  }

  private static func lines(of pieces: [[UInt8]]) -> [[UInt8]] {
    var splitter = LineSplitter()
    var lines: [[UInt8]] = []
    for piece in pieces {
      do {
        lines += try splitter.lines(of: piece)
      } catch {
        lines.append([])  // too long: the same wherever it is cut
      }
    }
    return lines
  }
}

extension AnswerLine {
  /// The line again, of what was read.
  fileprivate var serialized: [UInt8] {
    var object = JSONObject()
    object.append("seq", .integer(seq))
    switch answer {
    case .ok(let out, let trace):
      object.append("outcome", "ok")
      object.append("out", .object(out))
      if let trace { object.append("trace", .object(trace)) }
    case .reject(let rejection):
      object.append("outcome", "reject")
      if let code = rejection.code { object.append("code", .string(code)) }
      if let native = rejection.native { object.append("native", .string(native)) }
      if let offset = rejection.offset { object.append("offset", .integer(offset)) }
      if let out = rejection.out { object.append("out", out) }
    case .unsupported(let reason):
      object.append("outcome", "unsupported")
      object.append("reason", .string(reason))
    case .error(let detail):
      object.append("outcome", "error")
      object.append("detail", .string(detail))
    case .crash, .timeout, .violation, .skipped:
      object.append("outcome", "none")  // nothing that a line says
    }
    return JSONValue.object(object).serialized(.compact)
  }
}
