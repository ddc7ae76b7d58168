public import EndkeyPrimitives
public import EndkeyWire

/// A person's end, an owner's or a manager's: one account, open or not, and what this device remembers of it. §10.4
///
/// It cannot be copied: two copies would sign two states of one counter. Each method is one event of the table of
/// §10.4. A step that throws changes nothing (R-19-2). After each step the caller writes `pins`, and the pending
/// publication beside them, to its disk before anything leaves the process: R-12.8-2.
public struct Owner: ~Copyable, Sendable {
  /// Whether there is an account, as far as this end knows.
  private var exists: Bool
  /// Whether the caller keeps pins and pending publications through a crash.
  public let isDurable: Bool
  /// While the account is open: what was opened last, or what is being made when there was nothing before.
  package private(set) var session: OwnerSession?
  /// What this device remembers; nil before it has opened the account once. §13.2
  public private(set) var pins: OwnerPins?
  /// The publication that was sent and of which nobody knows yet what became of it.
  public private(set) var pending: PendingPublication?
  /// What the end holds once the pending publication is stored.
  private var after: OwnerSession?
  /// The greatest generation that a lost creation or recovery of this end has signed.
  private var lostGeneration: Generation?
  /// What did not fit what was remembered, when the account was opened last.
  public private(set) var findings: [ErrorCode] = []

  /// An end for an account that is to be made, joined or recovered.
  public static func absent(isDurable: Bool = true, generation: Generation? = nil) -> Owner {
    var owner = Owner(exists: false, pins: nil, isDurable: isDurable)
    owner.lostGeneration = generation
    return owner
  }

  /// An end for an account that exists. `pins` is what this device remembers of it; nil on a fresh device.
  public static func locked(pins: OwnerPins? = nil, isDurable: Bool = true) -> Owner {
    Owner(exists: true, pins: pins, isDurable: isDurable)
  }

  private init(exists: Bool, pins: OwnerPins?, isDurable: Bool) {
    self.exists = exists
    self.pins = pins
    self.isDurable = isDurable
  }

  /// What the end may do now. §10.4
  public var phase: OwnerMachine.Phase {
    guard session != nil else { return exists ? .locked : .absent }
    return pending == nil ? .open : .settling
  }

  /// The account that is open or remembered; nil when there is none.
  public var accountID: AccountID? { session?.accountID ?? pins?.accountID }
  /// The person whose end this is, while the account is open.
  public var personID: AgentID? { session?.personID }
  /// Whether this person holds the root key, while the account is open.
  public var isOwner: Bool { session?.isOwner ?? false }
  /// What the account's vault says, while it is open.
  public var vault: Vault? { session?.vault }
  /// The newest state, while the account is open.
  public var state: AccountState? { session?.state.state }
  /// The SHA-256 of the person's PersonKeys, while the account is open: a wrap is stored beside these alone.
  public var keysHash: Hash? { session?.keysHash }
  /// The rules as tokens, while the account is open.
  public var ruleSet: RuleSet? { session?.ruleSet }
  /// Whether a root act comes before any other act: one of this end's was lost, or what the service has does not open.
  /// §12.8
  public var isRootDue: Bool { isOwner && pending == nil && (isAside || pins?.isRootDue == true) }
  /// Whether what is open is the whole that this end had kept, since what the service has does not open. §12.7
  public var isAside: Bool { session?.aside != nil }
  /// How many MasterKeys this owner's end had kept that the account lacks: the next publication gives them back.
  /// R-12.7-11
  public var missingKeys: Int { session?.ended.reduce(0) { $0 + $1.keys.count } ?? 0 }
  /// Whether a person has said here that what is shown is the newest.
  public var isConfirmed: Bool { !isAside && pins?.isConfirmed == true }

