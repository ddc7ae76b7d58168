internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// Who and what the protocol's families are about: one account with two agents. Messages are put together
/// from bytes here, not by the code under test.
struct Fixture: Sendable {
  static let made = Result { try Fixture() }

  let account: FixtureKeys
  let agent: FixtureKeys
  let other: FixtureKeys

  private init() throws {
    account = try FixtureKeys("account")
    agent = try FixtureKeys("agent")
    other = try FixtureKeys("other")
  }

  var accountID: [UInt8] { account.accountID }

  func masterKey(_ epoch: UInt32) -> [UInt8] { bytes("master key \(epoch)", 32) }

  /// A key of §7 of an epoch; `ids` are the account's and what follows the epoch.
  func key(_ label: String, _ epoch: UInt32, agent: [UInt8] = [], count: Int = 32) throws -> [UInt8] {
    try Fixture.derive(
      masterKey(epoch), label, accountID + be(epoch, 4) + agent, count: count)
  }

  /// An AccountState of the fixture's account.
  func state(
    epoch: UInt32 = 1, counter: UInt64 = 1, previous: [UInt8] = .zeros(32), revoked: [[UInt8]] = [],
    ruleSet: [UInt8] = .zeros(32)
  ) throws -> [UInt8] {
    var state = Fixture.header(6, accountID, epoch) + be(counter, 8)
    state += account.verifyKey + account.modulus
    state += try key("commitment", epoch)
    state += ruleSet + previous
    state += be(16 * revoked.count, 2) + revoked.flatMap { $0 }
    return try account.sign(state + .zeros(64))
  }

  /// The contents of a grant of `kind`: 1 for master, 2 for scoped.
  func grantContents(_ head: [UInt8], kind: UInt8, epoch: UInt32, agent: FixtureKeys) throws -> [UInt8] {
    let hash = SHA256.hash(head)
    guard kind == 2 else { return hash + masterKey(epoch) }
    return hash + (try key("token", epoch, count: 64)) + (try key("agent", epoch, agent: agent.agentID))
  }

  /// The first 49 bytes of a Grant.
  func grantHead(kind: UInt8, epoch: UInt32, counter: UInt64, recipient: [UInt8]) -> [UInt8] {
    Fixture.header(4, accountID, epoch) + [kind] + recipient + be(counter, 8)
  }

  /// A Grant to one of the agents.
  func grant(
    kind: UInt8 = 2, epoch: UInt32 = 1, counter: UInt64 = 1, to agent: FixtureKeys? = nil
  ) throws -> [UInt8] {
    let agent = agent ?? self.agent
    let head = grantHead(kind: kind, epoch: epoch, counter: counter, recipient: agent.agentID)
    let contents = try grantContents(head, kind: kind, epoch: epoch, agent: agent)
    let seed = bytes("oaep \(kind) \(epoch) \(counter)", 20)
    let block = OAEPBlock(message: contents, seed: seed).bytes
    return try account.sign(head + agent.encryptRaw(block) + .zeros(64))
  }

  /// A Seal of §2.5.
  static func seal(_ plaintext: [UInt8], key: [UInt8], context: [UInt8], salt: [UInt8]) throws -> [UInt8] {
    var random = FixedRandom(salt)
    return try ChunkedEncryption.seal(
      plaintext, key: SecretBytes(copying: key), context: context, using: &random)
  }
}

// MARK: - Bytes

extension Fixture {
  static func joined(_ parts: [UInt8]...) -> [UInt8] { [UInt8](parts.joined()) }

  /// The length of a vector of up to 2^24 - 1 bytes.
  static func length(_ bytes: [UInt8]) -> [UInt8] { [UInt8](be(bytes.count, 4).dropFirst()) }

  static func header(_ type: UInt8, _ id: [UInt8], _ epoch: UInt32) -> [UInt8] {
    [0x45, 0x4b, 1, type] + id + be(epoch, 4)
  }

  /// Derive of §2.3.
  static func derive(
    _ key: [UInt8], _ label: String, _ context: [UInt8], count: Int = 32
  ) throws -> [UInt8] {
    let secret = SecretBytes(copying: key)
    let info = labelled(label, context)
    return try HKDF.sha256(ikm: secret, info: info, count: count).disclosed
  }

  /// H of §2.3.
  static func hash(_ label: String, _ data: [UInt8]) -> [UInt8] { SHA256.hash(labelled(label, data)) }

  /// What every hash, derivation and signature starts with, and what follows. §2.3
  static func labelled(_ label: String, _ data: [UInt8]) -> [UInt8] {
    Array("endkey/1 \(label)".utf8) + [0] + data
  }

  static func mac(_ key: [UInt8], _ data: [UInt8]) throws -> [UInt8] {
    let secret = SecretBytes(copying: key)
    return try HMACSHA256.authenticate(data, key: secret)
  }
}
