internal import ArgumentParser
internal import EndkeyStore

struct AgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "Enrol an agent, and capture and send activity.",
    subcommands: [
      AgentRequestCommand.self, AgentAcceptCommand.self, AgentIDCommand.self, AgentStatusCommand.self,
      AgentCaptureCommand.self, AgentSendCommand.self, AgentRecordCommand.self, AgentRunCommand.self,
      AgentImportCommand.self, AgentMoveCommand.self,
    ])
}

/// The folder of an end.
struct FolderArgument: ParsableArguments {
  @Argument(help: "The folder of this end.", completion: .directory, transform: Path.folder)
  var dir: String
  @OptionGroup var waiting: WaitOption

  /// The store in this folder, which must be there.
  func store(as role: EndFolder.Role? = nil) throws -> EndFolder { try waiting.store(dir, as: role) }

  /// The agent in this folder.
  func agent() throws -> FolderAgent { try FolderAgent.of(try store(as: .agent)) }

  /// The service of a new end.
  func service(at address: String) throws -> ServicePlace {
    let place = try ServicePlace(address, patience: waiting.patience)
    try place.require(apartFrom: dir)
    return place
  }

  /// Refuses a folder that is there: before a person is asked for what would make it.
  func requireNew() throws {
    guard !OutputFile.exists(dir) else { throw StoreError.exists(place: dir) }
  }

  /// Makes the folder of a new end, whole or not at all.
  func create(
    as role: EndFolder.Role, at service: ServicePlace, login: String = "",
    _ fill: (EndFolder) async throws -> Void
  ) async throws {
    try await EndFolder.create(
      dir, as: role, service: service.address, login: login, patience: waiting.patience
    ) { store in try await fill(store.telling()) }
  }

  /// Makes the folder of a new end, and then sends what is in it. What the service has not taken leaves no folder; what
  /// it may have taken is there to be sent again, also after a crash. H-10-6
  func create(
    as role: EndFolder.Role, at service: ServicePlace, login: String,
    _ fill: (EndFolder) async throws -> Void, sending: (EndFolder) async throws -> Void
  ) async throws {
    try await create(as: role, at: service, login: login, fill)
    let store = try self.store(as: role)
    do {
      try await sending(store)
    } catch EndError.service(let error) {
      if case .uncertain = error { throw EndError.service(error) }
      try store.removeAll()
      throw EndError.service(error)
    }
  }
}
