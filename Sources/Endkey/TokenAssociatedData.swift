internal import EndkeyWire

/// The associated data of the tokens of an account and epoch, made once for each field. §14.1
struct TokenAssociatedData: Sendable {
  private let byField: [TokenField: [[UInt8]]]

  init(_ accountID: AccountID, _ epoch: UInt32) {
    let context = keyContext(accountID, epoch)
    byField = Dictionary(
      uniqueKeysWithValues: TokenField.allCases.map { field in
        (field, [Label.Prefixed.tokenAD.prefixing(context + [field.rawValue])])
      })
  }

  /// A list of exactly one element. R-14.1-1
  subscript(field: TokenField) -> [[UInt8]] {
    guard let elements = byField[field] else { preconditionFailure("a field without associated data") }
    return elements
  }
}
