/// A message whose last field is an Ed25519 signature over all bytes before it. §8.5
public protocol SignedMessage: WireStruct {
  var signature: [UInt8] { get }

  /// The same message under another signature of 64 bytes.
  func signed(_ signature: [UInt8]) throws(WireError) -> Self
}

extension SignedMessage {
  /// The bytes that the signature covers, without the label that goes before them.
  public var signedBytes: [UInt8] { [UInt8](serialized.dropLast(64)) }
}

extension [UInt8] {
  /// What stands in a field that is not made yet, such as the signature of a message to be signed.
  public static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
