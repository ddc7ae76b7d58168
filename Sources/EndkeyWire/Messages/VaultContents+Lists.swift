// The lists of a vault that its elements alone do not decide. §8.4

extension BoundedList<VaultContents.PastKeys> {
  /// A list of `keys`, all of epochs before `epoch`, that of the vault: else it throws `valueOutOfRange`. Throws
  /// `lengthOutOfRange` for too many keys, `notCanonical` for two out of order.
  public init(_ keys: [PastKey], before epoch: Epoch) throws(WireError) {
    try self.init(keys, Span(), \.serializedCount)
    guard keys.allSatisfy({ $0.epoch < epoch }) else { throw WireError(.valueOutOfRange, at: 0, .contents) }
  }
}

extension BoundedList<VaultContents.Codes> {
  /// A list of `codes`, whose secrets are places in `secrets`. Throws `lengthOutOfRange` for too many, `notCanonical`
  /// for two out of order.
  public init(_ codes: [Code], secrets: Span<UInt8>) throws(WireError) {
    try self.init(codes, secrets, \.serializedCount)
  }
}
