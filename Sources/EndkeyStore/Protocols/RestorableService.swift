public import EndkeyWire

/// A service whose data may be those of an earlier day, as once it was restored from a backup.
public protocol RestorableService: Sendable {
  /// Which data the service has, as far as it has said: another value once it was restored, after which it may lack
  /// what it has confirmed. Nil, which there is without an implementation, for a service that cannot tell.
  func incarnation() async -> Bytes<16>?
}

extension RestorableService {
  public func incarnation() async -> Bytes<16>? { nil }
}
