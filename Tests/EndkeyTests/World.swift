import EndkeyPrimitives
import EndkeyWire
import Testing

@testable import Endkey

/// What a service keeps of an account, replaced as one and only where it holds the vault that is expected.
struct Shelf: Equatable, Sendable {
  var vault: [UInt8] = []
  var state: [UInt8] = []
  var ruleSet: [UInt8]?
  var wrap: [UInt8]?
  var keys: [AgentID: [UInt8]] = [:]
  var grants: [AgentID: [UInt8]] = [:]
  /// Of every computer and person that has asked.
  var requests: [AgentID: [UInt8]] = [:]

  /// Whether the service stores it; a publication that it has stored is stored.
  mutating func store(_ publication: Publication, by person: AgentID) -> Bool {
    if publication.vaultHash == Hash(sha256: vault) { return true }
    guard publication.expected == (vault.isEmpty ? nil : Hash(sha256: vault)) else { return false }
    vault = publication.ownerVault.serialized
    if let state = publication.accountState { self.state = state.serialized }
    if let rules = publication.ruleSet { ruleSet = rules.serialized }
    if let wrap = publication.passwordWrap { self.wrap = wrap.serialized }
    if let keys = publication.personKeys { self.keys[person] = keys.serialized }
    for grant in publication.grants { grants[grant.recipient] = grant.serialized }
    return true
  }

  func whole(for person: AgentID) throws -> Whole {
    guard let keys = keys[person] else { throw Missing() }
    return Whole(
      personKeys: keys, passwordWrap: wrap, accountState: state, grant: grants[person], ownerVault: vault,
      ruleSet: ruleSet)
  }
}

/// An account of an owner and a manager, made once, since passwords cost time.
final class Base: Sendable {
  static let shared = Result { try Base() }
  static let loginName = "ana@example.com"
  static let password = "correct horse"

  let shelf: Shelf
  let pins: [Party: OwnerPins]
  let stretched: [Party: Shared<StretchedPassword>]
  let recovery: Shared<RecoveryText>

  static func credentials(_ password: String = password, loginName: String = loginName) -> Credentials {
    Credentials(loginName: loginName, password: SecretBytes(copying: [UInt8](password.utf8)))
  }

  static func retention() throws -> RetentionDays { try RetentionDays(365) }

  private init() throws {
    var random = SystemRandom()
    let now = day(100)
    var shelf = Shelf()
    var owner = Owner.absent()
    let account = try owner.create(
      identity: Party.owner.identity(), credentials: Self.credentials(), retentionDays: Self.retention(),
      now: now, using: &random)
    guard shelf.store(account.publication, by: try Party.owner.id) else { throw Missing() }
    try owner.stored()
    recovery = Shared(account.recoveryText.copy())

    var manager = Owner.absent()
    let request = try World.join(
      &manager, as: .manager, invitedBy: &owner, shelf: &shelf, now: now, using: &random)
    let managerKeys = Shared(try StretchedPassword(Self.credentials(), head: request.keys.head))
    try manager.open(shelf.whole(for: Party.manager.id), with: managerKeys.value.copy())
    if let publication = try manager.renew(consent: Consent(isNewest: true), now: now, using: &random) {
      guard shelf.store(publication, by: try Party.manager.id) else { throw Missing() }
      try manager.stored()
    }
    guard let ownerHead = owner.pins?.head else { throw Missing() }
    let ownerKeys = Shared(try StretchedPassword(Self.credentials(), head: ownerHead))
    try owner.lock()
    try owner.open(shelf.whole(for: Party.owner.id), with: ownerKeys.value.copy())
    guard let ownerPins = owner.pins, let managerPins = manager.pins else { throw Missing() }
    self.shelf = shelf
    pins = [.owner: ownerPins, .manager: managerPins]
    stretched = [.owner: ownerKeys, .manager: managerKeys]
  }
}

/// A service, a clock, and the ends of an account's persons.
struct World {
  var shelf: Shelf
  var now = day(100, hours: 1)
  var random = SystemRandom()

  init() throws { shelf = try Base.shared.get().shelf }

