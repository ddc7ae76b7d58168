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
    completion: .file())
  var passwordFile: String?
  @Option(help: ArgumentHelp("Read the password from an open descriptor.", valueName: "n"))
  var passwordFd: Int32?
  @Option(
    help: ArgumentHelp("The file with the account secret, where the account has one.", valueName: "file"),
    completion: .file())
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

  func credentials(login: String, isNew: Bool = false) throws -> Credentials {
    let password = try password(login: login, isNew: isNew)
    guard let accountSecretFile else { return Credentials(loginName: login, password: password) }
    let text = try SecretInput.file(accountSecretFile).readText()
    let secret = try naming(accountSecretFile) {
      try AccountSecret(text: text)
    }
    return Credentials(loginName: login, password: password, accountSecret: secret)
  }

  /// The password; who takes a new one that can be guessed is told.
  func password(login: String, isNew: Bool) throws -> SecretBytes {
    // A new password is never the one that the environment names for all commands.
    let file = isNew ? passwordFile : passwordFile ?? (passwordFd == nil ? Self.environment : nil)
    let name = "\(isNew ? "new " : "")password of \(login)"
    let password = try SecretInput(file, passwordFd, name, isNew: isNew).read()
    if isNew, let weakness = PasswordWeakness(of: password, login: login) {
      try Console.note(
        "this password can be guessed, \(weakness.rawValue): whoever gets a stored record can try billions; "
          + "`endkey account passphrase` makes one that cannot")
    }
    return password
  }

  private static var environment: String? {
    ProcessInfo.processInfo.environment["ENDKEY_PASSWORD_FILE"].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// The price of a guess at the password.
struct IterationOptions: ParsableArguments {
  @Option(help: "Iterations of PBKDF2, 600000 to 10000000. As before when not given.")
  var iterations: UInt32?

  /// What the protocol allows. §6.2
  static let range = Int(Limit.iterationsMin)...Int(Limit.iterationsMax)

  func validate() throws {
    if let iterations { try require("--iterations", iterations, in: Self.range) }
  }
}
