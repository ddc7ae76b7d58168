internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// A person's device that is taken through the steps of `owner/step`.
struct OwnerRun: ~Copyable {
  enum Event: String {
    case open, confirm, edit
    case renewCertificate = "renew_certificate"
    case rotate, repair, request, stored, other
    case noAnswer = "no_answer"
    case discard, lock, restart
    case restartLost = "restart_lost"
  }

  /// What the service gives.
  struct Messages {
    let head: [UInt8]
    let whole: Whole
  }

  struct Step {
    let event: Event
    let messages: Messages?
    let message: [UInt8]
    let isPasswordChanged: Bool
    let consent: Consent
    let now: Time

    init(_ fields: inout JSONFields) throws {
      event = try fields.required("event").name()
      messages = try fields.nullable("messages") { cursor in
        try cursor.object { Messages(head: try $0.bytes("head"), whole: try Whole(&$0)) }
      }
      message = try fields.nullable("message") { try $0.hex() } ?? []
      (isPasswordChanged, consent) = try fields.required("says").object { says in
        (
          try says.flag("password_changed"),
          Consent(
            isNewest: try says.flag("newest"), isClockRight: try says.flag("clock"),
            withoutStorage: try says.flag("without_storage"))
        )
      }
      now = try fields.time("now")
    }
  }

  private var owner: Owner
  private let credentials: Credentials
  private let deviceKey: SecretBytes
  private let isDurable: Bool
  /// What lies beside the pins on the device's disk.
  private var kept: PendingPublication?
  private var random: DeterministicRandom

  /// A device that remembers nothing.
  init(_ fields: inout JSONFields) throws {
    let credentials = try Operation.credentials(&fields)
    let isDurable = try fields.flag("durable")
    var random = DeterministicRandom.suite("owner/step")
    let deviceKey = try random.secret(LocalState.deviceKeyCount)
    self.random = random
    self.credentials = credentials
    self.isDurable = isDurable
    self.deviceKey = deviceKey
    owner = Owner.locked(isDurable: isDurable)
  }

  var phase: JSONValue { .string(owner.phase.rawValue) }

  /// The phase after the step, its error or null, findings, and the generation of the newest state.
  mutating func step(_ step: Step) throws -> JSONObject {
    var code: ErrorCode?
    do throws(ProtocolError) {
      try take(step)
    } catch {
      code = error.code
    }
    let findings = step.event == .open || step.event == .other ? owner.findings : []
    let pending = (owner.pending ?? kept)?.publication.accountState?.generation
    let generation = (pending ?? owner.state?.generation ?? owner.pins?.state?.state.generation)?.value ?? 0
    return .of([
      "phase": phase, "code": .code(code),
      "findings": .array((code == nil ? findings : []).map { .code($0) }), "generation": .integer(generation),
    ])
  }

  private mutating func take(_ step: Step) throws(ProtocolError) {
    let (consent, now) = (step.consent, step.now)
    switch step.event {
    case .open: try open(step)
    case .confirm: try owner.confirm()
    case .edit:
      guard let personID = owner.personID else {
        // The phase says what is wrong.
        _ = try OwnerMachine.step(owner.phase, .act).get("10.4")
        return
      }
      _ = try owner.setLabel("edited", ofPerson: personID, consent: consent, now: now, using: &random)
    case .renewCertificate: _ = try owner.renewCertificate(consent: consent, now: now, using: &random)
    case .rotate: _ = try owner.rotate(consent: consent, now: now, using: &random)
    case .repair:
      // The person is asked about what is open here.
      _ = try owner.repair(
        removing: [], consent: consent.keeping(owner.vault?.grantedMembers ?? []), now: now, using: &random)
    case .request: _ = try owner.approve(step.message, consent: consent, now: now, using: &random)
    case .stored: try owner.stored()
    case .other:
      guard let messages = step.messages else { throw ProtocolError(.truncated, "12.8") }
      _ = try owner.lost(to: messages.whole, using: &random)
    case .noAnswer: _ = try owner.noAnswer()
    case .discard: try owner.discard()
    case .lock:
      kept = owner.pending
      try owner.lock()
    case .restart:
      kept = owner.pending ?? kept
      guard isDurable, owner.pins != nil else {
        kept = nil
        owner = .locked(isDurable: isDurable)
        return
      }
      let written = try owner.savePins(deviceKey: deviceKey, using: &random)
      owner = .locked(
        pins: try OwnerPins(opening: written.serialized, deviceKey: deviceKey), isDurable: isDurable)
    case .restartLost:
      kept = nil
      owner = .locked(isDurable: isDurable)
    }
  }

  private mutating func open(_ step: Step) throws(ProtocolError) {
    // The phase first, as with every event.
    _ = try OwnerMachine.step(owner.phase, .open).get("10.4")
    guard let messages = step.messages else { throw ProtocolError(.truncated, "12.7") }
    let head = try PasswordHeader(received: messages.head)
    try HeadCheck(pinned: owner.pins?.head).check(head, isChangeConfirmed: step.isPasswordChanged)
    try owner.open(messages.whole, with: Operation.stretch(credentials, head), pending: kept)
    kept = owner.pending
  }
}
