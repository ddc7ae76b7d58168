internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

struct AccountCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a new account, and this device's folder for it.")

  @OptionGroup var folder: FolderArgument
  @Option(help: "The folder that plays the service.")
  var service: String
  @Option(help: "The login name.")
  var login: String
  @OptionGroup var password: PasswordOptions
  @Option(help: "Iterations of PBKDF2, 600000 to 10000000.")
  var iterations: UInt32 = 600_000
  @Option(
    help: ArgumentHelp(
      "Make an account secret as well, and write it to this new file. Without it the account cannot be opened.",
      valueName: "file"))
  var newAccountSecretFile: String?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard password.accountSecretFile == nil else {
      throw ValidationError("a new account makes its own account secret: --new-account-secret-file")
    }
  }

  func run() throws {
    let service = ServiceFolder(path: Folder.absolute(self.service))
    guard !service.hasAccount else {
      let hint = OutputFile.exists(folder.dir) ? "" : "; \(opening)"
      throw CommandError(.badInput, service.path, "has an account already\(hint)")
    }
    var random = SystemRandom()
    let identity = try Identity.generate(using: &random)
    let accountID = identity.accountID
    let credentials = try credentials(accountID, &random)
    var owner = Owner.absent()
    let publication = try publication(&owner, identity, credentials, &random)
    var isStored = false
    do {
      try EndFolder.create(folder.dir, as: .owner, service: self.service, login: login) { folder, deviceKey in
        try service.store(publication)
        isStored = true
        try OwnerEnd.savePins(of: &owner, in: folder, deviceKey, &random)
      }
    } catch {
      if isStored {
        try Console.note("account \(accountID) is at the service, its folder here is not; \(opening)")
      }
      throw error
    }
    if output.json {
      try Console.print(["account": .string("\(accountID)"), "epoch": 1])
    } else {
      try Console.print("account \(accountID)")
    }
  }

  /// What to do when the account stands at the service and this folder does not, as after a crash between the two.
  private var opening: String {
    let secret = newAccountSecretFile.map { " --account-secret-file \($0)" } ?? ""
    let command = "endkey account open \(folder.dir) --service \(service) --login \(login)\(secret)"
    return "if it is yours, `\(command)` makes this folder for it"
  }

  private func publication(
    _ owner: inout Owner, _ identity: consuming Identity, _ credentials: borrowing Credentials,
    _ random: inout SystemRandom
  ) throws -> Owner.NewAccount {
    var progress = Progress()
    progress.show("stretching the password ...")
    defer { progress.clear() }
    return try owner.create(
      identity: identity, credentials: credentials, iterations: iterations, using: &random)
  }

  private func credentials(_ accountID: AccountID, _ random: inout SystemRandom) throws -> Credentials {
    guard let file = newAccountSecretFile else { return try password.credentials(login: login, isNew: true) }
    let text = try SecretInput(password.passwordFile, password.passwordFd, "password", isNew: true).read()
    let secret = try TypedSecret(kind: .accountSecret, accountID: accountID, using: &random)
    try OutputFile.write(secret: secret.text(), to: file, line: true)
    return Credentials(loginName: login, password: text, accountSecret: secret)
  }
}
