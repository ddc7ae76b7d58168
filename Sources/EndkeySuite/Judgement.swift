public import EndkeyJSON

/// An answer to a vector, as far as it is judged.
public enum JudgedAnswer: Sendable {
  case ok(JSONObject)
  /// `code` is nil when the answer names no code of the specification. `hasOutput`: it gives an `out` all the same.
  case reject(code: String?, offset: Int?, hasOutput: Bool = false)

  /// The answer that an implementation in this process gave.
  public init(_ outcome: Outcome) {
    switch outcome {
    case .ok(let out): self = .ok(out)
    case .reject(let code, let offset): self = .reject(code: code, offset: offset)
    }
  }
}

/// What is wrong with an answer.
public enum AnswerFault: Equatable, Sendable {
  case rejectsWhatIsRight
  case acceptsWhatMustBeRejected
  /// The members of the output that differ, and how.
  case wrongOutput(String)
  case outputWithRejection
  case otherCode
  case otherOffset
  case offsetMissing
  /// The code is not of layer `format`.
  case offsetWithoutPlace
}

extension Outcome {
  /// What is wrong with `answer`, when this outcome is expected; nil if it is right.
  ///
  /// This is the rule that `vectors/README.md` states under "What a right answer is". The generator, the verifier and
  /// the runner judge by it and by nothing else.
  public func fault(of answer: JudgedAnswer) -> AnswerFault? {
    switch (self, answer) {
    case (.ok(let expected), .ok(let out)):
      return out == expected ? nil : .wrongOutput(expected.difference(from: out))
    case (.ok, .reject): return .rejectsWhatIsRight
    case (.reject, .ok): return .acceptsWhatMustBeRejected
    case (.reject(let code, let offset), .reject(let givenCode, let givenOffset, let hasOutput)):
      if hasOutput { return .outputWithRejection }
      if givenCode != code { return .otherCode }
      if givenOffset == offset { return nil }
      if offset == nil { return .offsetWithoutPlace }
      return givenOffset == nil ? .offsetMissing : .otherOffset
    }
  }
}

extension AnswerFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rejectsWhatIsRight: "rejects what is right"
    case .acceptsWhatMustBeRejected: "accepts what must be rejected"
    case .wrongOutput(let members): "wrong output: \(members)"
    case .outputWithRejection: "gives an output with its rejection"
    case .otherCode: "rejects with another code"
    case .otherOffset: "rejects at another offset"
    case .offsetMissing: "gives no offset"
    case .offsetWithoutPlace: "gives an offset, and its code has none"
    }
  }
}

extension JSONObject {
  /// How the members of `out` differ from these, which are right.
  fileprivate func difference(from out: JSONObject) -> String {
    let wrong = members.filter { $0.value != out[$0.key] }.map { member in
      member.key + Self.place(member.value, out[member.key])
    }
    let extra = out.members.map(\.key).filter { self[$0] == nil }.map { "\($0), which must not be there" }
    return (wrong + extra).joined(separator: ", ")
  }

  /// From which byte on two values in hex differ.
  private static func place(_ expected: JSONValue, _ got: JSONValue?) -> String {
    guard let got else { return " is missing" }
    guard case .string(let expected) = expected, case .string(let got) = got else { return "" }
    let same = zip(expected.utf8, got.utf8).prefix { $0 == $1 }.count
    return " from byte \(same / 2) on (of \(got.utf8.count / 2), expected \(expected.utf8.count / 2))"
  }
}
