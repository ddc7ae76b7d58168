public import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

// A service that lost data, such as one that was restored from a backup, gets back what a person's device has kept of
// the account. Nothing new is signed: the messages are those that it had. §12.8

/// What came of putting an account back.
public enum PutBack<Store: EndStore, Service: OwnerService>: Sendable {
  /// The service has it again. It was so many publications behind, 0 where it had lost none.
  case done(OwnerEnd<Store, Service>, behind: Int)
  /// What the service has is nothing that this account was within its last 256 publications: nothing was changed.
  case unknown
}

extension LockedOwner {
  /// Puts back at the service what this device has kept of the account, in the place of an older account there.
  ///
  /// - Throws: `store` where nothing is kept; `refused` with the errors of §12.7 for what is kept; `service` with
  ///   `noAccount` where no account stands at all.
  public static func putBack(
    store: Store, service: Service, credentials: consuming Credentials
  ) async throws(EndError) -> PutBack<Store, Service> {
    let memory = try OwnerMemory(store)
    let place = store.place(of: .kept)
    guard let head = try memory.account()?.head else {
      throw .store(.damaged(place: store.name, reason: "this device has kept nothing of the account"))
    }
    let pins = try memory.remembered().pins
    // A second's work, for which nobody else waits.
    let stretched = Shared(
      try checked(place) { () throws(ProtocolError) in
        try Owner.locked(pins: pins).stretch(credentials, for: head)
      })
    let lock = try await store.locked()
    let remembered = try memory.remembered()
    guard let kept = try memory.account() else {
      throw .store(.damaged(place: store.name, reason: "this device has kept nothing of the account"))
    }
    var owner = Owner.locked(pins: remembered.pins)
    try checked(place) { () throws(ProtocolError) in
      try owner.open(kept.whole, with: stretched.value.copy(), pending: remembered.file?.pending)
    }
    let key = try checked(nil) { () throws(ProtocolError) in
      LoginKey(stretched.value.loginID, try stretched.value.loginKey())
    }
    let held = try await service.whole(of: key)
    guard let behind = try await put(back: kept, of: owner.vault, inPlaceOf: held, at: service, key) else {
      lock.end()
      return .unknown
    }
    try memory.remember(&owner)
    lock.end()
    return .done(OwnerEnd(memory, service, owner), behind: behind)
  }

  /// The same where the service says that its data are others than when this device opened the account last: then what
  /// it lost is nobody's doing. Gives by how many publications the service was behind. H-10-9
  static func putBackLost(
    _ kept: KeptAccount?, _ remembered: OwnerMemory<Store>.Remembered, inPlaceOf held: Whole,
    at service: Service, _ stretched: borrowing StretchedPassword, _ key: LoginKey
  ) async throws(EndError) -> Int {
    guard let kept, kept.whole.ownerVault != held.ownerVault else { return 0 }
    var owner = Owner.locked(pins: remembered.pins)
    do {
      try owner.open(kept.whole, with: stretched.copy(), pending: remembered.file?.pending)
    } catch {
      // What it keeps is no more than what the service has: that is judged as ever.
      return 0
    }
    do {
      return try await put(back: kept, of: owner.vault, inPlaceOf: held, at: service, key) ?? 0
    } catch {
      // A manager may not put back what the owner has made. The owner's device does.
      guard case .service(.refused) = error else { throw error }
      return 0
    }
  }

  /// Nil where the service holds nothing that the vault of what is kept was.
  private static func put(
    back kept: KeptAccount, of vault: Vault?, inPlaceOf held: Whole, at service: Service, _ key: LoginKey
  ) async throws(EndError) -> Int? {
    let newest = Hash(sha256: kept.whole.ownerVault)
    guard let vault, let behind = vault.behind(Hash(sha256: held.ownerVault), newest: newest) else {
      return nil
    }
    let publication = try checked(service.name) { () throws(ProtocolError) in
      try kept.replacing(held, with: vault)
    }
    do throws(ServiceError) {
      if behind > 0 {
        do throws(ServiceError) {
          try await service.publish(publication, by: kept.personID)
        } catch {
          guard case .signInRequired = error else { throw error }
          try await service.signIn(key.loginID, loginKey: key.secret)
          try await service.publish(publication, by: kept.personID)
        }
      }
      // Another person's device may have put the vault back, without the keys that this one has made.
      try await service.put(publication.grants)
    } catch {
      throw .service(error)
    }
    return behind
  }
}

extension LockedOwner {
  /// The vault as this device has kept it, opened with what another process of this person has stretched the password
  /// to; nil where nothing is kept. Nothing is locked, asked for or written.
  package static func keptVault(
    in store: Store, openedWith stretched: consuming StretchedPassword
  ) throws(EndError) -> Vault? {
    let memory = try OwnerMemory(store)
    guard let kept = try memory.account() else { return nil }
    var owner = Owner.locked(pins: try memory.remembered().pins)
    do {
      try owner.open(kept.whole, with: stretched)
    } catch {
      throw .refused(error, place: store.place(of: .kept))
    }
    return owner.vault
  }
}

extension Vault {
  /// How many publications a vault is behind this one, whose hash is `newest`; nil for one that this was never, as far
  /// as it tells.
  fileprivate func behind(_ held: Hash, newest: Hash) -> Int? {
    guard held != newest else { return 0 }
    return recent.lastIndex(of: held).map { recent.count - $0 }
  }
}
