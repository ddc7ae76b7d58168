internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

/// Where the service of an end is from now on.
struct MoveOptions: ParsableArguments {
  @OptionGroup var folder: FolderArgument
  @Option(
    help: "Where the service is now: https://HOST, or the folder that plays it.", completion: .directory,
    transform: Path.folder)
  var service: String
  @OptionGroup var output: OutputOptions

  /// Writes it down, once the account of the end stands there.
  func move(_ store: EndFolder, of accountID: AccountID?) async throws {
    let service = try folder.service(at: service)
    try service.require(accountID)
    try await store.move(to: service.address)
    if output.json {
      try Console.print(["service": .string(service.address)])
    } else {
      try Console.print("\(folder.dir): its service is \(service.address)")
    }
  }
}

struct AgentMoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: "Say where the service is now, after it was moved.",
    discussion: "What was captured meanwhile goes to the new place. The account must stand there.")

  @OptionGroup var moving: MoveOptions

  func run() async throws {
    let store = try moving.folder.store(as: .agent)
    try await moving.move(store, of: try FolderAgent.of(store).status().accountID)
    if try RunLock.runner(in: store.path).isThere {
      try Console.note("\(store.path): the agent that runs here knows the old place until it is started anew")
    }
  }
}

struct AccountMoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: "Say where the service is now, after it was moved.",
    discussion: "This device's folder alone is changed: each agent, and each other device, is told by itself."
  )

  @OptionGroup var moving: MoveOptions

  func run() async throws {
    let store = try moving.folder.store(as: .owner)
    try await moving.move(store, of: try LockedOwner<EndFolder, ServicePlace>.accountID(in: store))
  }
}
