internal import ArgumentParser
internal import EndkeyStore

/// What every command takes that works on the folder of an end.
struct WaitOption: ParsableArguments {
  @Option(
    in: 0...UInt32.max,
    help: ArgumentHelp(
      "How long to wait for another process that works on the folder or its service.", valueName: "seconds"))
  var wait: UInt32 = 60

  var patience: Duration { .seconds(wait) }

  /// The store in a folder, which must be there.
  func store(_ folder: String, as role: EndFolder.Role? = nil) throws -> EndFolder {
    try EndFolder(folder, as: role, patience: patience).telling()
  }
}
