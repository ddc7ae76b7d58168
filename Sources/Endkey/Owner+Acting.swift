internal import EndkeyPrimitives
internal import EndkeyWire

/// What an act gives.
struct Made<Output: ~Copyable>: ~Copyable {
  let publication: Publication
  let output: Output
}

extension Owner {
  /// Makes an act on a draft, and keeps it as the pending publication if nothing is thrown.
  ///
  /// - Throws: what keeps this end from signing, in the order of §12.8; then what `body` throws, and `limitReached`.
  mutating func act<Random: RandomSource, Output: ~Copyable>(
    _ kind: ActKind, going: Going = Going(), _ consent: Consent, at now: Time, using random: inout Random,
    _ body: (inout Draft, inout Random) throws(ProtocolError) -> Output
  ) throws(ProtocolError) -> Made<Output> {
    if pending != nil || session == nil { try step(.act) }
    let base = try openSession(.read)
    var draft = try acting(base).draft(kind, going: going, consent, at: now, using: &random)
    let output = try body(&draft, &random)
    let (newStretched, isReplacing) = (draft.newKeys?.stretched, draft.isReplacing)
    let publication = try draft.publish(using: &random)
    try send(
      publication, kind.pending(isReplacing: isReplacing), from: base, newStretched: newStretched,
      isNewest: consent.isNewest)
    return Made(publication: publication, output: output)
  }

  /// Makes an act of those that need nothing but itself.
  mutating func act(
    _ act: Act, _ consent: Consent, at now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try self.act(act.kind, going: act.going, consent, at: now, using: &random) {
      draft, random throws(ProtocolError) in
      try draft.take(act, using: &random)
    }.publication
  }

  /// The same checks for what an end makes without writing the vault.
  func checkSigning(_ base: OwnerSession, _ consent: Consent, at now: Time) throws(ProtocolError) {
    try acting(base).checkSigning(consent, at: now)
  }

  private func acting(_ base: OwnerSession) -> Acting {
    Acting(
      base: base, isConfirmed: isConfirmed, isDurable: isDurable,
      generation: greatestGeneration ?? base.state.state.generation)
  }
}
