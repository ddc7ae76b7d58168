internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct BatchEraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Have batches of a computer erased before their time. Only the owner can.",
    discussion: """
      They are audited first. What is erased is noted in the vault for good, and each audit shows it. Batches go \
      whole, with their blobs.
      """)

  @Option(help: ArgumentHelp("The agent's id, as `account agents` lists it.", valueName: "id"))
  var agent: AgentID
  @Option(
    in: 1...Limit.counterMax,
    help: ArgumentHelp("The first batch; the oldest one if not given.", valueName: "number"))
  var first: UInt64?
  @Option(in: 1...Limit.counterMax, help: ArgumentHelp("The last batch.", valueName: "number"))
  var last: UInt64
  @OptionGroup var account: AccountOptions

  func validate() throws {
    if let first, first > last { throw ValidationError("--first \(first) is after --last \(last)") }
  }

  func run() async throws {
    let (first, last) = (try first.map { try Counter($0) }, try Counter(last))
    let owner = try await account.open()
    let count = try await owner.erase(from: first, through: last, of: agent, consent: account.consent.consent)
    if account.output.json {
      try Console.print(["erased": .integer(count)])
    } else {
      try Console.print("\(counted(count, "batch", "batches")) erased")
    }
  }
}
