package import EndkeyWire

/// What became of a publication that was sent: the table of §12.8, pure data.
package struct Settlement: Equatable, Sendable {
  package enum Answer: String, Sendable { case stored, other, none, discard }

  package enum Outcome: String, Sendable { case settled, merge, dead, again }

  /// What was sent.
  package struct Pending: Equatable, Sendable {
    let vault: Hash
    /// Of the state sent with it, if there was one.
    let state: Hash?
    /// Of the state sent, or kept.
    let generation: Generation
    /// Whether it makes another list of persons or another generation.
    let isRootAct: Bool
    /// Whether a person was asked about members.
    let asksAboutMembers: Bool

    package init(vault: Hash, state: Hash?, generation: Generation, isRootAct: Bool, asksAboutMembers: Bool) {
      self.vault = vault
      self.state = state
      self.generation = generation
      self.isRootAct = isRootAct
      self.asksAboutMembers = asksAboutMembers
    }
  }

  /// The newest vault that the service gives, opened.
  package struct Served: Equatable, Sendable {
    let vault: Hash
    let recent: [Hash]
    /// The hashes in its notes, in their order.
    let states: [Hash]

    package init(vault: Hash, recent: [Hash], states: [Hash]) {
      self.vault = vault
      self.recent = recent
      self.states = states
    }

    /// Whether it is the publication's vault, or was made on top of it.
    func isOf(_ pending: Pending) -> Bool {
      vault == pending.vault || recent.contains(pending.vault)
        || pending.state.map { states.contains($0) } ?? false
    }
  }

  package let outcome: Outcome
  /// The greatest generation that the end has signed or seen, from now on.
  package let generation: Generation

  /// `base` is the hash of the state that the act started from, `generation` the greatest signed or seen before.
  package init(_ pending: Pending, base: Hash, generation: Generation, answer: Answer, served: Served?) {
    outcome =
      switch (answer, served) {
      case (.stored, _): .settled
      case (_, let served?) where served.isOf(pending): .settled
      // What a person said of members holds for the vault that was shown, and for no other.
      case (.other, let served?): served.states.last == base && !pending.asksAboutMembers ? .merge : .dead
      case (.other, nil), (.none, _): .again
      case (.discard, _): .dead
      }
    let signed = max(generation, pending.generation)
    let isLost = outcome == .dead && pending.isRootAct
    // What died may have been read by somebody: no other list may have its number.
    self.generation = isLost ? max(signed, pending.generation.next ?? signed) : signed
  }
}
