public import EndkeyPrimitives
public import EndkeyWire

/// A password that PBKDF2 has stretched, once, for one head of a PasswordWrap. It gives the login key and
/// wraps or opens the MasterKey. §9.2
public struct StretchedPassword: ~Copyable, Sendable {
  /// The head of the PasswordWrap that the password was stretched for.
  public let head: PasswordHeader
  /// `stretched`: 32 bytes, or 48 with the account secret.
  private let secret: SecretBytes

  /// Steps 2 to 4 of §9.3 in that order, then PBKDF2: 0.1 to 2 seconds. R-9.4-1
  ///
  /// `pin` is what this device remembers; without it the device takes what it gets. Throws `pinMismatch`,
  /// `epochRollback`, `counterRollback`, `iterationsOutOfRange`, `accountSecretMismatch`, `badPassword` or
  /// `badLoginName`.
  public init(
    _ credentials: borrowing Credentials, head: PasswordHeader, pin: WrapPin? = nil
  ) throws(ProtocolError) {
    try self.init(credentials, head: head, pin: pin) { (password, salt) throws(PrimitiveError) in
      try PBKDF2.hmacSHA256(password: password, salt: salt.bytes, iterations: head.iterations, count: 32)
    }
  }

  /// The same, where `stretch` gives the 32 bytes of PBKDF2 for a password and salt.
  package init(
    _ credentials: borrowing Credentials, head: PasswordHeader, pin: WrapPin?,
    stretch: (_ password: borrowing SecretBytes, _ salt: Hash) throws(PrimitiveError) -> SecretBytes
  ) throws(ProtocolError) {
    try pin?.check(head)
    try Self.checkPolicy(head, credentials)
    let password = try Self.normalPassword(credentials)
    let loginName = try Self.normalLoginName(credentials)

    // The login name that was typed is in the salt: one salt for many accounts gains the service nothing.
    let salt = Label.Hashed.passwordSalt.hash(of: loginName + head.salt.bytes)
    let stretched = try primitive("9.2") { () throws(PrimitiveError) in
      try stretch(password, salt)
    }
    self.head = head
    secret = credentials.appendingAccountSecret(to: stretched)
  }

  /// What needs no look at the password: R-9.2-1, R-9.2-2.
  private static func checkPolicy(
    _ head: PasswordHeader, _ credentials: borrowing Credentials
  ) throws(ProtocolError) {
    guard (Limit.iterationsMin...Limit.iterationsMax).contains(Int(head.iterations)) else {
      throw ProtocolError(.iterationsOutOfRange, "9.2")
    }
    guard credentials.hasAccountSecret == (head.accountSecret == .required) else {
      throw ProtocolError(.accountSecretMismatch, "9.2")
    }
  }

  private static func normalPassword(_ credentials: borrowing Credentials) throws(ProtocolError)
    -> SecretBytes
  {
    do {
      return try credentials.password.withBytes { (bytes) throws(NormalizationError) in
        try NormalForm.password(bytes)
      }
    } catch {
      throw ProtocolError(.badPassword, "9.1")
    }
  }

  private static func normalLoginName(_ credentials: borrowing Credentials) throws(ProtocolError) -> [UInt8] {
    do {
      return try NormalForm.loginName(credentials.loginName.span)
    } catch {
      throw ProtocolError(.badLoginName, "9.1")
    }
  }
}

extension Credentials {
  /// `stretched` of §9.2, of what PBKDF2 gave.
  fileprivate func appendingAccountSecret(to stretched: consuming SecretBytes) -> SecretBytes {
    switch accountSecret {
    case .some(let accountSecret): SecretBytes.concatenating(stretched, accountSecret)
    case .none: stretched
    }
  }
}

// MARK: - Login. §9.4

extension StretchedPassword {
  /// What is sent to the service to be given the whole PasswordWrap: 32 bytes. It opens nothing.
  public func loginKey() throws(ProtocolError) -> SecretBytes { try derive(.login) }

  /// What the service keeps of a login key. R-9.4-2
  public static func loginVerifier(of loginKey: borrowing SecretBytes) -> Hash {
    loginKey.withBytes { Label.Hashed.loginVerifier.hash(of: $0) }
  }
}

// MARK: - Wrap. §9.3

extension StretchedPassword {
  /// Wraps the MasterKey of the account and epoch that the head names.
  package func wrap(_ masterKey: borrowing MasterKey) throws(ProtocolError) -> PasswordWrap {
    precondition(
      masterKey.accountID == head.accountID && masterKey.epoch == head.epoch,
      "a MasterKey of another head")
    let key = try derive(.passwordWrap)
    let commitment = try commitment()
    let wrapped = try primitive("9.3") { () throws(PrimitiveError) in
      try AESKeyWrap.wrap(masterKey.secret, kek: key)
    }
    return PasswordWrap(head: head, commitment: commitment, wrapped: Bytes(unchecked: wrapped))
  }

  /// Step 5 of §9.3: `passwordOpenFailed`, whatever is wrong. R-9.3-4
  ///
  /// A wrap whose head is not the one that was stretched for is refused so, too: a service that hands out
  /// one head for the login and another with the wrap gains nothing.
  package func open(_ wrap: PasswordWrap) throws(ProtocolError) -> MasterKey {
    guard wrap.head == head else { throw ProtocolError(.passwordOpenFailed, "9.3") }
    // R-9.3-1: AES key wrap does not commit to its key, so this comes first.
    guard ConstantTime.equal(try commitment().bytes, wrap.commitment.bytes) else {
      throw ProtocolError(.passwordOpenFailed, "9.3")
    }
    let key = try derive(.passwordWrap)
    let secret = try primitive("9.3", or: .passwordOpenFailed) { () throws(PrimitiveError) in
      try AESKeyWrap.unwrap(wrap.wrapped.bytes, kek: key)
    }
    return MasterKey(secret: secret, accountID: head.accountID, epoch: head.epoch)
  }

  private func commitment() throws(ProtocolError) -> Bytes<32> {
    try derive(.passwordCommitment).withBytes { Bytes(unchecked: $0) }
  }

  /// R-9.3-6
  private func derive(_ label: Label.Derived) throws(ProtocolError) -> SecretBytes {
    try label.derive(from: secret, context: head.serialized)
  }
}

extension PasswordHeader {
  /// A head with a fresh salt, for the wrap that is to be made. §9.3
  init(
    accountID: AccountID, epoch: Epoch, counter: Counter, iterations: UInt32,
    accountSecret: AccountSecretUse, using random: inout some RandomSource
  ) throws(ProtocolError) {
    let salt = try primitive("9.3") { () throws(PrimitiveError) in
      try random.bytes(32)
    }
    self.init(
      accountID: accountID, epoch: epoch, counter: counter, iterations: iterations,
      accountSecret: accountSecret, salt: Bytes(unchecked: salt))
  }
}
