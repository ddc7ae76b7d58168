internal import EndkeyConformance
internal import EndkeyFuzz
internal import EndkeyJSON
internal import EndkeySuite
internal import EndkeyVectors

extension FuzzTarget {
  /// What other people's files and programs say to the tools.
  static let files: [FuzzTarget] = [vectorFile, wycheproof, clientLine, clientAnswer]

  private static var vectorFile: FuzzTarget {
    FuzzTarget(
      "vector-file", "a file of the suite: written and read it is the same", maxLength: 8192,
      seeds: [.made("files")]
    ) { (input, _) throws(Violation) in
      let file: VectorFile
      do {
        file = try VectorFile(parsing: input.array)
      } catch {
        return .refused
      }
      let written = file.serialized
      let again = try must("reading what was written") { try VectorFile(parsing: written) }
      try require(again == file, "written and read it is another file")
      try require(again.serialized == written, "the same file is written in two ways")
      return .accepted
    }
  }

  private static var wycheproof: FuzzTarget {
    FuzzTarget(
      "wycheproof", "a file of Project Wycheproof's: no test is lost or counted twice", maxLength: 8192,
      seeds: [.made("wycheproof")]
    ) { (input, _) throws(Violation) in
      // A test asks for at most twenty million iterations of PBKDF2, and a file holds many: right, but slow.
      guard !input.array.contains("PBKDF2"), !input.array.contains("\\u") else { return .refused }
      let report: WycheproofReport
      do throws(WycheproofError) {
        report = try Wycheproof.run(input.array, name: "fuzzed")
      } catch {
        return .refused
      }
      let skipped = report.skipped.reduce(0) { $0 + $1.count }
      try require(report.passed + report.failures.count + skipped == report.total, "the counts do not add up")
      let ids = report.failures.map(\.id)
      try require(ids.count <= report.total, "more failures than tests")
      return .accepted
    }
  }

  private static var clientAnswer: FuzzTarget {
    FuzzTarget(
      "client-answer", "what a client under test writes: lines the same wherever it is cut, read as written",
      maxLength: 8192, seeds: [.made("answers")]
    ) { (input, _) throws(Violation) in
      let bytes = input.array
      if let difference = ClientOutput.disagreement(bytes) { throw Violation(difference) }
      return ClientOutput.isUnderstood(bytes) ? .accepted : .refused
    }
  }

  private static var clientLine: FuzzTarget {
    let responder = Responder(version: "fuzz")
    return FuzzTarget(
      "client-line", "a request of the client protocol: one line of JSON answers it, the same each time",
      maxLength: 8192, seeds: [.made("requests")]
    ) { (input, _) throws(Violation) in
      let line = input.array
      // A line asks for at most ten million iterations of PBKDF2, and a new account's key: right, but slow.
      guard !line.contains("pbkdf2"), !line.contains("\"password\""), !line.contains("\\u") else {
        return .refused
      }
      guard let answer = responder.answer(to: line) else {
        try require(line.contains("bye"), "no answer, though nobody said bye")
        return .accepted
      }
      try require(responder.answer(to: line) == answer, "the same request has two answers")
      try require(answer.last == 0x0a && !answer.dropLast().contains(0x0a), "the answer is not one line")
      let value = try must("reading the answer") { try JSONValue(parsing: answer) }
      guard case .object(let object) = value else { throw Violation("the answer is no object") }
      if object["client"] != nil { return .accepted }
      guard case .string(let outcome)? = object["outcome"] else {
        throw Violation("the answer has no outcome")
      }
      try require(
        ["ok", "reject", "unsupported", "error"].contains(outcome), "\(outcome) is no outcome")
      return outcome == "error" ? .refused : .accepted
    }
  }
}

extension [UInt8] {
  fileprivate func contains(_ text: String) -> Bool { contains([UInt8](text.utf8)) }

  /// Whether `part` stands in these bytes.
  func contains(_ part: [UInt8]) -> Bool {
    guard let first = part.first, part.count <= count else { return part.isEmpty }
    for start in 0...(count - part.count) where self[start] == first {
      if self[start..<start + part.count].elementsEqual(part) { return true }
    }
    return false
  }
}
