/// Why a service did not do what an end asked of it.
///
/// An end that gets `uncertain` must ask the same again, with the same bytes, before it does anything else; after every
/// other error nothing has changed at the service.
public enum ServiceError: Error, Equatable, Sendable {
  /// The service has no account where one was asked for.
  case noAccount(place: String)
  /// The account that the service has is not of a person with this login. `isWaiting`: somebody has asked to join
  /// under it, and was not let in yet.
  case noLogin(place: String, isWaiting: Bool)
  /// Another publication was stored since the one that the end named, so that this one was not.
  case superseded(place: String)
  /// The service could not be asked, or could not answer; it has changed nothing. `retryAfter` is in seconds, `cause`
  /// what keeps a folder from playing it.
  case unavailable(place: String, reason: String, retryAfter: UInt64? = nil, cause: StoreError? = nil)
  /// The service may or may not have done it: the answer was lost, or it stopped halfway, at a folder for a `cause`.
  case uncertain(place: String, reason: String, cause: StoreError? = nil)
  /// The service wants the person to sign in, or to sign in again. An end that has the login key does so by itself.
  case signInRequired(place: String)
  /// The service says no, and the same would be refused again.
  case refused(place: String, Refusal)

  /// What a service refused.
  public struct Refusal: Equatable, Sendable {
    /// The name that the service's protocol has for it.
    public let name: String
    /// What it means, and what to do next.
    public let reason: String
    /// Whether the message itself is at fault: the service will never take it.
    public let isOfMessage: Bool
    /// When it may be otherwise, in seconds; nil where nobody knows.
    public let retryAfter: UInt64?

    /// A refusal by its name.
    public init(_ name: String, _ reason: String, isOfMessage: Bool = false, retryAfter: UInt64? = nil) {
      self.name = name
      self.reason = reason
      self.isOfMessage = isOfMessage
      self.retryAfter = retryAfter
    }
  }

  /// The address, file or folder at fault, for a message.
  public var place: String {
    switch self {
    case .noAccount(let place), .noLogin(let place, _), .superseded(let place),
      .unavailable(let place, _, _, _), .uncertain(let place, _, _), .signInRequired(let place),
      .refused(let place, _):
      place
    }
  }

  /// What happened, and what to do next, in words for a person; without the place.
  public var meaning: String {
    switch self {
    case .noAccount: "no account stands here"
    case .noLogin(_, false): "nobody of this account has this login name"
    case .noLogin(_, true): "who asked to join under this login name was not let in yet"
    case .superseded: "another device of the owner has changed the account meanwhile: try again"
    case .unavailable(_, let reason, _, _): reason
    case .uncertain(_, let reason, _):
      "\(reason); it is kept on this device, and sent again with the next step"
    case .signInRequired: "the service wants the person to sign in again: give the password once more"
    case .refused(_, let refusal): refusal.reason
    }
  }

  /// What keeps a folder from playing the service.
  public var cause: StoreError? {
    switch self {
    case .unavailable(_, _, _, let cause), .uncertain(_, _, let cause): cause
    default: nil
    }
  }

  /// When to ask again at the earliest, in seconds, as the service says.
  public var retryAfter: UInt64? {
    switch self {
    case .unavailable(_, _, let seconds, _): seconds
    case .refused(_, let refusal): refusal.retryAfter
    default: nil
    }
  }
}

extension ServiceError: CustomStringConvertible {
  public var description: String { "\(place): \(meaning)" }
}
