internal import TestPrimitives

extension DeterministicRandom {
  /// The committed seed of the suite. Another seed makes another suite.
  private static let suiteSeed = Array("endkey vectors 1.0.0".utf8)

  /// The suite's randomness for `label`.
  static func suite(_ label: String) -> DeterministicRandom { DeterministicRandom(label, seed: suiteSeed) }
}
