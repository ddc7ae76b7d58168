internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountRetentionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "Say for how long the service keeps what agents send. Only the owner can.",
    discussion: "The service erases by itself what is older. `batch erase` is for less.")

  @Option(in: RetentionDays.range, help: "For how many days batches are kept.")
  var days: Int
  @Option(
    in: RetentionDays.range,
    help: "For how many days recordings and long texts are kept; as batches if not given.")
  var blobDays: Int?
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let (days, blobDays) = (try RetentionDays(days), try RetentionDays(blobDays ?? days))
    let owner = try await account.open()
    try await account.act(on: owner) { (owner, consent, now, random) throws(ProtocolError) in
      try owner.setRetention(days, blobs: blobDays, consent: consent, now: now, using: &random)
    }
    try await owner.tellRetention()
    if account.output.json {
      try Console.print(["days": .integer(days.value), "blobDays": .integer(blobDays.value)])
    } else {
      try Console.print("batches are kept for \(days.value) days, blobs for \(blobDays.value)")
    }
  }
}
