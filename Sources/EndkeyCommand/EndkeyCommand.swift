internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore

struct EndkeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endkey",
    abstract: "The reference implementation of the Endkey protocol.",
    discussion: """
      A folder plays the service; both ends work on it. Secrets come from a prompt, a file or a descriptor, never \
      from an argument. Output files are written whole or not at all, and never overwrite what they did not make.

      Exit codes: 0 done, 1 a check failed, 2 bad input, 4 kept here and not delivered yet, 64 misuse.
      """,
    version: Release.description,
    groupedSubcommands: [
      CommandGroup(
        name: "Owner's end:",
        subcommands: [AccountCommand.self, GrantCommand.self, BatchCommand.self, ScanCommand.self]),
      CommandGroup(name: "Agent:", subcommands: [AgentCommand.self, SpoolCommand.self]),
      CommandGroup(name: "Either end:", subcommands: [TokenCommand.self, BlobCommand.self]),
      CommandGroup(
        name: "Implementers:",
        subcommands: [
          ConformCommand.self, VectorsCommand.self, RespondCommand.self, WycheproofCommand.self,
          InspectCommand.self,
        ]),
    ])
}

/// `--json`, which every command has.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Write JSON, errors as well.")
  var json = false

  /// Does `body` for one of several inputs. What is refused in it is told as a fault of `place`, and keeps none of the
  /// others from being done: `status` is that of the first one that was refused.
  func attempt(_ place: String, _ status: inout ExitStatus?, _ body: () throws -> Void) throws {
    do {
      try naming(place, body)
    } catch let error as CommandError where error.status != .untold {
      try Console.tell(error)
      status = status ?? error.status
    }
  }

  /// Says what was written to `path`: on standard error where that is standard output.
  func report(_ line: String, _ value: JSONValue, besides path: String) throws {
    if path == "-" {
      try Console.beside(line, value)
    } else if json {
      try Console.print(value)
    } else {
      try Console.print(line)
    }
  }
}
