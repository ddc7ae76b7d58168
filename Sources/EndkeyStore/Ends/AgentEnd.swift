public import Endkey
public import EndkeyPrimitives
public import EndkeyWire

/// An agent over its store and its service: each step is on the disk before anything of it leaves the process. R-13.4-2
///
/// A value of this type remembers nothing: every step reads the agent's state, makes the step and writes the state,
/// while it holds the store's lock. So several values, tasks and processes may work on one store. Nothing is locked
/// while an agent waits for its service.
///
/// A crash at any moment loses no step that has returned, and doubles none:
///
/// - The mark that an account is pinned stands before the first state that is (R-13.1-4).
/// - What was captured is in the spool before `capture` returns, once where its sender gave it a name, and leaves it
///   once the service has the batch that has it (R-17-4).
/// - A batch is in the outbox before the state that counts it is written. One that no state counts was never made, and
///   the next of its number takes its place.
/// - A batch leaves the outbox once the service has it, and its blobs.
public struct AgentEnd<Store: EndStore, Service: AgentService>: Sendable {
  /// Where the agent is kept.
  public let store: Store
  /// The service that the agent talks to.
  public let service: Service
  /// The clocks of the computer.
  public let clocks: any AgentClocks

  /// An agent that is kept in `store`; nothing is read before something is asked for.
  public init(store: Store, service: Service, clocks: any AgentClocks = SystemClocks()) {
    self.store = store
    self.service = service
    self.clocks = clocks
  }
}

/// What can be told of an agent without its secrets.
public struct AgentStatus: Equatable, Sendable {
  /// The phase of the agent's state machine. §10.3
  public let phase: AgentPhase
  /// The agent's id, which names its files at the service. §7
  public let agentID: AgentID
  /// The account that is pinned, nil before a code was given.
  public let accountID: AccountID?
  /// The epoch of the AccountState accepted last, nil before the first.
  public let epoch: Epoch?
  /// When that state ends, and with it all that the agent may make.
  public let validUntil: Time?
  /// Whether it has ended.
  public let isExpired: Bool
  /// The number of the batch made last, 0 before the first.
  public let sequence: Counter
  /// The number of batches that wait for the service.
  public let waiting: Int
  /// The number of the spool's segments with captures that are in no batch.
  public let segments: Int
}

// MARK: - Enrolment

extension AgentEnd {
  /// Makes a new agent, with new keys, in an empty store, and a request under a code: its text as UTF-8. An agent that
  /// waits for its first keys takes another code of its account, too. §10.2, §10.3
  ///
  /// Nothing is sent: `sendRequest` does that, as often as it takes.
  /// - Throws: `refused` for a text that is no code, and for one that this agent cannot take.
  public func enrol(code: borrowing SecretBytes) async throws(EndError) -> EnrolmentRequest {
    let admission = try Self.admission(of: code)
    return try await step(isNewAllowed: true) { (agent, random) throws(EndError) in
      let request = try checked(nil) { () throws(ProtocolError) in
        try agent.enrol(code: code, using: &random)
      }
      try stored { () throws(StoreError) in try store.keep(admission, as: .admission) }
      return request
    }
  }

  private static func admission(of code: borrowing SecretBytes) throws(EndError) -> SecretBytes {
    do throws(ProtocolError) {
      return try EnrolmentCode(text: code).admission()
    } catch {
      throw .refused(error, place: nil)
    }
  }

  /// The request that `enrol` made last.
  ///
  /// - Throws: `noRequest` when there is none.
  public func request() throws(EndError) -> EnrolmentRequest {
    guard let request = try load().request else { throw .noRequest(place: store.name) }
    return request
  }

  /// Gives the service the request that `enrol` made. Returns it, and the place where it stands for a message.
  ///
  /// - Throws: `noRequest` when there is none.
  @discardableResult
  public func sendRequest() async throws(EndError) -> (request: EnrolmentRequest, place: String) {
    let request = try request()
    let service = try asked()
    do {
      return (request, try await service.put(request))
    } catch {
      throw .service(error)
    }
  }

