/// The state machine of the owner's end as the table of §10.4, pure data. R-10.4-1
public enum OwnerMachine {
  /// What an owner's end may do. Raw values are the names of the specification.
  public enum Phase: String, CaseIterable, Sendable {
    /// There is no account yet.
    case absent
    /// There is an account, but its keys are not in memory.
    case locked
    /// The keys are in memory.
    case open
    /// Open, and a member was revoked that holds keys of the current epoch. §12.3
    case rotationDue = "rotation_due"
  }

  /// An input that passed its checks.
  public enum Event: String, CaseIterable, Sendable {
    /// An account is made.
    case create
    /// The account is opened, and no rotation is due.
    case open
    /// The account was opened, and rotation is due.
    case openDue = "open_due"
    /// A new password is set.
    case changePassword = "change_password"
    /// An enrolment code is made.
    case makeCode = "make_code"
    /// A request to be enrolled passed its checks.
    case request
    /// A member is granted again.
    case grant
    /// A member whose last grant is of an older epoch is revoked.
    case revoke
    /// A member whose last grant is of the current epoch is revoked.
    case revokeDue = "revoke_due"
    /// The account goes to the next epoch.
    case rotate
    /// Rules are set, or published anew.
    case rules
    /// Batches of an agent are audited.
    case audit
    /// Keys are taken to open tokens, blobs and texts.
    case read
    /// The keys are wiped.
    case lock
  }

  /// What an event does in a phase. §10.4
  public static func step(_ phase: Phase, _ event: Event) -> MachineStep<Phase> {
    switch (phase, event) {
    case (.absent, .create):
      .gives("PasswordWrap, PrivateKeys, OwnerVault, AccountState", next: .open)
    case (.locked, .open): .gives("nothing", next: .open)
    case (.locked, .openDue): .gives("nothing", next: .rotationDue)
    case (.locked, .create): .refuses(.alreadyPinned, next: .locked)
    case (.absent, _), (.locked, _): .refuses(.noMasterKey, next: phase)

    case (_, .create), (_, .open), (_, .openDue): .refuses(.alreadyPinned, next: phase)
    case (.rotationDue, .request), (.rotationDue, .grant):
      .refuses(.rotationDue, next: .rotationDue)  // R-12.3-1
    case (_, .changePassword): .gives("PasswordWrap, OwnerVault", next: phase)
    case (_, .makeCode): .gives("code text, OwnerVault", next: phase)
    case (_, .request), (_, .grant): .gives("Grant, OwnerVault", next: phase)
    case (_, .revoke): .gives("AccountState, OwnerVault", next: phase)
    case (_, .revokeDue): .gives("AccountState, OwnerVault", next: .rotationDue)
    case (_, .rotate):
      .gives("PasswordWrap, PrivateKeys, OwnerVault, AccountState, RuleSet, Grants", next: .open)
    case (_, .rules): .gives("RuleSet, AccountState, OwnerVault", next: phase)
    case (_, .audit): .gives("findings, totals, OwnerVault", next: phase)
    case (_, .read): .gives("values", next: phase)
    case (_, .lock): .gives("nothing", next: .locked)
    }
  }
}
