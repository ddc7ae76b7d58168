public import EndkeyPrimitives
public import EndkeyWire

/// An owner's end: one account, open or not, and what this device remembers of it. §10.4
///
/// It cannot be copied: two copies would number their grants and states alike. Each method is one event of the
/// table of §10.4. A step that throws changes nothing (R-19-2). The caller stores a step's ``Publication`` at the
/// service, and `pins` on its disk, before it goes on: R-13.4-2.
public struct Owner: ~Copyable, Sendable {
  /// Whether there is an account, as far as this end knows.
  private var exists: Bool
  /// While the account is open.
  private(set) var session: OwnerSession?
  /// What this device remembers; nil before it has opened the account once. §13.2
  public private(set) var pins: OwnerPins?

  /// An end for an account that is to be made.
  public static func absent() -> Owner { Owner(exists: false, pins: nil) }

  /// An end for an account that exists. `pins` is what this device remembers of it; nil on a fresh device.
  public static func locked(pins: OwnerPins? = nil) -> Owner { Owner(exists: true, pins: pins) }

  private init(exists: Bool, pins: OwnerPins?) {
    self.exists = exists
    self.pins = pins
  }

  /// What the end may do now. §10.4
  public var phase: OwnerMachine.Phase {
    guard let session else { return exists ? .locked : .absent }
    return session.vault.isRotationDue ? .rotationDue : .open
  }

  /// The account that is open or remembered; nil when there is none.
  public var accountID: AccountID? { pins?.accountID }
  /// What the account's vault says, while it is open.
  public var vault: Vault? { session?.vault }
  /// The newest, while the account is open.
  public var state: AccountState? { session?.state }

  /// Seals the pins for the device's disk. §13.4, `noMasterKey` when there are none.
  public mutating func savePins(
    deviceKey: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(ProtocolError) -> LocalState {
    guard var draft = pins else { throw ProtocolError(.noMasterKey, "13.4") }
    let written = try draft.save(deviceKey: deviceKey, using: &random)
    pins = draft
    return written
  }
}

// MARK: - Opening and closing

extension Owner {
  /// Makes a new account with these keys, and opens it. §5
  ///
  /// - Parameters:
  ///   - identity: the account's private keys, which nobody else holds.
  ///   - credentials: what opens the account.
  ///   - iterations: the iterations of PBKDF2, 600,000 to 10,000,000. It takes 0.1 to 2 seconds.
  ///   - random: where salts and nonces come from; a program passes a `SystemRandom`.
  /// - Throws: `iterationsOutOfRange`, `badPassword` or `badLoginName`; `alreadyPinned` when this end has an account.
  public mutating func create(
    identity: consuming Identity, credentials: borrowing Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), using random: inout some RandomSource
  ) throws(ProtocolError) -> NewAccount {
    _ = try OwnerMachine.step(phase, .create).get("10.4")
    let (session, account) = try OwnerSession.create(
      identity: identity, credentials: credentials, iterations: iterations, using: &random)
    exists = true
    keep(session)
    return account
  }

  /// Opens the account with its password: all checks of §9.3, then those of the other messages. §12.6
  public mutating func open(
    _ messages: StoredMessages, with credentials: borrowing Credentials
  ) throws(ProtocolError) {
    _ = try OwnerMachine.step(phase, .open).get("10.4")
    let wrap = try PasswordWrap(received: messages.passwordWrap)
    try open(messages, with: try StretchedPassword(credentials, head: wrap.head, pin: pins?.wrap))
  }

  /// Opens the account with a password that was stretched for its login. §9.4
  public mutating func open(
    _ messages: StoredMessages, with stretched: borrowing StretchedPassword
  ) throws(ProtocolError) {
    _ = try OwnerMachine.step(phase, .open).get("10.4")
    let wrap = try PasswordWrap(received: messages.passwordWrap)
    try pins?.wrap.check(wrap.head)
    keep(
      try OwnerSession(
        masterKey: try stretched.open(wrap), wrapHead: wrap.head, messages: messages, pins: pins))
  }

  /// Opens the account with the MasterKey of a master grant, as a second manager does. §10.4
  ///
  /// The wrap is not opened, but is held against the pins and the vault: `wrongAccount` or `epochMismatch`
  /// when it is not of the MasterKey's account and epoch.
  public mutating func open(
    _ messages: StoredMessages, with masterKey: borrowing MasterKey
  ) throws(ProtocolError) {
    _ = try OwnerMachine.step(phase, .open).get("10.4")
    let wrap = try PasswordWrap(received: messages.passwordWrap)
    try pins?.wrap.check(wrap.head)
    guard wrap.head.accountID == masterKey.accountID else {
      throw ProtocolError(.wrongAccount, "12.6")
    }
    guard wrap.head.epoch == masterKey.epoch else { throw ProtocolError(.epochMismatch, "12.6") }
    keep(
      try OwnerSession(
        masterKey: masterKey.copy(), wrapHead: wrap.head, messages: messages, pins: pins))
  }

  /// Wipes the keys. What the device remembers stays.
  public mutating func lock() throws(ProtocolError) {
    _ = try OwnerMachine.step(phase, .lock).get("10.4")
    session = nil
  }
}

// MARK: - Steps

extension Owner {
  /// Makes a step on a draft of the session, and keeps it if `body` throws nothing.
  mutating func step<Output: ~Copyable>(
    _ event: OwnerMachine.Event, _ body: (inout OwnerSession) throws(ProtocolError) -> Output
  ) throws(ProtocolError) -> Output {
    _ = try OwnerMachine.step(phase, event).get("10.4")
    var draft = try openSession(event)
    let output = try body(&draft)
    keep(draft)
    return output
  }

  /// The open session; the error of the table where there is none.
  func openSession(_ event: OwnerMachine.Event) throws(ProtocolError) -> OwnerSession {
    guard let session else {
      throw ProtocolError(OwnerMachine.step(phase, event).error ?? .noMasterKey, "10.4")
    }
    return session
  }

  mutating func keep(_ session: OwnerSession) {
    pins = session.pins(generation: pins?.generation ?? 0)
    self.session = session
  }
}
