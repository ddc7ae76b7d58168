public import Endkey
public import EndkeyWire

// What the two ends ask of a service. The service may be malicious: the ends check every byte that it gives.

/// What an agent asks of its service: a folder, a server over HTTP, or a test's double.
///
/// Everything can be asked again: a message that stands there already, with the same bytes, is not an error.
public protocol AgentService: Sendable {
  /// The newest AccountState of the account. §12.1
  ///
  /// - Throws: `noAccount` when the service has none.
  func accountState() async throws(ServiceError) -> ReceivedMessage

  /// The newest Grant to an agent, or nil when there is none yet. §11
  func grant(to agentID: AgentID) async throws(ServiceError) -> ReceivedMessage?

  /// Stores an agent's request to be enrolled, in the place of an earlier one of this agent. §10.2
  ///
  /// Returns the place where it stands, for a message.
  /// - Throws: `noAccount` when the service has none, so that nothing is sent to an empty place.
  @discardableResult
  func put(_ request: EnrolmentRequest) async throws(ServiceError) -> String

  /// Stores a batch. §16.1
  ///
  /// Returns the place where it stands, for a message.
  /// - Throws: `occupied` when another batch of this agent and number stands there; `noAccount` when the service has
  ///   none: an agent forgets a batch once the service has it.
  @discardableResult
  func put(_ batch: OutgoingBatch) async throws(ServiceError) -> String
}

/// What an owner's end asks of its service.
///
/// Everything can be asked again: a publication that is stored already is not an error.
public protocol OwnerService: Sendable {
  /// The name of the service in messages for people, such as its address.
  var name: String { get }

  /// The messages of the account. §12.6
  ///
  /// - Throws: `noAccount` when the service has none.
  func storedMessages() async throws(ServiceError) -> StoredMessages

  /// Stores the messages of one step, all or none, if the vault that the service holds has the SHA-256 `expected`.
  ///
  /// `expected` is nil for a new account. The messages hold one OwnerVault. When the service holds that vault already,
  /// an earlier answer was lost: what the service did not store of the step then is stored now, and nothing else
  /// changes.
  /// - Throws: `superseded` when the service holds another vault; `noAccount` when it holds none, and `expected` is
  ///   given; `uncertain` when it may have stored some of it.
  func publish(_ messages: [PublishedMessage], expecting expected: Hash?) async throws(ServiceError)

  /// The requests to be enrolled that wait. §10.2
  func requests() async throws(ServiceError) -> [ReceivedMessage]

  /// The names under which the service keeps batches. Honest ones are the agents' ids in hexadecimal. §16.2
  func batchAuthors() async throws(ServiceError) -> [String]

  /// All batches under a name, in the order in which they are to be audited. §16.2
  func batches(of author: String) async throws(ServiceError) -> [ReceivedMessage]
}

/// Bytes that a service gave, and have not been checked.
public struct ReceivedMessage: Equatable, Sendable {
  /// Where they stood, for a message: a path or an address.
  public let place: String
  /// The message as the service gave it, unchecked.
  public let bytes: [UInt8]

  /// The `bytes` that stood at `place`.
  public init(place: String, bytes: [UInt8]) {
    self.place = place
    self.bytes = bytes
  }
}

/// A signed batch on its way to the service.
public struct OutgoingBatch: Equatable, Sendable {
  /// The agent that made the batch.
  public let agentID: AgentID
  /// The number of the batch among those of its agent, from 1.
  public let sequence: Counter
  /// The bytes of the RecordBatch.
  public let bytes: [UInt8]

  /// A batch of these bytes, under the agent and number that they say.
  public init(agentID: AgentID, sequence: Counter, bytes: [UInt8]) {
    self.agentID = agentID
    self.sequence = sequence
    self.bytes = bytes
  }
}
