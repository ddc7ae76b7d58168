internal import EndkeyPrimitives
internal import EndkeyWire

/// What an agent remembers: `AgentContents` of §8.4, without the phase. Copies share the keys.
struct AgentMemory: Sendable {
  let identity: Shared<Identity>
  let agentID: AgentID
  private(set) var request: EnrolmentRequest?
  private(set) var state: AcceptedState?
  private(set) var grant: GrantMark?
  /// Of an account that is zero before one is pinned.
  var chain: BatchChain
  /// Ascending by epoch, at most the two newest.
  private(set) var epochs: [Shared<GrantedKeys>] = []

  init(identity: consuming Identity) {
    let shared = Shared(identity)
    self.identity = shared
    agentID = shared.value.agentID
    chain = BatchChain(accountID: .zero, agentID: agentID)
  }

  /// The account that is pinned, or nil.
  var pinned: AccountID? { chain.accountID == .zero ? nil : chain.accountID }

  /// The keys of the epoch of the AccountState accepted last.
  var currentKeys: Shared<GrantedKeys>? { keys(of: state?.mark.epoch) }

  func keys(of epoch: Epoch?) -> Shared<GrantedKeys>? { epochs.first { $0.value.epoch == epoch } }

  func keyRing() throws(ProtocolError) -> KeyRing {
    var ring = KeyRing(accountID: chain.accountID, holder: .agent(agentID))
    for keys in epochs {
      switch keys.value.masterKey {
      case .some(let masterKey): try ring.add(masterKey.copy())
      case .none:
        ring.add(keys.value.tokenKey.copy())
        ring.add(keys.value.agentKey.copy())
      }
    }
    return ring
  }
}

// MARK: - Steps

extension AgentMemory {
  /// Pins the account of the code. §10.2
  mutating func enrol(_ code: borrowing TypedSecret, nonce: Hash) throws(ProtocolError) -> EnrolmentRequest {
    let request = try EnrolmentRequest.make(code: code, identity: identity.value, nonce: nonce)
    self.request = request
    chain = BatchChain(accountID: code.accountID, agentID: agentID)
    return request
  }

  /// Notes an AccountState that passes, and says which event it is. §12.1
  mutating func accept(state bytes: [UInt8]) throws(ProtocolError) -> AgentMachine.Event {
    let new = try AccountState(accepting: bytes, accountID: chain.accountID, last: state?.mark)
    state = AcceptedState(new)
    if new.revoked.contains(agentID) { return .stateRevokes }
    return currentKeys == nil ? .state : .stateOfKeys
  }

  /// Notes a Grant that passes, and its keys. §11
  mutating func accept(grant bytes: [UInt8]) throws(ProtocolError) {
    let check = GrantCheck(accountID: chain.accountID, agentID: agentID, state: state, last: grant)
    guard let keys = try check.open(bytes, with: identity.value) else { return }
    let message = try Grant(received: bytes)
    grant = GrantMark(message)
    add(keys)
  }

  private mutating func add(_ keys: consuming GrantedKeys) {
    let new = Shared(keys)
    epochs.removeAll { $0.value.epoch == new.value.epoch }
    // The grant is of the newest epoch: §11, step 6.
    epochs.append(new)
    epochs = epochs.suffix(Self.epochsMax)
  }

  private static var epochsMax: Int { 2 }
}

// MARK: - Contents. §8.4

