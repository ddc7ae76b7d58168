/// Why a service did not do what an end asked of it.
///
/// An end that gets `uncertain` must ask the same again, with the same bytes, before it does anything else; after every
/// other error nothing has changed at the service.
public enum ServiceError: Error, Equatable, Sendable {
  /// The service has no account where one was asked for.
  case noAccount(place: String)
  /// Another publication was stored since the one that the end named, so that this one was not.
  case superseded(place: String)
  /// The service could not be asked, or could not answer; it has changed nothing.
  case unavailable(place: String, reason: String)
  /// The service may or may not have done it: the answer was lost, or it stopped halfway.
  case uncertain(place: String, reason: String)

  /// The address, file or folder at fault, for a message.
  public var place: String {
    switch self {
    case .noAccount(let place), .superseded(let place), .unavailable(let place, _),
      .uncertain(let place, _):
      place
    }
  }

  /// What happened, and what to do next, in words for a person; without the place.
  public var meaning: String {
    switch self {
    case .noAccount: "no account stands here"
    case .superseded: "another device of the owner has changed the account meanwhile: try again"
    case .unavailable(_, let reason): reason
    case .uncertain(_, let reason): "\(reason); it is kept on this device, and sent again with the next step"
    }
  }
}

extension ServiceError: CustomStringConvertible {
  public var description: String { "\(place): \(meaning)" }
}
