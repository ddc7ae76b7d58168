internal import EndkeyFuzz

/// An agent of a few numbers that takes an event a byte: a code, a state, time that passes, a batch, a restart, or the
/// service's word that encryption is off.
struct PlantedAgent: Sendable {
  enum Bug: String, CaseIterable {
    /// Told often enough that encryption is off, it gives in.
    case latchOpens = "latch-opens"
    /// Another counter is taken for a higher one.
    case counterGoesBack = "counter-goes-back"
    /// Of two lists of persons, the older is taken as well.
    case generationGoesBack = "generation-goes-back"
    /// A state sets the clock, also to an earlier time.
    case clockGoesBack = "clock-goes-back"
    /// The number of the last batch is not written to the disk.
    case restartForgets = "restart-forgets"
    /// A second code moves the pin.
    case pinMoves = "pin-moves"
  }

  let bug: Bug?

  func target(_ name: String) -> FuzzTarget {
    FuzzTarget(name, "an agent", maxLength: 64, seeds: [.none]) { (input, _) throws(Violation) in
      var latch = Latch()
      var agent = State()
      for index in input.indices {
        take(input[index], &agent)
        try latch.check(
          Latch.Look(
            isPinned: agent.account != nil, isStopped: false, account: [agent.account ?? 0],
            generation: agent.generation, counter: agent.counter, epoch: 1, time: agent.time,
            sequence: agent.sequence))
      }
      return agent.account == nil ? .refused : .accepted
    }
  }

  private struct State {
    var account: UInt8?
    var generation: UInt32 = 1
    var counter: UInt64 = 0
    var time: UInt64 = 0
    var sequence: UInt64 = 0
    var offCount = 0
  }

  private func take(_ event: UInt8, _ agent: inout State) {
    let operand = event & 31
    switch event >> 5 {
    case 0: if agent.account == nil || bug == .pinMoves { agent.account = operand }
    case 1:
      guard agent.account != nil else { return }
      accept(generation: UInt32(operand & 3), counter: UInt64(operand >> 2), &agent)
    case 2:
      guard agent.counter > 0 else { return }
      agent.offCount += 1
      if bug == .latchOpens, agent.offCount == 3 { agent.account = nil }
    case 3: if agent.counter > 0 { agent.sequence += 1 }
    case 4: if bug == .restartForgets { agent.sequence = 0 }
    case 5: if agent.counter > 0 { agent.time += UInt64(operand) }
    default: break
    }
  }

  /// Takes a state, which was made at the time of its counter.
  private func accept(generation: UInt32, counter: UInt64, _ agent: inout State) {
    if generation == agent.generation {
      guard bug == .counterGoesBack ? counter != agent.counter : counter > agent.counter else { return }
      agent.time = bug == .clockGoesBack ? counter : max(agent.time, counter)
    } else {
      guard generation > agent.generation || (bug == .generationGoesBack && generation > 0) else { return }
      agent.time = counter
    }
    (agent.generation, agent.counter) = (generation, counter)
  }
}
