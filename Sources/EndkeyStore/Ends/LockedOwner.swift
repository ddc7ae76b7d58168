public import Endkey
public import EndkeyWire

/// An owner's end whose account is closed: what is done before a password is asked for.
///
/// A program makes one, asks for the password, and opens it. Nothing is locked while it asks.
public struct LockedOwner<Store: EndStore, Service: OwnerService>: Sendable {
  /// Where the owner's device keeps what it remembers.
  public let store: Store
  /// The service that has the account.
  public let service: Service
  /// The head of the PasswordWrap at the service: whether it wants an account secret, and what a guess costs.
  public let head: PasswordHeader
  /// What became of a step that was interrupted before this value was made.
  public let resumption: Resumption

  private let memory: OwnerMemory<Store>

  /// Sends a publication that was interrupted, then holds what the service presents against what this device remembers,
  /// before a password is used. R-13.2-1
  ///
  /// - Throws: `refused` with `pinMismatch`, `epochRollback` or `counterRollback` when the service presents an older or
  ///   another account; `store` with `damaged` when the interrupted publication cannot be read.
  public init(store: Store, service: Service) async throws(EndError) {
    let lock = try await store.locked()
    memory = try OwnerMemory(store)
    resumption = try await memory.resume(at: service)
    let pins = try memory.pins()
    lock.end()
    let messages = try await service.messages()
    head = try messages.head(of: service, passing: pins)
    self.store = store
    self.service = service
  }

  /// Opens the account with the owner's password, which takes 0.1 to 2 seconds, and remembers it. §9.3, §12.6
  ///
  /// - Throws: `refused` with `passwordOpenFailed`, or with whatever else is wrong with what the service stores.
  public func open(
    with credentials: consuming Credentials
  ) async throws(EndError) -> OwnerEnd<Store, Service> {
    try await open(AccountKey(.password(credentials)))
  }

  /// Opens the account with the MasterKey of a master grant, as a second manager does. §10.4
  ///
  /// - Throws: `refused` with `epochMismatch` when the account is in another epoch than the MasterKey.
  public func open(with masterKey: consuming MasterKey) async throws(EndError) -> OwnerEnd<Store, Service> {
    try await open(AccountKey(.masterKey(masterKey)))
  }

  private func open(_ key: AccountKey) async throws(EndError) -> OwnerEnd<Store, Service> {
    let lock = try await store.locked()
    let resumption = try await memory.resume(at: service)
    let opened = try await memory.open(at: service, with: key)
    lock.end()
    return OwnerEnd(memory, service, opened, key, iterations: head.iterations, resumption)
  }
}
