extension EnrolmentRequest {
  /// The bytes that the MAC covers: the first 344. §10.2
  public var authenticatedBytes: [UInt8] { [UInt8](serialized.prefix(344)) }
}
