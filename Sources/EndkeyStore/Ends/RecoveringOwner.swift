public import Endkey
internal import EndkeyPrimitives
public import EndkeyWire

/// An account that its owner comes back to with a recovery text: what a person confirms before it is recovered. §12.6
///
/// A program makes one, shows what the service has, asks the person whether it is the newest and who stays, and
/// recovers the account.
public struct RecoveringOwner<Service: OwnerService>: ~Copyable, Sendable {
  /// The service that has the account.
  public let service: Service
  /// The newest state that the service shows. It may have expired.
  public let state: AccountState
  /// The requests of the other persons on the state's list, as far as the service has them: who has none cannot stay.
  public let persons: [AgentID: PersonRequest]
  /// The ids of agents of whom the service has a request: who has none gets no keys.
  public let agents: [AgentID]

  private let identity: Identity
  private let source: RecoverySource

  /// Asks the service for the account of a recovery text. Nothing is changed.
  ///
  /// - Throws: `refused` with the errors of §12.1 for the state that the service shows.
  public init(text: borrowing RecoveryText, service: Service) async throws(EndError) {
    let identity = try Self.identity(of: text)
    let source = try await Self.source(of: identity, at: service)
    let state = try checked(service.name) { () throws(ProtocolError) in
      try StateCheck(accountID: identity.accountID, last: nil).accept(source.accountState).state.state
    }
    do {
      (persons, agents) = try await Self.known(at: service, listedIn: state)
    } catch {
      throw .service(error)
    }
    self.service = service
    self.state = state
    self.identity = identity
    self.source = source
  }

  private static func identity(of text: borrowing RecoveryText) throws(EndError) -> Identity {
    do {
      return try Identity.recovered(from: text)
    } catch {
      throw .refused(error, place: nil)
    }
  }

  private static func source(
    of identity: borrowing Identity, at service: Service
  ) async throws(EndError) -> RecoverySource {
    let key: SecretBytes
    do throws(ProtocolError) {
      key = try identity.recoveryProof()
    } catch {
      throw .refused(error, place: nil)
    }
    do {
      return try await service.recoverySource(of: identity.accountID, for: key)
    } catch {
      throw .service(error)
    }
  }

  /// The first 8 hexadecimal digits of the state's hash, to be compared with those of another end.
  public var digits: String { Hash(sha256: state.serialized).digits }

  private static func known(
    at service: Service, listedIn state: AccountState
  ) async throws(ServiceError) -> ([AgentID: PersonRequest], [AgentID]) {
    let listed = Set(state.signers.lazy.filter { $0.verifyKey != state.rootKey }.map(\.personID))
    var persons: [AgentID: PersonRequest] = [:]
    for given in try await service.personRequests() {
      guard let request = PersonRequest(reading: given.bytes), listed.contains(request.request.agentID) else {
        continue
      }
      persons[request.request.agentID] = request
    }
    let agents = try await service.requests().compactMap { EnrolmentRequest(reading: $0.bytes)?.agentID }
    return (persons, Set(agents).sorted())
  }
}

extension RecoveringOwner {
  /// Makes a new list of persons, new keys and a new password, and this device's memory of them in an empty store. The
  /// person has confirmed what is shown, this computer's clock, and who stays. R-12.6-2
  ///
  /// - Parameters:
  ///   - persons: of ``persons``, those who stay.
  ///   - members: the computers that stay, with the kind of their grants.
  ///   - credentials: what opens the account from now on.
  ///   - iterations: the iterations of PBKDF2.
  ///   - retentionDays: for how many days the service keeps batches and blobs.
  ///   - store: where this device keeps what it remembers.
  ///   - clocks: the clocks of this computer.
  /// - Throws: `refused` with `unknownAgent` for a person who cannot stay; `service` with `superseded` when another end
  ///   has changed the account meanwhile.
  public consuming func recover<Store: EndStore>(
    keeping persons: Set<AgentID>, _ members: [AgentID: GrantKind], credentials: consuming Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), retentionDays: RetentionDays, store: Store,
    clocks: any AgentClocks = SystemClocks()
  ) async throws(EndError) -> OwnerEnd<Store, Service> {
    try await prepare(
      keeping: persons, members, credentials: credentials, iterations: iterations,
      retentionDays: retentionDays,
      store: store, clocks: clocks
    ).send(from: store)
  }

  /// Makes what `recover` sends, and keeps it in an empty store. Nothing is sent. H-10-6
  public consuming func prepare<Store: EndStore>(
    keeping persons: Set<AgentID>, _ members: [AgentID: GrantKind], credentials: consuming Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), retentionDays: RetentionDays, store: Store,
    clocks: any AgentClocks = SystemClocks()
  ) async throws(EndError) -> UnsentBeginning<Service> {
    let lock = try await store.locked()
    let memory = try OwnerMemory(store)
    var staying = RecoveredMembers(members: members)
    for personID in persons.sorted() {
      guard let request = self.persons[personID] else {
        throw .refused(ProtocolError(.unknownAgent, "12.6"), place: "person \(personID)")
      }
      staying.persons.append(request.request.serialized)
    }
    var owner = Owner.absent()
    var random = SystemRandom()
    let publication: Publication
    let (service, source) = (service, source)
    do throws(ProtocolError) {
      publication = try owner.recover(
        identity: identity, source: source, isConfirmed: true, staying: staying, credentials: credentials,
        iterations: iterations, retentionDays: retentionDays, now: clocks.wall(), using: &random)
    } catch {
      throw .refused(error, place: service.name)
    }
    let beginning = try UnsentBeginning(owner, publication, keptBy: memory, for: service, clocks)
    lock.end()
    return beginning
  }
}

extension RecoveringOwner {
  /// Sends the recovery of this account that a store keeps: after a lost answer, the same bytes again. False where it
  /// keeps none, or what it keeps is something else. H-10-6
  ///
  /// - Throws: `service` with `superseded` when another end has changed the account meanwhile.
  public func goOn<Store: EndStore>(from store: Store) async throws(EndError) -> Bool {
    let lock = try await store.locked()
    let memory = try OwnerMemory(store)
    let remembered = try memory.remembered()
    guard let file = remembered.file, file.pending.base.isEmpty, let pins = remembered.pins,
      pins.accountID == identity.accountID
    else { return false }
    do {
      try await service.publish(file.pending.publication, by: file.personID)
    } catch {
      throw .service(error)
    }
    _ = try memory.settle(file, pins)
    lock.end()
    return true
  }
}

extension Hash {
  /// Of a state: its first 8 hexadecimal digits, which people compare. §12.7
  var digits: String { String(description.prefix(8)) }
}
