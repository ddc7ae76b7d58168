import EndkeyStore

@testable import Endkey

/// A service in memory that keeps what agents give it by its hash, and gives them what a test puts here.
final class MemoryAgentService: AgentService, @unchecked Sendable {
  var state: [UInt8]?
  var grant: [UInt8]?
  private(set) var requests: [EnrolmentRequest] = []
  private(set) var messages: [OutgoingMessage] = []
  let faults: Faults
  /// Whether the network is away.
  var isAway = false
  /// Which data it has, if it can tell.
  var data: Bytes<16>?
  /// What it answers to every batch.
  var refusal: ServiceError?

  init(_ faults: Faults) { self.faults = faults }

  func accountState(unless known: Hash?) throws(ServiceError) -> ReceivedMessage? {
    try reach()
    guard let state else { throw .noAccount(place: "service") }
    return Hash(sha256: state) == known ? nil : ReceivedMessage(place: "state", bytes: state)
  }

  func grant(to agentID: AgentID) throws(ServiceError) -> ReceivedMessage? {
    try reach()
    return grant.map { ReceivedMessage(place: "grant", bytes: $0) }
  }

  func put(_ request: EnrolmentRequest) throws(ServiceError) -> String {
    try change("request") { requests.append(request) }
    return "request"
  }

  func incarnation() -> Bytes<16>? { data }

  /// Loses what it was given, as one that was restored from a backup.
  func lose() { messages = [] }

  func put(_ message: OutgoingMessage) throws(ServiceError) -> String {
    if message.kind == .batch, let refusal { throw refusal }
    try change("deliver \(message.kind)") {
      if !messages.contains(message) { messages.append(message) }
    }
    return "\(message.kind)"
  }

  /// The batches that are here, in the order in which they came.
  func batches() throws -> [RecordBatch] {
    try messages.filter { $0.kind == .batch }.map { try RecordBatch(parsing: $0.bytes) }
  }

  private func change(_ name: String, _ make: () -> Void) throws(ServiceError) {
    try reach()
    guard faults.change(name, make) else { throw .uncertain(place: "service", reason: "the answer was lost") }
  }

  private func reach() throws(ServiceError) {
    if isAway { throw .unavailable(place: "service", reason: "no network") }
  }
}

/// Clocks that a test sets.
final class TestClocks: AgentClocks, @unchecked Sendable {
  var time: Time
  var up: Uptime

  init(_ time: Time) {
    self.time = time
    up = Uptime(start: .zero, milliseconds: 0)
  }

  func wall() -> Time { time }
  func uptime() -> Uptime { up }

  /// The computer runs on; its wall clock does not.
  func run(_ milliseconds: UInt64) {
    up = Uptime(start: up.start, milliseconds: up.milliseconds + milliseconds)
  }

  /// The computer is started again.
  func restart() { up = Uptime(start: Hash(sha256: up.start.bytes), milliseconds: 0) }
}

/// An account of one person, and one agent over stores in memory.
struct AgentWorld {
  typealias End = AgentEnd<MemoryStore, MemoryAgentService>

  static let hour: UInt64 = 3_600_000
  let faults = Faults()
  let service: MemoryAgentService
  let clocks: TestClocks
  private(set) var store: MemoryStore
  private let account: AccountKeys

  /// The person's keys, and what is signed with them.
  final class AccountKeys: Sendable {
    let identity: Identity

    init() throws {
      var random = SystemRandom()
      identity = try Identity.generate(using: &random)
    }
  }

  init() throws {
    account = try Self.keys.get()
    service = MemoryAgentService(faults)
    store = MemoryStore(faults)
    clocks = TestClocks(Self.made.adding(hours: 1))
  }

  private static let keys = Result { try AccountKeys() }
  static let made = Time(0).adding(days: 100)

  var agent: End { End(store: store, service: service, clocks: clocks) }

  /// A world whose agent holds keys.
  static func active() async throws -> AgentWorld {
    let world = try AgentWorld()
    _ = try await world.agent.enrol(code: world.code())
    try world.publish()
    try await world.agent.refresh()
    world.faults.begin(at: nil)
    return world
  }

  func code(generation: UInt32 = 1) throws -> SecretBytes {
    var random = SystemRandom()
    let terms = CodeTerms(
      generation: try Generation(generation), made: Self.made, kind: .scoped, role: .agent)
    return try EnrolmentCode(accountID: account.identity.accountID, terms: terms, using: &random).text()
  }

  /// Puts a state at the service, and a grant of its key to the agent.
  func publish(counter: Counter = 1, epoch: UInt32 = 1, made: Time = made, isGranted: Bool = true) throws {
    let signed = try sign(counter: counter, epoch: epoch, made: made, for: agent.request())
    service.state = signed.state
    service.grant = isGranted ? signed.grant : nil
  }

  /// A state, and a grant of its key to whoever has made the request.
  func sign(
    counter: Counter = 1, epoch: UInt32 = 1, made: Time = made, for request: EnrolmentRequest
  ) throws -> (state: [UInt8], grant: [UInt8]) {
    var random = SystemRandom()
    let masterKey = MasterKey(
      secret: SecretBytes(copying: [UInt8](repeating: UInt8(epoch), count: 32)),
      accountID: account.identity.accountID, epoch: try Epoch(epoch))
    let list = try Certificate.make(
      generation: .first, from: Self.made, until: made.adding(days: 90),
      signers: [Signer(verifyKey: account.identity.verifyKey, personID: account.identity.agentID)],
      rootKey: account.identity.signing)
    let state = try AccountState.make(
      counter: counter, made: made, validUntil: made.adding(days: 60), masterKey: masterKey, list: list,
      revoked: [], signingKey: account.identity.signing)
    let grant = try Grant.make(
      .scoped, to: request.agentID, modulus: request.modulus, masterKey: masterKey,
      signingKey: account.identity.signing, using: &random)
    return (state.serialized, grant.serialized)
  }

  /// The program ends and starts again.
  mutating func restart() {
    faults.begin(at: nil)
    store = store.restarted()
  }

  /// Something that lasted for so many milliseconds.
  func activity(
    _ duration: UInt32, after hours: Int = 0, picture: [UInt8]? = nil
  ) throws -> CapturedActivity {
    var items = [CapturedItem(field: .token(.url), content: try BoundedBytes([0x61]))]
    if let picture {
      items.append(CapturedItem(field: .blob(.screenshot), content: try BoundedBytes(picture)))
    }
    return CapturedActivity(
      kind: .website, start: Self.made.adding(hours: hours), duration: duration, items: items)
  }

  /// The durations of all records that the service has.
  func durations() throws -> [UInt32] { try service.batches().flatMap { $0.records.map(\.duration) } }
}
