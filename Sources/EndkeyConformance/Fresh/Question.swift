internal import EndkeyJSON
internal import EndkeySuite

/// A fresh question whose right answer the runner knows without a reference.
struct Question {
  enum Right {
    case gives(JSONObject)
    /// Rejected with one of these codes, none for any of the operation's; a code of layer `format` at one of these
    /// offsets.
    case refused(Set<String>, at: ClosedRange<Int>? = nil)
  }

  let prompt: Prompt
  let right: Right
  /// What it asks, for people.
  let says: String

  init(_ op: String, _ input: JSONObject, _ right: Right, _ says: String) {
    prompt = Prompt(op: op, input: input)
    self.right = right
    self.says = says
  }

  static func refused(_ code: String, at offset: Int) -> Right { .refused([code], at: offset...offset) }

  /// What is wrong with the answer; nil if it is right.
  func fault(of answer: Answer) -> String? {
    switch (right, answer) {
    case (.gives(let expected), .ok(let out, _)):
      Outcome.ok(expected).fault(of: .ok(out))?.description
    case (.gives, .reject): AnswerFault.rejectsWhatIsRight.description
    case (.refused, .ok): AnswerFault.acceptsWhatMustBeRejected.description
    case (.refused(let codes, let offsets), .reject(let rejection)):
      fault(of: rejection, codes, offsets)
    default: answer.failedReason
    }
  }

  private func fault(
    of rejection: Answer.Rejection, _ codes: Set<String>, _ offsets: ClosedRange<Int>?
  ) -> String? {
    if rejection.out != nil { return AnswerFault.outputWithRejection.description }
    let known = codes.isEmpty ? OperationDescription.named[prompt.op]?.codes ?? [] : codes
    guard let code = rejection.code, known.contains(code) else {
      return "rejects with \(rejection.code ?? "no code"), not with \(known.sorted().joined(separator: ", "))"
    }
    guard (rejection.offset != nil) == (Layer.of(code) == .format) else {
      return (rejection.offset == nil ? AnswerFault.offsetMissing : .offsetWithoutPlace).description
    }
    if let offset = rejection.offset, let offsets, !offsets.contains(offset) {
      return "rejects at offset \(offset), which is not from \(offsets.lowerBound) to \(offsets.upperBound)"
    }
    return nil
  }
}

extension Examination {
  /// Asks all questions in a drawn order: whoever answers by place, or by what came before, is found.
  func judge(_ questions: [Question], _ drawing: inout Drawing) throws(Check.Stop) {
    let questions = drawing.shuffled(questions)
    for (question, reply) in zip(questions, client.ask(questions.map(\.prompt))) {
      guard let fault = question.fault(of: reply.answer) else { continue }
      let verdict = reply.answer.failedVerdict
      let given = CanonicalJSON.bytes(of: .object(question.prompt.input)).excerpt(300)
      throw .fault(verdict, "\(question.prompt.op), \(question.says): \(fault); asked \(given)")
    }
  }
}

extension JSONObject {
  /// The same members, some with other values.
  func with(_ others: KeyValuePairs<String, JSONValue>) -> JSONObject {
    var object = self
    for (key, value) in others { object[key] = value }
    return object
  }

  /// The bytes of a member that the runner itself, or a vector of the suite, put there.
  func given(_ key: String) -> [UInt8] {
    guard case .string(let text)? = self[key] else { return [] }
    do throws(Hex.Fault) {
      return try Hex.decode(text)
    } catch {
      return []
    }
  }
}
