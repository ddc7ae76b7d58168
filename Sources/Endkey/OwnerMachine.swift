/// The state machine of a person's end as the table of §10.4, pure data. R-10.4-1
public enum OwnerMachine {
  /// What a person's end may do. Raw values are the names of the specification.
  public enum Phase: String, CaseIterable, Sendable {
    /// There is no account yet.
    case absent
    /// There is an account, but its keys are not in memory.
    case locked
    /// The keys are in memory.
    case open
    /// The keys are in memory, and a publication was sent of which nobody knows yet what became of it.
    case settling
  }

  /// An input that passed its checks, or what keeps an act from being made. Raw values are the names of the
  /// specification.
  public enum Event: String, CaseIterable, Sendable {
    /// A new account is made.
    case create
    /// A person gives a manager's code.
    case enrol
    /// A person gives an agent's code.
    case enrolAsAgent = "enrol_as_agent"
    /// A recovery text is given, and the person has confirmed the state that is shown.
    case recover
    /// A recovery text is given, and the person has not.
    case recoverUnconfirmed = "recover_unconfirmed"
    /// All that the service gives passed its checks; no publication is pending.
    case open
    /// The same, and a publication is pending.
    case openPending = "open_pending"
    /// The person says that what is shown is the newest.
    case confirm
    /// An act that is no root act, and that this end may sign.
    case act
    /// A root act that this end may sign.
    case rootAct = "root_act"
    /// An act that waits for a person's word: this end is fresh, not confirmed, or has no durable storage.
    case actUnconfirmed = "act_unconfirmed"
    /// An act that waits for a person's word: the newest state has expired.
    case actExpired = "act_expired"
    /// An act at an end whose clock is behind.
    case actBehind = "act_behind"
    /// An act that is no root act, while a root act is due.
    case actBeforeDue = "act_before_due"
    /// An act that needs the root key at an end that has none.
    case actWithoutRoot = "act_without_root"
    /// A root act of this end was lost or given up: another is due.
    case rootDue = "root_due"
    /// Batches are audited.
    case audit
    /// Tokens, blobs or texts are opened.
    case read
    /// The service lacks grants of the newest state.
    case grantsMissing = "grants_missing"
    /// At the owner's: the service lacks a wrap of the newest epoch.
    case wrapMissing = "wrap_missing"
    /// The service has the pending publication.
    case stored
    /// The service has another vault, of the state that the pending publication started from.
    case lostSame = "lost_same"
    /// The service has another vault, of another state.
    case lostOther = "lost_other"
    /// The publication that made or recovered the account here is lost or given up.
    case lostFirst = "lost_first"
    /// No answer comes.
    case noAnswer = "no_answer"
    /// The person gives the pending publication up.
    case discard
    /// The keys are wiped.
    case lock
  }

  /// What an event does in a phase. §10.4
  public static func step(_ phase: Phase, _ event: Event) -> MachineStep<Phase> {
    switch (phase, event) {
    case (.absent, .create):
      .gives(
        "PersonKeys, PasswordWrap, OwnerVault, AccountState, master Grant to itself, recovery text",
        next: .settling)
    case (.absent, .enrol): .gives("PersonRequest", next: .locked)
    case (.absent, .enrolAsAgent): .refuses(.wrongRecipient, next: .absent)
    case (.absent, .recover):
      .gives("PersonKeys, PasswordWrap, OwnerVault, AccountState, master Grants", next: .settling)
    case (.absent, .recoverUnconfirmed): .refuses(.approvalRequired, next: .absent)
    case (.absent, _): .refuses(.noMasterKey, next: .absent)

    case (.locked, .open): .gives("nothing", next: .open)
    case (.locked, .openPending): .gives("the pending bytes again", next: .settling)
    case (.locked, .create), (.locked, .enrol), (.locked, .enrolAsAgent), (.locked, .recover),
      (.locked, .recoverUnconfirmed):
      .refuses(.alreadyPinned, next: .locked)
    case (.locked, _): .refuses(.noMasterKey, next: .locked)

    case (.open, .confirm): .gives("pins with `confirmed` 1", next: .open)
    case (.open, .act): .gives("OwnerVault and what the act needs", next: .settling)
    case (.open, .rootAct): .gives("OwnerVault, AccountState and what the act needs", next: .settling)
    case (.open, .actUnconfirmed): .refuses(.approvalRequired, next: .open)
    case (.open, .actExpired): .refuses(.stateExpired, next: .open)
    case (.open, .actBehind): .refuses(.clockWrong, next: .open)
    case (.open, .actBeforeDue): .refuses(.unsettled, next: .open)
    case (.open, .actWithoutRoot): .refuses(.rootRequired, next: .open)
    case (.open, .rootDue): .gives("the root act again, or a repair", next: .settling)
    case (.open, .audit), (.settling, .audit): .gives("findings, totals", next: phase)
    case (.open, .read), (.settling, .read): .gives("values", next: phase)
    case (.open, .grantsMissing): .gives("Grants", next: .open)
    case (.open, .wrapMissing): .gives("PasswordWrap", next: .open)
    case (.open, .lock), (.settling, .lock): .gives("nothing", next: .locked)
    case (.open, _): .refuses(.alreadyPinned, next: .open)

    case (.settling, .stored): .gives("pins; then Grants to agents", next: .open)
    case (.settling, .lostSame): .gives("the same state, a new vault", next: .settling)
    case (.settling, .lostOther), (.settling, .discard): .gives("nothing", next: .open)
    case (.settling, .lostFirst): .gives("nothing", next: .absent)
    case (.settling, .noAnswer): .gives("the pending bytes again", next: .settling)
    case (.settling, _): .refuses(.unsettled, next: .settling)
    }
  }
}