extension AgentMemory {
  /// `AgentContents` of this memory in `phase`.
  func contents(phase: AgentPhase) throws(ProtocolError) -> SecretBytes {
    let identityBytes = try identity.value.contents()
    let secrets = SecretBytes(count: identityBytes.count + Self.epochCount * epochs.count) { writer in
      writer.secret(identityBytes)
      for keys in epochs {
        writer.secret(keys.value.tokenKey.secret)
        writer.secret(keys.value.agentKey.secret)
        switch keys.value.masterKey {
        case .some(let masterKey): writer.secret(masterKey.secret)
        case .none: writer.fixed(Bytes<32>.zero)
        }
      }
    }
    let contents = try wire { () throws(WireError) in
      let epochs = self.epochs.enumerated().map { index, keys in
        let start = AccountKeys.byteCount + Self.epochCount * index
        return EpochKeys(
          epoch: keys.value.epoch, tokenKey: SecretPlace(at: start), agentKey: SecretPlace(at: start + 64),
          masterKey: keys.value.kind == .master ? SecretPlace(at: start + 96) : nil)
      }
      return AgentContents(
        phase: phase, keys: AccountKeys(at: 0), request: request.map { Bytes(unchecked: $0.serialized) },
        accountKey: state?.verifyKey, stateCounter: state?.mark.counter ?? 0,
        stateHash: state?.mark.hash ?? .zero, commitment: state?.commitment ?? .zero,
        grantCounter: grant?.counter ?? 0, grantHash: grant?.hash ?? .zero, sequence: chain.sequence,
        batchHash: chain.hash, epochs: try BoundedList(epochs))
    }
    return SecretBytes(contents, secrets: secrets)
  }

  /// What `contents`, whose places are of `secrets`, says of this account and epoch. `localStateOpenFailed` when its
  /// parts do not fit together.
  init(
    _ contents: AgentContents, _ secrets: borrowing SecretBytes, accountID: AccountID, epoch: Epoch?
  ) throws(ProtocolError) {
    // An agent reads its keys each time it starts, and needs the RSA key only for a grant.
    self.init(
      identity: try Identity(
        contents.keys, in: secrets, or: .localStateOpenFailed, "13.4", check: .beforeUse))
    chain = BatchChain(
      accountID: accountID, agentID: agentID, sequence: contents.sequence, hash: contents.batchHash)
    if let bytes = contents.request {
      request = try wire("13.4", or: .localStateOpenFailed) { () throws(WireError) in
        try EnrolmentRequest(parsing: bytes.bytes)
      }
    }
    if let verifyKey = contents.accountKey {
      guard let epoch else { throw ProtocolError(.localStateOpenFailed, "13.4") }
      state = AcceptedState(
        mark: StateMark(epoch: epoch, counter: contents.stateCounter, hash: contents.stateHash),
        accountID: accountID, verifyKey: verifyKey, commitment: contents.commitment)
    }
    if contents.grantHash != .zero {
      grant = GrantMark(counter: contents.grantCounter, hash: contents.grantHash)
    }
    for keys in contents.epochs { epochs.append(Shared(try self.keys(keys, secrets))) }
    guard fits(contents.phase) else { throw ProtocolError(.localStateOpenFailed, "13.4") }
  }

  private func keys(
    _ keys: EpochKeys, _ secrets: borrowing SecretBytes
  ) throws(ProtocolError) -> GrantedKeys {
    let (accountID, epoch) = (chain.accountID, keys.epoch)
    if let masterKey = keys.masterKey {
      return try GrantedKeys(
        masterKey: MasterKey(secret: secrets.copy(masterKey), accountID: accountID, epoch: epoch),
        agentID: agentID)
    }
    return GrantedKeys(
      tokenKey: TokenKey(secret: secrets.copy(keys.tokenKey), accountID: accountID, epoch: epoch),
      agentKey: AgentKey(
        secret: secrets.copy(keys.agentKey), accountID: accountID, epoch: epoch, agentID: agentID))
  }

  /// Whether an agent in `phase` can know exactly this. One that has stopped writes nothing.
  private func fits(_ phase: AgentPhase) -> Bool {
    switch phase {
    case .unpinned: pinned == nil && request == nil && state == nil && epochs.isEmpty
    case .pinned: pinned != nil && request != nil && state == nil && epochs.isEmpty
    case .waiting: pinned != nil && state != nil && currentKeys == nil
    case .active: pinned != nil && state != nil && currentKeys != nil
    case .revoked: pinned != nil && state != nil
    case .stopped: false
    }
  }

  /// Bytes of the secrets of one epoch, with room for a MasterKey.
  private static var epochCount: Int { 128 }
}
