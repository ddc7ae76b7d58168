/// Ed25519 (RFC 8032 §5.1), verified by the strict rules of §6.
public enum Ed25519 {
  /// Bytes of a seed, which is the private key.
  public static var seedByteCount: Int { 32 }
  /// Bytes of a public key.
  public static var publicKeyByteCount: Int { 32 }
  /// Bytes of a signature: R, then S.
  public static var signatureByteCount: Int { 64 }
}
