internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// Who and what the protocol's families are about: one account with an owner, two managers and two agents. Messages are
/// put together from bytes here, not by the code under test.
struct Fixture: Sendable {
  static let made = Result { try Fixture() }

  /// The owner: its Ed25519 key is the root key.
  let account: FixtureKeys
  let manager: FixtureKeys
  /// A second manager.
  let deputy: FixtureKeys
  let agent: FixtureKeys
  let other: FixtureKeys

  private init() throws {
    account = try FixtureKeys("account")
    manager = try FixtureKeys("manager")
    deputy = try FixtureKeys("deputy")
    agent = try FixtureKeys("agent")
    other = try FixtureKeys("other")
  }

  var accountID: [UInt8] { account.accountID }

  /// The MasterKey of an epoch; two lines of the account may have used one epoch.
  static func masterKey(_ epoch: UInt32, _ line: String = "") -> [UInt8] {
    bytes("master key \(epoch)\(line)", 32)
  }

  /// A key of §7 of an epoch.
  func key(
    _ label: String, _ epoch: UInt32, _ line: String = "", agent: [UInt8] = [], count: Int = 32
  ) throws -> [UInt8] {
    try Fixture.derive(
      Fixture.masterKey(epoch, line), label, accountID + be(epoch, 4) + agent, count: count)
  }

  func commitment(_ epoch: UInt32, _ line: String = "") throws -> [UInt8] {
    try key("commitment", epoch, line)
  }
}

// MARK: - Time

extension Fixture {
  static let day: UInt64 = 86_400_000
  static let hour: UInt64 = 3_600_000

  /// Midnight, so many days into the fixture's time.
  static func day(_ count: Int, hours: Int = 0) -> UInt64 {
    1_750_032_000_000 + UInt64(count) * day + UInt64(hours) * hour
  }
}

// MARK: - AccountState. §12.1

/// A state that is right unless a member says otherwise.
struct FixtureState: Sendable {
  let fixture: Fixture
  var epoch: UInt32 = 1
  /// Of the MasterKey.
  var line = ""
  var counter: UInt64 = 1
  var made = Fixture.day(100)
  var validUntil = Fixture.day(160)
  var generation: UInt32 = 5
  var from = Fixture.day(90)
  var until = Fixture.day(180)
  /// Instead of the MasterKey's.
  var commitment: [UInt8]?
  /// Who may sign, in any order.
  var persons: [FixtureKeys]
  /// Who may sign besides, as the list has them.
  var strangers: [[UInt8]] = []
  var root: FixtureKeys
  /// Ascending.
  var revoked: [[UInt8]] = []
  var signer: FixtureKeys
  /// Who signs the certificate.
  var certifier: FixtureKeys
  /// With another nonce than RFC 8032 has.
  var certifiesAgain = false

  init(_ fixture: Fixture, _ edit: (inout FixtureState) -> Void = { _ in }) {
    self.fixture = fixture
    persons = [fixture.account, fixture.manager]
    root = fixture.account
    signer = fixture.account
    certifier = fixture.account
    edit(&self)
  }

  func edited(_ edit: (inout FixtureState) -> Void) -> FixtureState {
    var state = self
    edit(&state)
    return state
  }

  var signers: [UInt8] {
    (persons.map(\.signer) + strangers).sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
  }

  /// From `generation` to `signers`.
  var list: [UInt8] {
    be(generation, 4) + be(from, 8) + be(until, 8) + be(signers.count, 2) + signers
  }

  func certificate() throws -> [UInt8] {
    let input = Fixture.labelled("certificate", root.accountID + list)
    return try certifiesAgain ? certifier.signatureAgain(input) : certifier.signature(input)
  }

  /// All before the signature.
  func body() throws -> [UInt8] {
    var body = Fixture.header(6, root.accountID, epoch) + be(counter, 8)
    body += be(made, 8) + be(validUntil, 8)
    body +=
      try commitment
      ?? Fixture.derive(Fixture.masterKey(epoch, line), "commitment", root.accountID + be(epoch, 4))
    body += root.verifyKey + list
    body += try certificate()
    return body + be(16 * revoked.count, 2) + revoked.flatMap { $0 } + signer.verifyKey
  }

  func bytes() throws -> [UInt8] { try signer.sign(body() + .zeros(64)) }

