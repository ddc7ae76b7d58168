internal import EndkeyPrimitives
public import EndkeyWire

/// What only the account's persons know: `VaultContents` of §8.4.
///
/// Copies share the secrets, so that an act can be drafted on a copy and dropped when it fails: R-19-2.
public struct Vault: Sendable {
  /// When this vault was made, by the clock of the end that made it.
  public internal(set) var made: Time
  /// The person who made and signed it.
  public internal(set) var madeBy: AgentID
  /// The states of the account, ascending by generation and counter; the last is the one that belongs to this vault.
  public internal(set) var states: [StateNote]
  /// The hashes of the vaults before this one, the oldest first.
  public internal(set) var recent: [Hash] = []
  /// The hash of the RuleSet; zero when there is none.
  public internal(set) var ruleSet = Hash.zero
  /// How many days the service keeps batches.
  public internal(set) var retentionDays: RetentionDays
  /// How many days the service keeps blobs.
  public internal(set) var blobDays: RetentionDays
  /// The persons, those that were removed too, ascending by id.
  public internal(set) var persons: [Person]
  /// The MasterKeys of other epochs, ascending by epoch, then by key: two lines may have used one epoch.
  var pastKeys: [Shared<MasterKey>] = []
  /// The enrolment codes that live, ascending by id.
  public internal(set) var codes: [LiveCode] = []
  /// The computers that were ever let in, ascending by id.
  public internal(set) var members: [Member] = []
  /// What was erased of members' batches, ascending by id, then by number.
  public internal(set) var erasures: [Erasure] = []
  /// The categories of values, ascending by field, then by value.
  public internal(set) var rules: [RuleDefinition] = []

  /// The vault of a new account, or of one that was recovered.
  init(
    made: Time, madeBy: AgentID, state: StateNote, persons: [Person], retentionDays: RetentionDays,
    blobDays: RetentionDays
  ) {
    self.made = made
    self.madeBy = madeBy
    self.states = [state]
    self.persons = persons.sorted { $0.personID < $1.personID }
    self.retentionDays = retentionDays
    self.blobDays = blobDays
  }

  /// The note of the state that belongs to this vault.
  public var newest: StateNote { states[states.count - 1] }

  /// The epochs of the past keys.
  public var pastEpochs: [Epoch] { pastKeys.map { $0.value.epoch } }
}

// MARK: - Notes and keys

extension Vault {
  /// Notes a state that is newer than every other; the oldest note goes when there are too many.
  mutating func note(_ state: StateNote) {
    precondition(newest.pair < state.pair, "a state that is not newer")
    states = states.suffix(Limit.stateNotesMax - 1) + [state]
  }

  /// Notes that this vault follows another.
  mutating func follow(_ hash: Hash) { recent = recent.suffix(Limit.recentMax - 1) + [hash] }

  /// The note of a state; nil when there is none.
  func note(of pair: StatePair) -> StateNote? { states.first { $0.pair == pair } }

  /// Puts away the MasterKey of an epoch that ends. `limitReached` when there are too many.
  mutating func keep(_ key: Shared<MasterKey>, most: Int = Limit.pastKeysMax) throws(ProtocolError) {
    let isKnown = pastKeys.contains {
      $0.value.epoch == key.value.epoch && $0.value.secret.equals(key.value.secret)
    }
    guard !isKnown else { return }
    guard pastKeys.count < most else { throw ProtocolError(.limitReached, "12.2") }
    let index = pastKeys.firstIndex { key.value.precedes($0.value) } ?? pastKeys.endIndex
    pastKeys.insert(key, at: index)
  }

  /// Puts the MasterKeys of other vaults among the past keys: all, or where they leave no reserve the first of each,
  /// under which that vault was sealed, while there are no more than `most` then.
  mutating func unite(_ vaults: [[Shared<MasterKey>]], most: Int) {
    let all = united(with: vaults.flatMap(\.self))
    if all.count <= Self.pastKeysOfAll {
      pastKeys = all
      return
    }
    for keys in vaults {
      let more = united(with: Array(keys.prefix(1)))
      if more.count <= most { pastKeys = more }
    }
  }

  /// The past keys with others, each once and in their order.
  private func united(with keys: [Shared<MasterKey>]) -> [Shared<MasterKey>] {
    var united: [Shared<MasterKey>] = []
    for key in (pastKeys + keys).sorted(by: { $0.value.precedes($1.value) }) {
      if let last = united.last, !last.value.precedes(key.value) { continue }
      united.append(key)
    }
    return united
  }

  /// Whether one of the past keys is that of this epoch and commitment. Keys are derived from only where the epoch is
  /// the same.
  func keeps(epoch: Epoch, commitment: Bytes<32>) throws(ProtocolError) -> Bool {
    for key in pastKeys where key.value.epoch == epoch {
      if try key.value.commitment() == commitment { return true }
    }
    return false
  }
}

extension MasterKey {
  /// The order of past keys: by epoch, then by key.
  fileprivate func precedes(_ other: borrowing MasterKey) -> Bool {
    epoch == other.epoch ? secret.precedes(other.secret) : epoch < other.epoch
  }
}

// MARK: - What stops no root act. R-12.5-8, R-12.9-10

extension Vault {
  /// How many past keys acts make that do not raise the generation.
  static var pastKeysOfAll: Int { Limit.pastKeysMax - Limit.pastKeysReserve }
  /// How long contents may get by acts that do not raise the generation.
  static var contentsOfAll: Int { Limit.vaultContentsMax - Limit.vaultReserve }

  /// Whether the service has none of the rules: the act that made the generation could make no RuleSet of them.
  public var hasUnpublishedRules: Bool { ruleSet == .zero && rules.contains { $0.seen } }

