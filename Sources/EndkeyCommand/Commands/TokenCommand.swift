internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Make and open tokens, one a line.",
    subcommands: [TokenSealCommand.self, TokenOpenCommand.self])
}

struct TokenSealCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seal", abstract: "Turn lines of standard input into tokens.",
    discussion: """
      A line that cannot be one, as one that is too long, is named; it is empty in the output, so that the lines of \
      both are in step.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(help: "What the lines are.")
  var field: TokenField
  @OptionGroup var output: OutputOptions

  func run() throws {
    var sealer = try folder.agent().tokenSealer()
    try output.forEachLine { line in
      let text = try sealer.seal(line, field: field).text
      if output.json {
        try Console.print(["token": .string(text)], .compact)
      } else {
        try Console.print(text)
      }
    }
  }
}

struct TokenOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Turn lines of tokens on standard input into values.",
    discussion:
      """
      The folder is a person's or an agent's. Line ends and what else could steer a terminal are written as \\u{...}; \
      --json has the values as they are. A line that does not open is named; it is empty in the output, so that the \
      lines of both are in step.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    var opener = TokenOpener(ring: try await ReadingEnd.keyRing(try folder.store(), password))
    try output.forEachLine { line in
      let token = try Token(text: line)
      let value = String(decoding: try opener.open(token), as: UTF8.self)
      if output.json {
        try Console.print(
          [
            "field": .string(token.field.name), "epoch": .integer(token.epoch.value),
            "value": .string(value),
          ], .compact)
      } else {
        try Console.print(Console.shown(value))
      }
    }
  }
}

extension OutputOptions {
  /// Does `body` for each line of standard input. One for which it fails is told, with its number, and is an empty line
  /// of the output, or `null`: what comes out has the lines of what went in.
  fileprivate func forEachLine(_ body: ([UInt8]) throws -> Void) throws {
    var status: ExitStatus?
    var lines = LineReader(try Console.input(), isText: true)
    while true {
      do {
        guard let line = try lines.next() else { break }
        try naming("line \(lines.number)") { try body(line) }
      } catch let error as CommandError where error.status != .untold {
        try Console.tell(error)
        try json ? Console.print(.null, .compact) : Console.print("")
        status = status ?? error.status
      }
    }
    if let status { throw status }
  }
}
