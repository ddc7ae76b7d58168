internal import EndkeyWire

/// Whether an end may sign and publish now: the checks of §12.8 before anything is made, pure data.
struct SigningCheck: Equatable, Sendable {
  /// Whether a person has said at this end that what is shown is the newest, or made the account here.
  var isConfirmed: Bool
  /// Whether the end keeps what it signs through a crash.
  var isDurable: Bool
  /// Whether the act makes another list of persons or another generation.
  var isRootAct: Bool
  /// Whether it makes a generation.
  var isReplacing: Bool
  /// Whether a root act of this end was lost: another one comes before everything else.
  var isRootDue: Bool
  /// Whether the end has the root key.
  var hasRootKey: Bool
  /// Whether the act is the owner's alone, or must make a list that only the root key can sign.
  var needsRootKey: Bool
  /// Whether the publication has a state that is signed under the list of now.
  var usesList: Bool
  /// Of the newest state.
  var validUntil: Time
  /// Of the newest state's list.
  var certificateUntil: Time
  /// Of the newest note.
  var newestMade: Time
  /// What the person says.
  var consent: Consent

  /// The event that the act is at `now`, by the end's own clock; the first hindrance decides. R-12.8-1
  func event(at now: Time) -> OwnerMachine.Event {
    guard isConfirmed || consent.isNewest else { return .actUnconfirmed }
    guard isDurable || consent.withoutStorage else { return .actUnconfirmed }
    guard now < validUntil || consent.isNewest else { return .actExpired }
    guard !isBehind(at: now) || isSettingClock else { return .actBehind }
    guard isRootAct || !isRootDue else { return .actBeforeDue }
    guard hasRootKey || !(needsRootKey || isRootAct) else { return .actWithoutRoot }
    guard !usesList || hasList(at: made(at: now)) else { return .actWithoutRoot }
    return isRootAct ? .rootAct : .act
  }

  /// What stands as `made` in what is signed: never before the newest state, unless a person has said that this
  /// clock is right and that one was wrong.
  func made(at now: Time) -> Time { isBehind(at: now) && isSettingClock ? now : max(now, newestMade) }

  /// Within a generation no clock goes back: who says that this one is right needs another.
  private var isSettingClock: Bool { isRootAct && isReplacing && consent.isClockRight }

  /// Whether the newest state was made more than a day after `now`.
  private func isBehind(at now: Time) -> Bool { now.adding(days: Limit.clockAheadMax) < newestMade }

  /// Whether a state that is made then may go on under the list of now: a list that has ended needs the owner, and its
  /// last week is the owner's, so that agents do not fall silent together.
  private func hasList(at made: Time) -> Bool {
    hasRootKey
      ? made < certificateUntil
      : made.adding(days: Limit.validityMin) <= certificateUntil
  }
}
