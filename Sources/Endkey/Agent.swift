public import EndkeyPrimitives
public import EndkeyWire

/// An agent: what it knows, and what may happen to it. §10.3, §13.1
///
/// It cannot be copied: two copies would number their batches alike. Each method is one event of the table
/// of §10.3. The phase is checked first, then the message, and nothing changes unless both pass: R-19-2.
/// After each step the caller writes `save` to the disk before anything leaves the process: R-13.4-2.
///
/// The computer's clock is a parameter, in milliseconds since 1970-01-01T00:00:00Z. What the agent has run is told it
/// by ``run(milliseconds:)``; it works by whichever of both is later. §13.5
public struct Agent: ~Copyable, Sendable {
  /// What the agent may do now. §10.3
  public private(set) var phase: AgentPhase
  /// How many times the state was written, by ``save(deviceKey:using:)``. §13.4
  public internal(set) var writes: Counter
  /// Nil when the agent has stopped: it knows nothing then.
  private(set) var memory: AgentMemory?

  /// An agent that nobody has enrolled yet.
  public init(identity: consuming Identity) {
    self.init(phase: .unpinned, writes: 0, memory: AgentMemory(identity: identity))
  }

  init(phase: AgentPhase, writes: Counter, memory: AgentMemory?) {
    self.phase = phase
    self.writes = writes
    self.memory = memory
  }

  /// Nil when the agent has stopped.
  public var agentID: AgentID? { memory?.agentID }
  /// The account that is pinned; nil before that, and when the agent has stopped.
  public var accountID: AccountID? { memory?.pin?.accountID }
  /// What the code said that was taken last; nil before the first.
  public var terms: CodeTerms? { memory?.pin?.terms }
  /// The request that was sent, to be sent again until there is a grant.
  public var request: EnrolmentRequest? { memory?.pin?.request }
  /// The AccountState that was accepted last; nil before the first.
  public var state: AcceptedState? { memory?.state }
  /// What the agent knows of the time.
  public var clock: AgentClock { memory?.clock ?? AgentClock() }
  /// The number of the last RecordBatch that was made, which is how many there are. §16.1
  public var sequence: Counter { memory?.chain.sequence ?? 0 }

  /// Whether the mark that this agent was pinned must stand, before this state is written. R-13.1-4
  public var needsMark: Bool { phase != .unpinned }

  /// Whether the AccountState kept has ended, so that nothing may be made until there is a newer one. R-13.5-2
  public func isExpired(at wall: Time) -> Bool { memory?.isExpired(wall: wall) ?? false }

  /// The agent has run on for as many milliseconds, by a monotonic clock that counts the time of sleep. To be told it
  /// before each step that takes the time, and before `save`, which is due every ten minutes. R-13.5-1
  public mutating func run(milliseconds: UInt64) { memory?.run(milliseconds) }
}

// MARK: - Events

extension Agent {
  /// A person gives an enrolment code: its text as UTF-8. From now on the account is pinned: R-13.1-2.
  ///
  /// `alreadyPinned` or `stopped`, then faults of the text's format, then those of the table for what the code says.
  public mutating func enrol(
    code text: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(ProtocolError) -> EnrolmentRequest {
    var draft = try draft(for: .code)
    let code = try EnrolmentCode(text: text)
    let event = draft.event(of: code)
    _ = try AgentMachine.step(phase, event).get("10.3")
    let nonce = try primitive("10.2") { () throws(PrimitiveError) in
      try random.bytes(Hash.byteCount)
    }
    let request = try draft.take(code, nonce: Hash(unchecked: nonce.span))
    try keep(draft, event)
    return request
  }

  /// The service gives an AccountState. §12.1
  public mutating func accept(state bytes: [UInt8]) throws(ProtocolError) {
    var (draft, pin) = try pinnedDraft(for: .state)
    let event = try draft.accept(state: bytes, pin)
    try keep(draft, event)
  }

  /// The service gives a Grant. §11
  public mutating func accept(grant bytes: [UInt8]) throws(ProtocolError) {
    let event: AgentMachine.Event = memory?.isRevoked == true ? .grantListed : .grant
    var (draft, pin) = try pinnedDraft(for: event)
    try draft.accept(grant: bytes, pin)
    try keep(draft, event)
  }

  /// The service says that encryption is off, or anything else that is not a message of the protocol. The
  /// agent never gives in: this always throws, `latched` once an account is pinned. R-13.1-3
  public func serviceOff() throws(ProtocolError) {
    _ = try AgentMachine.step(phase, .serviceOff).get("13.1")
  }

  /// What is known, for a step of `event`; the error of the table when the phase does not allow it.
  private func draft(for event: AgentMachine.Event) throws(ProtocolError) -> AgentMemory {
    _ = try AgentMachine.step(phase, event).get("10.3")
    guard let memory else { throw ProtocolError(.stopped, "10.3") }
    return memory
  }

  /// The same for an event of an agent that has pinned an account.
  private func pinnedDraft(
    for event: AgentMachine.Event
  ) throws(ProtocolError) -> (AgentMemory, AgentMemory.Pin) {
    let draft = try draft(for: event)
    guard let pin = draft.pin else { throw ProtocolError(.notPinned, "10.3") }
    return (draft, pin)
  }

  private mutating func keep(
    _ draft: AgentMemory, _ event: AgentMachine.Event
  ) throws(ProtocolError) {
    phase = try AgentMachine.step(phase, event).get("10.3")
    memory = draft
  }
}

// MARK: - What is captured. §13.3

extension Agent {
  /// Something was captured: the frame that holds it, for the end of a segment of the spool. §17
  ///
  /// `limitReached` when the segment is full, or the capture is too long for any.
  public func capture(
    _ kind: RecordKind, start: Time, duration: UInt32, items: [CapturedItem],
    into spool: inout SpoolWriter, using random: inout some RandomSource
  ) throws(ProtocolError) -> [UInt8] {
    let (_, pin) = try pinnedDraft(for: .capture)
    let capture = try Capture.make(
      accountID: pin.accountID, kind: kind, start: start, duration: duration, items: items)
    return try spool.append(capture, using: &random)
  }
}

extension Capture {
  /// What was captured, its items in any order. `limitReached` when they are too long, `notCanonical` for a field
  /// twice.
  static func make(
    accountID: AccountID, kind: RecordKind, start: Time, duration: UInt32, items: [CapturedItem]
  ) throws(ProtocolError) -> Capture {
    let size = items.reduce(0) { $0 + $1.serializedCount }
    guard size <= Limit.captureMax + 4 else { throw ProtocolError(.limitReached, "17") }
    let items = try wire { () throws(WireError) in
      try BoundedList<Items>(items.sorted { $0.field < $1.field })
    }
    return Capture(accountID: accountID, kind: kind, start: start, duration: duration, items: items)
  }
}

// MARK: - Activity. R-13.1-1

extension Agent {
  /// The key that makes the tokens of the current epoch, with which `BulkTokenSealer` of `EndkeyBulk` makes many at a
  /// time. §7
  public func tokenKey(at wall: Time) throws(ProtocolError) -> TokenKey {
    try currentKeys(wall).value.tokenKey.copy()
  }

