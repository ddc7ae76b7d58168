internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives

struct AccountPasswordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Set a new password.",
    discussion: """
      Whoever kept the old stored messages can still open them with the old password. If it may be stolen, rotate: \
      `account rotate` takes a new password as well.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var newPassword: NewPasswordOptions
  @OptionGroup var iterations: IterationOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    var end = try OwnerEnd.open(folder.dir, password)
    let credentials = try end.newCredentials(newPassword, password)
    let publication = try end.owner.changePassword(
      to: credentials, iterations: iterations.iterations ?? end.iterations, using: &end.random)
    try end.publish(publication)
    if output.json { try Console.print(["changed": true]) } else { try Console.print("password changed") }
  }
}

struct NewPasswordOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read the new password from a file that only you can read.", valueName: "file"))
  var newPasswordFile: String?
  @Option(help: ArgumentHelp("Read the new password from an open descriptor.", valueName: "n"))
  var newPasswordFd: Int32?
  @Option(help: "The login name that goes with it, in a second manager's folder.")
  var login: String?

  func validate() throws {
    guard newPasswordFile == nil || newPasswordFd == nil else {
      throw ValidationError("--new-password-file and --new-password-fd are two sources of one password")
    }
  }

  var isGiven: Bool { newPasswordFile != nil || newPasswordFd != nil }

  /// With the account secret of `old`, which stays.
  func credentials(_ login: String, _ old: PasswordOptions) throws -> Credentials {
    var options = PasswordOptions()
    options.passwordFile = newPasswordFile
    options.passwordFd = newPasswordFd
    options.accountSecretFile = old.accountSecretFile
    return try options.credentials(login: login, isNew: true)
  }
}
