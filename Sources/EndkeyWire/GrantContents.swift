/// What a grant's ciphertext hides: 64 bytes for a master grant, 128 for a scoped one. §8.4, §11
public struct GrantContents: SecretContents {
  /// The keys of either kind of grant.
  public enum Keys: Equatable, Sendable {
    /// The MasterKey: the place of its 32 secret bytes in what was read.
    case master(SecretPlace<32>)
    /// The keys of one agent in one epoch.
    case scoped(ScopedKeys)
  }

  /// The hash of the first 105 bytes of the grant, which binds the keys to it. §11
  public var headHash: Hash
  /// The keys that the grant carries.
  public var keys: Keys

  /// Contents of these fields.
  public init(headHash: Hash, keys: Keys) {
    self.headHash = headHash
    self.keys = keys
  }

  /// Reads the whole content of a grant of this `kind`.
  public init(parsing bytes: Span<UInt8>, kind: GrantKind) throws(WireError) {
    self = try Self.whole(bytes) { reader throws(WireError) in
      try GrantContents(parsing: &reader, kind)
    }
  }

  private init(parsing reader: inout Reader, _ kind: GrantKind) throws(WireError) {
    headHash = try reader.fixed("head_hash")
    keys =
      switch kind {
      case .master: .master(try reader.secret("master_key"))
      case .scoped: .scoped(try ScopedKeys(parsing: &reader))
      }
  }

  public var serializedCount: Int {
    switch keys {
    case .master: 64
    case .scoped: 128
    }
  }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.fixed(headHash)
    switch keys {
    case .master(let masterKey): writer.secret(masterKey, of: secrets)
    case .scoped(let keys): keys.serialize(into: &writer, secrets: secrets)
    }
  }
}
