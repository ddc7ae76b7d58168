public import Endkey
internal import EndkeyPrimitives
public import EndkeyWire

/// A person's end whose account is closed: what is done before a password is asked for.
///
/// A program makes one, asks for the password, and opens it. Nothing is locked while it asks.
public struct LockedOwner<Store: EndStore, Service: OwnerService>: Sendable {
  /// Where the owner's device keeps what it remembers.
  public let store: Store
  /// The service that has the account.
  public let service: Service
  /// Under which the person logs in.
  public let loginName: String
  /// The head of the PersonKeys at the service: whether it wants an account secret, and what a guess costs.
  public let head: PasswordHeader
  /// Whether the password was changed on another device, as the service says: the person has to say so, too.
  public let isPasswordChanged: Bool
  /// Whether this device has lost what it remembered: what it is shown may be old.
  public let arePinsLost: Bool
  /// Whether an act that was interrupted here before was sent now.
  public let isActFinished: Bool
  /// Whether one still waits: for the service to take what it can be asked for already, or for keys.
  public let isActWaiting: Bool

  private let memory: OwnerMemory<Store>
  /// Whether the password was changed by an act of this device whose answer was lost.
  private let isOwnChange: Bool

  /// Sends a publication that was interrupted, then holds what the service presents against what this device remembers,
  /// before a password is used. R-12.7-2
  ///
  /// - Throws: `refused` with `badLoginName`, `pinMismatch` or `counterRollback`; `store` with `damaged` when the
  ///   interrupted publication cannot be read.
  public init(store: Store, service: Service, loginName: String) async throws(EndError) {
    let lock = try await store.locked()
    memory = try OwnerMemory(store)
    let isInterrupted = try memory.remembered().file != nil
    let remembered = try await Self.resume(memory, at: service)
    isActFinished = isInterrupted && remembered.file == nil
    isActWaiting = remembered.file != nil
    lock.end()
    let loginID = try Self.loginID(loginName)
    let answer: ReceivedMessage
    do {
      answer = try await service.head(of: loginID)
    } catch {
      throw .service(error)
    }
    head = try checked(answer.place) { () throws(ProtocolError) in
      try PasswordHeader(received: answer.bytes)
    }
    isOwnChange = remembered.file?.pending.publication.personKeys?.head == head
    isPasswordChanged = isOwnChange ? false : try Self.isChanged(head, remembered.pins, answer.place)
    arePinsLost = remembered.arePinsLost
    self.store = store
    self.service = service
    self.loginName = loginName
  }

  /// Forgets what this device remembers, as the person of a disk that was restored from a copy wants: it is fresh from
  /// now on. R-12.7-8
  public static func forget(_ store: Store) async throws(EndError) {
    let lock = try await store.locked()
    try stored { () throws(StoreError) in
      try store.remove(.publication)
      try store.remove(.ownerPins)
    }
    lock.end()
  }

  /// The account that a person's device remembers; nil on a fresh one. It takes no password.
  public static func accountID(in store: Store) throws(EndError) -> AccountID? {
    try OwnerMemory(store).remembered().pins?.accountID
  }

  /// Opens the account with the person's password, which takes 0.1 to 2 seconds, and remembers it. §12.7
  ///
  /// - Parameters:
  ///   - credentials: of this login name.
  ///   - isChangeConfirmed: whether the person says that the password was changed elsewhere.
  /// - Throws: `refused` with `headChanged`, or with whatever else is wrong with what the service stores.
  public func open(
    with credentials: consuming Credentials, isChangeConfirmed: Bool = false
  ) async throws(EndError) -> OwnerEnd<Store, Service> {
    // A second's work, for which nobody else waits.
    let isChangeConfirmed = isChangeConfirmed || isOwnChange
    let stretched = try stretch(
      credentials, Owner.locked(pins: memory.remembered().pins), isChangeConfirmed)
    return try await open(with: stretched, isChangeConfirmed: isChangeConfirmed)
  }

  /// Opens the account with what another process of this person has stretched the password to. Nil where the service
  /// has the person's keys under another password by now.
  package func open(
    with stretched: consuming StretchedPassword
  ) async throws(EndError) -> OwnerEnd<Store, Service>? {
    guard stretched.head == head, !isPasswordChanged else { return nil }
    return try await open(with: Shared(stretched), isChangeConfirmed: false)
  }

