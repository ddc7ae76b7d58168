internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// What a service may hold: messages of the account, right ones and ones that break a rule each.
struct Messages: Sendable {
  static let shared = Messages()

  /// Texts of a code of the account, of one of another account, and of none.
  let codes: [[UInt8]]
  let states: [[UInt8]]
  let grants: [[UInt8]]

  private init() {
    do {
      codes =
        [Keys.account.accountID, Keys.otherAccount.accountID].map { accountID in
          TypedSecret(kind: .code, accountID: accountID, secret: Keys.secret("code", 16)).text().withBytes {
            $0.array
          }
        } + [Array("ekc1qqqq".utf8)]
      states = try Self.states()
      grants = try Self.grants()
    } catch {
      fatalError("no messages: \(error)")
    }
  }

  private static func states() throws -> [[UInt8]] {
    let first = try state(1, epoch: 1, after: nil)
    let second = try state(2, epoch: 1, after: first)
    let third = try state(3, epoch: 2, after: second)
    let fourth = try state(4, epoch: 3, after: third)
    return [
      first, second, third, fourth,
      try state(3, epoch: 1, after: second),  // a fork
      try state(9, epoch: 1, after: fourth),  // another epoch, backwards from some
      try state(4, epoch: 2, after: second),  // a chain that is broken after the third
      try state(5, epoch: 3, after: fourth, revoked: [Keys.agents[0].agentID]),
      try state(6, epoch: 3, after: fourth),
      try state(1, epoch: 1, after: nil, account: Keys.otherAccount),
      try state(.max, epoch: 3, after: fourth),
    ]
  }

  private static func state(
    _ counter: Counter, epoch: Epoch, after previous: [UInt8]?, revoked: Set<AgentID> = [],
    account: Keys.Pair = Keys.account
  ) throws -> [UInt8] {
    let masterKey = MasterKey(
      secret: Keys.secret("master key \(epoch)", 32), accountID: account.accountID, epoch: epoch)
    return try AccountState.make(
      counter: counter, masterKey: masterKey, modulus: account.modulus, ruleSet: .zero,
      previous: previous.map { Hash(sha256: $0) } ?? .zero, revoked: revoked, signingKey: account.signing()
    ).serialized
  }

  private static func grants() throws -> [[UInt8]] {
    [
      try grant(.scoped, 1, epoch: 1), try grant(.master, 2, epoch: 1), try grant(.scoped, 3, epoch: 2),
      try grant(.master, 4, epoch: 3), try grant(.scoped, 4, epoch: 3),  // a fork
      try grant(.scoped, 5, epoch: 1), try grant(.scoped, 1, epoch: 3),
      try grant(.scoped, 6, epoch: 1, to: Keys.agents[1]),
      try grant(.scoped, 6, epoch: 1, signer: Keys.otherAccount),
      try grant(.master, 6, epoch: 2, key: "not the master key"),
      try grant(.scoped, .max, epoch: 3),
    ]
  }

  private static func grant(
    _ kind: GrantKind, _ counter: Counter, epoch: Epoch, to agent: Keys.Pair = Keys.agents[0],
    signer: Keys.Pair = Keys.account, key: String = "master key"
  ) throws -> [UInt8] {
    var random = DeterministicRandom("grant \(counter)")
    return try Grant.make(
      kind, to: agent.agentID, modulus: agent.modulus, counter: counter,
      masterKey: Keys.masterKey(epoch: epoch, key), signingKey: signer.signing(), using: &random
    ).serialized
  }
}

/// A message that arrives: as it was made, changed on its way, or changed and signed again by the account.
struct Delivery {
  let bytes: [UInt8]
  let isChanged: Bool
  let isSignedAgain: Bool

  init(of messages: [[UInt8]], _ script: inout Script) throws(Violation) {
    let original = script.one(of: messages)
    let how = script.below(8)
    let changed = how < 5 ? original : script.edited(original)
    let isChanged = changed != original
    isSignedAgain = isChanged && how == 7 && changed.count > 64
    bytes = isSignedAgain ? try must("signing", { try Keys.account.signed(changed) }) : changed
    self.isChanged = isChanged
  }
}
