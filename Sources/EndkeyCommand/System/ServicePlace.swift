internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire
internal import Foundation

#if !WITHOUT_HTTP
  internal import EndkeyHTTP
#endif

/// The service of an end: a server that is asked over HTTP, or a folder that plays it.
struct ServicePlace: Sendable {
  private let service: any AgentService & OwnerService
  /// What an end writes down, to find the service again.
  let address: String

  /// The service at an address: `https://HOST`, or a folder's path.
  ///
  /// - Parameters:
  ///   - address: as a person types it.
  ///   - session: where a person's device keeps the session of a server.
  ///   - attempts: how often a server is asked until somebody is told that there was no answer.
  ///   - patience: how long another process is waited for that works on a folder.
  init(
    _ address: String, session: KeptSession? = nil, attempts: Int = 4, patience: Duration = .seconds(60)
  ) throws {
    if Self.isServer(address) {
      #if WITHOUT_HTTP
        throw CommandError(
          .badInput, address, "cannot be asked: this build of endkey has no HTTP",
          next: "install endkey from its Debian package, or build it from source")
      #else
        let service = try HTTPService(
          at: address, session: session, attempts: attempts,
          authorities: ProcessInfo.processInfo.environment["SSL_CERT_FILE"])
        (self.service, self.address) = (service, service.name)
      #endif
    } else {
      let folder = ServiceFolder(path: address, patience: patience).telling()
      (service, self.address) = (folder, folder.path)
    }
  }

  /// Whether a text is meant as the address of a server, not as a folder.
  private static func isServer(_ text: String) -> Bool { text.contains("://") }

  private init(_ service: any AgentService & OwnerService, _ address: String) {
    self.service = service
    self.address = address
  }

  /// Whether the account that is here is the only one that can be: a folder has one, a server many.
  var isOccupied: Bool { (service as? ServiceFolder)?.hasAccount ?? false }

  /// Refuses a folder that has what an account left that is not there: another one in its place would be taken for it.
  func requireEmpty() throws {
    guard let leftover = (service as? ServiceFolder)?.leftover else { return }
    throw CommandError(
      .badInput, leftover, "is of an account that is not here",
      next: "put its folder `account` back, or take another folder for a new account")
  }

  /// Refuses a folder that is that of an end, or one within the other: each is moved, copied and removed by itself.
  func require(apartFrom end: String) throws {
    guard service is ServiceFolder else { return }
    let end = Folder.absolute(end)
    guard "\(end)/".hasPrefix("\(address)/") || "\(address)/".hasPrefix("\(end)/") else { return }
    throw CommandError(
      .badInput, end, "is one within the other, this folder and that of its service, \(address)",
      next: "take another folder, beside it")
  }

  /// Refuses a folder where no account stands, before a code is asked for: nothing is made for it.
  func requireAccount() throws {
    if let folder = service as? ServiceFolder, !folder.hasAccount {
      throw ServiceError.noAccount(place: folder.path)
    }
  }

  /// Whether another account stands here than this, as far as it can be read.
  func isOf(anotherThan accountID: AccountID?) -> Bool {
    guard let accountID else { return false }
    do {
      try require(accountID)
      return false
    } catch let error as CommandError {
      return error.code == .wrongAccount
    } catch {
      return false
    }
  }

  /// Ends the person's session, where the service has sessions. H-10-7
  func signOut() async throws {
    #if !WITHOUT_HTTP
      try await (service as? HTTPService)?.signOut()
    #endif
  }

  /// Ends a session that nothing keeps. Where that fails it ends by itself.
  func leave() async {
    do { try await signOut() } catch {}
  }

  /// Refuses a folder where another account stands than this. A server, which has many, says so when it is asked.
  func require(_ accountID: AccountID?) throws {
    guard let folder = service as? ServiceFolder else { return }
    let given = try folder.accountState()
    let state = try naming(given.place) { try AccountState(parsing: given.bytes) }
    guard accountID == nil || state.accountID == accountID else {
      throw CommandError(.wrongAccount, "13.1", in: address)
    }
  }
}

extension ServicePlace: AgentService {
  func asked(by credential: AgentCredential) -> ServicePlace {
    ServicePlace(service.asked(by: credential), address)
  }

  func incarnation() async -> Bytes<16>? { await service.incarnation() }

  func accountState(unless known: Hash?) async throws(ServiceError) -> ReceivedMessage? {
    try await service.accountState(unless: known)
  }

  func grant(to agentID: AgentID) async throws(ServiceError) -> ReceivedMessage? {
    try await service.grant(to: agentID)
  }

  func put(_ request: EnrolmentRequest) async throws(ServiceError) -> String {
    try await service.put(request)
  }

  func put(_ message: OutgoingMessage) async throws(ServiceError) -> String {
    try await service.put(message)
  }
}

extension ServicePlace: OwnerService {
  var name: String { service.name }

  func signIn(_ loginID: Hash, loginKey: borrowing SecretBytes) async throws(ServiceError) {
    try await service.signIn(loginID, loginKey: loginKey)
  }

  func head(of loginID: Hash) async throws(ServiceError) -> ReceivedMessage {
    try await service.head(of: loginID)
  }

  func whole(of loginID: Hash, loginKey: borrowing SecretBytes) async throws(ServiceError) -> Whole {
    try await service.whole(of: loginID, loginKey: loginKey)
  }

  func publish(_ publication: Publication, by personID: AgentID) async throws(ServiceError) {
    try await service.publish(publication, by: personID)
  }

  func recipients(of epoch: Epoch, _ commitment: Bytes<32>) async throws(ServiceError) -> Set<AgentID> {
    try await service.recipients(of: epoch, commitment)
  }

  func put(_ grants: [Grant]) async throws(ServiceError) { try await service.put(grants) }

  func put(_ wrap: PasswordWrap, madeWith keys: Hash) async throws(ServiceError) {
    try await service.put(wrap, madeWith: keys)
  }

  func put(_ joining: borrowing JoinRequest) async throws(ServiceError) {
    try await service.put(joining)
  }

  func recoverySource(
    of accountID: AccountID, for recoveryKey: borrowing SecretBytes
  ) async throws(ServiceError) -> RecoverySource {
    try await service.recoverySource(of: accountID, for: recoveryKey)
  }

  func erase(batches: [Hash], blobs: [Hash], of agentID: AgentID) async throws(ServiceError) {
    try await service.erase(batches: batches, blobs: blobs, of: agentID)
  }

  func retain(_ days: RetentionDays, blobs blobDays: RetentionDays) async throws(ServiceError) {
    try await service.retain(days, blobs: blobDays)
  }

  func retention() async throws(ServiceError) -> KeptDays? { try await service.retention() }

  func requests() async throws(ServiceError) -> [ReceivedMessage] { try await service.requests() }

  func refuse(requestOf id: AgentID) async throws(ServiceError) { try await service.refuse(requestOf: id) }

  func personRequests() async throws(ServiceError) -> [ReceivedMessage] {
    try await service.personRequests()
  }

  func batchAuthors() async throws(ServiceError) -> [String] { try await service.batchAuthors() }

  func batches(of author: String) async throws(ServiceError) -> [ReceivedMessage] {
    try await service.batches(of: author)
  }

  func blob(
    _ reference: BlobReference, of agentID: AgentID
  ) async throws(ServiceError) -> ReceivedMessage? {
    try await service.blob(reference, of: agentID)
  }

  func hasBlob(_ reference: BlobReference, of agentID: AgentID) async throws(ServiceError) -> Bool {
    try await service.hasBlob(reference, of: agentID)
  }
}
