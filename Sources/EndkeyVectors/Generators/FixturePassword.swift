internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// A person's login name and password, and what comes from them by the formulas of §9.
struct FixturePassword: Sendable {
  var loginName = Array("Olive.Owner@example.org".utf8)
  /// In its normal form.
  var normalName = Array("olive.owner@example.org".utf8)
  var password = Array("correct horse battery staple".utf8)
  /// In its normal form.
  var normalPassword = Array("correct horse battery staple".utf8)
  var accountSecret: [UInt8]?
  var iterations: UInt32 = 600_000
  var counter: UInt64 = 1
  var salt = EndkeyVectors.bytes("password salt", 32)
  var account: [UInt8]

  init(_ account: [UInt8], _ edit: (inout FixturePassword) -> Void = { _ in }) {
    self.account = account
    edit(&self)
  }

  func edited(_ edit: (inout FixturePassword) -> Void) -> FixturePassword {
    var password = self
    edit(&password)
    return password
  }

  /// A head that nobody opens by.
  static func head(_ account: [UInt8]) -> [UInt8] { FixturePassword(account).head }

  /// PasswordHeader.
  var head: [UInt8] {
    Fixture.header(5, account, 0) + be(counter, 8) + be(iterations, 4) + [accountSecret == nil ? 0 : 1] + salt
  }

  func stretched() throws -> [UInt8] {
    let salt = try Hash(Fixture.hash("password-salt", normalName + salt))
    let s = try StretchCache.stretch(
      SecretBytes(copying: normalPassword), salt: salt, iterations: iterations)
    return s.disclosed + (accountSecret ?? [])
  }

  func key(_ label: String, _ context: [UInt8] = []) throws -> [UInt8] {
    try Fixture.derive(stretched(), label, head + context)
  }

  func personKeys(_ keys: FixtureKeys, sealSalt: [UInt8]? = nil) throws -> [UInt8] {
    let salt = sealSalt ?? EndkeyVectors.bytes("keys salt \(keys.name) \(counter)", 24)
    return head
      + (try Fixture.seal(keys.p + keys.q + keys.seed, key: key("person-keys"), context: head, salt: salt))
  }

  func wrap(_ masterKey: [UInt8], epoch: UInt32) throws -> [UInt8] {
    let context = be(epoch, 4)
    let kek = try SecretBytes(copying: key("password-wrap", context))
    var wrap = Fixture.header(1, account, epoch)
    wrap += try key("password-commitment", context)
    return wrap + (try AESKeyWrap.wrap(SecretBytes(copying: masterKey), kek: kek))
  }

  var loginID: [UInt8] { Fixture.hash("login-id", normalName) }
  func loginKey() throws -> [UInt8] { try key("login") }
  func loginVerifier() throws -> [UInt8] { Fixture.hash("login-verifier", try loginKey()) }
}
