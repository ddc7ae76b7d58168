public import Endkey
internal import EndkeyWire

/// What an account begins with, or begins anew: it is kept in a store, and the service has not been asked to store it.
///
/// Whoever cannot send it any more opens the account from that store, which sends it first. R-12.8-2
public struct UnsentBeginning<Service: OwnerService>: ~Copyable, Sendable {
  private var owner: Owner
  private let publication: Publication
  private let service: Service
  private let clocks: any AgentClocks

  init<Store: EndStore>(
    _ owner: consuming Owner, _ publication: Publication, keptBy memory: OwnerMemory<Store>,
    for service: Service,
    _ clocks: any AgentClocks
  ) throws(EndError) {
    try memory.remember(&owner)
    self.owner = owner
    self.publication = publication
    self.service = service
    self.clocks = clocks
  }

  /// Sends it from the store that keeps it, wherever that stands by now.
  ///
  /// - Throws: `service` with `superseded` when the service has another account, or another end has changed it.
  public consuming func send<Store: EndStore>(
    from store: Store
  ) async throws(EndError) -> OwnerEnd<Store, Service> {
    let (publication, service, clocks) = (publication, service, clocks)
    var owner = owner
    guard let personID = owner.personID else {
      throw .refused(ProtocolError(.internalError, "12.8"), place: nil)
    }
    let lock = try await store.locked()
    let memory = try OwnerMemory(store)
    do {
      try await service.publish(publication, by: personID)
    } catch {
      throw .service(error)
    }
    if let pending = owner.pending { try memory.keep(pending, by: personID) }
    try checked(nil) { () throws(ProtocolError) in try owner.stored() }
    try memory.remember(&owner)
    lock.end()
    return OwnerEnd(memory, service, owner, isRetentionUntold: true, clocks: clocks)
  }
}

/// A new account that was not sent yet.
public struct UnsentAccount<Service: OwnerService>: ~Copyable, Sendable {
  private let beginning: UnsentBeginning<Service>
  /// The root key, for paper: authority, not content. R-12.6-1
  public let recoveryText: RecoveryText

  init(beginning: consuming UnsentBeginning<Service>, recoveryText: consuming RecoveryText) {
    self.beginning = beginning
    self.recoveryText = recoveryText
  }

  /// Sends it from the store that keeps it, wherever that stands by now.
  ///
  /// - Throws: `service` with `superseded` when the service has an account already.
  public consuming func send<Store: EndStore>(
    from store: Store
  ) async throws(EndError) -> OwnerEnd<Store, Service> {
    try await beginning.send(from: store)
  }
}
