internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct AgentRequestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Make a new agent and ask to be enrolled under a code.",
    discussion: """
      An agent that waits for its first keys takes another code of its account. Without a code, one that has asked \
      already asks again with the same request.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(
    help: "The service of a new agent: https://HOST, or a folder that plays it.",
    completion: .directory, transform: Path.folder)
  var service: String?
  @Option(
    help: ArgumentHelp("Read the code from a file that only you can read.", valueName: "file"),
    completion: .file(), transform: Path.file)
  var codeFile: String?
  @Option(in: 0...Int32.max, help: ArgumentHelp("Read the code from an open descriptor.", valueName: "n"))
  var codeFd: Int32?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard codeFile == nil || codeFd == nil else { throw ValidationError("two sources of one code") }
  }

  func run() async throws {
    if !OutputFile.exists(folder.dir) {
      guard let service else {
        throw CommandError(
          .misuse, nil, "a new agent needs --service",
          next: "https://HOST, or the folder that plays it")
      }
      // Before a code is asked for: nothing is made for a service where no account is.
      let place = try folder.service(at: service)
      try place.requireAccount()
      let code = try readCode()
      try await folder.create(as: .agent, at: place) { store in
        _ = try await naming(codeFile ?? "enrolment code") {
          try await FolderAgent.of(store).enrol(code: code)
        }
      }
    } else {
      let store = try folder.store(as: .agent)
      try store.require(service: service)
      if codeFile != nil || codeFd != nil {
        let code = try readCode()
        _ = try await naming(codeFile ?? "enrolment code") {
          try await FolderAgent.of(store).enrol(code: code)
        }
      }
    }
    let (request, place) = try await folder.agent().sendRequest()
    let agentID = request.agentID
    if output.json {
      try Console.print([
        "agent": .string("\(agentID)"), "account": .string("\(request.accountID)"),
        "request": .string(place),
      ])
    } else {
      try Console.print("agent \(agentID) asks to be enrolled")
    }
  }

  private func readCode() throws -> SecretBytes {
    try SecretInput(codeFile, codeFd, "enrolment code", option: "--code-file").readText()
  }
}
