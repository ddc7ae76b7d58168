import Endkey
import EndkeyStore

/// A service in memory for persons' ends, which remembers all that it ever stored.
final class MemoryOwnerService: OwnerService, @unchecked Sendable {
  private(set) var newest: Publication?
  private(set) var state: AccountState?
  private(set) var ruleSet: RuleSet?
  private(set) var wrap: PasswordWrap?
  private(set) var keys: [AgentID: PersonKeys] = [:]
  private(set) var logins: [Hash: AgentID] = [:]
  private(set) var grants: [AgentID: Grant] = [:]
  private var waiting: [AgentID: PersonRequest] = [:]
  var agentRequests: [EnrolmentRequest] = []
  /// Batches, all of one agent.
  var batches: [[UInt8]] = []
  private var recoveryVerifier: Hash?
  /// Every state that any end has sent, stored or not, by its place.
  private(set) var signed: [StatePair: Set<Hash>] = [:]
  private(set) var publishedCount = 0
  let faults: Faults

  init(_ faults: Faults) { self.faults = faults }

  let name = "service"

  func head(of loginID: Hash) throws(ServiceError) -> ReceivedMessage {
    guard let person = logins[loginID], let keys = keys[person] else { throw .noAccount(place: name) }
    return ReceivedMessage(place: "head", bytes: keys.head.serialized)
  }

  func whole(of loginID: Hash, loginKey: borrowing SecretBytes) throws(ServiceError) -> Whole {
    guard let person = logins[loginID], let keys = keys[person], let state, let newest else {
      throw .noAccount(place: name)
    }
    return Whole(
      personKeys: keys.serialized, passwordWrap: wrap?.serialized, accountState: state.serialized,
      grant: grants[person]?.serialized, ownerVault: newest.ownerVault.serialized,
      ruleSet: ruleSet?.serialized)
  }

  func publish(_ publication: Publication, by personID: AgentID) throws(ServiceError) {
    if let state = publication.accountState {
      signed[state.pair, default: []].insert(Hash(sha256: state.serialized))
    }
    let held = newest?.vaultHash
    if held == publication.vaultHash { return }
    guard held == publication.expected else { throw .superseded(place: name) }
    let goesOn = faults.change("publish") {
      publishedCount += 1
      newest = publication
      if let state = publication.accountState { self.state = state }
      if let rules = publication.ruleSet { ruleSet = rules }
      if let wrap = publication.passwordWrap { self.wrap = wrap }
      if let keys = publication.personKeys, let login = publication.login {
        logins = logins.filter { $0.value != personID }
        self.keys[personID] = keys
        logins[login.id] = personID
        if let verifier = login.recoveryVerifier { recoveryVerifier = verifier }
      }
      for grant in publication.grants {
        grants[grant.recipient] = grant
        guard let request = waiting.removeValue(forKey: grant.recipient) else { continue }
        keys[grant.recipient] = request.keys
        logins[request.loginID] = grant.recipient
      }
    }
    guard goesOn else { throw .uncertain(place: name, reason: "the answer was lost") }
  }

  func recipients(of epoch: Epoch, _ commitment: Bytes<32>) throws(ServiceError) -> Set<AgentID> {
    Set(grants.values.filter { $0.epoch == epoch && $0.commitment == commitment }.map(\.recipient))
  }

  func put(_ grants: [Grant]) throws(ServiceError) {
    try change("grants") { for grant in grants { self.grants[grant.recipient] = grant } }
  }

  func put(_ wrap: PasswordWrap, madeWith keys: Hash) throws(ServiceError) {
    try change("wrap") { self.wrap = wrap }
  }

  func put(_ joining: borrowing JoinRequest) throws(ServiceError) {
    let request = joining.request
    try change("request") { waiting[request.request.agentID] = request }
  }

  func recoverySource(
    of accountID: AccountID, for recoveryKey: borrowing SecretBytes
  ) throws(ServiceError) -> RecoverySource {
    guard let state, let newest else { throw .noAccount(place: name) }
    let verifier = recoveryKey.withBytes { key in Hash(sha256: key.indices.map { key[$0] }) }
    guard verifier == recoveryVerifier else { throw .unavailable(place: name, reason: "another key") }
    let owner = state.signers.first { $0.verifyKey == state.rootKey }
    return RecoverySource(
      accountState: state.serialized, ownerVault: newest.ownerVault.serialized,
      head: owner.flatMap { keys[$0.personID]?.head })
  }

  func erase(batches: [Hash], blobs: [Hash], of agentID: AgentID) throws(ServiceError) {
    try change("erase") { self.batches.removeAll { batches.contains(Hash(sha256: $0)) } }
  }

  func requests() throws(ServiceError) -> [ReceivedMessage] {
    agentRequests.map { ReceivedMessage(place: "request", bytes: $0.serialized) }
  }

  func personRequests() throws(ServiceError) -> [ReceivedMessage] {
    waiting.values.map { ReceivedMessage(place: "person", bytes: $0.serialized) }
  }

  func refuse(requestOf id: AgentID) throws(ServiceError) {
    try change("refuse") {
      agentRequests.removeAll { $0.agentID == id }
      waiting[id] = nil
    }
  }

  func batchAuthors() throws(ServiceError) -> [String] { agentRequests.map { "\($0.agentID)" } }
  func batches(of author: String) throws(ServiceError) -> [ReceivedMessage] {
    batches.map { ReceivedMessage(place: "batch", bytes: $0) }
  }

  func blob(_ reference: BlobReference, of agentID: AgentID) throws(ServiceError) -> ReceivedMessage? { nil }

  private func change(_ name: String, _ make: () -> Void) throws(ServiceError) {
    guard faults.change(name, make) else {
      throw .uncertain(place: self.name, reason: "the answer was lost")
    }
  }
}

/// An account of one owner over a store and service in memory.
struct OwnerWorld {
  typealias End = OwnerEnd<MemoryStore, MemoryOwnerService>

  let faults = Faults()
  let service: MemoryOwnerService
  let clocks: TestClocks
  var store: MemoryStore
  let recoveryText: [UInt8]

  init() async throws {
    service = MemoryOwnerService(faults)
    clocks = TestClocks(SystemClocks().wall())
    store = MemoryStore(faults)
    var random = SystemRandom()
    let made = try await End.create(
      identity: try Identity.generate(using: &random), credentials: Self.credentials(),
      retentionDays: try RetentionDays(30), store: store, service: service)
    recoveryText = made.recoveryText.text().withBytes { text in text.indices.map { text[$0] } }
    faults.begin(at: nil)
  }

  static func credentials(_ loginName: String = "l") -> Credentials {
    Credentials(loginName: loginName, password: SecretBytes(copying: Array("p".utf8)))
  }

  /// Opens the account on this device.
  func open() async throws -> End { try await open(store) }

  /// Opens the account on another device.
  func open(_ store: MemoryStore, as loginName: String = "l") async throws -> End {
    try await LockedOwner(store: store, service: service, loginName: loginName)
      .open(with: Self.credentials(loginName))
  }

  /// The program ends and starts again.
  mutating func restart() {
    faults.begin(at: nil)
    store = store.restarted()
  }
}
