package import EndkeyWire

/// The AccountStates of one line, as the vault notes them. §12.5
package struct StateNotes: Sendable {
  /// Ascending by place; never empty in a vault.
  let notes: [StateNote]
  private let byHash: [Hash: Int]

  package init(_ notes: [StateNote]) {
    self.notes = notes
    byHash = Dictionary(notes.indices.map { (notes[$0].hash, $0) }) { $1 }
  }

  /// The note of the state with this hash.
  subscript(hash: Hash) -> StateNote? { byHash[hash].map { notes[$0] } }

  /// Whether a state at `pair` would be newer than all that are noted.
  func isNewer(_ pair: StatePair) -> Bool { notes.last.map { pair > $0.pair } ?? true }

  /// Whether a batch of `made` under the state of `note` comes more than a day after another epoch had begun: what it
  /// holds may be readable by whoever was removed then.
  func isStale(_ made: Time, under note: StateNote) -> Bool {
    notes.contains { later in
      later.pair > note.pair && later.epoch != note.epoch && made > later.made.adding(hours: 24)
    }
  }
}
