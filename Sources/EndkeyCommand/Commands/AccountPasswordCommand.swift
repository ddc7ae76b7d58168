internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct AccountPasswordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Set a new password.",
    discussion: """
      It keeps this person's keys, which open whatever the account's persons get from now on. If a password or a \
      device is in other hands, the owner removes the person, who joins again.
      """)

  @Option(
    help: ArgumentHelp("Read the new password from a file that only you can read.", valueName: "file"),
    completion: .file(), transform: Path.file)
  var newPasswordFile: String?
  @Option(
    in: 0...Int32.max, help: ArgumentHelp("Read the new password from an open descriptor.", valueName: "n"))
  var newPasswordFd: Int32?
  @OptionGroup var iterations: IterationOptions
  @OptionGroup var account: AccountOptions

  func validate() throws {
    guard newPasswordFile == nil || newPasswordFd == nil else {
      throw ValidationError("--new-password-file and --new-password-fd are two sources of one password")
    }
  }

  func run() async throws {
    let owner = try await account.open(isFresh: true)
    let login = try account.folder.store(as: .owner).login
    var options = PasswordOptions()
    options.passwordFile = newPasswordFile
    options.passwordFd = newPasswordFd
    options.accountSecretFile = account.password.accountSecretFile
    let credentials = NewCredentials(
      try options.credentials(login: login, isNew: true, option: "--new-password-file"))
    let iterations = iterations.iterations ?? UInt32(Limit.iterationsMin)
    try await account.act(on: owner) { (owner, consent, now, random) throws(ProtocolError) in
      try owner.changePassword(
        to: credentials.value, iterations: iterations, consent: consent, now: now, using: &random)
    }
    if account.output.json {
      try Console.print(["changed": true])
    } else {
      try Console.print("password changed")
    }
  }
}

/// What a person typed, for an act that may be made again.
final class NewCredentials: Sendable {
  let value: Credentials

  init(_ value: consuming Credentials) { self.value = value }
}
