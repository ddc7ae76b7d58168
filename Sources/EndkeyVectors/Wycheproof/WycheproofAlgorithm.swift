internal import EndkeyJSON

/// An algorithm with the parameters of one group of tests.
protocol WycheproofAlgorithm {
  /// What files call it.
  static var names: [String] { get }
  /// The `type` of its groups.
  static var groupType: String { get }

  /// Reads the parameters. `WycheproofStop.skip` when Endkey does not use these.
  init(group: inout JSONFields) throws

  /// Runs a test. Returns when it passes, throws a `WycheproofStop` when not.
  func run(_ test: inout WycheproofTest) throws
}
