internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore

struct AccountPasswordCommand: AsyncParsableCommand {
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

  func run() async throws {
    let end = try EndFolder(folder.dir)
    let owner = try await FolderOwner.open(end, password)
    let credentials = try newPassword.credentials(for: end, password)
    try await owner.changePassword(to: credentials, iterations: iterations.iterations ?? owner.iterations)
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

  /// For the login name that an owner's folder keeps, and another does not; with the account secret of `old`.
  func credentials(for folder: EndFolder, _ old: PasswordOptions) throws -> Credentials {
    guard let login = folder.role == .owner ? folder.login : login else {
      throw CommandError(
        .badInput, folder.path, "a second manager's folder keeps no login name: give --login")
    }
    var options = PasswordOptions()
    options.passwordFile = newPasswordFile
    options.passwordFd = newPasswordFd
    options.accountSecretFile = old.accountSecretFile
    return try options.credentials(login: login, isNew: true)
  }
}