  /// Seals the pins for the device's disk. §13.4, `noMasterKey` when there are none.
  public mutating func savePins(
    deviceKey: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(ProtocolError) -> LocalState {
    guard var draft = pins else { throw ProtocolError(.noMasterKey, "13.4") }
    let written = try draft.save(deviceKey: deviceKey, using: &random)
    pins = draft
    return written
  }

  /// The error of the table, if this event is refused now.
  @discardableResult
  func step(_ event: OwnerMachine.Event) throws(ProtocolError) -> OwnerMachine.Phase {
    try OwnerMachine.step(phase, event).get("10.4")
  }

  /// The open account; the error of the table where there is none.
  func openSession(_ event: OwnerMachine.Event) throws(ProtocolError) -> OwnerSession {
    try step(event)
    guard let session else { throw ProtocolError(.noMasterKey, "10.4") }
    return session
  }
}

// MARK: - Opening and closing. §12.7

extension Owner {
  /// Checks the head that the service answers, and stretches the password for it: 0.1 to 2 seconds.
  ///
  /// - Parameters:
  ///   - credentials: what the person types.
  ///   - head: the head of the person's PersonKeys, as the service gives it.
  ///   - isChangeConfirmed: whether the person says that the password was changed elsewhere.
  /// - Throws: `pinMismatch`, `counterRollback` or `headChanged`, before the password is looked at;
  ///   `iterationsOutOfRange`, `accountSecretMismatch`, `badPassword` or `badLoginName`.
  public borrowing func stretch(
    _ credentials: borrowing Credentials, for head: PasswordHeader, isChangeConfirmed: Bool = false
  ) throws(ProtocolError) -> StretchedPassword {
    try HeadCheck(pinned: pins?.head).check(head, isChangeConfirmed: isChangeConfirmed)
    return try StretchedPassword(credentials, head: head)
  }

  /// Opens what the service gives after the login.
  ///
  /// `pending` is the publication that an interrupted act has left on this device's disk. Without it, pins that
  /// name one are of an act that is lost. `kept` is what this end kept of the account (``keeping(_:after:)``): where
  /// an owner's end gets something that does not open, that is opened (``isAside``), the code is the first of the
  /// findings, and only a root act can be made, which replaces what the service has.
  ///
  /// - Throws: the errors of §12.7 in their order; `alreadyPinned` or `unsettled` when the account is open.
  public mutating func open(
    _ whole: Whole, with stretched: consuming StretchedPassword, pending: PendingPublication? = nil,
    kept: KeptAccount? = nil
  ) throws(ProtocolError) {
    try step(.open)
    let remembered = pending == nil ? pins?.dropping() : pins
    let opening = try Opening(
      personKeys: whole.personKeys, with: Shared(stretched), pins: remembered)
    take(try opening.open(whole, orKept: kept), remembering: remembered)
    guard let pending, let remembered, let session,
      remembered.pending?.vault == pending.publication.vaultHash
    else { return }
    guard remembered.settling(pending, by: .none, from: session).outcome != .settled else {
      pins?.pending = nil
      return
    }
    self.pending = pending
  }

  /// What the device keeps of the account now that `whole` is open, after what it kept `before`; nil where something
  /// else is open.
  public func keeping(_ whole: Whole, after before: KeptAccount?) throws(ProtocolError) -> KeptAccount? {
    guard let session, session.vaultBytes == whole.ownerVault, !session.isAside else { return nil }
    return KeptAccount(
      opened: whole, by: session.personID, login: try login(), ended: session.ended.map(\.whole),
      after: before)
  }

  /// Wipes the keys. What the device remembers stays, and so does a publication that is pending on its disk.
  public mutating func lock() throws(ProtocolError) {
    try step(.lock)
    (session, pending, after) = (nil, nil, nil)
  }

  /// The person says that what is shown is the newest, after comparing the digits with those of another end.
  public mutating func confirm() throws(ProtocolError) {
    try step(.confirm)
    pins?.isConfirmed = true
  }

  /// Takes what was opened in the place of what was there, and remembers it.
  private mutating func take(_ opened: Opening.Opened, remembering pins: OwnerPins?) {
    let session = opened.session
    self.session = session
    findings = opened.findings
    guard session.aside == nil else {
      self.pins = pins
      return
    }
    let generation = session.state.state.generation
    self.pins = OwnerPins(
      head: session.personKeys.head, state: session.state,
      generation: max(pins?.generation ?? generation, generation),
      isConfirmed: opened.findings.isEmpty && pins?.state != nil && pins?.isConfirmed == true,
      vaultCounter: session.vaultCounter, vaultHash: session.vaultHash, pending: pins?.pending,
      writes: pins?.writes ?? 0)
  }
}

// MARK: - Settling. §12.8

extension Owner {
  /// The service has stored the pending publication. Now grants may go to agents.
  public mutating func stored() throws(ProtocolError) {
    let base = try openSession(.stored)
    guard let pending, let pins else { throw ProtocolError(.internalError, "12.8") }
    session = if let after { after } else { try base.after(pending.publication, stretched: nil) }
    self.pins = pins.settled(pending.publication)
    (self.pending, after) = (nil, nil)
  }