  /// The end of a person, open, with what it remembers; or a fresh one, which remembers nothing.
  func end(_ party: Party, isFresh: Bool = false, isDurable: Bool = true) throws -> Owner {
    var end = Owner.locked(pins: isFresh ? nil : try Base.shared.get().pins[party], isDurable: isDurable)
    try open(&end, as: party)
    return end
  }

  /// Opens what the service has.
  func open(_ end: inout Owner, as party: Party, pending: PendingPublication? = nil) throws {
    try end.open(shelf.whole(for: party.id), with: stretched(party), pending: pending)
  }

  func stretched(_ party: Party) throws -> StretchedPassword {
    guard let stretched = try Base.shared.get().stretched[party] else { throw Missing() }
    return stretched.value.copy()
  }

  /// The service stores a publication, and the end hears of it.
  mutating func settle(_ publication: Publication, _ end: inout Owner) throws {
    guard let person = end.personID, shelf.store(publication, by: person) else { throw Missing() }
    try end.stored()
  }

  /// The end loses its publication to what the service holds.
  mutating func lose(_ end: inout Owner) throws -> Owner.Loss {
    guard let person = end.personID else { throw Missing() }
    return try end.lost(to: shelf.whole(for: person), using: &random)
  }
}

// MARK: - Enrolment

extension World {
  /// A person asks to join, and the owner lets it in.
  static func join(
    _ end: inout Owner, as party: Party, invitedBy owner: inout Owner, shelf: inout Shelf, now: Time,
    using random: inout SystemRandom
  ) throws -> PersonRequest {
    let code = try owner.makeCode(.manager, expires: nil, now: now, using: &random)
    guard shelf.store(code.publication, by: try Party.owner.id) else { throw Missing() }
    try owner.stored()
    let request = try end.enrol(
      code: EnrolmentCode(text: code.code.text()), identity: party.identity(),
      credentials: Base.credentials(), using: &random)
    let added = try owner.addPerson(
      request.request.serialized, approved: party.id, label: "Ben", now: now, using: &random)
    guard shelf.store(added, by: try Party.owner.id) else { throw Missing() }
    try owner.stored()
    shelf.keys[try party.id] = request.keys.serialized
    shelf.requests[try party.id] = request.request.serialized
    return request
  }

  /// A computer is let in under a new code, and gets its grant.
  @discardableResult
  mutating func enrol(
    _ party: Party, by end: inout Owner, _ use: CodeUse = .agents(.automatic), label: String = ""
  ) throws -> Agent {
    let code = try end.makeCode(use, label: label, expires: nil, now: now, using: &random)
    try settle(code.publication, &end)
    return try enrol(party, under: code.code, by: &end)
  }

  /// A computer is let in under a code.
  @discardableResult
  mutating func enrol(
    _ party: Party, under code: borrowing EnrolmentCode, by end: inout Owner
  ) throws -> Agent {
    var agent = Agent(identity: try party.identity())
    let request = try agent.enrol(code: code.text(), using: &random).serialized
    try settle(end.approve(request, approved: party.id, now: now, using: &random), &end)
    shelf.requests[try party.id] = request
    try grant(by: end)
    try deliver(to: &agent)
    return agent
  }

  /// Grants to all members of whom the service has a request.
  mutating func grant(by end: borrowing Owner) throws {
    let made = try end.makeGrants(for: Array(shelf.requests.values), now: now, using: &random)
    for grant in made.grants { shelf.grants[grant.recipient] = grant.serialized }
  }

  /// Gives an agent the newest state, and its newest grant.
  func deliver(to agent: inout Agent) throws {
    try agent.accept(state: shelf.state)
    guard let agentID = agent.agentID, let grant = shelf.grants[agentID] else { throw Missing() }
    try agent.accept(grant: grant)
  }
}

extension Owner {
  /// What the account's vault says.
  borrowing func openVault() throws -> Vault {
    guard let vault else { throw Missing() }
    return vault
  }

  /// The newest state.
  borrowing func openState() throws -> AccountState {
    guard let state else { throw Missing() }
    return state
  }
}

/// Fails after so many uses.
struct FailingRandom: RandomSource {
  private var left: Int

  init(after count: Int) { left = count }

  mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    guard left > 0 else { throw .libraryFailure }
    left -= 1
    var random = SystemRandom()
    try random.fill(&bytes)
  }
}
