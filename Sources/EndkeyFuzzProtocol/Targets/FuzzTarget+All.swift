public import EndkeyFuzz

extension FuzzTarget {
  /// The targets above the readers, in the order of `fuzz/run --list`.
  public static let protocols: [FuzzTarget] = files + primitives + streams + machines
}
