internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyWire

struct AccountRotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Go to the next epoch: new keys, for all members that are not revoked.",
    discussion: """
      The password stays, unless a new one is given. A second manager, who does not know it, sets a new one.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var newPassword: NewPasswordOptions
  @OptionGroup var iterations: IterationOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    var end = try OwnerEnd.open(folder.dir, password)
    let iterations = iterations.iterations ?? end.iterations
    let publication: Owner.NewEpoch
    switch end.credentials {
    case .some(let credentials) where !newPassword.isGiven:
      publication = try end.owner.rotate(with: credentials, iterations: iterations, using: &end.random)
    default:
      let credentials = try end.newCredentials(newPassword, password)
      publication = try end.owner.rotate(with: credentials, iterations: iterations, using: &end.random)
    }
    try end.publish(publication)
    let epoch = end.owner.vault?.epoch ?? 0
    if output.json {
      try Console.print([
        "epoch": .integer(epoch), "granted": .array(publication.grants.map { .string("\($0.recipient)") }),
      ])
    } else {
      try Console.print("epoch \(epoch), \(publication.grants.count) granted")
    }
  }
}
