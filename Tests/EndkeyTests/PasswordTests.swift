import EndkeyPrimitives
import EndkeyWire
import Glibc
import TestSupport
import Testing

@testable import Endkey

/// §9. PBKDF2 runs 600,000 times in those tests alone that say so.
@Suite("Password") struct PasswordTests {
  private func head(
    iterations: UInt32 = 600_000, secret: AccountSecretUse = .none, counter: Counter = 3, epoch: Epoch = 2,
    salt: UInt8 = 9
  ) throws -> PasswordHeader {
    try PasswordHeader(
      accountID: Base.shared.get().accountID, epoch: epoch, counter: counter, iterations: iterations,
      accountSecret: secret, salt: Self.salt(salt))
  }

  private static func salt(_ byte: UInt8) throws -> Bytes<32> {
    try Bytes([UInt8](repeating: byte, count: 32))
  }

  /// The code with which stretching is refused, nil when it is not.
  private func refusal(
    _ head: PasswordHeader, _ credentials: borrowing Credentials = Base.credentials(), pin: WrapPin? = nil
  ) -> ErrorCode? {
    do {
      _ = try StretchedPassword(credentials, head: head, pin: pin)
      return nil
    } catch {
      return error.code
    }
  }

  private func raw(_ password: [UInt8], loginName: [UInt8] = [0x61], secret: Int? = nil) -> Credentials {
    Credentials(
      loginName: loginName, password: SecretBytes(copying: password),
      accountSecret: secret.map { SecretBytes(copying: [UInt8](repeating: 7, count: $0)) })
  }

  // MARK: Normal forms. §9.1

  @Test(
    "R-9.1-1, R-9.1-3: a password that has no normal form is refused",
    arguments: [
      [], [0xc3], [0xed, 0xa0, 0x80], [0x61, 0], [0xef, 0xbf, 0xbf], [UInt8](repeating: 0x61, count: 1_025),
    ] as [[UInt8]])
  func badPassword(_ password: [UInt8]) throws {
    #expect(try refusal(head(), raw(password)) == .badPassword)
  }

  @Test(
    "R-9.1-2: a login name that has no normal form is refused",
    arguments: [[], [0xff], [0x61, 0], [UInt8](repeating: 0x61, count: 256)] as [[UInt8]])
  func badLoginName(_ loginName: [UInt8]) throws {
    #expect(try refusal(head(), raw([0x61], loginName: loginName)) == .badLoginName)
  }

  @Test("PBKDF2: two spellings of one password, and any case of an ASCII login name, give one login key")
  func normalForms() throws {
    let head = try head()
    let one = try StretchedPassword(Base.credentials("caf\u{e9}", loginName: "Ana@Example.com"), head: head)
    let two = try StretchedPassword(Base.credentials("cafe\u{301}"), head: head)
    #expect(try one.loginKey().array == two.loginKey().array)
  }

  // MARK: Policy. §9.2

  @Test(
    "R-9.2-1: iterations outside the bounds are refused, before PBKDF2 runs",
    arguments: [0, 1, 599_999, 10_000_001, 1 << 31, .max] as [UInt32])
  func iterations(_ iterations: UInt32) throws {
    let head = try head(iterations: iterations)  // The first one makes the keys of the account.
    let start = processorTime()
    let refused = refusal(head)
    let taken = processorTime() - start
    #expect(refused == .iterationsOutOfRange)
    #expect(taken < .milliseconds(50))
  }

  /// Of this thread: what others take on a busy machine is not in it.
  private func processorTime() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  @Test("R-9.2-2: an account secret that is missing or not wanted is refused")
  func accountSecret() throws {
    #expect(try refusal(head(secret: .required)) == .accountSecretMismatch)
    #expect(try refusal(head(), raw([0x61], secret: 16)) == .accountSecretMismatch)
  }

