/// A message whose last field is an Ed25519 signature over all bytes before it. §8.5
public protocol SignedMessage: WireStruct {
  /// The signature: 64 bytes, zeros until the message is signed.
  var signature: [UInt8] { get }

  /// This message under another signature. Throws `lengthOutOfRange` unless it has 64 bytes.
  func signed(_ signature: [UInt8]) throws(WireError) -> Self
}

extension SignedMessage {
  /// The bytes that the signature covers, without the label that goes before them.
  public var signedBytes: [UInt8] { [UInt8](serialized.dropLast(64)) }
}

extension [UInt8] {
  /// Zero bytes, `count` of them: what stands in a field that is not made yet, such as the signature of a message that
  /// is to be signed.
  public static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
