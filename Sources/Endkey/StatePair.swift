public import EndkeyWire

/// The place of an AccountState among those of its account: the generation, and within it the counter. §12.1
public struct StatePair: Comparable, Hashable, Sendable {
  /// Goes up with each list of persons that the root key makes; from 1, or 0 for no state.
  public let generation: UInt32
  /// Goes up by one with each state.
  public let counter: Counter

  /// The place that two numbers name.
  public init(generation: UInt32, counter: Counter) {
    self.generation = generation
    self.counter = counter
  }

  public static func < (pair: StatePair, next: StatePair) -> Bool {
    (pair.generation, pair.counter) < (next.generation, next.counter)
  }
}

extension AccountState {
  /// The place of this state.
  public var pair: StatePair { StatePair(generation: generation.value, counter: counter) }
}

extension StateNote {
  /// The place of the state that was noted.
  public var pair: StatePair { StatePair(generation: generation.value, counter: counter) }
}

extension RecordBatch {
  /// The place that the batch gives to the AccountState it names.
  public var pair: StatePair { StatePair(generation: stateGeneration.value, counter: stateCounter) }
}
