internal import Endkey
internal import EndkeyFuzz
internal import EndkeyWire
internal import TestSupport

/// What a service stores of an account, replaced as one and only where it holds the vault that is expected. §12.8
struct Shelf: Equatable, Sendable {
  var vault: [UInt8] = []
  var state: [UInt8] = []
  var ruleSet: [UInt8]?
  var wrap: [UInt8]?
  var keys: [AgentID: [UInt8]] = [:]
  var grants: [AgentID: [UInt8]] = [:]

  /// The same after a publication of this person.
  func replaced(by publication: Publication, of person: AgentID) -> Shelf {
    var shelf = self
    shelf.vault = publication.ownerVault.serialized
    if let state = publication.accountState { shelf.state = state.serialized }
    if let rules = publication.ruleSet { shelf.ruleSet = rules.serialized }
    if let wrap = publication.passwordWrap { shelf.wrap = wrap.serialized }
    if let keys = publication.personKeys { shelf.keys[person] = keys.serialized }
    for grant in publication.grants { shelf.grants[grant.recipient] = grant.serialized }
    return shelf
  }

  /// What a person gets after the login.
  func whole(of person: AgentID) -> Whole {
    Whole(
      personKeys: keys[person] ?? [], passwordWrap: wrap, accountState: state, grant: grants[person],
      ownerVault: vault, ruleSet: ruleSet)
  }
}

/// What an act means, as whoever asked for it knows.
struct Deed {
  /// All codes end.
  var dropsCodes = false
  /// Agents that get no more keys.
  var retired: Set<AgentID> = []
  /// Agents and persons that may open nothing that is made from now on.
  var removed: Set<AgentID> = []
  /// The text of the code that it answers a request under, and the request.
  var code: [UInt8]?
  var request: (id: AgentID, bytes: [UInt8])?
  /// The text of the code that it makes.
  var newCode: [UInt8]?
}

/// An account as its service has stored it from one publication to the next, and what must be true of the line. §4, §12
struct AccountLine {
  /// Everything that was ever stored, the newest last.
  private(set) var shelves: [Shelf]
  /// The time.
  var now: Time
  /// Requests that were let in, by id.
  private(set) var requests: [AgentID: [UInt8]] = [:]
  /// The texts of codes that were made, and with which of the shelves.
  private(set) var codes: [(text: [UInt8], shelf: Int)] = []

  private var state: AcceptedState
  /// With which of the shelves all codes ended last.
  private var lastDrop = 0
  private var removed: [AgentID: Int] = [:]
  /// With which of the shelves a MasterKey came, by what states commit to it with.
  private var masterKeys: [Bytes<32>: Int]

  init(_ shelf: Shelf, _ state: AccountState, now: Time) {
    shelves = [shelf]
    self.state = AcceptedState(state)
    self.now = now
    masterKeys = [state.commitment: 0]
  }

  var newest: Shelf { shelves[shelves.count - 1] }

  /// Whether the newest list has this key.
  func lists(_ verifyKey: VerifyKey) -> Bool { state.state.list.lists(verifyKey) }

  /// Whether the service has stored a publication, or one of the same act.
  func has(_ publication: Publication) -> Bool {
    let (vault, state) = (publication.ownerVault.serialized, publication.accountState?.serialized)
    return shelves.contains { $0.vault == vault || $0.state == state }
  }

  /// Whether the service stores a publication; one that it holds already is stored.
  mutating func store(
    _ publication: Publication, by person: AgentID, _ deed: Deed
  ) throws(Violation) -> Bool {
    let held = Hash(sha256: newest.vault)
    guard held != publication.vaultHash else { return true }
    guard publication.expected == held else { return false }
    if let state = publication.accountState { try take(state, publication) }
    // P3: who answers a request knows that its code lives.
    if let text = deed.code {
      let born = codes.last { $0.text == text }?.shelf ?? 0
      try require(born > lastDrop, "a request is answered under a code that had ended")
    }
    if deed.dropsCodes { lastDrop = shelves.count }
    for id in deed.removed { removed[id] = shelves.count }
    shelves.append(newest.replaced(by: publication, of: person))
    if let text = deed.newCode { codes.append((text, shelves.count - 1)) }
    if let request = deed.request { requests[request.id] = request.bytes }
    try checkGone(deed)
    for grant in publication.grants { try check(grant) }
    return true
  }

  /// P4, P7: an agent or a person that follows the account accepts each state that is stored, and whoever is to
  /// have the new MasterKey gets it in the same step.
  private mutating func take(_ new: AccountState, _ publication: Publication) throws(Violation) {
    let last = state.state
    var accepted: AcceptedState?
    let code = refusal { () throws(ProtocolError) in
      let check = StateCheck(accountID: Keys.account.accountID, last: state)
      accepted = try check.accept(new.serialized).state
    }
    guard let accepted else {
      throw Violation("who follows the account refuses the state: \(code, default: "")")
    }
    try require(accepted.pair > last.pair, "a state does not follow the one before")
    state = accepted
    guard new.commitment != last.commitment else {
      return try require(new.epoch == last.epoch, "a MasterKey is kept in another epoch")
    }
    masterKeys[new.commitment] = shelves.count
    try require(new.epoch != last.epoch, "another MasterKey in the same epoch")
    try require(
      Set(publication.grants.map(\.recipient)) == Set(new.signers.map(\.personID)),
      "a new MasterKey goes to others than those on the list")
  }

  /// Whoever goes is listed, or is on no list any more.
  private func checkGone(_ deed: Deed) throws(Violation) {
    let revoked = Set(state.state.revoked)
    for id in deed.retired { try require(revoked.contains(id), "a state does not list who was retired") }
    for id in deed.removed {
      let isListed = state.state.signers.contains { $0.personID == id }
      try require(!isListed, "a removed person stays on the list")
      try require(
        masterKeys[state.state.commitment] == shelves.count - 1, "who was removed has the MasterKey of now")
    }
  }

  /// P7: no key that is made after a removal goes to who was removed.
  func check(_ grant: Grant) throws(Violation) {
    guard let since = removed[grant.recipient] else { return }
    guard let born = masterKeys[grant.commitment] else {
      throw Violation("a grant of a MasterKey of no state")
    }
    try require(born < since, "a removed agent or person gets a key of a later epoch")
  }
}
