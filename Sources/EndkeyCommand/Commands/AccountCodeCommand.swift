internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct AccountCodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code", abstract: "Make an enrolment code for computers or a manager.",
    discussion: """
      Whoever has the code can enrol. It must not travel through the service. A manager's code is for one person, whom \
      the owner adds by hand; a computer with the MasterKey can read everything up to its epoch, and the owner lets in \
      each by hand too.
      """)

  // Defaults are not the options' own: help would print their numbers on the wire.
  @Option(help: "What the code makes of its user; an agent if not given.")
  var role: Role?
  @Option(help: "What a computer is granted; scoped if not given. Only the owner can choose master.")
  var kind: GrantKind?
  @Option(help: "Whether a person approves each request of a computer; automatic if not given, for scoped.")
  var approval: Approval?
  @Option(in: 1...2_047, help: "How many computers can enrol with it.")
  var uses: UInt16 = 1
  @Option(help: "What the code is called, and the computers that come with it.")
  var label = ""
  @Option(help: ArgumentHelp("When it ends: 30m, 12h, 7d, or never.", valueName: "duration"))
  var expiresIn = Lifetime.milliseconds(86_400_000)
  @OptionGroup var account: AccountOptions

  func validate() throws {
    try requireLabel("--label", label)
    guard kind != .master || approval != .automatic else {
      throw ValidationError("--kind master is never automatic: the owner approves each computer")
    }
  }

  func run() async throws {
    let owner = try await account.open()
    let use: CodeUse =
      role == .manager
      ? .manager : kind == .master ? .masterAgents(uses: uses) : .agents(approval ?? .automatic, uses: uses)
    let (label, expires) = (label, expiresIn.end(from: now()))
    if role != .manager { try Console.noteDoubles(ofCode: label, in: await owner.status.vault) }
    let made = MadeCode()
    do {
      try await account.act(on: owner) { (owner, consent, now, random) throws(ProtocolError) in
        let new = try owner.makeCode(
          use, label: label, expires: expires, consent: consent, now: now, using: &random)
        made.keep(new.code.text())
        return new.publication
      }
    } catch EndError.service(.uncertain(let place, let reason, _)) {
      // It goes with the next step, when nobody could tell its text any more.
      try show(made, use, expires)
      throw CommandError(
        .badInput, place, "\(reason); the code is made, and lets nobody in before the service has it",
        next: "`endkey account open` sends it again")
    }
    try show(made, use, expires)
  }

  private func show(_ made: MadeCode, _ use: CodeUse, _ expires: Time?) throws {
    guard let text = made.take() else { return }
    if account.output.json {
      let code = text.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
      try Console.print([
        "code": .string(code), "role": .string(use.role.name), "kind": .string(use.kind.name),
        "uses": .integer(use.uses), "expires": .integer(expires?.milliseconds ?? 0),
      ])
    } else {
      try text.withBytes { try Descriptor.output.write($0) }
      try Descriptor.output.write([UInt8(ascii: "\n")])
    }
  }
}

/// The text of the code that an act has made; it may have been made again.
private final class MadeCode: @unchecked Sendable {
  private var text: SecretBytes?

  func keep(_ text: consuming SecretBytes) { self.text = .some(text) }
  func take() -> SecretBytes? { text.take() }
}

/// How long a code lives.
enum Lifetime: Equatable, WordArgument {
  case milliseconds(UInt64)
  case never

  static func fault(_ word: String) -> String {
    "give a number above 0 with s, m, h or d, such as 30m, 12h or 7d; or never"
  }

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
  func end(from now: Time) -> Time? {
    switch self {
    case .never: nil
    case .milliseconds(let count): now.adding(milliseconds: count)
    }
  }

  var defaultValueDescription: String { "24h" }
}
