import EndkeyPrimitives
import EndkeyWire
import Glibc
import TestSupport
import Testing

@testable import Endkey

/// §9. PBKDF2 runs 600,000 times in those tests alone that say so.
@Suite("Password") struct PasswordTests {
  private func head(
    iterations: UInt32 = 600_000, secret: AccountSecretUse = .none, counter: Counter = 3, salt: UInt8 = 9
  ) throws -> PasswordHeader {
    PasswordHeader(
      accountID: try testAccount(), counter: counter, iterations: iterations, accountSecret: secret,
      salt: try Bytes([UInt8](repeating: salt, count: 32)))
  }

  /// A stretched password without PBKDF2.
  private func quick(
    _ head: PasswordHeader, _ credentials: borrowing Credentials = Base.credentials()
  ) throws -> StretchedPassword {
    try StretchedPassword(credentials, head: head) { password, salt in
      SecretBytes(copying: password.withBytes { Hash(sha256: $0.array + salt.bytes).bytes })
    }
  }

  /// The code with which stretching is refused, nil when it is not.
  private func refusal(
    _ head: PasswordHeader, _ credentials: borrowing Credentials = Base.credentials()
  ) -> ErrorCode? {
    do throws(ProtocolError) {
      _ = try StretchedPassword(credentials, head: head)
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
    expect(.badLoginName) { _ = try raw([0x61], loginName: loginName).loginID() }
  }

  @Test("Two spellings of one password, and any case of an ASCII login name, give one login")
  func normalForms() throws {
    let head = try head()
    let one = try quick(head, Base.credentials("caf\u{e9}", loginName: "Ana@Example.com"))
    let two = try quick(head, Base.credentials("cafe\u{301}"))
    #expect(try one.loginKey().array == two.loginKey().array)
    #expect(try one.loginID == two.loginID && one.loginID == Base.credentials().loginID())
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

  @Test("§19.1: of many faults, the first in the order of checks is reported")
  func order() throws {
    let nothing = raw([], loginName: [])
    #expect(try refusal(head(iterations: 1, secret: .required), nothing) == .iterationsOutOfRange)
    #expect(try refusal(head(secret: .required), nothing) == .accountSecretMismatch)
    #expect(try refusal(head(), nothing) == .badPassword)
    #expect(try refusal(head(), raw([0x61], loginName: [])) == .badLoginName)
  }

  // MARK: Head. §12.7

  @Test("R-9.4-3, R-12.7-2: each check of the head that a device remembers, in order")
  func heads() throws {
    let pinned = try head()
    func answer(isConfirmed: Bool = false, _ change: (inout PasswordHeader) -> Void) -> ErrorCode? {
      var head = pinned
      change(&head)
      do throws(ProtocolError) {
        try HeadCheck(pinned: pinned).check(head, isChangeConfirmed: isConfirmed)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(answer { _ in } == nil)
    #expect(answer { ($0.accountID, $0.counter) = (.zero, 1) } == .pinMismatch)
    #expect(answer { ($0.counter, $0.iterations) = (2, 1) } == .counterRollback)
    #expect(answer { $0.salt = .zero } == .pinMismatch)
    #expect(answer { $0.iterations += 1 } == .pinMismatch)
    #expect(answer { $0.accountSecret = .required } == .pinMismatch)
    #expect(answer { $0.counter = 4 } == .headChanged)
    #expect(answer(isConfirmed: true) { $0.counter = 4 } == nil)
    #expect(answer(isConfirmed: true) { ($0.counter, $0.iterations) = (4, 599_999) } == .pinMismatch)
    #expect(answer(isConfirmed: true) { ($0.counter, $0.iterations) = (4, 600_001) } == nil)
    #expect(answer(isConfirmed: true) { ($0.counter, $0.accountSecret) = (4, .required) } == nil)
    #expect(answer(isConfirmed: true) { $0.salt = .zero } == .pinMismatch)
  }

  @Test("A dropped account secret is refused, whatever the person says; a fresh device takes any head")
  func droppedSecret() throws {
    let pinned = try head(secret: .required)
    expect(.pinMismatch) {
      try HeadCheck(pinned: pinned).check(head(counter: 4), isChangeConfirmed: true)
    }
    try HeadCheck(pinned: nil).check(head(iterations: 1))
  }

  // MARK: PersonKeys. §9.5

  @Test("R-9.5-1, R-9.5-3: PersonKeys open under the password alone; each changed byte is one error")
  func personKeys() throws {
    var random = SystemRandom()
    let stretched = try quick(head())
    let keys = try PersonKeys.seal(Party.owner.identity(), with: stretched, using: &random)
    let opened = try PersonKeys.open(keys.serialized, with: stretched)
    #expect(try opened.1.value.agentID == Party.owner.id)
    #expect(opened.0 == keys)
    for index in [69, 92, 93, 124, 125, 200, 412, 413, 428] {
      expect(.personKeysOpenFailed, "byte \(index)") {
        _ = try PersonKeys.open(keys.serialized.flipped(at: index), with: stretched)
      }
    }
    expect(.pinMismatch) { _ = try PersonKeys.open(keys.serialized.flipped(at: 40), with: stretched) }
    expect(.truncated) { _ = try PersonKeys.open(keys.serialized.dropLast(), with: stretched) }
    let other = try quick(head(), Base.credentials("other"))
    expect(.personKeysOpenFailed) { _ = try PersonKeys.open(keys.serialized, with: other) }
  }

  @Test("Numbers that are no key do not open: q before p, a composite number")
  func badKeys() throws {
    var random = SystemRandom()
    let stretched = try quick(head())
    let good = try Party.owner.identity().contents().array
    let swapped = Array(good[128..<256]) + Array(good[..<128]) + Array(good[256...])
    var composite = good
    composite[255] ^= 2
    for contents in [swapped, composite] {
      let key = try stretched.personKeysKey()
      let sealed = try ChunkedEncryption.seal(
        SecretBytes(copying: contents), key: key, context: stretched.head.serialized, using: &random)
      let keys = PersonKeys(head: stretched.head, sealed: try Bytes(sealed))
      expect(.personKeysOpenFailed) { _ = try PersonKeys.open(keys.serialized, with: stretched) }
    }
  }

  // MARK: Wrap and login key. §9.3, §9.4

  @Test(
    "R-9.3-7, R-9.3-8: A wrap is one of head, epoch and MasterKey, and opens; each changed byte is one error")
  func wrap() throws {
    let stretched = try quick(head())
    let masterKey = try Line().masterKey()
    let wrap = try stretched.wrap(masterKey)
    #expect(try stretched.wrap(masterKey) == wrap)
    let opened = try stretched.open(wrap)
    #expect(opened.secret.array == masterKey.secret.array && opened.epoch == 1)
    for index in 24..<96 {
      let changed = try PasswordWrap(parsing: wrap.serialized.flipped(at: index))
      expect(.passwordOpenFailed, "byte \(index)") { _ = try stretched.open(changed) }
    }
    // Another head or epoch: another key.
    let other = try quick(head(counter: 4))
    expect(.passwordOpenFailed) { _ = try other.open(wrap) }
    var moved = wrap
    moved.epoch = 2
    expect(.passwordOpenFailed) { _ = try stretched.open(moved) }
    moved.accountID = .zero
    expect(.wrongAccount) { _ = try stretched.open(moved) }
  }

  @Test("R-9.3-1: a wrapped key with a right check value does not open under a wrong commitment")
  func commitment() throws {
    let stretched = try quick(head())
    var wrap = try stretched.wrap(Line().masterKey())
    wrap.commitment = .zero
    expect(.passwordOpenFailed) { _ = try stretched.open(wrap) }
  }

  @Test("PBKDF2: an account secret is part of the key: right, wrong")
  func withAccountSecret() throws {
    let head = try head(secret: .required)
    var random = SystemRandom()
    let secret = try AccountSecret(accountID: testAccount(), using: &random)
    let again = try AccountSecret(text: secret.text())
    let other = try AccountSecret(accountID: testAccount(), using: &random)
    func credentials(_ secret: borrowing AccountSecret) -> Credentials {
      Credentials(
        loginName: Base.loginName, password: SecretBytes(copying: [UInt8](Base.password.utf8)),
        accountSecret: secret)
    }
    let wrap = try StretchedPassword(credentials(secret), head: head).wrap(Line().masterKey())
    _ = try StretchedPassword(credentials(again), head: head).open(wrap)
    expect(.passwordOpenFailed) { _ = try StretchedPassword(credentials(other), head: head).open(wrap) }
  }

  @Test("R-9.4-2: the verifier is a hash of the login key, and both differ from all other keys")
  func loginKey() throws {
    let stretched = try quick(head())
    let loginKey = try stretched.loginKey()
    let wrap = try stretched.wrap(Line().masterKey())
    #expect(StretchedPassword.loginVerifier(of: loginKey) != Hash(sha256: loginKey.array))
    #expect(try loginKey.array != stretched.personKeysKey().array && loginKey.array != wrap.commitment.bytes)
    #expect(throws: PrimitiveError.self) {
      _ = try AESKeyWrap.unwrap(wrap.wrapped.bytes, kek: loginKey)
    }
  }
}
