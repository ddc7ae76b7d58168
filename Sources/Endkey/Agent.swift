public import EndkeyPrimitives
public import EndkeyWire

/// An agent: what it knows, and what may happen to it. §10.3, §13.1
///
/// It cannot be copied: two copies would number their batches alike. Each method is one event of the table
/// of §10.3. The phase is checked first, then the message, and nothing changes unless both pass: R-19-2.
/// After each step the caller writes `save` to the disk before anything leaves the process: R-13.4-2.
public struct Agent: ~Copyable, Sendable {
  /// What the agent may do now. §10.3
  public private(set) var phase: AgentPhase
  /// How many times the state was written, by ``save(deviceKey:using:)``. §13.4
  public internal(set) var generation: Counter
  /// Nil when the agent has stopped: it knows nothing then.
  private(set) var memory: AgentMemory?

  /// An agent that nobody has enrolled yet.
  public init(identity: consuming Identity) {
    self.init(phase: .unpinned, generation: 0, memory: AgentMemory(identity: identity))
  }

  init(phase: AgentPhase, generation: Counter, memory: AgentMemory?) {
    self.phase = phase
    self.generation = generation
    self.memory = memory
  }

  /// Nil when the agent has stopped.
  public var agentID: AgentID? { memory?.agentID }
  /// The account that is pinned; nil before that, and when the agent has stopped.
  public var accountID: AccountID? { memory?.pinned }
  /// The request that was sent, to be sent again until there is a grant.
  public var request: EnrolmentRequest? { memory?.request }
  /// What is kept of the AccountState that was accepted last; nil before the first.
  public var state: AcceptedState? { memory?.state }
  /// The number of the last RecordBatch that was made, which is how many there are. §16.1
  public var sequence: Counter { memory?.chain.sequence ?? 0 }

  /// Whether the mark that this agent was pinned must stand, before this state is written. R-13.1-4
  public var needsMark: Bool { phase != .unpinned }
}

// MARK: - Events

extension Agent {
  /// A person gives an enrolment code: its text as UTF-8. From now on the account is pinned: R-13.1-2.
  ///
  /// `alreadyPinned` or `stopped`, then faults of the text's format.
  public mutating func enrol(
    code text: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(ProtocolError) -> EnrolmentRequest {
    var draft = try draft(for: .code)
    let code = try text.withBytes { (text) throws(ProtocolError) in
      try TypedSecret(text: text, kind: .code)
    }
    let nonce = try primitive("10.2") { () throws(PrimitiveError) in
      try random.bytes(Hash.byteCount)
    }
    let request = try draft.enrol(code, nonce: Hash(unchecked: nonce.span))
    try keep(draft, .code)
    return request
  }

  /// The service gives an AccountState. §12.1
  public mutating func accept(state bytes: [UInt8]) throws(ProtocolError) {
    var draft = try draft(for: .state)
    let event = try draft.accept(state: bytes)
    try keep(draft, event)
  }

  /// The service gives a Grant. §11
  public mutating func accept(grant bytes: [UInt8]) throws(ProtocolError) {
    var draft = try draft(for: .grant)
    try draft.accept(grant: bytes)
    try keep(draft, .grant)
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

  private mutating func keep(
    _ draft: AgentMemory, _ event: AgentMachine.Event
  ) throws(ProtocolError) {
    phase = try AgentMachine.step(phase, event).get("10.3")
    memory = draft
  }
}

// MARK: - Activity. R-13.1-1

extension Agent {
  /// The key that makes the tokens of the current epoch, with which `BulkTokenSealer` of `EndkeyBulk` makes many at a
  /// time. §7
  public func tokenKey() throws(ProtocolError) -> TokenKey { try currentKeys().value.tokenKey.copy() }

  /// Makes tokens of the current epoch, one at a time. §14.1
  public func tokenSealer() throws(ProtocolError) -> TokenSealer {
    try TokenSealer(key: try currentKeys().value.tokenKey)
  }

  /// Seals one recording or text of the current epoch. §15
  public func blobSealer(
    _ field: BlobField, using random: inout some RandomSource
  ) throws(ProtocolError) -> BlobSealer {
    try BlobSealer(key: try currentKeys().value.agentKey, field: field, using: &random)
  }

  /// Seals a short recording or text of the current epoch at once. §15
  ///
  /// Gives the blob for the service's store of blobs, and its reference for a record.
  public func sealBlob(
    _ content: Span<UInt8>, field: BlobField, using random: inout some RandomSource
  ) throws(ProtocolError) -> NewBlob {
    var sealer = try blobSealer(field, using: &random)
    var bytes: [UInt8] = []
    try sealer.update(content, into: &bytes)
    let reference = try sealer.finish(into: &bytes)
    let blob = try SealedBlob(received: bytes)
    return NewBlob(blob: blob, reference: reference)
  }

  /// A blob that was sealed. §15
  public struct NewBlob: Equatable, Sendable {
    /// The blob, for the service's store of blobs.
    public let blob: SealedBlob
    /// What a record says of the blob: its field, length and hash.
    public let reference: BlobReference
  }

  /// Starts a segment of the spool, in the current epoch. §17
  public func spoolWriter(segment: Counter) throws(ProtocolError) -> SpoolWriter {
    try SpoolWriter(key: try currentKeys().value.agentKey, segment: segment)
  }

  /// Signs records as the next batch. R-16.1-1, R-16.1-3
  public mutating func signBatch(_ records: [Record]) throws(ProtocolError) -> RecordBatch {
    var draft = try draft(for: .activity)
    guard let mark = draft.state?.mark else { throw ProtocolError(.noState, "16.1") }
    let batch = try draft.chain.append(
      records, epoch: mark.epoch, stateCounter: mark.counter, signingKey: draft.identity.value.signing)
    try keep(draft, .activity)
    return batch
  }

  /// All keys that the agent holds, to read its own spool and tokens. `notPinned` or `stopped`.
  public func keyRing() throws(ProtocolError) -> KeyRing {
    guard let memory else { throw ProtocolError(.stopped, "10.3") }
    guard phase != .unpinned else { throw ProtocolError(.notPinned, "10.3") }
    return try memory.keyRing()
  }

  /// The MasterKey of a master grant, with which a second manager opens the account. `noMasterKey` after a
  /// scoped one.
  public func masterKey() throws(ProtocolError) -> MasterKey {
    let keys = try currentKeys()
    switch keys.value.masterKey {
    case .some(let masterKey): return masterKey.copy()
    case .none: throw ProtocolError(.noMasterKey, "11")
    }
  }

  private func currentKeys() throws(ProtocolError) -> Shared<GrantedKeys> {
    guard let keys = try draft(for: .activity).currentKeys else { throw ProtocolError(.noGrant, "13.1") }
    return keys
  }
}