  /// No answer has come: the same bytes are sent again.
  public func noAnswer() throws(ProtocolError) -> Publication {
    try step(.noAnswer)
    guard let pending else { throw ProtocolError(.internalError, "12.8") }
    return pending.publication
  }

  /// What became of a publication that the service did not take, since it holds another vault.
  public enum Loss: Equatable, Sendable {
    /// The answer was lost: the other vault is the one that was sent, or another end has written on top of it.
    case stored
    /// The state stays, and the vault was made anew on top of theirs.
    case merged(Publication)
    /// The account has another state, or the act asked about members: nothing of it is kept. It is made again, if it
    /// is still wanted, and the person asked again.
    case dead
  }

  /// The service holds another vault than the pending publication expects: `whole`, which is opened, or where it does
  /// not open what this owner's end has `kept`, as in ``open(_:with:pending:kept:)``.
  ///
  /// - Throws: the errors of §12.7; then the publication stays pending.
  public mutating func lost(
    to whole: Whole, kept: KeptAccount? = nil, using random: inout some RandomSource
  ) throws(ProtocolError) -> Loss {
    let base = try openSession(.lostOther)
    guard let pending, let pins else { throw ProtocolError(.internalError, "12.8") }
    guard !pending.base.isEmpty else {
      try dropBeginning()
      return .dead
    }
    let opened = try Opening(again: base, personKeys: whole.personKeys, pins: pins)
      .open(whole, orKept: kept)
    if let aside = opened.session.aside, let sent = pending.publication.accountState,
      aside.state?.state == sent
    {
      // It was stored, and somebody whom it lists has written what does not open.
      try stored()
      return .stored
    }
    let settlement = pins.settling(pending, by: .other, from: opened.session)
    guard settlement.outcome == .merge, !opened.session.isAside else {
      take(opened, remembering: pins.settled(settlement))
      (self.pending, after) = (nil, nil)
      return settlement.outcome == .settled ? .stored : .dead
    }
    let ours =
      if let after { after } else { try opened.session.after(pending.publication, stretched: nil) }
    let publication = try Merge(pending, theirs: opened.session, after: ours).publish(using: &random)
    let after = try opened.session.after(publication, stretched: ours.stretched)
    take(opened, remembering: pins)
    self.pins = self.pins?.sending(publication)
    self.pending = PendingPublication(
      publication: publication, base: opened.session.vaultBytes, baseState: pending.baseState,
      kind: pending.kind)
    self.after = after
    return .merged(publication)
  }

  /// The person gives the pending publication up.
  public mutating func discard() throws(ProtocolError) {
    try step(.discard)
    guard let pending, let pins, let session, !pending.base.isEmpty else { return try dropBeginning() }
    self.pins = pins.settled(pins.settling(pending, by: .discard, from: session))
    (self.pending, after) = (nil, nil)
  }

  /// A creation or recovery that was lost leaves no account here.
  private mutating func dropBeginning() throws(ProtocolError) {
    try step(.lostFirst)
    lostGeneration = pins?.generation
    (session, pending, after, pins, exists) = (nil, nil, nil, nil, false)
  }
}

// MARK: - Acts

extension Owner {
  /// Keeps what an act has made: it is pending from now on.
  mutating func send(
    _ publication: Publication, _ kind: PendingPublication.Kind, from base: OwnerSession,
    newStretched: Shared<StretchedPassword>?, isNewest: Bool
  ) throws(ProtocolError) {
    let after = try base.after(publication, stretched: newStretched)
    pending = PendingPublication(
      publication: publication, base: base.vaultBytes, baseState: base.state.hash, kind: kind)
    self.after = after
    if isNewest { pins?.isConfirmed = true }
    pins = pins?.sending(publication)
  }

  /// Keeps an account that is made here.
  mutating func begin(_ founding: consuming Founding.Made) {
    pins = founding.pins
    pending = PendingPublication(
      publication: founding.publication, base: [], baseState: .zero, kind: .replacing)
    session = founding.session
    exists = true
  }

  /// Keeps what a manager's end has made under its code.
  mutating func join(_ pins: OwnerPins) {
    self.pins = pins
    exists = true
  }

  /// The greatest generation that this end has signed or seen.
  var greatestGeneration: Generation? { pins?.generation ?? lostGeneration }
}
