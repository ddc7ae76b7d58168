internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct AccountCodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code", abstract: "Make an enrolment code for a computer or a second manager.",
    discussion: "Whoever has the code can enrol. It must not travel through the service.")

  @OptionGroup var folder: FolderArgument
  // Defaults are not the options' own: help would print their numbers on the wire.
  @Option(help: "What the code makes of its user; an agent if not given.")
  var role: Role?
  @Option(help: "Whether a person approves each request; automatic if not given.")
  var approval: Approval?
  @Option(help: "How many can enrol with it, 1 to 2047.")
  var uses: UInt16 = 1
  @Option(help: ArgumentHelp("When it ends: 30m, 12h, 7d, or never.", valueName: "duration"))
  var expiresIn = Lifetime.milliseconds(86_400_000)
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let owner = try await FolderOwner.open(EndFolder(folder.dir), password)
    let role = role ?? .agent
    let time = try now()
    let expires = try expiresIn.end(from: time)
    let new = try await owner.makeCode(
      role: role, approval: approval ?? .automatic, uses: uses, expires: expires, now: time)
    let text = new.code.text()
    if output.json {
      let code = text.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
      try Console.print([
        "code": .string(code), "role": .string(role.name), "uses": .integer(uses),
        "expires": .integer(expires?.milliseconds ?? 0),
      ])
    } else {
      try text.withBytes { try Descriptor.output.write($0) }
      try Descriptor.output.write([UInt8(ascii: "\n")])
    }
  }
}

/// How long a code lives.
enum Lifetime: Equatable, ExpressibleByArgument {
  case milliseconds(UInt64)
  case never

  init?(argument: String) {
    guard argument != "never" else {
      self = .never
      return
    }
    let units: [Character: UInt64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let last = argument.last, let unit = units[last], let count = UInt32(argument.dropLast()), count > 0
    else {
      return nil
    }
    self = .milliseconds(UInt64(count) * unit)
  }

  /// When a code that is made `now` ends; nil for never.
  func end(from now: Time) throws -> Time? {
    switch self {
    case .never: nil
    case .milliseconds(let count): try now.adding(milliseconds: count)
    }
  }

  var defaultValueDescription: String { "24h" }
}
