/// What kind of client is judged: which operations it needs.
public enum Profile: String, CaseIterable, Sendable {
  case all, agent, owner, service

  /// Whether a client of this kind needs the operation `name`. That of every kind needs all, also those that the table
  /// does not have.
  public func needs(_ name: String) -> Bool {
    self == .all || OperationDescription.named[name]?.profiles.contains(self) ?? false
  }
}
