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
/// - A batch is in the outbox before the state that counts it is written. One that no state counts was never made, and
///   the next of its number takes its place.
/// - A batch leaves the outbox once the service has it.
public struct AgentEnd<Store: EndStore, Service: AgentService>: Sendable {
  /// Where the agent is kept.
  public let store: Store
  /// The service that the agent talks to.
  public let service: Service

  /// An agent that is kept in `store`. Nothing is read or made before something is asked for.
  public init(store: Store, service: Service) {
    self.store = store
    self.service = service
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
  /// The number of the batch made last, 0 before the first.
  public let sequence: Counter
  /// The number of batches that wait for the service.
  public let waiting: Int
}

/// A batch that is on the disk, and what became of its delivery.
public struct RecordedBatch: Sendable {
  /// The signed batch, as the service gets it. §16.1
  public let batch: RecordBatch
  /// Where the batch stands at the service, for a message; nil when it waits in the outbox.
  public let place: String?
  /// Why it waits, and with it perhaps others; nil when the service has all batches.
  public let undelivered: EndError?
}

// MARK: - Enrolment

extension AgentEnd {
  /// Makes a new agent, with new keys, in an empty store, and a request under a code: its text as UTF-8. §10.2
  ///
  /// Nothing is sent: `sendRequest` does that, as often as it takes.
  /// - Throws: `refused` for a text that is no code, and for an agent that was given one before (`alreadyPinned`).
  public func enrol(code: borrowing SecretBytes) async throws(EndError) -> EnrolmentRequest {
    try await step(isNewAllowed: true) { (agent, random) throws(EndError) in
      try checked(nil) { () throws(ProtocolError) in try agent.enrol(code: code, using: &random) }
    }
  }

  /// Gives the service the request that `enrol` made. Returns it, and the place where it stands for a message.
  ///
  /// - Throws: `noRequest` when there is none.
  @discardableResult
  public func sendRequest() async throws(EndError) -> (request: EnrolmentRequest, place: String) {
    guard let request = try load().request else { throw .noRequest(place: store.name) }
    do {
      return (request, try await service.put(request))
    } catch {
      throw .service(error)
    }
  }

  /// Takes the newest AccountState and this agent's Grant from the service, and keeps each that passes its checks.
  /// §11, §12.1
  ///
  /// - Throws: `refused` with the error of the message that does not pass. What passed before it is kept.
  public func refresh() async throws(EndError) -> AgentStatus {
    let state: ReceivedMessage
    do {
      state = try await service.accountState()
    } catch {
      throw .service(error)
    }
    let agentID = try await step { (agent, _) throws(EndError) in
      try checked(state.place) { () throws(ProtocolError) in try agent.accept(state: state.bytes) }
      return agent.phase == .revoked ? nil : agent.agentID
    }
    guard let agentID else { return try status() }
    let grant: ReceivedMessage?
    do {
      grant = try await service.grant(to: agentID)
    } catch {
      throw .service(error)
    }
    if let grant {
      try await step { (agent, _) throws(EndError) in
        try checked(grant.place) { () throws(ProtocolError) in try agent.accept(grant: grant.bytes) }
      }
    }
    return try status()
  }
}

// MARK: - Activity

extension AgentEnd {
  /// Signs records as the next batch, keeps it, and delivers what waits. §16.1
  ///
  /// When this returns, the batch is on the disk and counted, whether or not the service could be reached.
  /// - Throws: `refused` when the agent may not send or the records do not fit a batch: then nothing was kept.
  public func record(_ records: [Record]) async throws(EndError) -> RecordedBatch {
    let batch = try await step { (agent, _) throws(EndError) in
      let batch = try checked(store.name) { () throws(ProtocolError) in try agent.signBatch(records) }
      try stored { () throws(StoreError) in try store.write(batch.serialized, as: .batch(batch.sequence)) }
      return batch
    }
    do {
      let places = try await deliver()
      return RecordedBatch(batch: batch, place: places[batch.sequence], undelivered: nil)
    } catch {
      return RecordedBatch(batch: batch, place: nil, undelivered: error)
    }
  }

