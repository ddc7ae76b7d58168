internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore

struct InspectCommand: AsyncParsableCommand {
  /// How the input is written.
  enum Form: String, CaseIterable, EnumerableFlag {
    case hex, base64url, text, binary

    static func help(for value: Form) -> ArgumentHelp? {
      switch value {
      case .hex: "The input is hex, in either case, also as xxd, hexdump and od write it."
      case .base64url: "The input is base64 or base64url, padded or not."
      case .text: "The input is a text form: ekt1_, eks1_, ekc1, ekb1 or ekr1."
      case .binary: "The input is the message itself."
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show a message field by field, also a damaged one.",
    discussion: """
      Takes a file as it is, or what was copied from somewhere: hex, base64, lists of bytes, what xxd, hexdump and od \
      write, values of JSON, data URIs, mails, a token or code within other text. Each \
      line has offset, length, section, field and value; then come length and hash. A damaged message is shown up to \
      the byte where it fails; the status is 2 then. Seals stay closed unless --with says whose keys open them. A \
      code's secret is not shown.
      """)

  @Argument(help: "The file; - is standard input. (default: -)", completion: .file(), transform: Path.file)
  var file = "-"
  @Flag(exclusivity: .exclusive)
  var form: Form?
  @Flag(help: ArgumentHelp("Answer lines of <StructName> <hex> with one JSON object each."))
  var lines = false
  @Option(
    help: ArgumentHelp(
      "Show what is sealed in it too, with the keys of this person's or agent's folder.",
      valueName: "dir"),
    completion: .directory, transform: Path.folder)
  var with: String?
  @OptionGroup var waiting: WaitOption
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    if lines { return try answerLines() }
    let own = Self.ownFile(file)
    if let own, own.isSecret {
      throw CommandError(.badInput, file, "is \(own.meaning), and is not shown")
    }
    let input = try Console.input(file).rest()
    let dump = try MessageDump(input, form)
    if let own, dump.error != nil { throw CommandError(.badInput, file, "is no message, but \(own.meaning)") }
    var sealed: SealedContents?
    if let with, dump.error == nil, !dump.message.isEmpty {
      sealed = try await naming(file) {
        try await SealedContents(of: dump.message, with, waiting, password)
      }
    }
    if output.json {
      try Console.print(dump.json(with: sealed?.rows))
    } else {
      for line in dump.lines { try Console.print(line) }
      for row in sealed?.rows ?? [] { try Console.print("\(row.name): \(Console.shown(row.value))") }
    }
    for fault in sealed?.faults ?? [] {
      try Console.tell(CommandError(fault.error, in: "\(file): \(fault.name)"))
    }
    if sealed?.faults.isEmpty == false { throw ExitStatus.checkFailed }
    if let error = dump.error {
      var error = CommandError(error, in: file)
      error.status = .badInput
      // This is the command that such errors name.
      error.next = nil
      throw error
    }
  }

  /// What a file of an end's folder is that is no message.
  private static func ownFile(_ path: String) -> (meaning: String, isSecret: Bool)? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last,
      OutputFile.exists((parts.dropLast() + ["config.json"]).joined(separator: "/"))
    else { return nil }
    let meaning: String? =
      switch name {
      case "config.json": "what says what kind of end this folder is of, and where its service is"
      case "device.key": "the key of this end's folder"
      case "clock": "what says how far this computer's clocks had come"
      case "spent": "what says how far the spool is in batches"
      case "inputs": "what says which inputs were kept"
      case "health": "what says how an agent does: `endkey agent run --status` shows it"
      case "pinned": "the mark that an account is remembered here"
      case "admission": "what lets this agent's request in, sealed"
      case "kept": "the account as it was seen here last: `endkey account open` shows it"
      case "whole": "the last of the account that opened here: `endkey account open` shows it"
      case "publication": "what is being sent to the service"
      case "session": "the session at the service, sealed"
      case "incarnation": "what says which data the service had"
      default: nil
      }
    return meaning.map { ($0, name == "device.key") }
  }

  private func answerLines() throws {
    var lines = LineReader(try Console.input(file))
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
