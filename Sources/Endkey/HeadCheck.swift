public import EndkeyWire

/// What an end that remembers the account checks of a head before a password is used for it. §13.2
public struct HeadCheck: Sendable {
  /// The head of the PersonKeys used last here; nil at a fresh end, which takes what it gets.
  public let pinned: PasswordHeader?

  /// A check against the head that is remembered.
  public init(pinned: PasswordHeader?) { self.pinned = pinned }

  /// `isChangeConfirmed` is whether the person has said that the password was changed elsewhere: it helps against
  /// `headChanged` alone. A service that asks for fewer iterations, or no account secret any more, wants a password
  /// that is easier to guess: nobody is asked about that.
  ///
  /// - Throws: `pinMismatch`, `counterRollback` or `headChanged`.
  public func check(_ head: PasswordHeader, isChangeConfirmed: Bool = false) throws(ProtocolError) {
    guard let pinned else { return }
    guard head.accountID == pinned.accountID else { throw ProtocolError(.pinMismatch, "13.2") }
    guard head.counter >= pinned.counter else { throw ProtocolError(.counterRollback, "13.2") }
    guard head.counter > pinned.counter else {
      guard head == pinned else { throw ProtocolError(.pinMismatch, "13.2") }
      return
    }
    let isWeaker =
      head.iterations < pinned.iterations
      || (pinned.accountSecret == .required && head.accountSecret == .none)
    guard !isWeaker else { throw ProtocolError(.pinMismatch, "13.2") }
    guard isChangeConfirmed else { throw ProtocolError(.headChanged, "13.2") }
  }
}