  /// The vault's note of the state.
  func note() throws -> [UInt8] {
    try be(generation, 4) + be(counter, 8) + be(epoch, 4) + be(made, 8) + SHA256.hash(bytes())
  }
}

// MARK: - Grant. §11

/// A grant that is right unless a member says otherwise.
struct FixtureGrant: Sendable {
  let fixture: Fixture
  var kind: UInt8 = 2
  var epoch: UInt32 = 1
  var line = ""
  var recipient: FixtureKeys
  var signer: FixtureKeys
  var account: [UInt8]
  var seedName = ""

  init(_ fixture: Fixture, _ edit: (inout FixtureGrant) -> Void = { _ in }) {
    self.fixture = fixture
    recipient = fixture.agent
    signer = fixture.account
    account = fixture.accountID
    edit(&self)
  }

  /// The bytes whose hash is within.
  func head() throws -> [UInt8] {
    Fixture.header(4, account, epoch) + [kind] + recipient.agentID + (try fixture.commitment(epoch, line))
      + signer.verifyKey
  }

  func contents(_ head: [UInt8]) throws -> [UInt8] {
    let hash = SHA256.hash(head)
    guard kind == 2 else { return hash + Fixture.masterKey(epoch, line) }
    return hash + (try fixture.key("token", epoch, line, count: 64))
      + (try fixture.key("agent", epoch, line, agent: recipient.agentID))
  }

  var seed: [UInt8] { EndkeyVectors.bytes("oaep \(kind) \(epoch)\(line)\(seedName)", 20) }

  func bytes() throws -> [UInt8] {
    let head = try head()
    let block = try OAEPBlock(message: contents(head), seed: seed).bytes
    return try signer.sign(head + recipient.encryptRaw(block) + .zeros(64))
  }
}

// MARK: - OwnerVault. §12.5

/// What a vault says, each list as the elements' bytes.
struct FixtureContents: Sendable {
  var made: UInt64
  var madeBy: [UInt8]
  var states: [[UInt8]]
  var recent: [[UInt8]] = []
  var ruleSet = [UInt8].zeros(32)
  var retentionDays = 90
  var blobDays = 30
  var persons: [[UInt8]]
  var pastKeys: [[UInt8]] = []
  var codes: [[UInt8]] = []
  var members: [[UInt8]] = []
  var erasures: [[UInt8]] = []
  var rules: [[UInt8]] = []

  func edited(_ edit: (inout FixtureContents) -> Void) -> FixtureContents {
    var contents = self
    edit(&contents)
    return contents
  }

  var unpadded: [UInt8] {
    var bytes = be(made, 8) + madeBy
    bytes += Self.list(states, 3) + Self.list(recent, 2) + ruleSet
    bytes += be(retentionDays, 2) + be(blobDays, 2) + Self.list(persons, 2)
    bytes += Self.list(pastKeys, 3) + Self.list(codes, 3) + Self.list(members, 3)
    return bytes + Self.list(erasures, 3) + Self.list(rules, 3)
  }

  var bytes: [UInt8] { Self.padding(unpadded) }

  static func padding(_ unpadded: [UInt8]) -> [UInt8] {
    let count = (4_096 - (unpadded.count + 2) % 4_096) % 4_096
    return unpadded + be(count, 2) + .zeros(count)
  }

  private static func list(_ elements: [[UInt8]], _ width: Int) -> [UInt8] {
    let content = [UInt8](elements.joined())
    return be(content.count, width) + content
  }

  static func person(
    _ keys: FixtureKeys, role: UInt8, status: UInt8 = 1, keysHash: [UInt8], label: String = "",
    modulus: [UInt8]? = nil, id: [UInt8]? = nil
  ) -> [UInt8] {
    var bytes = (id ?? keys.agentID) + [role, status]
    bytes += (modulus ?? keys.modulus) + keys.verifyKey + keysHash
    return bytes + [UInt8(label.utf8.count)] + Array(label.utf8)
  }

  static func code(
    _ name: String, role: UInt8 = 1, kind: UInt8 = 2, approval: UInt8 = 1, uses: Int = 1, expires: UInt64 = 0,
    nonces: [[UInt8]] = [], label: String = "code"
  ) -> [UInt8] {
    var bytes = codeID(name) + codeSecret(name) + [UInt8(label.utf8.count)] + Array(label.utf8)
    bytes += [role, kind, approval] + be(uses, 2) + be(expires, 8)
    return bytes + be(32 * nonces.count, 2) + nonces.flatMap { $0 }
  }

