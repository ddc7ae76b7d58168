public import EndkeyPrimitives
public import EndkeyWire

/// What a person types, as it was typed: login name, password, and the account secret if there is one. §9
///
/// Nothing of it is checked before an operation asks for it, since the checks have an order (§19.1).
public struct Credentials: ~Copyable, Sendable {
  /// UTF-8. Never what the service returned: §9.2.
  let loginName: [UInt8]
  /// UTF-8.
  let password: SecretBytes
  /// 16 bytes.
  let accountSecret: SecretBytes?

  package init(loginName: [UInt8], password: consuming SecretBytes, accountSecret: consuming SecretBytes?) {
    self.loginName = loginName
    self.password = password
    self.accountSecret = accountSecret
  }

  /// `password` is UTF-8.
  public init(loginName: String, password: consuming SecretBytes) {
    self.init(loginName: [UInt8](loginName.utf8), password: password, accountSecret: nil)
  }

  /// `password` is UTF-8.
  public init(
    loginName: String, password: consuming SecretBytes, accountSecret: borrowing AccountSecret
  ) {
    self.init(
      loginName: [UInt8](loginName.utf8), password: password, accountSecret: accountSecret.secret.copy())
  }

  /// Whether there is an account secret.
  public var hasAccountSecret: Bool {
    switch accountSecret {
    case .some: true
    case .none: false
    }
  }

  /// What a head says of these credentials.
  package var accountSecretUse: AccountSecretUse { hasAccountSecret ? .required : .none }
}

extension Credentials {
  /// What the service is asked by for the head of PersonKeys; `badLoginName` when there is none. §9.4
  public func loginID() throws(ProtocolError) -> Hash {
    Label.Hashed.loginID.hash(of: try normalLoginName())
  }

  /// The password in its normal form, or `badPassword`. R-9.1-1
  package func normalPassword() throws(ProtocolError) -> SecretBytes {
    do {
      return try password.withBytes { (bytes) throws(NormalizationError) in
        try NormalForm.password(bytes)
      }
    } catch {
      throw ProtocolError(.badPassword, "9.1")
    }
  }

  /// The login name in its normal form, or `badLoginName`. R-9.1-2
  func normalLoginName() throws(ProtocolError) -> [UInt8] {
    do {
      return try NormalForm.loginName(loginName.span)
    } catch {
      throw ProtocolError(.badLoginName, "9.1")
    }
  }

  /// `stretched` of §9.2, of what PBKDF2 gave.
  func appendingAccountSecret(to stretched: consuming SecretBytes) -> SecretBytes {
    switch accountSecret {
    case .some(let accountSecret): SecretBytes.concatenating(stretched, accountSecret)
    case .none: stretched
    }
  }
}