  /// Delivers the batches that wait, in their order, and forgets each that the service has. Returns the places where
  /// they stand, for a message, by the numbers of the batches.
  ///
  /// Batches are the same bytes whoever delivers them, so this needs no lock.
  /// - Throws: `service` with the error of the first batch that was not delivered. It and those behind it stay.
  @discardableResult
  public func deliver() async throws(EndError) -> [Counter: String] {
    let waiting = try stored { () throws(StoreError) in try store.outbox() }
    guard !waiting.isEmpty else { return [:] }
    let agent = try load()
    let agentID = try id(of: agent)
    let counted = agent.sequence
    var places: [Counter: String] = [:]
    for sequence in waiting where sequence <= counted {
      // Nil when another process has just delivered it.
      let bytes = try stored { () throws(StoreError) in try store.read(.batch(sequence)) }
      guard let bytes else { continue }
      do {
        places[sequence] = try await service.put(
          OutgoingBatch(agentID: agentID, sequence: sequence, bytes: bytes))
      } catch {
        throw .service(error)
      }
      try stored { () throws(StoreError) in try store.remove(.batch(sequence)) }
    }
    return places
  }

  /// What makes tokens of the current epoch. §14.1
  public func tokenSealer() throws(EndError) -> TokenSealer {
    let agent = try load()
    return try checked(store.name) { () throws(ProtocolError) in try agent.tokenSealer() }
  }

  /// What seals one recording or text of the current epoch. §15
  public func blobSealer(_ field: BlobField) throws(EndError) -> BlobSealer {
    let agent = try load()
    var random = SystemRandom()
    return try checked(store.name) { () throws(ProtocolError) in try agent.blobSealer(field, using: &random) }
  }

  /// What makes the frames of a new spool segment, in the current epoch, for a ``SegmentFile``. §17
  public func spoolWriter(segment: Counter) throws(EndError) -> SpoolWriter {
    let agent = try load()
    return try checked(store.name) { () throws(ProtocolError) in try agent.spoolWriter(segment: segment) }
  }

  /// The keys with which the agent reads its own spool, tokens and blobs.
  public func keyRing() throws(EndError) -> KeyRing {
    let agent = try load()
    return try checked(store.name) { () throws(ProtocolError) in try agent.keyRing() }
  }

  /// The MasterKey of a master grant, with which a second manager opens the account. §10.4
  ///
  /// - Throws: `refused` with `noMasterKey` after a scoped grant.
  public func masterKey() throws(EndError) -> MasterKey {
    let agent = try load()
    return try checked(store.name) { () throws(ProtocolError) in try agent.masterKey() }
  }

  /// What can be told of the agent now.
  public func status() throws(EndError) -> AgentStatus {
    let waiting = try stored { () throws(StoreError) in try store.outbox() }
    let agent = try load()
    let counted = agent.sequence
    return AgentStatus(
      phase: agent.phase, agentID: try id(of: agent), accountID: agent.accountID,
      epoch: agent.state?.mark.epoch, sequence: counted, waiting: waiting.count { $0 <= counted })
  }
}

// MARK: - Steps

extension AgentEnd {
  /// The agent as it stands in the store. States are written whole, so that reading needs no lock.
  private func load() throws(EndError) -> Agent {
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
    let place = store.place(of: .agentState)
    guard isNewAllowed || isMarked || state != nil else { throw .noRequest(place: store.name) }
    let agent = try checked(place) { () throws(ProtocolError) in
      try Agent(restoring: state, deviceKey: deviceKey, isMarked: isMarked, using: &random)
    }
    guard agent.phase != .stopped else { throw .stopped(place: place) }
    return agent
  }

  /// Makes a step on the agent, and writes its state, while nobody else does.
  @discardableResult
  private func step<Output: Sendable>(
    isNewAllowed: Bool = false,
    _ body: (inout Agent, inout SystemRandom) throws(EndError) -> Output
  ) async throws(EndError) -> Output {
    let lock = try await store.locked()
    var random = SystemRandom()
    let key = try stored { () throws(StoreError) in try store.deviceKey() }
    var agent = try load(key, &random, isNewAllowed: isNewAllowed)
    let output = try body(&agent, &random)
    try save(&agent, key, &random)
    lock.end()
    return output
  }

  /// The mark comes first: a crash between both stops the agent, and never lets it start anew. R-13.1-4
  private func save(
    _ agent: inout Agent, _ deviceKey: borrowing SecretBytes, _ random: inout SystemRandom
  ) throws(EndError) {
    let place = store.place(of: .agentState)
    let state = try checked(place) { () throws(ProtocolError) in
      try agent.save(deviceKey: deviceKey, using: &random)
    }
    let needsMark = agent.needsMark
    try stored { () throws(StoreError) in
      if needsMark, try store.read(.mark) == nil { try store.write([], as: .mark) }
      try store.write(state.serialized, as: .agentState)
    }
  }

  private func id(of agent: borrowing Agent) throws(EndError) -> AgentID {
    guard let agentID = agent.agentID else { throw .stopped(place: store.place(of: .agentState)) }
    return agentID
  }
}
