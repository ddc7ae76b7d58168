package import EndkeyWire

/// The associated data of the tokens of an account and epoch, made once for each field. §14.1
package struct TokenAssociatedData: Sendable {
  /// For each field, at its `index`, a list of exactly one element. R-14.1-1
  package let lists: [[[UInt8]]]

  package init(_ accountID: AccountID, _ epoch: Epoch) {
    let context = keyContext(accountID, epoch)
    lists = TokenField.allCases.map { field in
      [Label.Prefixed.tokenAD.prefixing(context + [field.rawValue])]
    }
  }

  package subscript(field: TokenField) -> [[UInt8]] { lists[Self.index(field)] }

  /// The place of a field in `lists`: the fields count from 1 without a gap.
  package static func index(_ field: TokenField) -> Int { Int(field.rawValue) - 1 }
}
