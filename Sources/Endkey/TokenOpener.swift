internal import EndkeyPrimitives
public import EndkeyWire

/// Turns tokens back into values. §14.2
///
/// A key is set up at the first token of its epoch and kept. Copies share what was set up, so an opener and
/// its copies serve one thread at a time.
public struct TokenOpener {
  public let ring: KeyRing
  private var engines: [UInt32: Engine] = [:]

  public init(ring: KeyRing) {
    self.ring = ring
  }

  /// The value of `token`: well-formed UTF-8. `noEpochKey` or `noGrant` without a key, else
  /// `tokenOpenFailed`.
  public mutating func open(_ token: Token) throws(ProtocolError) -> [UInt8] {
    let engine = try engine(epoch: token.epoch)
    let bytes = token.serialized
    var value = try primitive("14.2", or: .tokenOpenFailed) { () throws(PrimitiveError) in
      try engine.siv.open(
        v: token.v.bytes.span, ciphertext: bytes.span.extracting(Token.Layout.headCount..<bytes.count),
        associatedData: engine.associatedData[token.field])
    }
    guard let count = TokenPadding.valueCount(value.span) else {
      throw ProtocolError(.tokenOpenFailed, "14.2")
    }
    value.removeLast(value.count - count)
    guard isUTF8(value.span) else { throw ProtocolError(.tokenOpenFailed, "14.2") }
    return value
  }

  /// The value of the token that `bytes` are.
  public mutating func open(parsing bytes: [UInt8]) throws(ProtocolError) -> [UInt8] {
    try open(try wire { () throws(WireError) in try Token(parsing: bytes) })
  }

  /// The value of the token whose text form is `text`.
  public mutating func open(text: String) throws(ProtocolError) -> [UInt8] {
    try open(try wire { () throws(WireError) in try Token(text: text) })
  }

  private mutating func engine(epoch: UInt32) throws(ProtocolError) -> Engine {
    if let engine = engines[epoch] { return engine }
    let engine = try Engine(key: try ring.tokenKey(epoch: epoch, "14.2"))
    engines[epoch] = engine
    return engine
  }

  private final class Engine {
    var siv: AESSIV
    let associatedData: TokenAssociatedData

    init(key: borrowing TokenKey) throws(ProtocolError) {
      associatedData = TokenAssociatedData(key.accountID, key.epoch)
      do {
        siv = try AESSIV(key: key.secret)
      } catch {
        throw ProtocolError(error, as: .internalError, "14.2")
      }
    }
  }
}
