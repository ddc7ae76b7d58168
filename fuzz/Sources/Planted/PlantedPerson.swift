internal import EndkeyFuzz

/// A person's end of a few numbers that takes an event a byte: a whole that the service shows, an act that begins
/// the list of persons anew, and what became of it.
struct PlantedPerson: Sendable {
  enum Bug: String, CaseIterable {
    /// Whatever opens is pinned.
    case pinsGoBack = "pins-go-back"
    /// Of two vaults of one counter, the later is pinned.
    case pinsFork = "pins-fork"
    /// The number of a list that was lost is used again.
    case numberIsUsedAgain = "number-is-used-again"
    /// What was signed is forgotten by a restart before there is an answer.
    case restartForgetsNumber = "restart-forgets-number"
  }

  let bug: Bug?

  func target(_ name: String) -> FuzzTarget {
    FuzzTarget(name, "a person's end", maxLength: 64, seeds: [.none]) { (input, _) throws(Violation) in
      var latch = PinsLatch()
      var end = State()
      for index in input.indices {
        try take(input[index], &end, &latch)
        try latch.check(
          PinsLatch.Look(
            generation: end.generation, counter: 1, greatest: end.greatest, vaultCounter: end.vaultCounter,
            names: [[end.vault]]))
      }
      return end.vaultCounter == 0 ? .refused : .accepted
    }
  }

  private struct State {
    var generation: UInt32 = 1
    var greatest: UInt32 = 1
    var vaultCounter: UInt64 = 0
    var vault: UInt8 = 0
    /// The list that was signed and has no answer.
    var pending: UInt32?
  }

  private func take(_ event: UInt8, _ end: inout State, _ latch: inout PinsLatch) throws(Violation) {
    let operand = event & 63
    switch event >> 6 {
    case 0: open(counter: UInt64(operand >> 2), vault: operand & 3, &end)
    case 1:
      guard end.pending == nil else { return }
      end.pending = end.greatest + 1
      try latch.sign(end.greatest + 1, persons: [[operand]])
      if bug != .numberIsUsedAgain { end.greatest += 1 }
    case 2:
      guard let pending = end.pending else { return }
      end.pending = nil
      guard operand & 1 == 1 else { return }
      (end.generation, end.greatest) = (pending, max(end.greatest, pending))
      (end.vaultCounter, end.vault) = (end.vaultCounter + 1, operand)
    default:
      end.pending = nil
      if bug == .restartForgetsNumber { end.greatest = end.generation }
    }
  }

  private func open(counter: UInt64, vault: UInt8, _ end: inout State) {
    let isNewer = counter > end.vaultCounter
    let isFork = counter == end.vaultCounter && bug == .pinsFork
    guard isNewer || isFork || bug == .pinsGoBack else { return }
    (end.vaultCounter, end.vault) = (counter, vault)
  }
}
