internal import EndkeyPrimitives
internal import EndkeyWire

/// What an agent remembers: `AgentContents` of §8.4, without the phase. Copies share the keys, so that a step can be
/// drafted on a copy and dropped when it fails: R-19-2.
struct AgentMemory: Sendable {
  let identity: Shared<Identity>
  let agentID: AgentID
  /// Nil before an account is pinned.
  private(set) var pin: Pin?
  private(set) var state: AcceptedState?
  private(set) var clock = AgentClock()
  /// Of the generation, epoch and commitment of `state`.
  private(set) var keys: Shared<AgentKeys>?
  var chain: BatchChain

  /// The account, and what its code said.
  struct Pin: Sendable {
    let accountID: AccountID
    var terms: CodeTerms
    var request: EnrolmentRequest?
  }

  init(identity: consuming Identity) {
    let shared = Shared(identity)
    self.identity = shared
    agentID = shared.value.agentID
    chain = BatchChain(agentID: agentID)
  }

  /// Whether the state kept lists this agent.
  var isRevoked: Bool { state?.state.revoked.contains(agentID) ?? false }

  /// Whether the state kept has ended, at this time of the computer's clock. §13.5
  func isExpired(wall: Time) -> Bool {
    state.map { clock.now(wall: wall) >= $0.state.validUntil } ?? false
  }
}

// MARK: - Steps

extension AgentMemory {
  /// The event of a code that a person gives. §10.3
  func event(of code: borrowing EnrolmentCode) -> AgentMachine.Event {
    if let pin, pin.accountID != code.accountID { return .codeOfOther }
    if code.terms.role == .manager { return .codeOfManager }
    if let state, code.terms.generation > state.state.generation { return .codeAbove }
    return .code
  }

  /// Takes a code of the pinned account, or pins its account. §10.2, §10.3
  mutating func take(
    _ code: borrowing EnrolmentCode, nonce: Hash
  ) throws(ProtocolError) -> EnrolmentRequest {
    let request = try EnrolmentRequest.make(code: code, identity: identity.value, nonce: nonce)
    let terms = pin.map { clock.take(code.terms, after: $0.terms) } ?? code.terms
    if let state, terms.generation > state.state.generation {
      self.state = nil
      clock.forgetState()
    }
    pin = Pin(accountID: code.accountID, terms: terms, request: request)
    return request
  }

  /// Takes an AccountState that passes, and says which event it is. §12.1, R-10.3-2
  mutating func accept(state bytes: [UInt8], _ pin: Pin) throws(ProtocolError) -> AgentMachine.Event {
    let check = StateCheck(accountID: pin.accountID, last: state, leastGeneration: pin.terms.generation)
    let new = try check.accept(bytes)
    switch new.order {
    case .repeated: break
    case .continuing: clock.proceed(to: new.state.state.made)
    case .beginning: clock.begin(at: new.state.state.made, pin.terms)
    }
    if let state, !state.hasKeys(of: new.state) { keys = nil }
    state = new.state
    if isRevoked {
      keys = nil
      return .stateRevokes
    }
    return keys == nil ? .state : .stateOfKeys
  }

  /// Takes a Grant that passes, and its keys, unless there are keys of the state already. §11
  mutating func accept(grant bytes: [UInt8], _ pin: Pin) throws(ProtocolError) {
    let check = GrantCheck(
      accountID: pin.accountID, recipient: agentID, kind: pin.terms.kind, state: state)
    guard keys == nil else {
      _ = try check.check(bytes)
      return
    }
    keys = Shared(try check.open(bytes, with: identity.value).agentKeys(of: agentID))
  }

  /// The agent has run on for as many milliseconds. Before it has a code there is nothing to count from.
  mutating func run(_ milliseconds: UInt64) {
    if pin != nil { clock.run(milliseconds, hasState: state != nil) }
  }
}

extension AcceptedState {
  /// Whether the keys granted under this state are those of `other`.
  fileprivate func hasKeys(of other: AcceptedState) -> Bool {
    state.generation == other.state.generation && state.epoch == other.state.epoch
      && state.commitment == other.state.commitment
  }
}

// MARK: - On the disk. §13.4

extension AgentMemory {
  /// `AgentContents` of this memory in `phase`.
  func contents(phase: AgentPhase) throws(ProtocolError) -> SecretBytes {
    let identityBytes = try identity.value.contents()
    let secrets: SecretBytes
    if let keys {
      secrets = SecretBytes.concatenating(identityBytes, keys.value.contents)
    } else {
      secrets = identityBytes
    }
    let contents = AgentContents(
      phase: phase, keys: AccountKeys(at: 0), request: pin?.request, terms: pin?.terms, state: state?.state,
      least: clock.least, running: clock.running, age: clock.age, sequence: chain.sequence,
      batchHash: chain.hash, epochKeys: keys == nil ? nil : ScopedKeys(at: AccountKeys.byteCount))
    return SecretBytes(contents, secrets: secrets)
  }

  /// What `contents`, whose secrets are in `secrets`, says under this header. `localStateOpenFailed` when its parts do
  /// not fit together.
  ///
  /// Neither certificate nor signatures are verified again: the seal stands for them.
  init(
    _ contents: AgentContents, _ secrets: borrowing SecretBytes, header: Header
  ) throws(ProtocolError) {
    self.init(identity: try Identity(contents.keys, in: secrets, or: .localStateOpenFailed, "13.4"))
    if header.accountID != .zero, let terms = contents.terms {
      pin = Pin(accountID: header.accountID, terms: terms, request: contents.request)
    }
    state = contents.state.map(AcceptedState.init)
    clock = AgentClock(least: contents.least, running: contents.running, age: contents.age)
    chain = BatchChain(agentID: agentID, sequence: contents.sequence, hash: contents.batchHash)
    if let keys = contents.epochKeys, let epoch = header.epoch {
      self.keys = Shared(
        AgentKeys(keys, in: secrets, accountID: header.accountID, epoch: epoch, agentID: agentID))
    }
    guard fits(header), fits(contents) else {
      throw ProtocolError(.localStateOpenFailed, "13.4")
    }
  }

  /// Whether the parts are of the account and epoch of the header, of this agent, and in step.
  private func fits(_ header: Header) -> Bool {
    guard header.epoch == state?.state.epoch, (header.accountID == .zero) == (pin == nil) else {
      return false
    }
    guard (chain.sequence == 0) == (chain.hash == .zero) else { return false }
    if let request = pin?.request {
      guard request.accountID == header.accountID, request.agentID == agentID else { return false }
    }
    guard let state = state?.state else { return clock.least == 0 && clock.running == 0 }
    guard let terms = pin?.terms else { return false }
    return state.accountID == header.accountID && state.generation >= terms.generation
      && clock.least >= state.made
  }

  /// Whether an agent in the phase of `contents` can know exactly this. One that has stopped writes nothing. §13.4
  private func fits(_ contents: AgentContents) -> Bool {
    guard let pin else {
      return contents.phase == .unpinned && contents.request == nil && contents.terms == nil
        && contents.state == nil && contents.epochKeys == nil && clock == AgentClock()
        && contents.sequence == 0
    }
    guard pin.terms.role == .agent, (contents.epochKeys != nil) == (contents.phase == .active) else {
      return false
    }
    return switch contents.phase {
    case .unpinned, .stopped: false
    case .pinned: pin.request != nil && state == nil
    case .waiting, .active: state != nil && !isRevoked
    case .revoked: state != nil
    }
  }
}
