public import EndkeyPrimitives
public import EndkeyWire

/// What an agent asks of its service: a folder, a server over HTTP, or a test's double.
///
/// The service may be malicious: the agent checks every byte that it gives. Everything can be asked again: a message
/// that stands there already, with the same bytes, is not an error.
public protocol AgentService: RestorableService {
  /// Gives the same service, as it is asked by an agent that shows its credential.
  ///
  /// A service that looks at none, such as a folder, is the same for everybody: that is what there is without an
  /// implementation.
  func asked(by credential: AgentCredential) -> Self

  /// The newest AccountState of the account; nil when it is the one with the SHA-256 `known`. §12.1
  ///
  /// - Throws: `noAccount` when the service has none.
  func accountState(unless known: Hash?) async throws(ServiceError) -> ReceivedMessage?

  /// The newest Grant to an agent, or nil when there is none yet. §11
  func grant(to agentID: AgentID) async throws(ServiceError) -> ReceivedMessage?

  /// Stores an agent's request to be enrolled, in the place of an earlier one of this agent. §10.2
  ///
  /// Returns the place where it stands, for a message.
  /// - Throws: `noAccount` when the service has none, so that nothing is sent to an empty place.
  @discardableResult
  func put(_ request: EnrolmentRequest) async throws(ServiceError) -> String

  /// Stores a batch or blob, by its hash: the service looks at no number in it. §15, §16.1
  ///
  /// Returns the place where it stands, for a message.
  /// - Throws: `noAccount` when the service has none: an agent forgets what the service has.
  @discardableResult
  func put(_ message: OutgoingMessage) async throws(ServiceError) -> String
}

extension AgentService {
  public func asked(by credential: AgentCredential) -> Self { self }
}

/// What an agent shows to a service that asks for it.
public final class AgentCredential: Sendable {
  /// The account that the agent belongs to.
  public let accountID: AccountID
  /// The agent.
  public let agentID: AgentID
  /// What lets it in: 32 bytes. §6.2
  public let uploadKey: SecretBytes
  /// What lets its request in: 32 bytes of the code that it came by. Nil once it was granted keys. §10.2
  public let admission: SecretBytes?

  /// The credential of an agent.
  public init(
    accountID: AccountID, agentID: AgentID, uploadKey: consuming SecretBytes,
    admission: consuming SecretBytes?
  ) {
    self.accountID = accountID
    self.agentID = agentID
    self.uploadKey = uploadKey
    self.admission = admission
  }
}

// What it has cannot be copied, and so not be reflected.
extension AgentCredential: CustomReflectable {
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A batch or blob on its way to the service.
public struct OutgoingMessage: Equatable, Sendable {
  /// What it is.
  public enum Kind: String, Sendable {
    /// A RecordBatch.
    case batch
    /// A SealedBlob.
    case blob
  }

  /// What the message is.
  public let kind: Kind
  /// The agent that made it.
  public let agentID: AgentID
  /// SHA-256 of `bytes`: the name of the message at the service.
  public let hash: Hash
  /// The bytes of the message.
  public let bytes: [UInt8]

  /// A message on its way, whose SHA-256 is `hash`.
  public init(_ kind: Kind, by agentID: AgentID, hash: Hash, bytes: [UInt8]) {
    self.kind = kind
    self.agentID = agentID
    self.hash = hash
    self.bytes = bytes
  }
}
