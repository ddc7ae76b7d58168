internal import ArgumentParser
internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire
internal import Foundation

/// Where the password comes from, and the account secret if the account has one.
struct PasswordOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read the password from a file that only you can read; - is a line of standard input.",
      valueName: "file"),
    completion: .file(), transform: Path.file)
  var passwordFile: String?
  @Option(
    in: 0...Int32.max, help: ArgumentHelp("Read the password from an open descriptor.", valueName: "n"))
  var passwordFd: Int32?
  @Option(
    help: ArgumentHelp("The file with the account secret, where the account has one.", valueName: "file"),
    completion: .file(), transform: Path.file)
  var accountSecretFile: String?

  func validate() throws {
    guard passwordFile == nil || passwordFd == nil else {
      throw ValidationError("--password-file and --password-fd are two sources of one password")
    }
  }

  /// Whether the command line says where the password is.
  var isGiven: Bool { passwordFile != nil || passwordFd != nil }

  /// Whether a person is asked for the password: who mistypes it is asked again.
  var isAsked: Bool { !isGiven && Self.environment == nil }

  func credentials(
    login: String, isNew: Bool = false, option: String = "--password-file"
  ) throws -> Credentials {
    let password = try password(login: login, isNew: isNew, option: option)
    guard let accountSecretFile else {
      let credentials = Credentials(loginName: login, password: password)
      try naming(place(isNew: isNew)) { _ = try credentials.normalPassword() }
      return credentials
    }
    let text = try SecretInput.file(accountSecretFile).readText()
    let secret = try naming(accountSecretFile) {
      try AccountSecret(text: text)
    }
    return Credentials(loginName: login, password: password, accountSecret: secret)
  }

  /// The password; who takes a new one that can be guessed is told.
  func password(
    login: String, isNew: Bool, option: String = "--password-file"
  ) throws -> SecretBytes {
    let file = file(isNew: isNew)
    let name = "\(isNew ? "new " : "")password of \(login)"
    let password = try SecretInput(file, passwordFd, name, option: option, isNew: isNew).read()
    if isNew, let weakness = PasswordWeakness(of: password, login: login) {
      try Console.note(
        "this password can be guessed, \(weakness.rawValue): whoever gets a stored record can try billions; "
          + "`endkey account passphrase` makes one that cannot")
    }
    return password
  }

  /// A new password is never the one that the environment names for all commands.
  private func file(isNew: Bool) -> String? {
    isNew ? passwordFile : passwordFile ?? (passwordFd == nil ? Self.environment : nil)
  }

  /// Where it came from, for a message.
  private func place(isNew: Bool) -> String {
    file(isNew: isNew) ?? passwordFd.map { "descriptor \($0)" } ?? "\(isNew ? "new " : "")password"
  }

  private static var environment: String? {
    ProcessInfo.processInfo.environment["ENDKEY_PASSWORD_FILE"].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// The price of a guess at the password.
struct IterationOptions: ParsableArguments {
  @Option(in: Self.range, help: "Iterations of PBKDF2; as before when not given.")
  var iterations: UInt32?

  /// What the protocol allows. §6.2
  static let range = UInt32(Limit.iterationsMin)...UInt32(Limit.iterationsMax)
}
