internal import EndkeyJSON
public import EndkeyWire
internal import ServiceHash

/// What the service holds of an account that decides whether a publication fits.
public struct HeldWhole: Sendable {
  /// The SHA-256 of the vault.
  public var vaultHash: Hash
  /// The SHA-256 of the state.
  public var stateHash: Hash
  /// The state.
  public var state: AccountState
  /// The ids of the account's persons, and of those whose PersonRequest waits.
  public var persons: Set<AgentID>

  /// What is held.
  public init(vaultHash: Hash, stateHash: Hash, state: AccountState, persons: Set<AgentID>) {
    self.vaultHash = vaultHash
    self.stateHash = stateHash
    self.state = state
    self.persons = persons
  }
}

/// Who publishes.
public struct Publisher: Equatable, Sendable {
  /// The person.
  public var person: AgentID
  /// Whether it is the owner.
  public var isOwner: Bool
  /// Whether the session is fresh.
  public var isFresh: Bool

  /// A publisher.
  public init(person: AgentID, isOwner: Bool, isFresh: Bool) {
    self.person = person
    self.isOwner = isOwner
    self.isFresh = isFresh
  }
}

extension PublicationEnvelope {
  /// Step 4 of `spec/http.md`, section 8: whether the parts fit each other and what is held; nil where nothing is.
  public func checkParts(of account: AccountID, over held: HeldWhole?) throws(Problem) {
    let masters = Array(masters)
    let accounts =
      [vault.accountID, state?.accountID, ruleSet?.accountID, keys?.keys.head.accountID, wrap?.accountID]
      .compactMap(\.self) + masters.map(\.accountID)
    guard accounts.allSatisfy({ $0 == account }) else { throw Self.inconsistent("account") }
    guard let newest = state ?? held?.state else { throw Self.inconsistent("state") }
    guard AccountID(rootKey: newest.rootKey) == account else { throw Self.inconsistent("root") }

    let epochs = [vault.epoch, ruleSet?.epoch, wrap?.epoch].compactMap(\.self) + masters.map(\.epoch)
    guard epochs.allSatisfy({ $0 == newest.epoch }),
      masters.allSatisfy({ $0.commitment == newest.commitment && $0.kind == .master })
    else { throw Self.inconsistent("epoch") }

    if let state, let held {
      let old = held.state
      guard (state.generation, state.counter) > (old.generation, old.counter) else {
        throw Self.inconsistent("state")
      }
    }

    let signers = newest.signers.map(\.personID)
    let recipients = masters.map(\.recipient)
    let isNewEpoch =
      held.map { ($0.state.epoch, $0.state.commitment) != (newest.epoch, newest.commitment) } ?? true
    guard Set(recipients).count == recipients.count,
      isNewEpoch ? Set(recipients) == Set(signers) : Set(recipients).isSubset(of: signers)
    else { throw Self.inconsistent("masters") }

    let known = held?.persons ?? []
    guard newest.signers.allSatisfy({ known.contains($0.personID) || $0.verifyKey == newest.rootKey }) else {
      throw Self.inconsistent("signers")
    }
  }

  /// Step 5: whether this publisher may publish this.
  public func checkRight(of publisher: Publisher, over held: HeldWhole) throws(Problem) {
    if !publisher.isOwner {
      guard wrap == nil, keys?.recoveryVerifier ?? .zero == .zero,
        state?.hasList(of: held.state) ?? true
      else { throw Problem(.ownerRequired) }
      // A number far above would be the last: nobody could publish a state any more.
      if let state {
        guard state.counter.value - 1 == held.state.counter.value else { throw Self.inconsistent("state") }
      }
    }
    guard keys != nil else { return }
    guard publisher.isFresh else { throw Problem(.freshRequired) }
    if publisher.isOwner, wrap == nil { throw Self.inconsistent("wrap") }
  }

  static func inconsistent(_ what: String) -> Problem { Problem(.inconsistent, [("what", .string(what))]) }
}

extension AccountID {
  /// The id of the account that a root key makes. The specification's section 7.1
  fileprivate init(rootKey: VerifyKey) {
    self.init(unchecked: Array(Hash(label: "account-id", rootKey.bytes).bytes.prefix(16)).span)
  }
}

extension AccountState {
  /// Whether this has all that the root key certifies of another state: generation, times, and signers.
  fileprivate func hasList(of other: AccountState) -> Bool {
    generation == other.generation && certificateFrom == other.certificateFrom
      && certificateUntil == other.certificateUntil && Array(signers) == Array(other.signers)
  }
}
