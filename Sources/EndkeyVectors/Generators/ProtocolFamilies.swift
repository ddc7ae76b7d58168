extension Suite {
  /// The families of operations that need more than one message or key.
  static var protocolFamilies: [Family] {
    Family.passwords + Family.grants + Family.enrolment + Family.states + Family.sealed + Family.records
      + Family.machines
  }
}
