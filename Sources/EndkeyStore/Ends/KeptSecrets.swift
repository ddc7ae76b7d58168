public import EndkeyPrimitives

// Secrets that an end keeps beside its state, sealed under its device key. They are for convenience: one that is gone
// or damaged is made or asked for again.

extension EndStore {
  /// The secret that was kept as `item`; nil when there is none that opens.
  func secret(_ item: StoreItem) throws(StoreError) -> SecretBytes? {
    guard let sealed = try read(item) else { return nil }
    let deviceKey = try deviceKey()
    do throws(PrimitiveError) {
      let key = try item.sealingKey(deviceKey)
      return try ChunkedEncryption.openSecret(sealed, key: key, context: item.sealingContext)
    } catch {
      return nil
    }
  }

  /// Keeps a secret as `item`.
  func keep(_ secret: borrowing SecretBytes, as item: StoreItem) throws(StoreError) {
    let deviceKey = try deviceKey()
    var random = SystemRandom()
    let sealed: [UInt8]
    do throws(PrimitiveError) {
      let key = try item.sealingKey(deviceKey)
      sealed = try ChunkedEncryption.seal(secret, key: key, context: item.sealingContext, using: &random)
    } catch {
      throw .damaged(place: place(of: item), reason: "cannot be sealed: \(error)")
    }
    try write(sealed, as: item)
  }
}

extension StoreItem {
  /// What this item is sealed as on a device.
  fileprivate var sealingContext: [UInt8] { Array("endkey-store \(self)".utf8) }

  /// The key that seals this item on a device.
  fileprivate func sealingKey(_ deviceKey: borrowing SecretBytes) throws(PrimitiveError) -> SecretBytes {
    try HKDF.sha256(ikm: deviceKey, info: sealingContext, count: 32)
  }
}

/// The session of a service that signs persons in, as a person's device keeps it from one program to the next.
public struct KeptSession: Sendable {
  private let store: any EndStore

  /// The session that is kept in a store.
  public init(in store: any EndStore) { self.store = store }

  /// What was kept; nil when there is nothing that opens.
  public func load() -> SecretBytes? {
    do {
      return try store.secret(.session)
    } catch {
      return nil
    }
  }

  /// Keeps a session. Where that fails, the next program signs in anew.
  public func keep(_ session: borrowing SecretBytes) {
    do { try store.keep(session, as: .session) } catch {}
  }

  /// Forgets the session that has ended.
  public func forget() {
    do { try store.remove(.session) } catch {}
  }
}
