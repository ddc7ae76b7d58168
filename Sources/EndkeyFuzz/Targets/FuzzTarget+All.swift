extension FuzzTarget {
  /// The readers of messages, texts and JSON, in the order of `fuzz/run --list`.
  public static let readers: [FuzzTarget] = messages + envelopes + contents + texts + documents
}