  /// Takes the newest AccountState from the service, and this agent's Grant if it has no keys, and keeps each that
  /// passes its checks. §11, §12.1
  ///
  /// - Throws: `refused` with the error of the message that does not pass. What passed before it is kept.
  @discardableResult
  public func refresh() async throws(EndError) -> AgentStatus {
    let known = try load().state?.hash
    let service = try asked()
    let state: ReceivedMessage?
    do {
      state = try await service.accountState(unless: known)
    } catch {
      throw .service(error)
    }
    if let state {
      try await step { (agent, _) throws(EndError) in
        try checked(state.place) { () throws(ProtocolError) in try agent.accept(state: state.bytes) }
      }
    }
    let agent = try load()
    guard agent.phase == .waiting || agent.phase == .revoked, let agentID = agent.agentID,
      agent.state.map({ !$0.state.revoked.contains(agentID) }) ?? false
    else { return try status() }
    let grant: ReceivedMessage?
    do {
      grant = try await service.grant(to: agentID)
    } catch {
      throw .service(error)
    }
    if let grant, !isOld(grant, under: agent.state?.state) {
      try await step { (agent, _) throws(EndError) in
        try checked(grant.place) { () throws(ProtocolError) in try agent.accept(grant: grant.bytes) }
      }
    }
    let status = try status()
    if status.phase == .active {
      try stored { () throws(StoreError) in
        if try store.read(.admission) != nil { try store.remove(.admission) }
      }
    }
    return status
  }

  /// The service, as this agent asks it.
  func asked() throws(EndError) -> Service {
    let agent = try load()
    let deviceKey = try stored { () throws(StoreError) in try store.deviceKey() }
    let admission = try stored { () throws(StoreError) in try store.secret(.admission) }
    guard let accountID = agent.accountID else { throw .noRequest(place: store.name) }
    let agentID = try id(of: agent)
    let uploadKey = try checked(store.name) { () throws(ProtocolError) in
      try agent.uploadKey(deviceKey: deviceKey)
    }
    return service.asked(
      by: AgentCredential(
        accountID: accountID, agentID: agentID, uploadKey: uploadKey, admission: admission))
  }

  /// Whether a grant is of an epoch before that of a state: it is as none, since nobody has granted anew.
  private func isOld(_ grant: ReceivedMessage, under state: AccountState?) -> Bool {
    guard let state, let grant = Grant(reading: grant.bytes) else { return false }
    return grant.epoch < state.epoch
  }

  /// Writes down that the agent runs: due every ten minutes, so that a restart of the computer does not take more from
  /// the agent's clock. R-13.5-1
  public func keepTime() async throws(EndError) { try await step { (_, _) throws(EndError) in } }

  /// Writes how the agent does, in whatever form, for whoever asks.
  func write(health bytes: [UInt8]) async throws(EndError) {
    let lock = try await store.locked()
    try stored { () throws(StoreError) in try store.write(bytes, as: .health) }
    lock.end()
  }
}

// MARK: - Keys

extension AgentEnd {
  /// What makes tokens of the current epoch. §14.1
  public func tokenSealer() throws(EndError) -> TokenSealer {
    let agent = try load()
    return try checked(store.name) { () throws(ProtocolError) in try agent.tokenSealer(at: clocks.wall()) }
  }

  /// What seals one recording or text of the current epoch. §15
  public func blobSealer(_ field: BlobField) throws(EndError) -> BlobSealer {
    let agent = try load()
    var random = SystemRandom()
    return try checked(store.name) { () throws(ProtocolError) in
      try agent.blobSealer(field, at: clocks.wall(), using: &random)
    }
  }

  /// The keys with which the agent reads its own tokens and blobs.
  public func keyRing() throws(EndError) -> KeyRing {
    let agent = try load()
    return try checked(store.name) { () throws(ProtocolError) in try agent.keyRing() }
  }

  /// The key with which the agent reads its own spool. §17
  public func spoolKey() throws(EndError) -> SpoolKey {
    let agent = try load()
    let key = try stored { () throws(StoreError) in try store.deviceKey() }
    return try checked(store.name) { () throws(ProtocolError) in try agent.spoolKey(deviceKey: key) }
  }

  /// What lets the agent in at a service: 32 bytes. §6.2
  public func uploadKey() throws(EndError) -> SecretBytes {
    let agent = try load()
    let key = try stored { () throws(StoreError) in try store.deviceKey() }
    return try checked(store.name) { () throws(ProtocolError) in try agent.uploadKey(deviceKey: key) }
  }

