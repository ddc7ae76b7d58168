internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore

struct ScanCommand: AsyncParsableCommand {
  /// What the text is, so that values stay text in it.
  enum Escape: String, CaseIterable, ExpressibleByArgument {
    case text, json, csv

    var escaping: Escaping {
      switch self {
      case .text: .text
      case .json: .json
      case .csv: .csv(separator: UInt8(ascii: ","))
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "scan", abstract: "Copy standard input, with values in place of tokens and short blobs.",
    discussion: """
      What does not open stays as it is, is told on standard error, and makes the status 1; so does what begins as \
      a token or blob and is none, such as one that was cut. Values come from \
      strangers: for a JSON or a CSV text, say so with --escape. A page is not for this: what is shown may not be a \
      document of the service's making. The numbers of a report are the service's: standard error says so, and \
      `batch audit` has verified ones. --json writes the findings as JSON to standard error.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(help: "Escape values for this kind of text.")
  var escape = Escape.text
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    var replacer = ScanReplacer(
      ring: try await ReadingEnd.keyRing(try folder.store(), password), escaping: escape.escaping)
    // Before the text, so that nobody reads that without it. R-18.2-5
    try Console.note("the numbers of this text are unverified: `batch audit` has verified ones")
    let input = try Console.input()
    var text: [UInt8] = []
    while true {
      let piece = try input.piece()
      if piece.isEmpty { break }
      try replacer.feed(piece.span, into: &text)
      try Descriptor.output.write(text)
      text.removeAll(keepingCapacity: true)
    }
    try replacer.finish(into: &text)
    try Descriptor.output.write(text)
    for (findings, what) in [(replacer.unopened, "not opened"), (replacer.skipped, "not a token or blob")] {
      for finding in findings { try report(finding, what) }
    }
    if !replacer.unopened.isEmpty || !replacer.skipped.isEmpty { throw ExitStatus.checkFailed }
  }

  private func report(_ finding: ScanReplacer.Finding, _ what: String) throws {
    var error = CommandError(finding.code, "18", in: what)
    error.offset = finding.offset
    try Console.tell(error)
  }
}