  private func open(
    with stretched: Shared<StretchedPassword>, isChangeConfirmed: Bool
  ) async throws(EndError) -> OwnerEnd<Store, Service> {
    let key = try checked(nil) { () throws(ProtocolError) in
      LoginKey(stretched.value.loginID, try stretched.value.loginKey())
    }
    let lock = try await store.locked()
    let waiting = try memory.remembered().file
    let remembered = try await Self.resume(memory, at: service, with: key)
    let isSettled = isActFinished || waiting != nil && remembered.file == nil
    if let next = waiting?.pending.publication.personKeys?.head, next != head, remembered.file == nil {
      // The password that was typed is the one from before: it has sent the new one.
      throw .refused(ProtocolError(.headChanged, "12.8"), place: service.name)
    }
    try checked(service.name) { () throws(ProtocolError) in
      try HeadCheck(pinned: remembered.pins?.head).check(head, isChangeConfirmed: isChangeConfirmed)
    }
    var owner = Owner.locked(pins: remembered.pins)
    let kept = try memory.account()
    var whole = try await service.whole(of: key)
    let incarnation = await service.incarnation()
    var behind = 0
    if try memory.isRestored(to: incarnation) {
      behind = try await Self.putBackLost(
        kept, remembered, inPlaceOf: whole, at: service, stretched.value, key)
      if behind > 0 { whole = try await service.whole(of: key) }
    }
    try checked(service.name) { () throws(ProtocolError) in
      try owner.open(
        whole, with: stretched.value.copy(), pending: remembered.file?.pending, kept: kept)
    }
    // A device whose disk is full, or can only be read, shows the account all the same.
    var unnoted: StoreError?
    do throws(EndError) {
      try memory.keep(whole, openedBy: owner)
      try memory.remember(&owner)
      if !owner.isAside { try memory.note(incarnation) }
      try stored { () throws(StoreError) in try store.remove(.joining) }
    } catch {
      guard case .store(let fault) = error, case .system = fault else { throw error }
      unnoted = fault
    }
    lock.end()
    return OwnerEnd(
      memory, service, owner, unnoted: unnoted, behind: behind, isRetentionUntold: isSettled || behind > 0)
  }

  private func stretch(
    _ credentials: borrowing Credentials, _ owner: borrowing Owner, _ isChangeConfirmed: Bool
  ) throws(EndError) -> Shared<StretchedPassword> {
    do throws(ProtocolError) {
      return Shared(try owner.stretch(credentials, for: head, isChangeConfirmed: isChangeConfirmed))
    } catch {
      throw .refused(error, place: service.name)
    }
  }

  /// Sends what an interrupted act had written ahead. It needs no key of the account. Where another end was faster, it
  /// stays for whoever opens the account: that takes keys. Where the service wants a person to sign in, it stays until
  /// there is a login key; and where the service stores nothing now, which may give all the same what it has.
  private static func resume(
    _ memory: OwnerMemory<Store>, at service: Service, with key: LoginKey? = nil
  ) async throws(EndError) -> OwnerMemory<Store>.Remembered {
    let remembered = try memory.remembered()
    guard let file = remembered.file, let pins = remembered.pins else { return remembered }
    do throws(ServiceError) {
      do throws(ServiceError) {
        try await service.publish(file.pending.publication, by: file.personID)
      } catch {
        guard case .signInRequired = error, let key else { throw error }
        try await service.signIn(key.loginID, loginKey: key.secret)
        try await service.publish(file.pending.publication, by: file.personID)
      }
    } catch {
      switch error {
      case .superseded, .signInRequired, .unavailable: return remembered
      default: throw .service(error)
      }
    }
    do throws(EndError) {
      return .init(pins: try memory.settle(file, pins), file: nil, arePinsLost: false)
    } catch {
      // The service has it, and takes it again as the same once this device can note that.
      guard case .store(.system) = error else { throw error }
      return remembered
    }
  }

  private static func loginID(_ loginName: String) throws(EndError) -> Hash {
    try checked(nil) { () throws(ProtocolError) in
      try Credentials(loginName: loginName, password: SecretBytes(copying: [])).loginID()
    }
  }

  private static func isChanged(
    _ head: PasswordHeader, _ pins: OwnerPins?, _ place: String
  ) throws(EndError) -> Bool {
    do {
      try HeadCheck(pinned: pins?.head).check(head)
      return false
    } catch {
      guard error.code == .headChanged else { throw .refused(error, place: place) }
      return true
    }
  }
}

/// With what the service is asked for the account again while it is open. An object, since a task that waits for the
/// service must not hold the end's own variable meanwhile.
final class LoginKey: Sendable {
  let loginID: Hash
  let secret: SecretBytes

  init(_ loginID: Hash, _ secret: consuming SecretBytes) {
    self.loginID = loginID
    self.secret = secret
  }
}

// Its secret cannot be copied, and so not be reflected.
extension LoginKey: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}

extension OwnerService {
  /// `whole`, its error as that of an end, the person signed in where the service wants that.
  func whole(of key: LoginKey) async throws(EndError) -> Whole {
    do throws(ServiceError) {
      do throws(ServiceError) {
        return try await whole(of: key.loginID, loginKey: key.secret)
      } catch {
        guard case .signInRequired = error else { throw error }
        try await signIn(key.loginID, loginKey: key.secret)
        return try await whole(of: key.loginID, loginKey: key.secret)
      }
    } catch {
      throw .service(error)
    }
  }
}