  /// What can be told of the agent now.
  public func status() throws(EndError) -> AgentStatus {
    let waiting = try stored { () throws(StoreError) in try store.outbox() }
    let agent = try load()
    let (counted, state) = (agent.sequence, agent.state?.state)
    let taken = try spent().last { $0.batch <= counted }?.place.segment ?? 0
    let segments = try stored { () throws(StoreError) in try store.segments() }
    return AgentStatus(
      phase: agent.phase, agentID: try id(of: agent), accountID: agent.accountID, epoch: state?.epoch,
      validUntil: state?.validUntil, isExpired: agent.isExpired(at: clocks.wall()), sequence: counted,
      waiting: waiting.count { $0 <= counted }, segments: segments.count { $0 >= taken })
  }
}

// MARK: - Steps

extension AgentEnd {
  /// The agent as it stands in the store, its clock as far as it has come. States are written whole, so that reading
  /// needs no lock.
  func load() throws(EndError) -> Agent {
    var random = SystemRandom()
    let key = try stored { () throws(StoreError) in try store.deviceKey() }
    return try load(key, &random, isNewAllowed: false)
  }

  private func load(
    _ deviceKey: borrowing SecretBytes, _ random: inout SystemRandom, isNewAllowed: Bool
  ) throws(EndError) -> Agent {
    // In the order in which they are written: whoever sees the mark sees a state that is pinned.
    let isMarked = try stored { () throws(StoreError) in try store.read(.mark) } != nil
    let state = try stored { () throws(StoreError) in try store.read(.agentState) }
    let clock = try stored { () throws(StoreError) in try store.read(.clock) }
    let place = store.place(of: .agentState)
    guard isNewAllowed || isMarked || state != nil else { throw .noRequest(place: store.name) }
    var agent = try checked(place) { () throws(ProtocolError) in
      try Agent(restoring: state, deviceKey: deviceKey, isMarked: isMarked, using: &random)
    }
    guard agent.phase != .stopped else { throw .stopped(place: place) }
    agent.run(milliseconds: clocks.uptime().since(clock.flatMap(Uptime.init(bytes:))))
    return agent
  }

  /// Makes a step on the agent, and writes its state, while nobody else does.
  @discardableResult
  func step<Output: Sendable>(
    isNewAllowed: Bool = false,
    _ body: (inout Agent, inout SystemRandom) throws(EndError) -> Output
  ) async throws(EndError) -> Output {
    let lock = try await store.locked()
    var random = SystemRandom()
    let key = try stored { () throws(StoreError) in try store.deviceKey() }
    let uptime = clocks.uptime()
    var agent = try load(key, &random, isNewAllowed: isNewAllowed)
    let output = try body(&agent, &random)
    try save(&agent, uptime, key, &random)
    lock.end()
    return output
  }

  /// The mark comes first: a crash between both stops the agent, and never lets it start anew (R-13.1-4). The clock
  /// comes last: a crash before it counts a moment twice, and never loses one.
  private func save(
    _ agent: inout Agent, _ uptime: Uptime, _ deviceKey: borrowing SecretBytes, _ random: inout SystemRandom
  ) throws(EndError) {
    let place = store.place(of: .agentState)
    let state = try checked(place) { () throws(ProtocolError) in
      try agent.save(deviceKey: deviceKey, using: &random)
    }
    let needsMark = agent.needsMark
    try stored { () throws(StoreError) in
      if needsMark, try store.read(.mark) == nil { try store.write([], as: .mark) }
      try store.write(state.serialized, as: .agentState)
      try store.write(uptime.bytes, as: .clock)
    }
  }

  func id(of agent: borrowing Agent) throws(EndError) -> AgentID {
    guard let agentID = agent.agentID else { throw .stopped(place: store.place(of: .agentState)) }
    return agentID
  }
}

extension Uptime {
  /// What `bytes` gave; nil for anything else, which counts as no time passed.
  fileprivate init?(bytes: [UInt8]) {
    guard bytes.count == Hash.byteCount + 8 else { return nil }
    start = Hash(unchecked: bytes.span.extracting(first: Hash.byteCount))
    milliseconds = bytes[Hash.byteCount...].reduce(0) { $0 << 8 | UInt64($1) }
  }

  fileprivate var bytes: [UInt8] {
    Writer.array(count: Hash.byteCount + 8) {
      $0.fixed(start)
      $0.uint64(milliseconds)
    }
  }
}
