/// `count` bytes, such as a key, salt or signature.
public struct Bytes<let count: Int>: FixedBytes {
  /// The number of bytes of each value: `count`.
  public static var byteCount: Int { count }
  /// The bytes, of which there are `count`.
  public let bytes: [UInt8]

  /// Zeros: what stands in a field that is not made yet, such as the signature of a message to be signed.
  public static var zero: Bytes<count> { Bytes(zeros: ()) }

  private init(zeros: Void) { bytes = [UInt8](zeros: count) }

  /// A value of the first `count` of `bytes`.
  public init(unchecked bytes: Span<UInt8>) { self.bytes = [UInt8](bytes.extracting(0..<count)) }

  public func write(into writer: inout Writer) { writer.bytes(bytes) }

  public static func < (left: Bytes<count>, right: Bytes<count>) -> Bool {
    left.bytes.span.precedes(right.bytes.span)
  }
}

/// An Ed25519 public key.
public typealias VerifyKey = Bytes<32>
/// The modulus of an RSA-2048 key, whose exponent is 65,537.
public typealias Modulus = Bytes<256>
/// An Ed25519 signature.
public typealias Signature = Bytes<64>
