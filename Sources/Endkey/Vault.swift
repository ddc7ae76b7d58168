internal import EndkeyPrimitives
public import EndkeyWire

/// What the owner's end knows of its account besides the current keys: `VaultContents` of §8.4.
///
/// Copies share the secrets, so that a step can be drafted on a copy and dropped when it fails: R-19-2.
public struct Vault: Sendable {
  /// The account whose vault it is.
  public let accountID: AccountID
  /// The epoch of the MasterKey that seals the vault.
  public internal(set) var epoch: Epoch
  /// Goes up by one at each write.
  public internal(set) var counter: Counter = 0

  /// The counter of the newest AccountState that the vault knows. R-12.5-1
  public internal(set) var stateCounter: Counter = 0
  /// The hash of the newest AccountState that the vault knows. R-12.5-1
  public internal(set) var stateHash: Hash = .zero
  /// The counter of the newest PasswordWrap that the vault knows. R-12.5-1
  public internal(set) var wrapCounter: Counter = 0
  /// The counter of the last grant to anybody; 0 before the first.
  public internal(set) var grantCounter: Counter = 0
  /// The counter of the last RuleSet; 0 before the first.
  public internal(set) var ruleSetCounter: Counter = 0
  /// Ascending by epoch. R-12.2-3
  var pastKeys: [Shared<MasterKey>] = []
  /// The enrolment codes that were made in this epoch, ascending by secret.
  public internal(set) var codes: [LiveCode] = []
  /// The agents and managers that were ever let in, ascending by agent id.
  public internal(set) var members: [Member] = []
  /// The categories of values, ascending by field and value.
  public internal(set) var rules: [RuleDefinition] = []

  /// The vault of a new account, not written yet.
  init(accountID: AccountID, epoch: Epoch) {
    self.accountID = accountID
    self.epoch = epoch
  }

  /// The epochs of the past keys.
  public var pastEpochs: [Epoch] { pastKeys.map { $0.value.epoch } }

  /// Adds all past MasterKeys to a ring.
  func addPastKeys(to ring: inout KeyRing) throws(ProtocolError) {
    for key in pastKeys { try ring.add(key.value.copy()) }
  }

  /// Puts a MasterKey away. §12.2
  mutating func keep(_ key: Shared<MasterKey>) {
    precondition(pastKeys.last.map { $0.value.epoch < key.value.epoch } ?? true, "a key of no past epoch")
    pastKeys.append(key)
  }
}

// MARK: - Codes and members

extension Vault {
  /// Ends every code: whoever knows one and was removed would enrol again. R-12.2-4
  mutating func dropCodes() { codes = [] }

  /// Adds a code. A full list makes room by forgetting those that can enrol nobody at `now`, or is
  /// `limitReached`.
  mutating func add(_ code: LiveCode, now: Time) throws(ProtocolError) {
    if codes.count >= Limit.codesMax { codes.removeAll { $0.isDead(at: now) } }
    guard codes.count < Limit.codesMax else { throw ProtocolError(.limitReached, "10.1") }
    let index = codes.firstIndex { code.secret.precedes($0.secret) } ?? codes.endIndex
    codes.insert(code, at: index)
  }

  /// Notes that a request was granted under a code. R-10.2-3
  mutating func use(codeAt index: Int, for nonce: Hash) throws(ProtocolError) {
    codes[index] = try codes[index].used(for: nonce)
  }

  /// The member with an agent id; nil when nobody with it was ever let in.
  public subscript(member agentID: AgentID) -> Member? { members.first { $0.agentID == agentID } }

  /// `unknownAgent` when there is none.
  func requireMember(_ agentID: AgentID, _ section: String) throws(ProtocolError) -> Member {
    guard let member = self[member: agentID] else { throw ProtocolError(.unknownAgent, section) }
    return member
  }

  /// Adds a member, or puts it in the place of the one with its id. `limitReached` when the list is full.
  mutating func set(_ member: Member) throws(ProtocolError) {
    if let index = members.firstIndex(where: { $0.agentID == member.agentID }) {
      members[index] = member
      return
    }
    guard members.count < Limit.membersMax else { throw ProtocolError(.limitReached, "10.2") }
    let index = members.firstIndex { member.agentID < $0.agentID } ?? members.endIndex
    members.insert(member, at: index)
  }

  /// The agent ids of the members that were revoked.
  public var revoked: Set<AgentID> {
    Set(members.lazy.filter { $0.status == .revoked }.map(\.agentID))
  }

  /// Whether a member with status revoked got its last grant in the current epoch. §12.3
  public var isRotationDue: Bool {
    members.contains { $0.status == .revoked && $0.epoch == epoch }
  }

  /// Replaces the rules, in any order; a (field, value) twice is `notCanonical`.
  mutating func setRules(_ rules: [RuleDefinition]) throws(ProtocolError) {
    let sorted = rules.sorted(by: RuleDefinition.inOrder)
    for (rule, next) in zip(sorted, sorted.dropFirst()) where !RuleDefinition.inOrder(rule, next) {
      throw ProtocolError(.notCanonical, "16.4")
    }
    self.rules = sorted
  }
}
