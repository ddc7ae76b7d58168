internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

/// An account over time, as its owner's end stored it.
private struct Account {
  let credentials: PasswordSample
  /// With a code; with a member; after its revocation; after rotation.
  let coded, granted, revoked, rotated: StoredMessages
  let request: [UInt8]
  /// Of another agent, under the same code.
  let late: [UInt8]
  let swapped: [UInt8]
  let foreign: [UInt8]

  static let now: UInt64 = 1_700_000_000_000

  init(_ fixture: Fixture) throws {
    var random = DeterministicRandom.suite("scenarios")
    let credentials = PasswordSample(fixture)
    var owner = Owner.absent()
    let created = try owner.create(
      identity: Self.identity(fixture.account), credentials: Self.typed(credentials), iterations: 600_000,
      using: &random)
    var stored = StoredMessages(created)
    let code = try owner.makeCode(
      approval: .automatic, uses: 5, expires: nil, now: Time(milliseconds: Self.now), using: &random)
    stored.store(code)
    coded = stored

    let sample = EnrolmentSample(fixture: fixture)
    let secret = code.code.secret.disclosed
    request = try sample.request(secret: secret)
    let other = fixture.other
    late = try sample.request(other, nonce: bytes("late", 32), secret: secret)
    swapped = try other.sign(request.with(other.modulus, at: 24).with(other.verifyKey, at: 280))
    foreign = try sample.sealed(request.with(other.accountID, at: 4), secret: secret)

    stored.store(try owner.approve(request, now: Time(milliseconds: Self.now), using: &random))
    granted = stored
    stored.store(try owner.revoke(AgentID(fixture.agent.agentID), using: &random))
    revoked = stored
    stored.store(try owner.rotate(with: Self.typed(credentials), iterations: 600_000, using: &random))
    rotated = stored
    self.credentials = credentials
  }

  private static func identity(_ keys: FixtureKeys) throws -> Identity {
    Identity(
      rsa: try RSAPrivateKey(p: SecretBytes(copying: keys.p), q: SecretBytes(copying: keys.q)),
      signing: try Ed25519.PrivateKey(seed: SecretBytes(copying: keys.seed)))
  }

  private static func typed(_ sample: PasswordSample) -> Credentials {
    Credentials(
      loginName: sample.loginName, password: SecretBytes(copying: sample.password), accountSecret: nil)
  }
}

extension StoredMessages {
  /// The same with one message replaced.
  fileprivate func with(_ message: WritableKeyPath<StoredMessages, [UInt8]>, _ bytes: [UInt8])
    -> StoredMessages
  {
    var copy = self
    copy[keyPath: message] = bytes
    return copy
  }

  fileprivate func flipped(_ message: WritableKeyPath<StoredMessages, [UInt8]>, _ offset: Int)
    -> StoredMessages
  {
    with(message, self[keyPath: message].flipped(offset))
  }
}

