internal import EndkeyJSON
internal import EndkeySuite

/// Messages that no file has, and what a parser must say of them (sections 2.2 and 8 of the specification).
enum FreshMessages {
  /// How many of the last bytes of a message a parser takes as they are: signatures, sealed parts, hashes.
  private static let free: [String: Int] = [
    "wire/PersonKeys": 360, "wire/PasswordWrap": 72, "wire/AccountState": 64, "wire/OwnerVault": 64,
    "wire/EnrolmentRequest": 416, "wire/PersonRequest": 424, "wire/Grant": 320, "wire/SealedBlob": 72,
    "wire/RecordBatch": 64, "wire/Token": 16, "wire/LocalState": 72,
  ]

  static var checks: [Check] {
    OperationDescription.all.map(\.name).filter { $0.hasPrefix("wire/") }.map { op in
      let name = "check-fresh-\(op.split(separator: "/").joined(separator: "-"))"
      return Check(
        name, ops: [op], req: ["R-2.2-1", "R-2.2-2", "R-2.2-7"],
        "\(op) takes messages with drawn keys, hashes and signatures, and refuses them cut short, with a byte more, "
          + "and with another head."
      ) { (examination) throws(Check.Stop) in
        var drawing = examination.drawing(name)
        let examples = examination.suite.accepted(op).map { $0.given("message") }
        guard !examples.isEmpty else { throw .unsupported("the suite has no vector of \(op)") }
        var questions: [Question] = []
        for _ in 0..<8 { questions += ask(op, drawing.element(of: examples), &drawing) }
        try examination.judge(questions, &drawing)
      }
    }
  }

  private static func ask(_ op: String, _ example: [UInt8], _ drawing: inout Drawing) -> [Question] {
    let message = op == "wire/Token" ? PublicForms.token(&drawing) : varied(op, example, &drawing)
    func question(_ message: [UInt8], _ right: Question.Right, _ says: String) -> Question {
      Question(op, .of(["message": .hex(message)]), right, says)
    }
    var questions = [question(message, .gives(.of(["message": .hex(message)])), "a message")]
    // The content of a SealedBlob ends where the message does.
    let isOpenEnded = op == "wire/SealedBlob"
    if !isOpenEnded {
      let longer = message + drawing.bytes(1...3)
      questions.append(
        question(longer, Question.refused("trailing_bytes", at: message.count), "with bytes behind it"))
    }
    let fields = op == "wire/Token" ? [0, 1, 2, 6, 22, 24] : [0, 2, 3, 4, 20, 24]
    let cut = drawing.number(0...((isOpenEnded ? 24 : message.count) - 1))
    let start = cut < fields[5] ? fields.last { $0 <= cut } ?? 0 : nil
    questions.append(
      question(
        Array(message.prefix(cut)), .refused(["truncated"], at: start.map { $0...$0 } ?? fields[5]...cut),
        "its first \(cut) bytes"))
    for (range, code) in heads(op) {
      questions.append(
        question(
          drawing.flipped(message, in: range), Question.refused(code, at: range.lowerBound),
          "with another head"))
    }
    if op == "wire/Token" {
      var unlisted = message
      unlisted.replaceSubrange(22..<24, with: big(UInt16(drawing.element(of: [0, 15, 17, 8, 8192, 65535]))))
      questions.append(
        question(unlisted, Question.refused("length_out_of_range", at: 22), "of no length listed"))
    }
    return questions
  }

  /// The parts of the head that have one value, and the code of another.
  private static func heads(_ op: String) -> [(Range<Int>, String)] {
    op == "wire/Token"
      ? [(0..<1, "unknown_version")]
      : [(0..<2, "bad_magic"), (2..<3, "unknown_version"), (3..<4, "unexpected_type")]
  }

  /// The same message with other bytes where a parser takes any.
  private static func varied(_ op: String, _ example: [UInt8], _ drawing: inout Drawing) -> [UInt8] {
    var message = example
    // The account's id.
    if message.count >= 24 { message.replaceSubrange(4..<20, with: drawing.bytes(16)) }
    if let count = free[op], count <= message.count - 24 {
      message.replaceSubrange((message.count - count)..., with: drawing.bytes(count))
    }
    return message
  }
}
