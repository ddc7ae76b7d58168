internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore

struct InspectCommand: ParsableCommand {
  /// How the input is written.
  enum Form: String, CaseIterable, EnumerableFlag {
    case hex, base64url, text, binary

    static func help(for value: Form) -> ArgumentHelp? {
      switch value {
      case .hex: "The input is hex, white space allowed."
      case .base64url: "The input is base64url."
      case .text: "The input is a text form: ekt1_, eks1_, ekc1, ekb1 or ekr1."
      case .binary: "The input is the message itself."
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show a message field by field, also a damaged one.",
    discussion: """
      Each line has offset, length, section, field and value. A damaged message is shown up to the byte where it \
      fails; the status is 2 then. Seals stay closed, and a code's secret is not shown.
      """)

  @Argument(help: "The file; - is standard input.")
  var file = "-"
  @Flag(exclusivity: .exclusive)
  var form: Form?
  @Flag(help: ArgumentHelp("Answer lines of <StructName> <hex> with one JSON object each."))
  var lines = false
  @OptionGroup var output: OutputOptions

  func run() throws {
    if lines { return try answerLines() }
    let input = try Descriptor(reading: file).rest()
    let dump = try MessageDump(input, form)
    if output.json {
      try Console.print(dump.json)
    } else {
      for line in dump.lines { try Console.print(line) }
    }
    if let error = dump.error {
      var error = CommandError(error, in: file)
      error.status = .badInput
      throw error
    }
  }

  private func answerLines() throws {
    var lines = LineReader(try Descriptor(reading: file))
    while let line = try lines.next() {
      let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      guard let name = words.first, words.count <= 2 else {
        throw CommandError(.badInput, "line \(lines.number)", "not of the form <StructName> <hex>")
      }
      let answer = try StructReader.answer(
        String(decoding: name, as: UTF8.self), hex: words.count == 2 ? words[1] : [], line: lines.number)
      try Console.print(answer, .compact)
    }
  }
}
