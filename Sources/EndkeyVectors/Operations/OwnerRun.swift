internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// An owner's device that is taken through the steps of `owner/step`.
struct OwnerRun: ~Copyable {
  enum Event: String {
    case open, lock, restart, request
  }

  private var owner = Owner.locked()
  private let credentials: Credentials
  private let now: Time
  private let deviceKey: SecretBytes
  private var random = DeterministicRandom.suite("owner/step")

  /// A fresh device, which remembers nothing. `now` is its clock.
  init(credentials: consuming Credentials, now: Time) throws {
    self.credentials = credentials
    self.now = now
    deviceKey = try random.secret(LocalState.deviceKeyCount)
  }

  var phase: JSONValue { .string(owner.phase.rawValue) }

  /// The phase after the step, and its error or null.
  mutating func step(_ event: Event, messages: StoredMessages?, message: [UInt8]) throws -> JSONObject {
    var code: ErrorCode?
    do throws(ProtocolError) {
      try take(event, messages, message)
    } catch {
      code = error.code
    }
    return .of(["phase": phase, "code": .code(code)])
  }

  private mutating func take(
    _ event: Event, _ messages: StoredMessages?, _ message: [UInt8]
  ) throws(ProtocolError) {
    switch event {
    case .open:
      guard let messages else { throw ProtocolError(.truncated, "12.6") }
      try open(messages)
    case .lock: try owner.lock()
    case .restart:
      guard owner.pins != nil else {
        // A device that has opened nothing remembers nothing.
        owner = .locked()
        return
      }
      let kept = try owner.savePins(deviceKey: deviceKey, using: &random)
      owner = .locked(pins: try OwnerPins(opening: kept.serialized, deviceKey: deviceKey))
    case .request: _ = try owner.approve(message, now: now, using: &random)
    }
  }

  private mutating func open(_ messages: StoredMessages) throws(ProtocolError) {
    // The phase first, as with every event.
    if let error = OwnerMachine.step(owner.phase, .open).error { throw ProtocolError(error, "10.4") }
    let wrap: PasswordWrap
    do {
      wrap = try PasswordWrap(parsing: messages.passwordWrap)
    } catch {
      throw ProtocolError(error)
    }
    let head = wrap.head
    let stretched = try StretchedPassword(credentials, head: head, pin: owner.pins?.wrap) {
      (password, salt) throws(PrimitiveError) in
      try StretchCache.stretch(password, salt: salt, iterations: head.iterations)
    }
    try owner.open(messages, with: stretched)
  }
}
