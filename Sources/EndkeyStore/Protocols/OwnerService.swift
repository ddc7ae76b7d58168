public import Endkey
public import EndkeyPrimitives
public import EndkeyWire

/// What a person's end asks of its service.
///
/// The service may be malicious: the end checks every byte that it gives. Everything can be asked again: a publication
/// that is stored already is not an error.
public protocol OwnerService: RestorableService {
  /// The name of the service in messages for people, such as its address.
  var name: String { get }

  /// Signs the person of a login in, for all that is asked from now on. §9.4
  ///
  /// An end calls it when it is answered `signInRequired`, and asks again. A service that signs nobody in, such as a
  /// folder, does nothing: that is what there is without an implementation.
  /// - Throws: `refused` when it is not the login key of this login.
  func signIn(_ loginID: Hash, loginKey: borrowing SecretBytes) async throws(ServiceError)

  /// The head of the PersonKeys of a login. §9.4
  ///
  /// - Throws: `noAccount` when the service has none, `noLogin` when it has one without this login.
  func head(of loginID: Hash) async throws(ServiceError) -> ReceivedMessage

  /// What the service stores for the person of a login. §12.7
  ///
  /// A service that can tell gives it only for the login key whose verifier it has.
  /// - Throws: `noAccount` when the service has none, `noLogin` when it has one without this login.
  func whole(of loginID: Hash, loginKey: borrowing SecretBytes) async throws(ServiceError) -> Whole

  /// Stores a publication, all or none, if the vault that the service holds is the one that it expects. §12.8
  ///
  /// A grant to a person whose PersonRequest waits lets that person log in from then on.
  /// - Throws: `superseded` when the service holds another vault; `noAccount` when it holds none, and one is expected;
  ///   `uncertain` when it may have stored it; `signInRequired`.
  func publish(_ publication: Publication, by personID: AgentID) async throws(ServiceError)

  /// The recipients of whom the service has a Grant of an epoch and commitment. §12.8
  func recipients(of epoch: Epoch, _ commitment: Bytes<32>) async throws(ServiceError) -> Set<AgentID>

  /// Stores grants, each in the place of the one to its recipient.
  func put(_ grants: [Grant]) async throws(ServiceError)

  /// Stores the owner's wrap of the newest epoch, beside the PersonKeys that it was made with, which have the SHA-256
  /// `keys`.
  func put(_ wrap: PasswordWrap, madeWith keys: Hash) async throws(ServiceError)

  /// Stores a person's request to join, in the place of an earlier one of this person. §10.2
  func put(_ joining: borrowing JoinRequest) async throws(ServiceError)

  /// What the service shows to the owner of an account who comes with its recovery text. §12.6
  ///
  /// A service that can tell gives it only for the recovery key whose SHA-256 it has.
  /// - Throws: `noAccount` when the service has none.
  func recoverySource(
    of accountID: AccountID, for recoveryKey: borrowing SecretBytes
  ) async throws(ServiceError) -> RecoverySource

  /// Erases batches of an agent, and blobs that they name, by their hashes. What is not there is erased already. §16.5
  func erase(batches: [Hash], blobs: [Hash], of agentID: AgentID) async throws(ServiceError)

  /// Says for how long the service keeps what agents send, which the vault says and no service can read. §16.5
  ///
  /// A service that erases nothing by itself, such as a folder, does nothing: that is what there is without an
  /// implementation.
  func retain(_ days: RetentionDays, blobs blobDays: RetentionDays) async throws(ServiceError)

  /// The days for which the service keeps what agents send; nil where nobody has said, as where there is no
  /// implementation.
  func retention() async throws(ServiceError) -> KeptDays?

  /// The requests of agents that the service stores. §10.2
  func requests() async throws(ServiceError) -> [ReceivedMessage]

  /// Refuses the request of an agent or a person, who may ask again under another code. Does nothing when there is
  /// none.
  func refuse(requestOf id: AgentID) async throws(ServiceError)

  /// The requests of persons who wait to join. §10.2
  func personRequests() async throws(ServiceError) -> [ReceivedMessage]

  /// The names under which the service keeps batches. Honest ones are the agents' ids in hexadecimal. §16.2
  func batchAuthors() async throws(ServiceError) -> [String]

  /// All batches under a name, in no order. §16.2
  func batches(of author: String) async throws(ServiceError) -> [ReceivedMessage]

  /// The blob that a record of an agent names, or nil when it is not there. §15
  func blob(_ reference: BlobReference, of agentID: AgentID) async throws(ServiceError) -> ReceivedMessage?

  /// Whether the blob that a record of an agent names is there. Its bytes are not fetched where a service can tell
  /// without; they are where nothing is implemented.
  func hasBlob(_ reference: BlobReference, of agentID: AgentID) async throws(ServiceError) -> Bool
}

extension OwnerService {
  public func hasBlob(_ reference: BlobReference, of agentID: AgentID) async throws(ServiceError) -> Bool {
    try await blob(reference, of: agentID) != nil
  }

  public func signIn(_ loginID: Hash, loginKey: borrowing SecretBytes) async throws(ServiceError) {}

  public func retain(_ days: RetentionDays, blobs blobDays: RetentionDays) async throws(ServiceError) {}

  public func retention() async throws(ServiceError) -> KeptDays? { nil }
}

/// The days for which a service keeps what agents send. §16.5
public struct KeptDays: Equatable, Sendable {
  /// Batches are kept for so many days.
  public let batches: RetentionDays
  /// Blobs are kept for so many days.
  public let blobs: RetentionDays

  /// Days of both.
  public init(batches: RetentionDays, blobs: RetentionDays) {
    self.batches = batches
    self.blobs = blobs
  }
}
