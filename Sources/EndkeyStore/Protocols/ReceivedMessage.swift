/// Bytes that a service gave, and have not been checked.
public struct ReceivedMessage: Equatable, Sendable {
  /// Where they stood, for a message: a path or an address.
  public let place: String
  public let bytes: [UInt8]

  public init(place: String, bytes: [UInt8]) {
    self.place = place
    self.bytes = bytes
  }
}