  /// Makes tokens of the current epoch, one at a time. §14.1
  public func tokenSealer(at wall: Time) throws(ProtocolError) -> TokenSealer {
    try TokenSealer(key: try currentKeys(wall).value.tokenKey)
  }

  /// Seals one recording or text of the current epoch. §15
  public func blobSealer(
    _ field: BlobField, at wall: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> BlobSealer {
    try BlobSealer(key: try currentKeys(wall).value.agentKey, field: field, using: &random)
  }

  /// Seals a short recording or text of the current epoch at once. §15
  public func sealBlob(
    _ content: Span<UInt8>, field: BlobField, at wall: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> NewBlob {
    try NewBlob(
      sealing: content, key: try currentKeys(wall).value.agentKey, field: field, using: &random)
  }

  /// Makes records of what the spool holds, for a batch that is sent now. R-13.1-6
  public func captureSealer(at wall: Time) throws(ProtocolError) -> CaptureSealer {
    try CaptureSealer(keys: try currentKeys(wall).value)
  }

  /// Signs records as the next batch. An agent asks the service for the newest AccountState first: R-13.5-4.
  /// R-16.1-1, R-16.1-4
  public mutating func signBatch(_ records: [Record], at wall: Time) throws(ProtocolError) -> RecordBatch {
    let event = activity(wall)
    var draft = try draft(for: event)
    guard let state = draft.state else { throw ProtocolError(.noState, "16.1") }
    let batch = try draft.chain.append(
      records, accountID: state.state.accountID, under: state.note, made: draft.clock.now(wall: wall),
      signingKey: draft.identity.value.signing)
    try keep(draft, event)
    return batch
  }

  /// The keys that the agent works with, to read its own tokens and blobs. `notPinned`, `noState`, `noGrant`, `revoked`
  /// or `stopped` when there are none.
  public func keyRing() throws(ProtocolError) -> KeyRing {
    let (memory, pin) = try pinnedDraft(for: .activity)
    guard let keys = memory.keys else { throw ProtocolError(.noGrant, "13.1") }
    var ring = KeyRing(accountID: pin.accountID, holder: .agent(memory.agentID))
    ring.add(keys.value.tokenKey.copy())
    ring.add(keys.value.agentKey.copy())
    return ring
  }

  private func activity(_ wall: Time) -> AgentMachine.Event {
    isExpired(at: wall) ? .activityExpired : .activity
  }

  private func currentKeys(_ wall: Time) throws(ProtocolError) -> Shared<AgentKeys> {
    guard let keys = try draft(for: activity(wall)).keys else { throw ProtocolError(.noGrant, "13.1") }
    return keys
  }
}

// MARK: - Keys of the device

extension Agent {
  /// The key of the spool, to write and to read it. §17
  public func spoolKey(deviceKey: borrowing SecretBytes) throws(ProtocolError) -> SpoolKey {
    let (agentID, accountID) = try pinnedIDs()
    return try SpoolKey(deviceKey: deviceKey, accountID: accountID, agentID: agentID)
  }

  /// What lets the agent in at the service: 32 bytes. §6.2
  public func uploadKey(deviceKey: borrowing SecretBytes) throws(ProtocolError) -> SecretBytes {
    let (agentID, accountID) = try pinnedIDs()
    guard deviceKey.count == LocalState.deviceKeyCount else { throw ProtocolError(.internalError, "6.2") }
    return try Label.Derived.upload.derive(from: deviceKey, context: accountID.bytes + agentID.bytes)
  }

  /// `notPinned` or `stopped` when there are none.
  private func pinnedIDs() throws(ProtocolError) -> (AgentID, AccountID) {
    guard let memory else { throw ProtocolError(.stopped, "10.3") }
    guard let pin = memory.pin else { throw ProtocolError(.notPinned, "10.3") }
    return (memory.agentID, pin.accountID)
  }
}
