internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// What a service, or a person with a code, may give to an agent: right messages and ones that break a rule each.
struct Messages: Sendable {
  static let shared = Messages()

  let codes: [CodeSample]
  let states: [StateSample]
  let grants: [GrantSample]

  private init() {
    do {
      codes = CodeSample.all()
      states = try StateSample.all()
      grants = try GrantSample.all()
    } catch {
      fatalError("no messages: \(error)")
    }
  }
}

/// The text of an enrolment code, and what it says.
struct CodeSample: Sendable {
  let accountID: AccountID
  let terms: CodeTerms
  let text: [UInt8]

  private init(
    account: Keys.Pair = Keys.account, _ generation: Generation, made: Time, _ kind: GrantKind = .scoped,
    _ role: Role = .agent
  ) {
    accountID = account.accountID
    terms = CodeTerms(generation: generation, made: made, kind: kind, role: role)
    let code = EnrolmentCode(accountID: accountID, secret: Keys.secret("code", 16), terms: terms)
    text = code.text().withBytes { $0.array }
  }

  static func all() -> [CodeSample] {
    [
      CodeSample(1, made: day(99)), CodeSample(1, made: day(99), .master), CodeSample(2, made: day(103)),
      CodeSample(3, made: day(90)), CodeSample(1, made: day(99), .master, .manager),
      CodeSample(account: Keys.otherAccount, 1, made: day(99)),
    ]
  }
}

/// An AccountState, and whether it is what a person on the root's list signed.
struct StateSample: Sendable {
  let bytes: [UInt8]
  let isSound: Bool

  static func all() throws -> [StateSample] {
    [
      try make(1, 1, epoch: 1, made: day(100)), try make(1, 2, epoch: 1, made: day(101)),
      try make(1, 3, epoch: 2, made: day(102)), try make(1, 4, epoch: 3, made: day(103)),
      // A fork, an epoch that goes back for some, another key in one epoch.
      try make(1, 3, epoch: 1, made: day(102)), try make(1, 9, epoch: 1, made: day(104)),
      try make(1, 5, epoch: 2, "another key", made: day(103)),
      // The agent goes, and comes back.
      try make(1, 6, epoch: 3, made: day(105), revoked: [Keys.agents[0].agentID]),
      try make(1, 7, epoch: 3, made: day(106), signer: Keys.manager),
      try make(1, .max, epoch: 3, made: day(107)),
      // Greater generations begin anew: with lower numbers, without the manager, back in time, far ahead.
      try make(2, 1, epoch: 1, "another key", made: day(104), persons: [Keys.account]),
      try make(2, 2, epoch: 1, made: day(105), persons: [Keys.account]),
      try make(3, 1, epoch: 3, made: day(60)), try make(4, 1, epoch: 3, made: day(300)),
      // Of another account; signed by nobody on the list; listed by another's root key.
      try make(2, 3, epoch: 1, made: day(106), persons: [Keys.account], signer: Keys.manager, isSound: false),
      try make(3, 2, epoch: 3, made: day(107), root: Keys.manager, isSound: false),
      try make(1, 1, epoch: 1, made: day(100), account: Keys.otherAccount),
    ]
  }

  private static func make(
    _ generation: Generation, _ counter: Counter, epoch: Epoch, _ key: String = "master key", made: Time,
    account: Keys.Pair = Keys.account, persons: [Keys.Pair]? = nil, root: Keys.Pair? = nil,
    signer: Keys.Pair? = nil, revoked: Set<AgentID> = [], isSound: Bool = true
  ) throws -> StateSample {
    let masterKey = MasterKey(
      secret: Keys.secret("\(key) \(epoch)", 32), accountID: account.accountID, epoch: epoch)
    let list = try Certificate.make(
      generation: generation, from: made, until: made.adding(days: Limit.certificateDefault),
      signers: (persons ?? [account, Keys.manager]).map(\.signer), rootKey: (root ?? account).signing())
    let state = try AccountState.make(
      counter: counter, made: made, validUntil: made.adding(days: Limit.validityDefault),
      masterKey: masterKey,
      list: list, revoked: revoked, signingKey: (signer ?? account).signing())
    return StateSample(bytes: state.serialized, isSound: isSound)
  }
}

/// A Grant, and whether whoever signed it gave away the key that its state commits to.
struct GrantSample: Sendable {
  let bytes: [UInt8]
  let grant: Grant

  static func all() throws -> [GrantSample] {
    [
      try make(.scoped, epoch: 1), try make(.master, epoch: 1), try make(.scoped, epoch: 2),
      try make(.master, epoch: 3), try make(.scoped, epoch: 3), try make(.scoped, epoch: 3, by: Keys.manager),
      try make(.scoped, epoch: 1, "another key"), try make(.scoped, epoch: 2, "another key"),
      try make(.scoped, epoch: 1, by: Keys.manager), try make(.scoped, epoch: 1, to: Keys.agents[1]),
      try make(.scoped, epoch: 1, by: Keys.otherAccount),
    ]
  }

  private static func make(
    _ kind: GrantKind, epoch: Epoch, _ key: String = "master key", to agent: Keys.Pair = Keys.agents[0],
    by signer: Keys.Pair = Keys.account
  ) throws -> GrantSample {
    var random = DeterministicRandom("grant \(kind) \(epoch)")
    let grant = try Grant.make(
      kind, to: agent.agentID, modulus: agent.modulus, masterKey: Keys.masterKey(epoch: epoch, key),
      signingKey: signer.signing(), using: &random)
    return GrantSample(bytes: grant.serialized, grant: grant)
  }
}

/// Bytes that arrive: as they were made, changed on their way, or changed and signed again by the owner.
struct Delivery {
  let bytes: [UInt8]
  let isChanged: Bool
  let isSignedAgain: Bool

  init(of original: [UInt8], _ script: inout Script) throws(Violation) {
    let how = script.below(8)
    let changed = how < 5 ? original : script.edited(original)
    let isChanged = changed != original
    isSignedAgain = isChanged && how == 7 && changed.count > 64
    bytes = isSignedAgain ? try must("signing", { try Keys.account.signed(changed) }) : changed
    self.isChanged = isChanged
  }
}
