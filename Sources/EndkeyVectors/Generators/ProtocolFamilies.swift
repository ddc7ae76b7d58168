extension Suite {
  /// The families of operations that need more than one message or key.
  static var protocolFamilies: [Family] {
    Family.audits + Family.accounts + Family.publications + Family.recoveries + Family.ruleSets
      + Family.localStates + Family.passwords + Family.vaults
      + Family.records + Family.machines + Family.grants + Family.enrolment + Family.states
  }
}
