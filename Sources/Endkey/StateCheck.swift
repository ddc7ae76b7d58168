internal import EndkeyPrimitives
package import EndkeyWire

/// The check of an AccountState by whoever follows the account: an agent, or a person's end. §12.1
///
/// There is no state that ends encryption: the grammar has none (R-12.1-3). No clock is asked: whether a state has
/// expired matters when it is used.
package struct StateCheck: Sendable {
  /// That this end has pinned.
  let accountID: AccountID
  /// That was accepted last, or nil.
  let last: AcceptedState?
  /// Of the code by which this agent or manager came; the first for an end that came by a password.
  let leastGeneration: Generation

  package init(accountID: AccountID, last: AcceptedState?, leastGeneration: Generation = .first) {
    self.accountID = accountID
    self.last = last
    self.leastGeneration = leastGeneration
  }

  /// A state that passed, and how it stands to the one before.
  package struct Acceptance: Sendable {
    package let state: AcceptedState
    package let order: Order
  }

  /// How an accepted state stands to the one before.
  package enum Order: Sendable {
    /// It is the one before.
    case repeated
    /// It is of the same generation.
    case continuing
    /// It is the first, or of a greater generation: nothing binds it to the one before.
    case beginning
  }

  /// Steps 1 to 14 of §12.1, in their order.
  package func accept(_ bytes: [UInt8]) throws(ProtocolError) -> Acceptance {
    let state = try AccountState(received: bytes)
    // R-12.1-4, R-7-4
    guard state.accountID == accountID, AccountID(verifyKey: state.rootKey) == accountID else {
      throw Self.error(.wrongAccount)
    }
    try Self.checkKeys(of: state)
    try Self.checkCertificate(of: state)
    try state.requireSigner(of: state, in: bytes, "12.1")
    try Self.checkValidity(of: state)

    guard let last else {
      guard state.generation >= leastGeneration else { throw Self.error(.generationRollback) }
      return Acceptance(state: AcceptedState(state), order: .beginning)
    }
    guard state != last.state else { return Acceptance(state: last, order: .repeated) }
    guard state.generation >= last.state.generation else { throw Self.error(.generationRollback) }
    guard state.generation == last.state.generation else {
      return Acceptance(state: AcceptedState(state), order: .beginning)
    }
    try Self.checkOrder(of: state, after: last.state)
    return Acceptance(state: AcceptedState(state), order: .continuing)
  }

  /// Step 3: whoever signs anything has a key that the suite takes.
  private static func checkKeys(of state: AccountState) throws(ProtocolError) {
    for key in Set(state.signers.map(\.verifyKey)).union([state.rootKey]) {
      _ = try primitive("12.1", or: .badKey) { () throws(PrimitiveError) in
        try Ed25519.PublicKey(key.bytes)
      }
    }
  }

  /// Step 4: the root key, which is one of the signers, made this list of them.
  private static func checkCertificate(of state: AccountState) throws(ProtocolError) {
    let list = state.list
    guard list.lists(state.rootKey), list.isSigned() else { throw error(.certificateInvalid) }
  }

  /// Step 6.
  private static func checkValidity(of state: AccountState) throws(ProtocolError) {
    let lastAccepted = state.made.adding(days: Limit.validityAccepted)
    guard state.certificateFrom <= state.made, state.made < state.validUntil,
      state.validUntil <= state.certificateUntil, state.certificateUntil <= lastAccepted
    else { throw error(.badValidity) }
  }

  /// Steps 11 to 13: within a generation nothing goes back, and an epoch has one key.
  private static func checkOrder(
    of state: AccountState, after last: AccountState
  ) throws(ProtocolError) {
    guard state.counter >= last.counter else { throw error(.counterRollback) }
    guard state.counter > last.counter else { throw error(.counterFork) }
    guard state.epoch >= last.epoch else { throw error(.epochRollback) }
    guard state.epoch > last.epoch || state.commitment == last.commitment else { throw error(.epochFork) }
  }

  private static func error(_ code: ErrorCode) -> ProtocolError { ProtocolError(code, "12.1") }
}
