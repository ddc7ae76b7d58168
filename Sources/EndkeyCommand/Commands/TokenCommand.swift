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
    commandName: "seal", abstract: "Turn lines of standard input into tokens.")

  @OptionGroup var folder: FolderArgument
  @Option(help: "What the lines are.")
  var field: TokenField
  @OptionGroup var output: OutputOptions

  func run() throws {
    var sealer = try folder.agent().tokenSealer()
    var lines = LineReader(.input)
    while let line = try lines.next() {
      let text = try naming("line \(lines.number)") { try sealer.seal(line, field: field).text }
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
      --json has the values as they are.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    var opener = TokenOpener(ring: try await ReadingEnd.keyRing(try folder.store(), password))
    var lines = LineReader(.input)
    while let line = try lines.next() {
      let (token, value) = try naming("line \(lines.number)") {
        let token = try Token(text: line)
        return (token, try opener.open(token))
      }
      if output.json {
        try Console.print(
          [
            "field": .string(token.field.name), "epoch": .integer(token.epoch.value),
            "value": .string(String(decoding: value, as: UTF8.self)),
          ], .compact)
      } else {
        try Console.print(Console.shown(String(decoding: value, as: UTF8.self)))
      }
    }
  }
}
