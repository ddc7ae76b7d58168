internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

struct AgentRequestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Make a new agent and ask to be enrolled under a code.",
    discussion: "Without a code, an agent that has asked already asks again with the same request.")

  @OptionGroup var folder: FolderArgument
  @Option(help: "The folder that plays the service.")
  var service: String?
  @Option(help: ArgumentHelp("Read the code from a file that only you can read.", valueName: "file"))
  var codeFile: String?
  @Option(help: ArgumentHelp("Read the code from an open descriptor.", valueName: "n"))
  var codeFd: Int32?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard codeFile == nil || codeFd == nil else { throw ValidationError("two sources of one code") }
  }

  func run() throws {
    if !OutputFile.exists(folder.dir) {
      guard let service else {
        throw CommandError(.misuse, nil, "a new agent needs --service")
      }
      try make(service)
    } else if codeFile != nil || codeFd != nil {
      throw CommandError(.alreadyPinned, "10.3", in: folder.dir)
    }
    let end = try AgentEnd.open(folder.dir)
    guard let request = end.agent.request, let agentID = end.agent.agentID else {
      throw CommandError(.checkFailed, folder.dir, "this agent has made no request")
    }
    let place = end.folder.service.request(of: agentID)
    try Folder.make("\(end.folder.service.path)/requests")
    try OutputFile.write(request.serialized, to: place, .replaced)
    if output.json {
      try Console.print([
        "agent": .string("\(agentID)"), "account": .string("\(request.header.accountID)"),
        "request": .string(place),
      ])
    } else {
      try Console.print("agent \(agentID) asks to be enrolled")
    }
  }

  private func make(_ service: String) throws {
    let code = try SecretInput(codeFile, codeFd, "enrolment code").read()
    var random = SystemRandom()
    try EndFolder.create(folder.dir, as: .agent, service: service) { folder, deviceKey in
      var agent = Agent(identity: try Identity.generate(using: &random))
      _ = try naming(codeFile) { try agent.enrol(code: code, using: &random) }
      try AgentEnd.save(&agent, in: folder, deviceKey, &random)
    }
  }
}
