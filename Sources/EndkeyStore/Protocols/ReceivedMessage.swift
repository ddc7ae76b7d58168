/// Bytes that a service gave, and have not been checked.
public struct ReceivedMessage: Equatable, Sendable {
  /// Where they stood, for a message: a path or an address.
  public let place: String
  /// The bytes as they were given.
  public let bytes: [UInt8]

  /// Bytes that stood at `place`.
  public init(place: String, bytes: [UInt8]) {
    self.place = place
    self.bytes = bytes
  }
}
