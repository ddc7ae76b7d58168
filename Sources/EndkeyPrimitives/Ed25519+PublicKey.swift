internal import CSodium

extension Ed25519 {
  /// A public key that is the canonical encoding of a point that is not of small order. §6
  public struct PublicKey: Equatable, Hashable, Sendable {
    /// The key, 32 bytes.
    public let bytes: [UInt8]

    /// Checks the key: `invalidKey` unless it has 32 bytes that are the canonical encoding of a point of the
    /// curve whose order is not small.
    public init(_ bytes: [UInt8]) throws(PrimitiveError) {
      guard bytes.count == publicKeyByteCount else { throw .invalidKey }
      // Libsodium adds points of every order, but only points of the curve, and encodes sums canonically.
      guard try Self.sum(bytes, Self.identity) == bytes else { throw .invalidKey }
      var multiple = bytes
      for _ in 0..<3 { multiple = try Self.sum(multiple, multiple) }
      guard multiple != Self.identity else { throw .invalidKey }  // 8 is the cofactor
      self.bytes = bytes
    }

    /// A key that libsodium has just made.
    init(trusted bytes: [UInt8]) {
      self.bytes = bytes
    }

    /// Whether `signature` is one of `message` under this key. False, never an error, when it does not have
    /// 64 bytes, when S >= L, or when R is of small order or not encoded canonically. No cofactor is used.
    public func verify(_ signature: [UInt8], message: [UInt8]) -> Bool {
      verify(signature.span, message: message.span)
    }

    /// Whether `signature` is one of `message` under this key. False, never an error, when it does not have
    /// 64 bytes, when S >= L, or when R is of small order or not encoded canonically. No cofactor is used.
    public func verify(_ signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
      guard signature.count == signatureByteCount else { return false }
      _ = Sodium.ready
      // Libsodium compares R with the bytes that it computes, which are canonical.
      return unsafe signature.withPointer { signature in
        unsafe message.withPointer { start in
          unsafe crypto_sign_verify_detached(signature, start, UInt64(message.count), bytes) == 0
        }
      }
    }

    /// The neutral element of the curve's group, (0, 1).
    private static var identity: [UInt8] { [1] + [UInt8](repeating: 0, count: 31) }

    /// The sum of two points, or `invalidKey` when one is none.
    private static func sum(_ first: [UInt8], _ second: [UInt8]) throws(PrimitiveError) -> [UInt8] {
      _ = Sodium.ready
      return try unsafe [UInt8](count: publicKeyByteCount) { (sum) throws(PrimitiveError) in
        let result = unsafe crypto_core_ed25519_add(
          sum.assumingMemoryBound(to: UInt8.self), first, second)
        guard result == 0 else { throw .invalidKey }
      }
    }
  }
}
