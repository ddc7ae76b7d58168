import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §12.1: the seven checks of an AccountState; §12.4: private keys.
@Suite("Account state") struct StateTests {
  private func make(
    _ counter: Counter, epoch: Epoch = 1, previous: Hash = .zero, modulus: Modulus? = nil,
    revoked: Set<AgentID> = []
  ) throws -> AccountState {
    let account = try Base.account()
    let key = MasterKey(
      secret: SecretBytes(copying: [UInt8](repeating: 1, count: 32)), accountID: account.accountID,
      epoch: epoch)
    return try AccountState.make(
      counter: counter, masterKey: key, modulus: modulus ?? account.modulus, ruleSet: .zero,
      previous: previous, revoked: revoked, signingKey: account.signing)
  }

  private func accept(
    _ bytes: [UInt8], last: AccountState? = nil, accountID: AccountID? = nil
  ) throws -> AccountState {
    try AccountState(
      accepting: bytes, accountID: accountID ?? Base.shared.get().accountID, last: last.map(StateMark.init))
  }

  @Test("A chain of states is accepted, with gaps too, and one state twice")
  func chain() throws {
    let first = try make(1)
    let second = try make(2, previous: Hash(sha256: first.serialized))
    let ninth = try make(9, epoch: 3, previous: Hash(sha256: [9]))
    #expect(try accept(first.serialized) == first)
    #expect(try accept(second.serialized, last: first) == second)
    #expect(try accept(second.serialized, last: second) == second)
    #expect(try accept(ninth.serialized, last: second) == ninth)
    #expect(try accept(ninth.serialized) == ninth)
  }

  @Test("R-12.1-1: a state goes back neither in counter nor epoch, and has no twin")
  func rollback() throws {
    let last = try make(5, epoch: 4, previous: Hash(sha256: [1]))
    expect(.counterRollback) { _ = try accept(try make(4, epoch: 4).serialized, last: last) }
    expect(.counterRollback) { _ = try accept(try make(0).serialized) }
    expect(.counterFork) { _ = try accept(try make(5, epoch: 4).serialized, last: last) }
    expect(.epochRollback) { _ = try accept(try make(6, epoch: 3).serialized, last: last) }
  }

  @Test("R-12.1-2: a state that does not continue its predecessor is refused")
  func broken() throws {
    let first = try make(1)
    expect(.chainBroken) { _ = try accept(try make(1, previous: Hash(sha256: [1])).serialized) }
    expect(.chainBroken) { _ = try accept(try make(2, previous: Hash(sha256: [1])).serialized, last: first) }
    expect(.chainBroken) { _ = try accept(try make(2).serialized, last: first) }
  }

  @Test("R-12.1-4, R-7-1: the account id is checked against the key before the signature")
  func account() throws {
    let bytes = try make(1).serialized
    expect(.truncated) { _ = try accept([UInt8](bytes.dropLast()), accountID: .zero) }
    expect(.wrongAccount) { _ = try accept(bytes.flipped(at: 10)) }
    expect(.wrongAccount) { _ = try accept(bytes, accountID: .zero) }
    // Another key under this account's id, with a signature that is right under that key.
    let other = try Base.other()
    let real = try make(1)
    let forged = try AccountState(
      accountID: real.accountID, epoch: real.epoch, counter: 1, verifyKey: other.verifyKey,
      modulus: other.modulus,
      commitment: real.commitment, ruleSet: .zero, previous: .zero, revoked: BoundedList([])
    ).signed(by: other.signing)
    expect(.wrongAccount) { _ = try accept(forged.serialized) }
    expect(.signatureInvalid) { _ = try accept(bytes.flipped(at: 330)) }
    expect(.signatureInvalid) { _ = try accept(bytes.flipped(at: bytes.count - 1)) }
    expect(.badKey) { _ = try accept(try make(1, modulus: .zero).serialized) }
  }

  @Test("R-12.1-3: no bytes after the grammar, no other type and no version say that encryption has ended")
  func noDisabled() throws {
    let bytes = try make(1).serialized
    expect(.trailingBytes) { _ = try accept(bytes + [1]) }
    for type in UInt8(0)...20 where type != 6 {
      var other = bytes
      other[3] = type
      expect(.unexpectedType) { _ = try accept(other) }
    }
    var version = bytes
    version[2] = 2
    expect(.unknownVersion) { _ = try accept(version) }
  }

  // MARK: Private keys. §12.4

  @Test("Private keys are opened under the MasterKey of their account and epoch")
  func privateKeys() throws {
    let base = try Base.shared.get()
    let bytes = base.messages.privateKeys
    let state = try AccountState(parsing: base.messages.accountState)
    let opened = try PrivateKeys.open(bytes, masterKey: Base.masterKey(), state: state)
    let account = try Base.account()
    #expect(try opened.contents().array == account.contents().array)

    expect(.truncated) { _ = try PrivateKeys.open([UInt8](bytes.dropLast()), masterKey: Base.masterKey()) }
    expect(.wrongAccount) { _ = try PrivateKeys.open(bytes.flipped(at: 4), masterKey: Base.masterKey()) }
    expect(.epochMismatch) { _ = try PrivateKeys.open(bytes.flipped(at: 22), masterKey: Base.masterKey()) }
    for index in stride(from: 24, to: 384, by: 30) {
      expect(.privateKeysOpenFailed) {
        _ = try PrivateKeys.open(bytes.flipped(at: index), masterKey: Base.masterKey())
      }
    }
  }

  /// Seals what no honest end would.
  private func sealed(_ contents: borrowing SecretBytes) throws -> [UInt8] {
    var random = SystemRandom()
    let key = try Base.masterKey()
    var message = PrivateKeys(accountID: key.accountID, epoch: 1, sealed: .zero)
    message.sealed = try Bytes(
      ChunkedEncryption.seal(
        contents, key: key.privateKeysKey(), context: message.header.serialized, using: &random))
    return message.serialized
  }

  @Test("R-12.4-1: halves that do not match the account, its state or each other are refused")
  func halves() throws {
    let account = try Base.account()
    let other = try Base.other()
    let (mine, theirs) = (try account.contents().array, try other.contents().array)
    let state = try make(1)
    func open(_ contents: [UInt8], _ state: AccountState? = nil) throws {
      _ = try PrivateKeys.open(
        sealed(SecretBytes(copying: contents)), masterKey: Base.masterKey(), state: state)
    }
    try open(mine, state)
    let (p, q, seed) = (mine[0..<128], mine[128..<256], mine[256...])
    let bad: [ArraySlice<UInt8>] = [
      theirs[...], mine[..<256] + theirs[256...],  // another account's, another seed
      q + p + seed, p + p + seed,  // not p > q
      p + [UInt8].zeros(128) + seed, p + mine.flipped(at: 255)[128..<256] + seed,  // not primes
    ]
    for contents in bad { expect(.privateKeysOpenFailed) { try open([UInt8](contents)) } }
    // Without a state at hand the modulus certifies nothing; with one it does.
    try open([UInt8](theirs[..<256] + seed))
    expect(.privateKeysOpenFailed) { try open([UInt8](theirs[..<256] + seed), state) }
  }
}
