// The list of a vault that its elements alone do not decide. §8.4

extension BoundedList<VaultContents.PastKeys> {
  /// `secrets` has the keys. `lengthOutOfRange` for too many, `notCanonical` for two out of order.
  public init(_ keys: [PastKey], secrets: Span<UInt8>) throws(WireError) {
    try self.init(keys, secrets, \.serializedCount)
  }
}
