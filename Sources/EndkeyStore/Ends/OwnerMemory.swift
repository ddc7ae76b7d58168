internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

/// What a person's device keeps in its store: pins, and the publication that is being sent. Whoever calls one of its
/// methods holds the store's lock.
final class OwnerMemory<Store: EndStore>: Sendable {
  let store: Store
  private let deviceKey: SecretBytes

  init(_ store: Store) throws(EndError) {
    self.store = store
    deviceKey = try stored { () throws(StoreError) in try store.deviceKey() }
  }

  /// What this device remembers.
  struct Remembered: Sendable {
    /// Nil on a fresh device.
    let pins: OwnerPins?
    /// The publication that was sent and not answered.
    let file: PendingFile?
    /// Whether this device had remembered an account, and has lost its pins: it is fresh, and the person is told.
    let arePinsLost: Bool
  }

  func remembered() throws(EndError) -> Remembered {
    let pins = try read(.ownerPins).map { (bytes) throws(EndError) in
      try open(bytes, store.place(of: .ownerPins))
    }
    let isMarked = try read(.mark) != nil
    guard let bytes = try read(.publication) else {
      return Remembered(pins: pins, file: nil, arePinsLost: isMarked && pins == nil)
    }
    guard let file = PendingFile(parsing: bytes) else { throw damaged }
    let ahead = try open(file.pins, store.place(of: .publication))
    guard ahead.pending?.vault == file.pending.publication.vaultHash else { throw damaged }
    // It was settled, and its file not yet removed.
    if let pins, pins.writes > ahead.writes { return Remembered(pins: pins, file: nil, arePinsLost: false) }
    return Remembered(pins: ahead, file: file, arePinsLost: false)
  }

  /// Writes down what `owner` remembers: its pins and, where one is pending, the publication, in one step. R-12.8-2
  func remember(_ owner: inout Owner) throws(EndError) {
    var random = SystemRandom()
    let pins = try checked(store.name) { () throws(ProtocolError) in
      try owner.savePins(deviceKey: deviceKey, using: &random).serialized
    }
    if try read(.mark) == nil { try write([], as: .mark) }
    guard let pending = owner.pending, let personID = owner.personID else {
      try write(pins, as: .ownerPins)
      return try forget()
    }
    try write(PendingFile(pins: pins, personID: personID, pending: pending).serialized, as: .publication)
  }

  /// What is kept of the account. What cannot be read is as none: the next opening replaces it.
  func account() throws(EndError) -> KeptAccount? { try read(.kept).flatMap(KeptAccount.init(parsing:)) }

  /// Keeps what `owner` has opened, before the pins that go with it.
  func keep(_ whole: Whole, openedBy owner: borrowing Owner) throws(EndError) {
    let before = try account()
    let kept = try checked(nil) { () throws(ProtocolError) in try owner.keeping(whole, after: before) }
    if let kept, kept != before { try write(kept.serialized, as: .kept) }
  }

  /// Keeps what a publication that the service has stored made of what was kept.
  func keep(_ pending: PendingPublication, by personID: AgentID) throws(EndError) {
    let made =
      pending.base.isEmpty
      ? KeptAccount(first: pending.publication, by: personID) : try account()?.after(pending)
    if let made { try write(made.serialized, as: .kept) }
  }

  /// The service has stored what was sent: that is remembered without any key of the account.
  func settle(_ file: PendingFile, _ pins: OwnerPins) throws(EndError) -> OwnerPins {
    try keep(file.pending, by: file.personID)
    var settled = pins.settled(file.pending.publication)
    var random = SystemRandom()
    let sealed = try checked(store.name) { () throws(ProtocolError) in
      try settled.save(deviceKey: deviceKey, using: &random).serialized
    }
    try write(sealed, as: .ownerPins)
    try forget()
    return settled
  }

  /// Whether the service says that its data are others than when the account was opened here last.
  func isRestored(to incarnation: Bytes<16>?) throws(EndError) -> Bool {
    guard let incarnation, let known = try read(.incarnation) else { return false }
    return known != incarnation.bytes
  }

  /// Keeps which data the service had when the account was opened.
  func note(_ incarnation: Bytes<16>?) throws(EndError) {
    guard let incarnation, try read(.incarnation) != incarnation.bytes else { return }
    try write(incarnation.bytes, as: .incarnation)
  }

  private func forget() throws(EndError) {
    try stored { () throws(StoreError) in try store.remove(.publication) }
  }

  private func open(_ bytes: [UInt8], _ place: String) throws(EndError) -> OwnerPins {
    try checked(place) { () throws(ProtocolError) in try OwnerPins(opening: bytes, deviceKey: deviceKey) }
  }

  private func read(_ item: StoreItem) throws(EndError) -> [UInt8]? {
    try stored { () throws(StoreError) in try store.read(item) }
  }

  private func write(_ bytes: [UInt8], as item: StoreItem) throws(EndError) {
    try stored { () throws(StoreError) in try store.write(bytes, as: item) }
  }

  private var damaged: EndError {
    .store(
      .damaged(
        place: store.place(of: .publication),
        reason: "the act that was interrupted cannot be read: remove this file, and make the act again"))
  }
}

// Its key cannot be copied, and so not be reflected.
extension OwnerMemory: CustomReflectable {
  var customMirror: Mirror { Mirror(self, children: []) }
}
