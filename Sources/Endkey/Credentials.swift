public import EndkeyPrimitives
internal import EndkeyWire

/// What the owner types, as it was typed: login name, password, and the account secret if there is one. §9
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

  /// `password` is UTF-8; `accountSecret` is of that kind.
  public init(
    loginName: String, password: consuming SecretBytes, accountSecret: borrowing TypedSecret
  ) {
    precondition(accountSecret.kind == .accountSecret, "an enrolment code is no account secret")
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
}
