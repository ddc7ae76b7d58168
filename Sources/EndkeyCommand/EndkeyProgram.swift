internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore
internal import Foundation

/// The entry: runs the command line and ends the process with its status.
@main enum EndkeyProgram {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    Signals.prepare()
    StandardStreams.fill()
    exit(await run(arguments))
  }

  /// Parses and runs. Help, completion scripts and misuse are ArgumentParser's to print.
  static func run(_ arguments: [String]) async -> Int32 {
    var act: (any ActingCommand)?
    do {
      if let error = mistyped(arguments) { throw error }
      var command = try EndkeyCommand.parseAsRoot(arguments)
      act = command as? any ActingCommand
      if act != nil { try naming(nil) { try StandardStreams.requireOutput() } }
      if var command = command as? any AsyncParsableCommand {
        try await naming(nil) { try await command.run() }
      } else {
        try naming(nil) { try command.run() }
      }
      return ExitStatus.done.rawValue
    } catch let status as ExitStatus {
      return status.rawValue
    } catch var error as CommandError {
      if error.status == .untold { error = untold(error, act) }
      Console.end(with: error)
      return error.status.rawValue
    } catch {
      let exitCode = EndkeyCommand.exitCode(for: error)
      if exitCode.isSuccess, let error = misread(arguments) {
        Console.end(with: error)
        return error.status.rawValue
      }
      guard !exitCode.isSuccess else { EndkeyCommand.exit(withError: error) }
      guard Console.isJSON else {
        Console.end(withMisuse: EndkeyCommand.fullMessage(for: error))
        return exitCode.rawValue
      }
      Console.end(
        with: CommandError(
          .misuse, nil, EndkeyCommand.message(for: error), next: "the same with --help says what it takes"))
      return exitCode.rawValue
    }
  }

  /// What the command said could not be written: with what to do next.
  private static func untold(_ error: CommandError, _ act: (any ActingCommand)?) -> CommandError {
    var error = error
    if let act {
      error.next = "it was done, or may have been: before you do it again, \(type(of: act).shownBy)"
    } else {
      error.status = .badInput
      error.next = "nothing was changed: do it again where the output has room"
    }
    return error
  }

  /// The error of a word that stands where a command must, and is none.
  private static func mistyped(_ arguments: [String]) -> CommandError? {
    var command: any ParsableCommand.Type = EndkeyCommand.self
    let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    for word in words {
      let configuration = command.configuration
      guard !configuration.subcommands.isEmpty, configuration.defaultSubcommand == nil, !word.hasPrefix("-")
      else { return nil }
      let named = configuration.subcommands.map { ($0.configuration.commandName ?? "", $0) }
      guard let next = named.first(where: { $0.0 == word })?.1 else {
        let names = named.filter { $0.1.configuration.shouldDisplay }.map(\.0)
        return CommandError(
          .misuse, nil, Suggestion.unknown("command", word, among: names), next: "`endkey help` lists them")
      }
      command = next
    }
    return nil
  }

  /// The error of a word that begins with `-` and has an `h`, which is no question for help.
  private static func misread(_ arguments: [String]) -> CommandError? {
    let words = arguments.prefix { $0 != "--" }
    guard words.first != "help", !words.contains("--help"), !words.contains("-h"),
      let word = words.first(where: { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains("h") })
    else { return nil }
    return CommandError(
      .misuse, nil, "no option \"\(word)\"",
      next: "a name that begins with - stands behind all options and --, the value of an option behind =")
  }
}
