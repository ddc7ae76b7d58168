internal import EndkeyPrimitives
public import EndkeyWire

/// The owner's check of one agent's batches, in the order in which the service gives them. §16.2
///
/// It reports each finding and goes on. It keeps the hash of each batch counted, so that a batch given twice
/// can be told from another of the same number.
public struct Audit: Sendable {
  /// Where an audit stands, and another can go on.
  public struct Checkpoint: Equatable, Sendable {
    /// The number of the last batch that was counted; 0 before the first.
    public var sequence: Counter
    /// The hash of the last batch that was counted; zero before the first.
    public var hash: Hash
    /// The `state_counter` of the last batch counted, 0 when it is not known.
    public var stateCounter: Counter

    /// Where an audit stands; without arguments, before the first batch.
    public init(sequence: Counter = 0, hash: Hash = .zero, stateCounter: Counter = 0) {
      self.sequence = sequence
      self.hash = hash
      self.stateCounter = stateCounter
    }
  }

  /// Something wrong with a batch. A batch may have two: `sequenceGap` and `stateWithheld` do not end its
  /// checks.
  public struct Finding: Equatable, Sendable {
    /// The place of the batch among those given, from 0.
    public let index: Int
    /// What is wrong with the batch.
    public let error: ProtocolError
  }

  /// The account whose batches they must be.
  public let accountID: AccountID
  /// The agent under audit.
  public let agentID: AgentID
  /// Where the audit stands.
  public private(set) var checkpoint: Checkpoint
  /// What is wrong with the batches given so far, in their order.
  public private(set) var findings: [Finding] = []
  /// The sums over the batches that were counted. R-16.2-1
  public private(set) var totals = Totals()
  /// The number of batches given.
  public private(set) var givenCount = 0
  /// The number of batches counted.
  public private(set) var countedCount = 0

  private let members: Set<AgentID>
  /// Of the agent under audit. R-16.2-3
  private let verifyKey: Ed25519.PublicKey?
  private let knownStateCounter: Counter
  /// Of the batches counted, as far as this audit remembers.
  private var hashes: [Counter: Hash]

  /// An audit of one agent's batches that starts where another ended, or with the first batch.
  ///
  /// - Parameters:
  ///   - accountID: the account whose batches they must be.
  ///   - agentID: the agent under audit.
  ///   - members: the agents that the vault knows, with their Ed25519 public keys.
  ///   - stateCounter: the counter of the AccountState that the auditor holds.
  ///   - checkpoint: where the last audit ended.
  public init(
    accountID: AccountID, agentID: AgentID, members: [AgentID: VerifyKey], stateCounter: Counter,
    from checkpoint: Checkpoint = Checkpoint()
  ) {
    self.accountID = accountID
    self.agentID = agentID
    self.checkpoint = checkpoint
    self.members = Set(members.keys)
    verifyKey = members[agentID].flatMap(Self.key)
    knownStateCounter = stateCounter
    hashes = checkpoint.sequence == 0 ? [:] : [checkpoint.sequence: checkpoint.hash]
  }

  /// Takes the next batch. Gives it back if it counts; if not, a finding was added.
  @discardableResult
  public mutating func take(_ bytes: [UInt8]) -> RecordBatch? {
    let index = givenCount
    givenCount += 1
    do {
      let batch = try check(bytes, index)
      count(batch, Hash(sha256: bytes))
      return batch
    } catch {
      findings.append(Finding(index: index, error: error))
      return nil
    }
  }

  /// Steps 1 to 9 of §16.2. R-16.2-2
  private mutating func check(_ bytes: [UInt8], _ index: Int) throws(ProtocolError) -> RecordBatch {
    let batch = try RecordBatch(received: bytes)
    guard batch.accountID == accountID else { throw Self.error(.wrongAccount) }
    guard members.contains(batch.agentID) else { throw Self.error(.unknownAgent) }
    guard batch.agentID == agentID else { throw Self.error(.wrongRecipient) }
    guard let verifyKey, batch.isSigned(by: verifyKey, in: bytes) else {
      throw Self.error(.signatureInvalid)
    }
    guard batch.sequence > checkpoint.sequence else {
      let counted = hashes[batch.sequence]
      throw Self.error(
        counted == nil || counted == Hash(sha256: bytes) ? .sequenceRepeat : .sequenceFork)
    }
    if batch.sequence != checkpoint.sequence.next {
      findings.append(Finding(index: index, error: Self.error(.sequenceGap)))
    } else if batch.previous != checkpoint.hash {
      throw Self.error(.chainBroken)
    }
    guard batch.stateCounter >= checkpoint.stateCounter else { throw Self.error(.counterRollback) }
    if batch.stateCounter > knownStateCounter {
      findings.append(Finding(index: index, error: Self.error(.stateWithheld)))
    }
    guard batch.hasOneEpoch else { throw Self.error(.epochMismatch) }
    return batch
  }

  private mutating func count(_ batch: RecordBatch, _ hash: Hash) {
    checkpoint = Checkpoint(sequence: batch.sequence, hash: hash, stateCounter: batch.stateCounter)
    hashes[batch.sequence] = hash
    countedCount += 1
    for record in batch.records { totals.add(record) }
  }

  /// Nil when the bytes are no key: then no signature verifies.
  private static func key(_ bytes: VerifyKey) -> Ed25519.PublicKey? {
    do {
      return try Ed25519.PublicKey(bytes.bytes)
    } catch {
      return nil
    }
  }

  private static func error(_ code: ErrorCode) -> ProtocolError { ProtocolError(code, "16.2") }
}

extension RecordBatch {
  /// Whether all tokens are of the batch's epoch. R-16.1-2
  var hasOneEpoch: Bool {
    for record in records {
      for case .token(let token) in record.items where token.epoch != epoch { return false }
    }
    return true
  }
}