  /// Whether there is room for what only a root act may add.
  var leavesReserve: Bool {
    guard pastKeys.count <= Self.pastKeysOfAll else { return false }
    do {
      return try contents().count <= Self.contentsOfAll
    } catch {
      return false
    }
  }
}

// MARK: - Persons

extension Vault {
  /// The person with an id; nil when there is none.
  public subscript(person personID: AgentID) -> Person? { persons.first { $0.personID == personID } }

  /// The persons who may sign.
  public var grantedPersons: [Person] { persons.filter { $0.status == .granted } }

  /// `unknownAgent` when there is no such person.
  func requirePerson(_ personID: AgentID, _ section: String) throws(ProtocolError) -> Person {
    guard let person = self[person: personID] else { throw ProtocolError(.unknownAgent, section) }
    return person
  }

  /// Adds a person, or puts it in the place of the one with its id. A full list makes room by forgetting those that
  /// were removed, or is `limitReached`. R-12.5-7
  mutating func set(_ person: Person) throws(ProtocolError) {
    if let index = persons.firstIndex(where: { $0.personID == person.personID }) {
      persons[index] = person
      return
    }
    persons.insert(person, at: persons.firstIndex { person.personID < $0.personID } ?? persons.endIndex)
    persons = try persons.withinLimit()
  }
}

extension [Person] {
  /// As many as a vault has room for: all, or else those who may sign. `limitReached` when these are too many.
  func withinLimit() throws(ProtocolError) -> [Person] {
    guard count > Limit.personsMax else { return self }
    let granted = filter { $0.status == .granted }
    guard granted.count <= Limit.personsMax else { throw ProtocolError(.limitReached, "12.5") }
    return granted
  }
}

extension Person {
  /// What a list of persons says of this one.
  var signer: Signer { Signer(verifyKey: verifyKey, personID: personID) }
}

// MARK: - Members

extension Vault {
  /// The member with an id; nil when nobody with it was ever let in.
  public subscript(member agentID: AgentID) -> Member? {
    let index = memberIndex(agentID)
    return index < members.count && members[index].agentID == agentID ? members[index] : nil
  }

  /// The members who get keys of each epoch.
  public var grantedMembers: [Member] { members.filter { $0.status == .granted } }

  /// `unknownAgent` when there is no such member.
  func requireMember(_ agentID: AgentID, _ section: String) throws(ProtocolError) -> Member {
    guard let member = self[member: agentID] else { throw ProtocolError(.unknownAgent, section) }
    return member
  }

  /// Adds a member, or puts it in the place of the one with its id. `limitReached` when there are too many.
  mutating func set(_ member: Member) throws(ProtocolError) {
    let index = memberIndex(member.agentID)
    if index < members.count && members[index].agentID == member.agentID {
      members[index] = member
      return
    }
    guard members.count < Limit.membersMax else { throw ProtocolError(.limitReached, "12.5") }
    members.insert(member, at: index)
  }

  /// The members that were let in by one code: a stolen computer may have let in others.
  public func members(by code: Bytes<8>) -> [Member] { members.filter { $0.codeID == code } }

  /// The ids of the members that were retired or removed in an epoch.
  func listed(in epoch: Epoch) -> Set<AgentID> {
    Set(members.lazy.filter { $0.listed == epoch.value }.map(\.agentID))
  }

  /// The place of an id among the members, by bisection.
  private func memberIndex(_ agentID: AgentID) -> Int {
    var range = members.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range =
        members[middle].agentID < agentID
        ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}

// MARK: - Erasures

extension Vault {
  /// Notes that batches of a member were erased. `limitReached` when there are too many notes.
  mutating func add(_ erasure: Erasure) throws(ProtocolError) {
    guard !erasures.contains(erasure) else { return }
    guard erasures.count < Limit.erasuresMax else { throw ProtocolError(.limitReached, "12.5") }
    let place = (erasure.agentID, erasure.first)
    erasures.insert(erasure, at: erasures.firstIndex { place < ($0.agentID, $0.first) } ?? erasures.endIndex)
  }
}

extension Vault {
  /// Drops the notes of what ends at a number or before: retention has come so far.
  mutating func dropErasures(of agentID: AgentID, through last: Counter) {
    erasures.removeAll { $0.agentID == agentID && $0.last <= last }
  }
}

// MARK: - Codes and rules

extension Vault {
  /// Adds a code. A full list makes room by forgetting those that can enrol nobody at `now`, or is `limitReached`.
  mutating func add(_ code: LiveCode, now: Time) throws(ProtocolError) {
    if codes.count >= Limit.codesMax { codes.removeAll { $0.isDead(at: now) } }
    guard codes.count < Limit.codesMax else { throw ProtocolError(.limitReached, "10.1") }
    codes.insert(code, at: codes.firstIndex { code.id < $0.id } ?? codes.endIndex)
  }

  /// Ends one code.
  mutating func dropCode(_ id: Bytes<8>) { codes.removeAll { $0.id == id } }

  /// Replaces the rules, in any order; a field and value twice is `notCanonical`.
  mutating func setRules(_ rules: [RuleDefinition]) throws(ProtocolError) {
    let sorted = rules.sorted { $0.precedes($1) }
    for (rule, next) in zip(sorted, sorted.dropFirst()) where !rule.precedes(next) {
      throw ProtocolError(.notCanonical, "16.4")
    }
    self.rules = sorted
  }
}

extension RuleDefinition {
  /// The order of a vault: by field, then by value.
  func precedes(_ other: RuleDefinition) -> Bool {
    guard field == other.field else { return field.rawValue < other.field.rawValue }
    return value.bytes.lexicographicallyPrecedes(other.value.bytes)
  }
}