  static func codeID(_ name: String) -> [UInt8] { EndkeyVectors.bytes("code id \(name)", 8) }
  static func codeSecret(_ name: String) -> [UInt8] { EndkeyVectors.bytes("code secret \(name)", 16) }

  static func member(
    _ id: [UInt8], kind: UInt8 = 2, status: UInt8 = 1, listed: UInt32 = 0, code: String = "first",
    label: String = "computer", audited: (UInt64, [UInt8], UInt32, UInt64) = (0, .zeros(32), 0, 0),
    kept: (UInt64, [UInt8]) = (0, .zeros(32))
  ) -> [UInt8] {
    var bytes = id + [UInt8(label.utf8.count)] + Array(label.utf8) + codeID(code) + [kind, status]
    bytes += be(listed, 4) + be(audited.0, 8) + audited.1
    bytes += be(audited.2, 4) + be(audited.3, 8)
    return bytes + be(kept.0, 8) + kept.1
  }

  static func erasure(
    _ id: [UInt8], _ first: UInt64, _ last: UInt64, before: [UInt8] = .zeros(32), hash: [UInt8]
  ) -> [UInt8] {
    id + be(first, 8) + be(last, 8) + before + hash
  }

  static func rule(_ field: UInt8, _ category: UInt8, _ seen: UInt8, _ value: [UInt8]) -> [UInt8] {
    [field, category, seen] + be(value.count, 2) + value
  }
}

extension Fixture {
  /// The contents of the vault that belongs to `state`, made by its signer.
  func contents(
    of state: FixtureState, keys: [String: [UInt8]] = [:], _ edit: (inout FixtureContents) -> Void = { _ in }
  ) throws -> FixtureContents {
    let persons = state.persons.map { keys in
      FixtureContents.person(
        keys, role: keys.verifyKey == state.root.verifyKey ? 1 : 2,
        keysHash: SHA256.hash(personKeys(keys)), label: keys.name)
    }
    var contents = FixtureContents(
      made: state.made, madeBy: state.signer.agentID, states: [try state.note()],
      persons: persons.sorted { $0.lexicographicallyPrecedes($1) })
    edit(&contents)
    return contents
  }

  /// An OwnerVault of the state's epoch.
  func vault(
    _ contents: [UInt8], of state: FixtureState, counter: UInt64 = 7, signer: FixtureKeys? = nil,
    salt: [UInt8]? = nil
  ) throws -> [UInt8] {
    let head = Fixture.header(2, state.root.accountID, state.epoch) + be(counter, 8)
    let key = try Fixture.derive(
      Fixture.masterKey(state.epoch, state.line), "vault", state.root.accountID + be(state.epoch, 4))
    let sealed = try Fixture.seal(
      contents, key: key, context: head, salt: salt ?? EndkeyVectors.bytes("vault salt \(counter)", 24))
    return try Fixture.signedVault(head, sealed, by: signer ?? state.signer)
  }

  static func signedVault(_ head: [UInt8], _ sealed: [UInt8], by signer: FixtureKeys) throws -> [UInt8] {
    try signer.sign(head + be(sealed.count, 3) + sealed + signer.verifyKey + .zeros(64))
  }

  /// PersonKeys whose bytes only their hash is asked of, and which open under no password.
  func personKeys(_ keys: FixtureKeys) -> [UInt8] {
    FixturePassword.head(accountID) + EndkeyVectors.bytes("sealed keys of \(keys.name)", 360)
  }
}

// MARK: - Bytes

extension Fixture {
  static func joined(_ parts: [UInt8]...) -> [UInt8] { [UInt8](parts.joined()) }

  /// The length of a vector of up to 2^24 - 1 bytes.
  static func length(_ bytes: [UInt8]) -> [UInt8] { be(bytes.count, 3) }

  static func header(_ type: UInt8, _ id: [UInt8], _ epoch: UInt32) -> [UInt8] {
    [0x45, 0x4b, 1, type] + id + be(epoch, 4)
  }

  /// A Seal of §2.5.
  static func seal(_ plaintext: [UInt8], key: [UInt8], context: [UInt8], salt: [UInt8]) throws -> [UInt8] {
    var random = FixedRandom(salt)
    return try ChunkedEncryption.seal(
      plaintext, key: SecretBytes(copying: key), context: context, using: &random)
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
