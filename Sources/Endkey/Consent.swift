public import EndkeyWire

/// What the person at the end says before something is signed that no program may sign by itself. §12.8
public struct Consent: Equatable, Sendable {
  /// "What is shown is the newest." It is asked for at an end that has no memory or is not confirmed, and each time
  /// when the newest state has expired.
  public var isNewest: Bool
  /// "My clock is right", though the newest state is more than a day ahead of it. It helps acts alone that make a
  /// generation.
  public var isClockRight: Bool
  /// "Publish, though nothing is kept here": of an end without durable storage.
  public var withoutStorage: Bool
  /// "These stay": the members that the person was asked about, each with the kind that was shown. An act that asks
  /// about another one is `approvalRequired`, however often it is made again.
  public var staying: [AgentID: GrantKind] = [:]

  /// What the person says: nothing that is not named.
  public init(isNewest: Bool = false, isClockRight: Bool = false, withoutStorage: Bool = false) {
    self.isNewest = isNewest
    self.isClockRight = isClockRight
    self.withoutStorage = withoutStorage
  }

  /// The same, and that the person was shown these members, and that they stay.
  public func keeping(_ members: some Sequence<Member>) -> Consent {
    var consent = self
    for member in members { consent.staying[member.agentID] = member.kind }
    return consent
  }

  /// The person says nothing.
  public static let none = Consent()
}
