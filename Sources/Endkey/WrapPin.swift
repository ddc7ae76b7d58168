public import EndkeyWire

/// What a device remembers of the PasswordWrap that it accepted last. §9.3, §13.2
public struct WrapPin: Equatable, Sendable {
  /// The account whose wrap it is.
  public let accountID: AccountID
  /// The epoch of the wrap.
  public let epoch: Epoch
  /// The counter of the wrap.
  public let counter: Counter
  /// The salt of the wrap.
  public let salt: Bytes<32>

  /// What was remembered of a wrap.
  public init(accountID: AccountID, epoch: Epoch, counter: Counter, salt: Bytes<32>) {
    self.accountID = accountID
    self.epoch = epoch
    self.counter = counter
    self.salt = salt
  }

  /// Steps 2 and 3 of §9.3: `pinMismatch`, `epochRollback` or `counterRollback` unless `head` may follow what
  /// is remembered. R-9.3-3, R-9.3-5, R-13.2-1
  public func check(_ head: PasswordHeader) throws(ProtocolError) {
    guard head.accountID == accountID, head.counter != counter || head.salt == salt else {
      throw ProtocolError(.pinMismatch, "9.3")
    }
    guard head.epoch >= epoch else { throw ProtocolError(.epochRollback, "9.3") }
    guard head.counter >= counter else { throw ProtocolError(.counterRollback, "9.3") }
  }
}
