package import EndkeyPrimitives
package import EndkeyWire

/// Sealing and opening of one token, step by step as §14 says it: no batch, no padding on the way, no kept
/// buffer. It is what `TokenSealer` and `TokenOpener` must equal, and what a reader should read first.
package enum PlainToken {
  /// The token of `value`. `siv` is keyed with `Ktok` of the epoch. §14.1
  package static func seal(
    _ value: [UInt8], field: TokenField, accountID: AccountID, epoch: UInt32, with siv: inout AESSIV
  ) throws(ProtocolError) -> Token {
    try TokenValue.check(value.span)
    let padded = TokenPadding.pad(value.span)
    let associatedData = TokenAssociatedData(accountID, epoch)[field]
    let (v, c) = try primitive("14.1") { () throws(PrimitiveError) in
      try siv.seal(padded, associatedData: associatedData)
    }
    return try wire { () throws(WireError) in
      try Token(field: field, epoch: epoch, v: SyntheticIV(unchecked: v.span), c: c)
    }
  }

  /// The value of `token`, else `tokenOpenFailed`. `siv` is keyed with `Ktok` of the token's epoch. §14.2
  package static func open(
    _ token: Token, accountID: AccountID, with siv: inout AESSIV
  ) throws(ProtocolError) -> [UInt8] {
    let associatedData = TokenAssociatedData(accountID, token.epoch)[token.field]
    var value = try primitive("14.2", or: .tokenOpenFailed) { () throws(PrimitiveError) in
      try siv.open(v: token.v.bytes, ciphertext: token.c, associatedData: associatedData)
    }
    value.removeLast(value.count - (try TokenPadding.valueCount(value.span)))
    return value
  }
}
