/// A message whose last field is an Ed25519 signature over all bytes before it. §8.5
public protocol SignedMessage: WireStruct {
  /// The signature over all bytes before it.
  var signature: Signature { get set }
}

extension SignedMessage {
  /// The bytes that the signature covers, without the label that goes before them.
  public var signedBytes: [UInt8] { [UInt8](serialized.dropLast(Signature.byteCount)) }
}
