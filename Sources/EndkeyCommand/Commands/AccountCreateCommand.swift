internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct AccountCreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a new account, and this device's folder for it.")

  @OptionGroup var folder: FolderArgument
  @Option(
    help: "The service: https://HOST, or a folder that plays it.", completion: .directory,
    transform: Path.folder)
  var service: String
  @Option(help: "The login name.")
  var login: String
  @OptionGroup var password: PasswordOptions
  @Option(in: IterationOptions.range, help: "Iterations of PBKDF2.")
  var iterations: UInt32 = 600_000
  @Option(
    help: ArgumentHelp(
      "Make an account secret as well, and write it to this new file. Without it the account cannot be opened.",
      valueName: "file"), completion: .file(), transform: Path.file)
  var newAccountSecretFile: String?
  @OptionGroup var paper: RecoveryFileOptions
  @Option(in: RetentionDays.range, help: "For how many days the service keeps what agents send.")
  var retentionDays = 365
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try requireLogin(login)
    guard password.accountSecretFile == nil else {
      throw ValidationError("a new account makes its own account secret: --new-account-secret-file")
    }
    guard paper.recoveryFile != newAccountSecretFile || paper.recoveryFile == nil else {
      throw ValidationError("--recovery-file and --new-account-secret-file are one file")
    }
  }

  func run() async throws {
    let days = try RetentionDays(retentionDays)
    let service = try folder.service(at: self.service)
    guard !service.isOccupied else { throw occupied(service) }
    try service.requireEmpty()
    try folder.requireNew()
    let paperFile = try paper.file(orTerminal: true)
    var random = SystemRandom()
    let identity = try Identity.generate(using: &random)
    let accountID = identity.accountID
    let credentials = try credentials(accountID, &random)
    let text: SecretBytes
    do {
      text = try await create(identity, credentials, days, at: service)
    } catch EndError.service(.superseded) {
      // Somebody else has made one meanwhile.
      throw occupied(service)
    } catch EndError.service(.uncertain(let place, let reason, _)) {
      throw CommandError(
        .badInput, place,
        "\(reason); the account may stand there: `endkey account open \(folder.dir)` sends it again, then `endkey "
          + "account recovery \(folder.dir)` shows the recovery text")
    } catch {
      if service.isOccupied, !OutputFile.exists(folder.dir) {
        try Console.note("account \(accountID) is at the service, its folder here is not; \(opening)")
      } else if let newAccountSecretFile {
        try Console.note("\(newAccountSecretFile): of no account: remove it")
      }
      throw error
    }
    var told = JSONObject.of(["account": .string("\(accountID)"), "epoch": 1])
    do {
      try paper.keep(text, in: paperFile, &told)
    } catch let error as StoreError {
      throw CommandError(.untold, error.place, error.meaning)
    }
    if output.json {
      try Console.print(.object(told))
    } else {
      try Console.print("account \(accountID)")
    }
  }

  private func occupied(_ service: ServicePlace) -> CommandError {
    let hint = OutputFile.exists(folder.dir) ? "" : "; \(opening)"
    return CommandError(
      .badInput, service.address, "has an account already\(hint)",
      next: OutputFile.exists(folder.dir) ? "an account of its own needs another service" : nil)
  }

  /// What to do when the account stands at the service and this folder does not, as after a crash between the two.
  private var opening: String {
    let secret = newAccountSecretFile.map { " --account-secret-file \($0)" } ?? ""
    let command = "endkey account open \(folder.dir) --service \(service) --login \(login)\(secret)"
    return "if it is yours, `\(command)` makes this folder for it"
  }

  private func create(
    _ identity: consuming Identity, _ credentials: consuming Credentials, _ days: RetentionDays,
    at service: ServicePlace
  ) async throws -> SecretBytes {
    var progress = Progress()
    progress.show("stretching the password ...")
    defer { progress.clear() }
    var text: SecretBytes?
    var account: UnsentAccount<ServicePlace>?
    // A closure can be called twice, for all that the compiler knows.
    var identity: Identity? = .some(identity)
    var credentials: Credentials? = .some(credentials)
    try await folder.create(as: .owner, at: service, login: login) { store in
      guard let identity = identity.take(), let credentials = credentials.take() else { return }
      let made = try await FolderOwner.prepare(
        identity: identity, credentials: credentials, iterations: iterations,
        retentionDays: days, store: store, service: service)
      text = made.recoveryText.text()
      account = .some(made)
    } sending: { store in
      try await account.take()?.send(from: store).noteUntoldRetention()
      await service.leave()
    }
    guard let text = text.take() else { throw CommandError(.internalError, "12.6", in: folder.dir) }
    return text
  }

  private func credentials(_ accountID: AccountID, _ random: inout SystemRandom) throws -> Credentials {
    guard let path = newAccountSecretFile else { return try password.credentials(login: login, isNew: true) }
    let file = try NamedOutput(path, mode: 0o600)
    let text = try password.password(login: login, isNew: true)
    let secret = try AccountSecret(accountID: accountID, using: &random)
    try file.commit(secret: secret.text())
    return Credentials(loginName: login, password: text, accountSecret: secret)
  }
}