extension Scenario {
  /// The client is a fresh device of the account's owner.
  static func owner() throws -> [Self] {
    let fixture = try Fixture.made.get()
    let account = try Account(fixture)
    var open = JSONObject()
    for (key, value) in account.credentials.credentials { open.append(key, value) }
    open.append("now", .integer(Account.now))
    func scenario(_ name: String, _ attack: String, _ req: [String], _ steps: [Scenario.Step]) -> Self {
      Self(
        id: "scenario-owner-\(name)", role: .owner, attack: attack, req: req, open: open, phase: "locked",
        steps: steps)
    }
    func opens(
      _ says: String, _ messages: StoredMessages, _ phase: String = "open", _ code: ErrorCode? = nil
    ) -> Scenario.Step {
      .owner(says, .open, messages: messages, phase, code)
    }
    let (coded, granted, revoked, rotated) = (
      account.coded, account.granted, account.revoked, account.rotated
    )
    let lock = Scenario.Step.owner("the owner locks", .lock, "locked")
    let restart = Scenario.Step.owner("the device is restarted", .restart, "locked")
    let wrap = granted.passwordWrap
    // Of a PasswordWrap: iterations at 32, the salt at 37, the commitment at 69, the wrapped key at 101.
    func iterations(_ count: UInt32) -> StoredMessages {
      granted.with(\.passwordWrap, wrap.with(be(count, 4), at: 32))
    }
    let weak = [0, 1, 599_999, 1 << 31].map {
      opens("\($0) iterations", iterations($0), "locked", .iterationsOutOfRange)
    }
    let mauled: [(String, WritableKeyPath<StoredMessages, [UInt8]>, Int, ErrorCode)] = [
      ("the wrap's commitment", \.passwordWrap, 69, .passwordOpenFailed),
      ("the wrapped key's first byte", \.passwordWrap, 101, .passwordOpenFailed),
      ("the wrapped key's last byte", \.passwordWrap, 140, .passwordOpenFailed),
      ("the salt of the private keys", \.privateKeys, 24, .privateKeysOpenFailed),
      ("the private keys", \.privateKeys, 90, .privateKeysOpenFailed),
      ("the vault's last byte", \.ownerVault, granted.ownerVault.count - 1, .vaultOpenFailed),
      ("the state's commitment", \.accountState, 330, .signatureInvalid),
    ]
    return [
      scenario(
        "parameters", "The service chooses iterations and salt.", ["R-9.2-1", "R-9.3-5", "R-13.2-1"],
        [restart] + weak + [opens("the right messages", granted), lock] + weak.prefix(2) + [
          opens(
            "another salt", granted.with(\.passwordWrap, wrap.with(.zeros(32), at: 37)), "locked",
            .pinMismatch),
          opens(
            "another account", granted.with(\.passwordWrap, wrap.with(fixture.other.accountID, at: 4)),
            "locked",
            .pinMismatch),
          restart,
          opens(
            "another salt, after a restart", granted.with(\.passwordWrap, wrap.with(.zeros(32), at: 37)),
            "locked",
            .pinMismatch),
          opens("the right messages", granted),
        ]),
      scenario(
        "key-swapped", "The service swaps an agent's keys at enrolment.", ["R-10.2-1", "R-10.2-3"],
        [
          .owner(
            "a request before the account is open", .request, message: account.request, "locked", .noMasterKey
          ),
          opens("the right messages", coded),
          .owner("a request with other keys", .request, message: account.swapped, "open", .macInvalid),
          .owner("a request to another account", .request, message: account.foreign, "open", .wrongAccount),
          .owner("the agent's request", .request, message: account.request, "open"),
          .owner("the same once more", .request, message: account.request, "open", .nonceReused),
          lock, opens("the vault from before the request", coded, "locked", .counterRollback),
          opens("the vault with the new member", granted),
          .owner("the same request again", .request, message: account.request, "open", .nonceReused),
        ]),
      scenario(
        "old-set", "The service replays the messages of an older epoch.",
        ["R-9.3-3", "R-12.1-1", "R-13.2-1"],
        [
          opens("the newest messages", rotated), lock, opens("an old set", granted, "locked", .epochRollback),
          restart, opens("an old set", granted, "locked", .epochRollback),
          opens(
            "an old state among new messages", rotated.with(\.accountState, revoked.accountState), "locked",
            .counterRollback),
          opens(
            "an old vault among new messages", rotated.with(\.ownerVault, revoked.ownerVault), "locked",
            .epochMismatch),
          opens("the newest messages", rotated),
        ]),
      scenario(
        "old-vault", "The service replays an older vault of the same epoch.", ["R-12.5-2"],
        [
          opens("the newest messages", granted), lock,
          opens("an older vault", granted.with(\.ownerVault, coded.ownerVault), "locked", .counterRollback),
          restart,
          opens("an older vault", granted.with(\.ownerVault, coded.ownerVault), "locked", .counterRollback),
          opens("the newest messages", granted),
          opens("an account that is open", granted, "open", .alreadyPinned),
        ]),
      scenario(
        "mixed-set", "A fresh device is given messages that do not fit together.", ["R-12.5-1", "R-12.3-1"],
        [
          opens(
            "a state that is older than the vault says", revoked.with(\.accountState, granted.accountState),
            "locked", .counterRollback),
          opens(
            "the state of another epoch", revoked.with(\.accountState, rotated.accountState), "locked",
            .epochMismatch),
          opens("what fits together", revoked, "rotation_due"),
          .owner(
            "a request that was taken before, while rotation is due", .request, message: account.request,
            "rotation_due", .nonceReused),
          .owner(
            "a request while rotation is due", .request, message: account.late, "rotation_due",
            .rotationDue),
        ]),
      scenario(
        "mauled", "The service mauls what it stores.", ["R-9.3-1", "R-9.3-4", "R-12.4-1"],
        mauled.map { opens("changed: \($0.0)", granted.flipped($0.1, $0.2), "locked", $0.3) }
          + [opens("the right messages", granted)]),
    ]
  }
}
