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

  /// What the person says: nothing that is not named.
  public init(isNewest: Bool = false, isClockRight: Bool = false, withoutStorage: Bool = false) {
    self.isNewest = isNewest
    self.isClockRight = isClockRight
    self.withoutStorage = withoutStorage
  }

  /// The person says nothing.
  public static let none = Consent()
}
