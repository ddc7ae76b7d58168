internal import EndkeyWire

/// What an end that remembers an account checks of a whole that it is shown: that it goes on from the one
/// remembered, on one line. Step 5 of §12.7, with pins.
///
/// In the pinned generation the first fault is an error. In a greater one the owner has begun anew, from whatever whole
/// that was: there the faults are findings, to be shown to the person, and the pins are replaced.
struct LineCheck: Sendable {
  /// That was accepted last.
  let state: AcceptedState
  /// Of the vault that was opened or made last.
  let vaultCounter: Counter
  /// Of the vault that was opened or made last.
  let vaultHash: Hash

  /// A whole that passed every other check.
  struct Whole: Sendable {
    let state: AcceptedState
    let vault: Vault
    let vaultCounter: Counter
    let vaultHash: Hash
  }

  /// What is wrong in a greater generation than the pinned one, in the order of the checks, each code once; empty
  /// where nothing is.
  func findings(_ whole: Whole) throws(ProtocolError) -> [ErrorCode] {
    var findings: [ErrorCode] = []
    for check in [vaultFault, noteFault, keyFault] {
      guard let fault = try check(whole) else { continue }
      guard whole.state.state.generation > state.state.generation else {
        throw ProtocolError(fault, "12.7")
      }
      if !findings.contains(fault) { findings.append(fault) }
    }
    return findings
  }

  /// The vault is not older, and names the pinned one, unless it would have gone with the oldest.
  private func vaultFault(_ whole: Whole) throws(ProtocolError) -> ErrorCode? {
    guard whole.vaultCounter >= vaultCounter else { return .counterRollback }
    let distance = whole.vaultCounter.value - vaultCounter.value
    guard distance > 0 else { return whole.vaultHash == vaultHash ? nil : .counterFork }
    guard distance <= UInt64(Limit.recentMax) else { return nil }
    let since = whole.vault.recent.suffix(Int(distance))
    return since.count == Int(distance) && since.first == vaultHash ? nil : .counterFork
  }

  /// The pinned state is among the notes, unless it would have gone with the oldest.
  private func noteFault(_ whole: Whole) throws(ProtocolError) -> ErrorCode? {
    guard let note = whole.vault.note(of: state.pair) else {
      return whole.vault.states.first.map { state.pair < $0.pair } == true ? nil : .stateFork
    }
    return note.hash == state.hash ? nil : .stateFork
  }

  /// The MasterKey of the pinned state is kept: whoever has taken over without it has not.
  private func keyFault(_ whole: Whole) throws(ProtocolError) -> ErrorCode? {
    let (epoch, commitment) = (state.state.epoch, state.state.commitment)
    let newest = whole.state.state
    if newest.epoch == epoch && newest.commitment == commitment { return nil }
    return try whole.vault.keeps(epoch: epoch, commitment: commitment) ? nil : .stateFork
  }
}
