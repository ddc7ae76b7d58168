extension OwnerVault {
  /// The context of the seal: the first 32 bytes. §12.5
  public var context: [UInt8] { Self.context(header: header, counter: counter) }

  /// The context of the seal of a vault that is to be made.
  public static func context(header: Header, counter: Counter) -> [UInt8] {
    Writer.array(count: 32) {
      header.serialize(into: &$0)
      $0.counter(counter)
    }
  }
}