  @Test("§19.1: of many faults of a wrap, the first in the order of checks is reported")
  func order() throws {
    let accountID = try Base.shared.get().accountID
    let salt = try Self.salt(1)
    func pin(_ id: AccountID, epoch: Epoch, counter: Counter) -> WrapPin {
      WrapPin(accountID: id, epoch: epoch, counter: counter, salt: salt)
    }
    let bad = try head(iterations: 1, secret: .required)
    let nothing = raw([], loginName: [])
    let expected: [(ErrorCode, WrapPin?)] = [
      (.pinMismatch, pin(.zero, epoch: 9, counter: 9)), (.pinMismatch, pin(accountID, epoch: 9, counter: 3)),
      (.epochRollback, pin(accountID, epoch: 9, counter: 9)),
      (.counterRollback, pin(accountID, epoch: 2, counter: 9)), (.iterationsOutOfRange, nil),
    ]
    for (code, pin) in expected { #expect(refusal(bad, nothing, pin: pin) == code) }
    #expect(try refusal(head(secret: .required), nothing) == .accountSecretMismatch)
    #expect(try refusal(head(), nothing) == .badPassword)
    #expect(try refusal(head(), raw([0x61], loginName: [])) == .badLoginName)
    expect(.truncated) { _ = try PasswordWrap.open([], with: nothing, pin: pin(.zero, epoch: 9, counter: 9)) }
  }

  // MARK: Pins. R-9.3-3, R-9.3-5

  @Test("R-9.3-3, R-9.3-5, R-9.4-1: a device compares with what it remembers before it stretches")
  func pins() throws {
    let accountID = try Base.shared.get().accountID
    let salt = try Self.salt(9)
    let other = try Self.salt(8)
    // The password is bad, so that PBKDF2 does not run where the pin lets the head pass.
    func answer(_ id: AccountID, _ epoch: Epoch, _ counter: Counter, _ salt: Bytes<32>) throws -> ErrorCode? {
      refusal(
        try head(), raw([]), pin: WrapPin(accountID: id, epoch: epoch, counter: counter, salt: salt))
    }
    #expect(try answer(accountID, 2, 3, salt) == .badPassword)
    #expect(try answer(accountID, 1, 2, other) == .badPassword)
    #expect(try answer(.zero, 2, 3, salt) == .pinMismatch)
    #expect(try answer(accountID, 2, 3, other) == .pinMismatch)
    #expect(try answer(accountID, 3, 3, salt) == .epochRollback)
    #expect(try answer(accountID, 2, 4, salt) == .counterRollback)
  }

  // MARK: Wrap and login key. §9.3, §9.4

  @Test("PBKDF2: a wrap opens, and each change of head, commitment or wrapped key is one error")
  func wrap() throws {
    let base = try Base.shared.get()
    let bytes = base.messages.passwordWrap
    let wrap = try PasswordWrap(parsing: bytes)
    let stretched = base.stretched
    #expect(try stretched.value.open(wrap).secret.array == base.masterKey.value.array)

    // R-9.3-1, R-9.3-2, R-9.3-4: commitment, then all bytes of the check value.
    for index in 69..<141 {
      let changed = try PasswordWrap(parsing: bytes.flipped(at: index))
      expect(.passwordOpenFailed, "byte \(index)") { _ = try stretched.value.open(changed) }
    }
    // R-9.3-6: what is derived under one head fits no other, though PBKDF2 gives the same.
    var head = wrap.head
    head.counter = try #require(head.counter.next)
    let other = try StretchedPassword(Base.credentials(), head: head)
    #expect(try other.loginKey().array != stretched.value.loginKey().array)
    expect(.passwordOpenFailed) { _ = try other.open(wrap) }
    let moved = PasswordWrap(head: head, commitment: wrap.commitment, wrapped: wrap.wrapped)
    expect(.passwordOpenFailed) { _ = try other.open(moved) }
  }

  @Test("R-9.3-1: a wrapped key with a right check value does not open under a wrong commitment")
  func commitment() throws {
    let wrap = try PasswordWrap(parsing: Base.shared.get().messages.passwordWrap)
    let stretched = try Base.shared.get().stretched
    let uncommitted = PasswordWrap(head: wrap.head, commitment: .zero, wrapped: wrap.wrapped)
    expect(.passwordOpenFailed) { _ = try stretched.value.open(uncommitted) }
  }

  @Test("PBKDF2: a wrong password or login name opens nothing")
  func wrongPassword() throws {
    let bytes = try Base.shared.get().messages.passwordWrap
    expect(.passwordOpenFailed) { _ = try PasswordWrap.open(bytes, with: Base.credentials("correct horsf")) }
    expect(.passwordOpenFailed) {
      _ = try PasswordWrap.open(bytes, with: Base.credentials(loginName: "bob@example.com"))
    }
  }

  @Test("PBKDF2: an account secret is part of the key: right, wrong")
  func withAccountSecret() throws {
    let masterKey = try Base.masterKey()
    let head = try head(secret: .required, epoch: 1)
    var random = SystemRandom()
    let secret = try TypedSecret(kind: .accountSecret, accountID: masterKey.accountID, using: &random)
    let again = try TypedSecret(text: secret.text().array.span, kind: .accountSecret)
    let other = try TypedSecret(kind: .accountSecret, accountID: masterKey.accountID, using: &random)
    func credentials(_ secret: borrowing TypedSecret) -> Credentials {
      Credentials(
        loginName: Base.loginName, password: SecretBytes(copying: [UInt8](Base.password.utf8)),
        accountSecret: secret)
    }
    let wrap = try StretchedPassword(credentials(secret), head: head).wrap(masterKey)
    let opened = try PasswordWrap.open(wrap.serialized, with: credentials(again)).secret.equals(
      masterKey.secret)
    #expect(opened)
    expect(.passwordOpenFailed) { _ = try PasswordWrap.open(wrap.serialized, with: credentials(other)) }
  }

  @Test("R-9.4-2: the verifier is a hash of the login key, and both differ from all other keys")
  func loginKey() throws {
    let wrap = try PasswordWrap(parsing: Base.shared.get().messages.passwordWrap)
    let stretched = try Base.shared.get().stretched
    let loginKey = try stretched.value.loginKey()
    let verifier = StretchedPassword.loginVerifier(of: loginKey)
    #expect(verifier != Hash(sha256: loginKey.array))
    #expect(verifier.bytes != loginKey.array && loginKey.array != wrap.commitment.bytes)
    // The login key tried as the key of the wrap.
    let opened = try? AESKeyWrap.unwrap(wrap.wrapped.bytes, kek: loginKey).count
    #expect(opened == nil)
  }
}

extension PasswordWrap {
  /// Parses and opens a wrap: all steps of §9.3.
  fileprivate static func open(
    _ bytes: [UInt8], with credentials: borrowing Credentials, pin: WrapPin? = nil
  ) throws(ProtocolError) -> MasterKey {
    let wrap = try wire { () throws(WireError) in try PasswordWrap(parsing: bytes) }
    return try StretchedPassword(credentials, head: wrap.head, pin: pin).open(wrap)
  }
}
