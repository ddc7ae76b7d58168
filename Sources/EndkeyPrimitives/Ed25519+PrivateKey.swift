internal import CSodium

extension Ed25519 {
  /// A private key, and the public key that belongs to it.
  public struct PrivateKey: ~Copyable, Sendable {
    /// The public key.
    public let publicKey: PublicKey
    private let expanded: SecretBytes  // libsodium's form: the seed, then the public key

    /// The key of a seed of 32 bytes, else `invalidKey`.
    public init(seed: borrowing SecretBytes) throws(PrimitiveError) {
      guard seed.count == seedByteCount else { throw .invalidKey }
      _ = Sodium.ready
      var publicBytes = [UInt8](repeating: 0, count: publicKeyByteCount)
      expanded = seed.withBytes { seed in
        SecretBytes(count: seedByteCount + publicKeyByteCount) { expanded in
          unsafe expanded.withMutablePointer { expanded in
            unsafe seed.withPointer { seed in
              _ = unsafe crypto_sign_seed_keypair(&publicBytes, expanded, seed)
            }
          }
        }
      }
      publicKey = PublicKey(trusted: publicBytes)
    }

    /// A key whose seed is the next 32 bytes of `random`.
    public init(using random: inout some RandomSource) throws(PrimitiveError) {
      try self.init(seed: random.secret(seedByteCount))
    }

    /// The seed, 32 bytes.
    public func copySeed() -> SecretBytes {
      expanded.withBytes { SecretBytes(copying: $0.extracting(0..<seedByteCount)) }
    }

    /// The signature of `message`: 64 bytes. One key and message have one signature.
    public func sign(_ message: [UInt8]) -> [UInt8] {
      sign(message.span)
    }

    /// The signature of `message`: 64 bytes. One key and message have one signature.
    public func sign(_ message: Span<UInt8>) -> [UInt8] {
      expanded.withBytes { key in
        unsafe [UInt8](count: signatureByteCount) { signature in
          unsafe message.withPointer { start in
            unsafe key.withPointer { key in
              _ = unsafe crypto_sign_detached(
                signature.assumingMemoryBound(to: UInt8.self), nil, start, UInt64(message.count), key)
            }
          }
        }
      }
    }
  }
}
