internal import ArgumentParser
internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

/// Where the password comes from, and the account secret if the account has one.
struct PasswordOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read the password from a file that only you can read.", valueName: "file"))
  var passwordFile: String?
  @Option(help: ArgumentHelp("Read the password from an open descriptor.", valueName: "n"))
  var passwordFd: Int32?
  @Option(
    help: ArgumentHelp("The file with the account secret, where the account has one.", valueName: "file"))
  var accountSecretFile: String?

  func validate() throws {
    guard passwordFile == nil || passwordFd == nil else {
      throw ValidationError("--password-file and --password-fd are two sources of one password")
    }
  }

  func credentials(login: String, isNew: Bool = false) throws -> Credentials {
    let password = try SecretInput(passwordFile, passwordFd, "password", isNew: isNew).read()
    guard let accountSecretFile else { return Credentials(loginName: login, password: password) }
    let text = try SecretInput.file(accountSecretFile).read()
    let secret = try naming(accountSecretFile) {
      try AccountSecret(text: text)
    }
    return Credentials(loginName: login, password: password, accountSecret: secret)
  }
}

extension SecretInput {
  /// A prompt when neither a file nor a descriptor is given.
  init(_ file: String?, _ descriptor: Int32?, _ name: String, isNew: Bool = false) {
    if let file {
      self = .file(file)
    } else if let descriptor {
      self = .descriptor(descriptor)
    } else {
      self = .prompt(name, confirmed: isNew)
    }
  }
}

/// The price of a guess at the password.
struct IterationOptions: ParsableArguments {
  @Option(help: "Iterations of PBKDF2, 600000 to 10000000. As before when not given.")
  var iterations: UInt32?
}
