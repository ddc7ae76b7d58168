public import EndkeyPrimitives
public import EndkeyWire

/// A password that PBKDF2 has stretched, once, for one head of PersonKeys. Everything that the password opens or
/// proves comes from it, so that an end keeps it while the account is open and forgets the password. §9.2
public struct StretchedPassword: ~Copyable, Sendable {
  /// The head that the password was stretched for.
  public let head: PasswordHeader
  /// What the service knows the login name by. §9.4
  public let loginID: Hash
  /// `stretched`: 32 bytes, or 48 with the account secret.
  let secret: SecretBytes

  /// Checks what needs no look at the password, then password and login name, then runs PBKDF2: 0.1 to 2 seconds.
  ///
  /// - Throws: `iterationsOutOfRange`, `accountSecretMismatch`, `badPassword` or `badLoginName`, in this order.
  public init(_ credentials: borrowing Credentials, head: PasswordHeader) throws(ProtocolError) {
    try self.init(credentials, head: head) { (password, salt) throws(PrimitiveError) in
      try PBKDF2.hmacSHA256(password: password, salt: salt.bytes, iterations: head.iterations, count: 32)
    }
  }

  /// The same, where `stretch` gives the 32 bytes of PBKDF2 for a password and salt.
  package init(
    _ credentials: borrowing Credentials, head: PasswordHeader,
    stretch: (_ password: borrowing SecretBytes, _ salt: Hash) throws(PrimitiveError) -> SecretBytes
  ) throws(ProtocolError) {
    try Self.checkPolicy(head, credentials)
    let password = try credentials.normalPassword()
    let loginName = try credentials.normalLoginName()

    // The login name that was typed is in the salt: one salt for many accounts gains the service nothing.
    let salt = Label.Hashed.passwordSalt.hash(of: loginName + head.salt.bytes)
    let stretched = try primitive("9.2") { () throws(PrimitiveError) in try stretch(password, salt) }
    self.head = head
    loginID = Label.Hashed.loginID.hash(of: loginName)
    secret = credentials.appendingAccountSecret(to: stretched)
  }

  init(head: PasswordHeader, loginID: Hash, secret: consuming SecretBytes) {
    self.head = head
    self.loginID = loginID
    self.secret = secret
  }

  /// Another value with the same secret.
  package func copy() -> StretchedPassword {
    StretchedPassword(head: head, loginID: loginID, secret: secret.copy())
  }

  /// R-9.2-1, R-9.2-2
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
}

// MARK: - Login. §9.4

extension StretchedPassword {
  /// What is sent to the service to be given PersonKeys: 32 bytes. It opens nothing.
  public func loginKey() throws(ProtocolError) -> SecretBytes { try derive(.login) }

  /// What the service keeps of a login key. R-9.4-2
  public static func loginVerifier(of loginKey: borrowing SecretBytes) -> Hash {
    loginKey.withBytes { Label.Hashed.loginVerifier.hash(of: $0) }
  }
}

// MARK: - What the password opens

extension StretchedPassword {
  /// The key that seals the person's private keys: 32 bytes. §9.5
  func personKeysKey() throws(ProtocolError) -> SecretBytes { try derive(.personKeys) }

  /// Wraps the MasterKey of an epoch. One head, epoch and MasterKey have one wrap. §9.3
  package func wrap(_ masterKey: borrowing MasterKey) throws(ProtocolError) -> PasswordWrap {
    precondition(masterKey.accountID == head.accountID, "a MasterKey of another account")
    let epoch = masterKey.epoch
    let key = try derive(.passwordWrap, epoch)
    let wrapped = try primitive("9.3") { () throws(PrimitiveError) in
      try AESKeyWrap.wrap(masterKey.secret, kek: key)
    }
    return PasswordWrap(
      accountID: head.accountID, epoch: epoch, commitment: try commitment(of: epoch),
      wrapped: Bytes(unchecked: wrapped.span))
  }

  /// Opens a wrap: `wrongAccount`, or `passwordOpenFailed` whatever else is wrong. R-9.3-8
  package func open(_ wrap: PasswordWrap) throws(ProtocolError) -> MasterKey {
    guard wrap.accountID == head.accountID else { throw ProtocolError(.wrongAccount, "9.3") }
    // R-9.3-1: AES key wrap does not commit to its key, so this comes first.
    guard ConstantTime.equal(try commitment(of: wrap.epoch).bytes, wrap.commitment.bytes) else {
      throw ProtocolError(.passwordOpenFailed, "9.3")
    }
    let key = try derive(.passwordWrap, wrap.epoch)
    let secret = try primitive("9.3", or: .passwordOpenFailed) { () throws(PrimitiveError) in
      try AESKeyWrap.unwrap(wrap.wrapped.bytes, kek: key)
    }
    return MasterKey(secret: secret, accountID: head.accountID, epoch: wrap.epoch)
  }

  private func commitment(of epoch: Epoch) throws(ProtocolError) -> Bytes<32> {
    try derive(.passwordCommitment, epoch).withBytes { Bytes(unchecked: $0) }
  }

  private func derive(_ label: Label.Derived, _ epoch: Epoch? = nil) throws(ProtocolError) -> SecretBytes {
    let context = epoch.map { epoch in Writer.array(count: 4) { $0.epoch(epoch) } } ?? []
    return try label.derive(from: secret, context: head.serialized + context)
  }
}

extension PasswordHeader {
  /// A head with a fresh salt, for the PersonKeys that are to be made. §9.2
  init(
    accountID: AccountID, counter: Counter, iterations: UInt32, accountSecret: AccountSecretUse,
    using random: inout some RandomSource
  ) throws(ProtocolError) {
    let salt = try primitive("9.2") { () throws(PrimitiveError) in try random.bytes(32) }
    self.init(
      accountID: accountID, counter: counter, iterations: iterations, accountSecret: accountSecret,
      salt: Bytes(unchecked: salt.span))
  }
}
