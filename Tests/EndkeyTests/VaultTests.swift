import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §12.5.
@Suite("Vault") struct VaultTests {
  private func key(_ epoch: Epoch = 3) throws -> MasterKey {
    MasterKey(
      secret: SecretBytes(copying: [UInt8](repeating: UInt8(epoch.value), count: 32)),
      accountID: try Base.shared.get().accountID, epoch: epoch)
  }

  private func full() throws -> Vault {
    var vault = Vault(accountID: try Base.shared.get().accountID, epoch: 3)
    vault.counter = 6
    vault.stateCounter = 11
    vault.stateHash = Hash(sha256: [11])
    vault.wrapCounter = 4
    vault.grantCounter = 8
    vault.ruleSetCounter = 2
    vault.keep(Shared(try key(1)))
    vault.keep(Shared(try key(2)))
    for first in [9, 1, 5] as [UInt8] {
      try vault.add(
        LiveCode(
          secret: SecretBytes(copying: [UInt8](repeating: first, count: 16)), role: .manager,
          approval: .manual, usesLeft: 3, expires: 77, nonces: [Hash(sha256: [first])]), now: 0)
    }
    for index in 0..<2 {
      let agent = try Base.agent(index)
      try vault.set(
        Member(
          agentID: agent.agentID, modulus: agent.modulus, verifyKey: agent.verifyKey, role: .agent,
          status: .granted, kind: .scoped, epoch: 3, grantCounter: 8, auditedSequence: 5,
          auditedHash: Hash(sha256: [5])))
    }
    try vault.setRules([
      RuleDefinition(field: .url, category: .neutral, seen: true, value: "2"),
      RuleDefinition(field: .url, category: .productive, seen: false, value: "1"),
    ])
    return vault
  }

  private func written(_ vault: inout Vault) throws -> [UInt8] {
    var random = SystemRandom()
    return try vault.write(masterKey: key(), using: &random).serialized
  }

  @Test("A vault opens to what was written, with the next counter")
  func roundTrip() throws {
    var vault = try full()
    let bytes = try written(&vault)
    #expect(vault.counter == 7)
    let read = try Vault(
      opening: bytes, masterKey: key(), pinnedCounter: 7,
      state: StateMark(epoch: 3, counter: 11, hash: vault.stateHash), wrapCounter: 4)
    #expect(read.counter == 7 && read.epoch == 3)
    #expect(read.stateCounter == 11 && read.stateHash == vault.stateHash)
    #expect(read.wrapCounter == 4 && read.grantCounter == 8 && read.ruleSetCounter == 2)
    #expect(read.pastEpochs == [1, 2])
    #expect(read.codes.map { $0.secret.array[0] } == [1, 5, 9])
    #expect(read.codes.map(\.nonces) == vault.codes.map(\.nonces))
    #expect(read.codes.allSatisfy { $0.usesLeft == 3 && $0.expires == 77 && $0.role == .manager })
    #expect(read.members == vault.members)
    #expect(read.rules == vault.rules)
    var ring = KeyRing(accountID: read.accountID, holder: .owner)
    try read.addPastKeys(to: &ring)
    #expect(try ring.tokenKey(epoch: 2, "7").secret.array == key(2).tokenKey().secret.array)
    var again = read
    #expect(try written(&again) != bytes)
  }

  @Test("The checks of a vault, in their order")
  func order() throws {
    var vault = try full()
    let bytes = try written(&vault)
    let accountID = vault.accountID
    let other = MasterKey(secret: try key().secret.copy(), accountID: .zero, epoch: 3)
    expect(.truncated) {
      _ = try Vault(opening: [UInt8](bytes.dropLast()), masterKey: other, pinnedCounter: 9)
    }
    expect(.wrongAccount) { _ = try Vault(opening: bytes, masterKey: other, pinnedCounter: 9) }
    expect(.epochMismatch) { _ = try Vault(opening: bytes, masterKey: key(2), pinnedCounter: 9) }
    let wrong = MasterKey(secret: try key(2).secret.copy(), accountID: accountID, epoch: 3)
    // R-12.5-2
    expect(.counterRollback) { _ = try Vault(opening: bytes, masterKey: wrong, pinnedCounter: 8) }
    expect(.vaultOpenFailed) { _ = try Vault(opening: bytes, masterKey: wrong, pinnedCounter: 7) }
    for index in [24 + 7, 35, 60, 91, 200, bytes.count - 1] {
      expect(.vaultOpenFailed) { _ = try Vault(opening: bytes.flipped(at: index), masterKey: key()) }
    }
  }

  @Test("R-12.5-1: a state or wrap older than the vault, or another state of its counter, is refused")
  func messages() throws {
    var vault = try full()
    let bytes = try written(&vault)
    func open(_ counter: Counter, _ hash: Hash, wrap: Counter?) throws {
      _ = try Vault(
        opening: bytes, masterKey: key(), state: StateMark(epoch: 3, counter: counter, hash: hash),
        wrapCounter: wrap)
    }
    expect(.counterRollback) { try open(10, .zero, wrap: nil) }
    expect(.counterRollback) { try open(11, .zero, wrap: 3) }
    expect(.counterFork) { try open(11, .zero, wrap: 4) }
    try open(12, .zero, wrap: 5)
  }

  @Test("A seal that opens to what is no VaultContents is the same error")
  func grammar() throws {
    var random = SystemRandom()
    let key = try key()
    let header = OwnerVault.header(accountID: key.accountID, epoch: 3)
    for contents in [[], .zeros(64), .zeros(77), [UInt8](repeating: 0xff, count: 76)] as [[UInt8]] {
      let sealed = try ChunkedEncryption.seal(
        contents, key: key.vaultKey(), context: OwnerVault.context(header: header, counter: 1),
        using: &random)
      let bytes = try OwnerVault(
        accountID: key.accountID, epoch: 3, counter: 1, sealed: Sealed(sealed)
      ).serialized
      expect(.vaultOpenFailed) { _ = try Vault(opening: bytes, masterKey: key) }
    }
  }
}
