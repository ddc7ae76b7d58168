internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

/// What an owner's device keeps in its store: pins, and the publication that is being sent. Whoever calls one of its
/// methods holds the store's lock.
final class OwnerMemory<Store: EndStore>: Sendable {
  let store: Store
  private let deviceKey: SecretBytes

  init(_ store: Store) throws(EndError) {
    self.store = store
    deviceKey = try stored { () throws(StoreError) in try store.deviceKey() }
  }

  /// What this device remembers, nil on a fresh one.
  func pins() throws(EndError) -> OwnerPins? {
    guard let bytes = try stored({ () throws(StoreError) in try store.read(.ownerPins) }) else { return nil }
    return try checked(store.place(of: .ownerPins)) { () throws(ProtocolError) in
      try OwnerPins(opening: bytes, deviceKey: deviceKey)
    }
  }

  /// An account that was opened, and the SHA-256 of the vault that it was opened with.
  struct Opened: ~Copyable, Sendable {
    var owner: Owner
    let vaultHash: Hash
  }

  /// Opens the account with what the service gives, and remembers it.
  func open(at service: some OwnerService, with key: AccountKey) async throws(EndError) -> Opened {
    let pins = try pins()
    let messages = try await service.messages()
    var owner = try checked(service.name) { () throws(ProtocolError) in try key.open(messages, pins: pins) }
    if owner.pins != pins {
      let sealed = try seal(&owner)
      try stored { () throws(StoreError) in try store.write(sealed, as: .ownerPins) }
    }
    return Opened(owner: owner, vaultHash: Hash(sha256: messages.ownerVault))
  }

  private func seal(_ owner: inout Owner) throws(EndError) -> [UInt8] {
    var random = SystemRandom()
    return try checked(store.name) { () throws(ProtocolError) in
      try owner.savePins(deviceKey: deviceKey, using: &random).serialized
    }
  }

  /// Writes the messages of a step of `owner` ahead, with what is to be remembered of it. R-13.4-2
  ///
  /// A crash before this returns loses a step that nobody was told of; after it, `resume` makes it good.
  func writeAhead(
    _ messages: [PublishedMessage], of owner: inout Owner, expecting expected: Hash?
  ) throws(EndError) -> PendingPublication {
    let pending = PendingPublication(expected: expected, pins: try seal(&owner), messages: messages)
    try stored { () throws(StoreError) in try store.write(pending.serialized, as: .publication) }
    return pending
  }

  /// Sends what was written ahead, and remembers it once the service has it.
  ///
  /// - Throws: `service`. After `uncertain` what was written ahead stays, to be sent again; after any other error the
  ///   service has changed nothing, and nothing stays.
  func send(_ pending: PendingPublication, to service: some OwnerService) async throws(EndError) {
    do {
      try await service.publish(pending.messages, expecting: pending.expected)
    } catch {
      if case .uncertain = error { throw .service(error) }
      try forget()
      throw .service(error)
    }
    try remember(pending)
  }

  /// Sends what an interrupted step had written ahead. It needs no key of the account.
  ///
  /// A service that presents an older or another account than this device remembers is sent nothing: its answer must
  /// not make this device forget the step. R-13.2-1
  ///
  /// - Throws: `service` when the service cannot be asked or has no account, `refused` when it presents a wrong one:
  ///   then it stays written ahead.
  func resume(at service: some OwnerService) async throws(EndError) -> Resumption {
    let bytes = try stored { () throws(StoreError) in try store.read(.publication) }
    guard let bytes else { return .nothing }
    guard let pending = PendingPublication(parsing: bytes) else {
      throw damaged
    }
    // Those of another device could not be opened once they are remembered.
    do {
      _ = try OwnerPins(opening: pending.pins, deviceKey: deviceKey)
    } catch {
      throw damaged
    }
    if let pins = try pins() { _ = try await service.messages().head(of: service, passing: pins) }
    do {
      try await service.publish(pending.messages, expecting: pending.expected)
    } catch {
      guard case .superseded = error else { throw .service(error) }
      try forget()
      return .dropped
    }
    try remember(pending)
    return .sent
  }

  private var damaged: EndError {
    .store(
      .damaged(
        place: store.place(of: .publication),
        reason: "the step that was interrupted cannot be read: remove this file, and make the step again"))
  }

  private func remember(_ pending: PendingPublication) throws(EndError) {
    try stored { () throws(StoreError) in
      try store.write(pending.pins, as: .ownerPins)
      try store.remove(.publication)
    }
  }

  private func forget() throws(EndError) {
    try stored { () throws(StoreError) in try store.remove(.publication) }
  }
}

// Its key cannot be copied, and so not be reflected.
extension OwnerMemory: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// What became of a publication that an interrupted step had left on an owner's device.
public enum Resumption: Equatable, Sendable {
  /// There was none.
  case nothing
  /// The service has it now.
  case sent
  /// Another device has changed the account since, so that it is not sent again. The service may have had it before:
  /// whoever made the step looks whether the account has it, and makes it again if not.
  case dropped
}

extension StoredMessages {
  /// The head of the PasswordWrap, held against what a device remembers. R-13.2-1
  func head(of service: some OwnerService, passing pins: OwnerPins?) throws(EndError) -> PasswordHeader {
    try checked(service.name) { () throws(ProtocolError) in
      let head = try PasswordWrap(received: passwordWrap).head
      try pins?.wrap.check(head)
      return head
    }
  }
}

extension OwnerService {
  /// `storedMessages`, its error as that of an end.
  func messages() async throws(EndError) -> StoredMessages {
    do {
      return try await storedMessages()
    } catch {
      throw .service(error)
    }
  }
}
