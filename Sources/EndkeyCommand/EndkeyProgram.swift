internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore
internal import Foundation

/// The entry: runs the command line and ends the process with its status.
@main enum EndkeyProgram {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    exit(await run(arguments))
  }

  /// Parses and runs. Help, completion scripts and misuse are ArgumentParser's to print.
  static func run(_ arguments: [String]) async -> Int32 {
    do {
      var command = try EndkeyCommand.parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await naming(nil) { try await command.run() }
      } else {
        try naming(nil) { try command.run() }
      }
      return ExitStatus.done.rawValue
    } catch let status as ExitStatus {
      return status.rawValue
    } catch let error as CommandError {
      report(error, asJSON: arguments.contains("--json"))
      return error.status.rawValue
    } catch {
      EndkeyCommand.exit(withError: error)
    }
  }

  /// Tells an error on standard error.
  static func report(_ error: CommandError, asJSON: Bool) {
    let text = asJSON ? error.json.serialized(.compact) : Array((error.description + "\n").utf8)
    // Where standard error is closed, the status must say it all.
    do { try Descriptor.error.write(text) } catch {}
  }
}
