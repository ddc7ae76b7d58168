internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountRotateCommand: AsyncParsableCommand {
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

  func run() async throws {
    let end = try EndFolder(folder.dir)
    let owner = try await FolderOwner.open(end, password)
    let iterations = iterations.iterations ?? owner.iterations
    let made =
      if await owner.hasPassword, !newPassword.isGiven {
        try await owner.rotate(iterations: iterations)
      } else {
        try await owner.rotate(
          with: try newPassword.credentials(for: end, password), iterations: iterations)
      }
    let epoch = made.accountState.epoch
    if output.json {
      try Console.print([
        "epoch": .integer(epoch.value), "granted": .array(made.grants.map { .string("\($0.recipient)") }),
      ])
    } else {
      try Console.print("epoch \(epoch), \(made.grants.count) granted")
    }
  }
}
