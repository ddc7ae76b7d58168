public import EndkeyWire

extension TokenOpener {
  /// The value of `token` as text: every value is well-formed UTF-8. §14.2
  ///
  /// - Throws: `noEpochKey` or `noGrant` without a key of the token's epoch, else `tokenOpenFailed`.
  public mutating func string(of token: Token) throws(ProtocolError) -> String {
    String(decoding: try open(token), as: UTF8.self)
  }
}
