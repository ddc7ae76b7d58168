extension Suite {
  /// Every family, in the order in which the files are generated.
  static var families: [Family] {
    Family.primitives + Family.wire + Family.activity + Family.texts + protocolFamilies
  }
}
