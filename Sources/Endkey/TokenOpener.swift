internal import EndkeyPrimitives
public import EndkeyWire

/// Turns tokens back into values. §14.2
///
/// A key is set up at the first token of its epoch and kept. Copies share what was set up, so an opener and its copies
/// serve one thread at a time. Whoever has many tokens at hand imports `EndkeyBulk`.
public struct TokenOpener {
  /// The keys that it opens with.
  public let ring: KeyRing
  /// Of each epoch as many as the ring has keys.
  private var ciphers: [Epoch: [Cipher]] = [:]

  /// An opener with the keys of `ring`.
  public init(ring: KeyRing) {
    self.ring = ring
  }

  /// The value of `token`: well-formed UTF-8. `noEpochKey` or `noGrant` without a key, else
  /// `tokenOpenFailed`.
  public mutating func open(_ token: Token) throws(ProtocolError) -> [UInt8] {
    var failure = ProtocolError(.tokenOpenFailed, "14.2")
    for cipher in try ciphers(epoch: token.epoch) {
      do {
        return try cipher.cipher.open(token)
      } catch {
        failure = error
      }
    }
    throw failure
  }

  /// The value of the token that `bytes` are: faults of format, then those of `open(_:)`.
  public mutating func open(parsing bytes: [UInt8]) throws(ProtocolError) -> [UInt8] {
    try open(try Token(received: bytes))
  }

  /// The value of the token whose text form is `text`: faults of format, then those of `open(_:)`.
  public mutating func open(text: String) throws(ProtocolError) -> [UInt8] {
    try open(try wire { () throws(WireError) in try Token(text: text) })
  }

  private mutating func ciphers(epoch: Epoch) throws(ProtocolError) -> [Cipher] {
    if let ciphers = ciphers[epoch] { return ciphers }
    let made = try ring.tokenKeys(epoch: epoch, "14.2").map { (key) throws(ProtocolError) in
      Cipher(try TokenCipher(key: key.value, "14.2"))
    }
    ciphers[epoch] = made
    return made
  }

  private final class Cipher: CustomReflectable {
    var cipher: TokenCipher

    init(_ cipher: consuming TokenCipher) { self.cipher = cipher }

    // What it has cannot be copied, and so not be reflected.
    var customMirror: Mirror { Mirror(self, children: []) }
  }
}
