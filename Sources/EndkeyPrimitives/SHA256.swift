/// SHA-256 (FIPS 180-4).
///
/// Its members end the process when OpenSSL has no SHA-256 or no memory: no input can cause that.
public struct SHA256: ~Copyable, Sendable {
  /// Bytes of a hash.
  public static var byteCount: Int { 32 }

  private var context: DigestContext

  /// Starts an incremental hash.
  public init() {
    do {
      context = try DigestContext(.sha256)
    } catch {
      fatalError("OpenSSL cannot compute SHA-256")
    }
  }

  /// Adds `bytes` to what is hashed.
  public mutating func update(_ bytes: Span<UInt8>) {
    do {
      try context.update(bytes)
    } catch {
      fatalError("OpenSSL cannot compute SHA-256")
    }
  }

  /// Adds `bytes` to what is hashed.
  public mutating func update(_ bytes: [UInt8]) {
    update(bytes.span)
  }

  /// Ends the hash: 32 bytes.
  public consuming func finish() -> [UInt8] {
    do {
      return try unsafe [UInt8](count: Self.byteCount) { (hash) throws(PrimitiveError) in
        try unsafe context.finish(into: hash)
      }
    } catch {
      fatalError("OpenSSL cannot compute SHA-256")
    }
  }

  /// The hash of `bytes`: 32 bytes.
  public static func hash(_ bytes: [UInt8]) -> [UInt8] {
    hash(bytes.span)
  }

  /// The hash of `bytes`: 32 bytes.
  public static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }
}
