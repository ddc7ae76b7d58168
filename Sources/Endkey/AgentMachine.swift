public import EndkeyWire

/// The agent's state machine as the table of §10.3, pure data. R-10.3-1
public enum AgentMachine {
  /// An input that passed its checks. The conditions of the table are part of the event here, so that a phase and an
  /// event have one row.
  public enum Event: String, CaseIterable, Sendable {
    /// A person gives an enrolment code of role `agent`; of the agent's account, if it has one.
    case code
    /// The same, and its generation is above that of the AccountState kept.
    case codeAbove = "code_above"
    /// A person gives an enrolment code of role `manager`; of the agent's account, if it has one.
    case codeOfManager = "code_of_manager"
    /// A person gives an enrolment code of another account.
    case codeOfOther = "code_of_other"
    /// An AccountState that does not list this agent, and of which it holds no keys.
    case state
    /// The same, of the generation, epoch and commitment of the keys held.
    case stateOfKeys = "state_of_keys"
    /// An AccountState that lists this agent.
    case stateRevokes = "state_revokes"
    /// A Grant for this agent under the AccountState kept, which does not list it.
    case grant
    /// The same, and the AccountState kept lists the agent.
    case grantListed = "grant_listed"
    /// Something was captured.
    case capture
    /// A token, blob or batch is to be made, and the AccountState kept has not expired.
    case activity
    /// The same, and it has expired.
    case activityExpired = "activity_expired"
    /// The service says that encryption is off, or anything else that is not a message.
    case serviceOff = "service_off"
    /// The agent starts, and its state is missing, damaged or does not open.
    case stateLost = "state_lost"
  }

  /// What an event does in a phase. §10.3
  public static func step(_ phase: AgentPhase, _ event: Event) -> MachineStep<AgentPhase> {
    switch (phase, event) {
    case (.unpinned, .code), (.unpinned, .codeAbove), (.unpinned, .codeOfOther):
      .gives("EnrolmentRequest", next: .pinned)
    case (.unpinned, .codeOfManager): .refuses(.wrongRecipient, next: .unpinned)
    case (.unpinned, .stateLost): .gives("nothing", next: .unpinned)
    case (.unpinned, _): .refuses(.notPinned, next: .unpinned)

    case (.stopped, _): .refuses(.stopped, next: .stopped)
    case (_, .stateLost): .gives("nothing", next: .stopped)
    case (_, .serviceOff): .refuses(.latched, next: phase)  // R-13.1-3

    case (.active, .code), (.active, .codeAbove), (.active, .codeOfManager), (.active, .codeOfOther),
      (.revoked, .code), (.revoked, .codeAbove), (.revoked, .codeOfManager), (.revoked, .codeOfOther):
      .refuses(.alreadyPinned, next: phase)
    case (_, .code): .gives("EnrolmentRequest", next: phase)
    case (_, .codeAbove): .gives("EnrolmentRequest", next: .pinned)
    case (_, .codeOfManager): .refuses(.wrongRecipient, next: phase)
    case (_, .codeOfOther): .refuses(.alreadyPinned, next: phase)

    case (.revoked, .state), (.revoked, .stateOfKeys), (.revoked, .stateRevokes):
      .gives("nothing", next: .revoked)
    case (.revoked, .grant): .gives("nothing", next: .active)
    case (.revoked, _): .refuses(.revoked, next: .revoked)

    case (_, .capture): .gives("spool frame", next: phase)
    case (_, .stateRevokes): .gives("nothing", next: .revoked)

    case (.pinned, .state), (.pinned, .stateOfKeys): .gives("nothing", next: .waiting)
    case (.pinned, _): .refuses(.noState, next: .pinned)

    case (_, .state): .gives("nothing", next: .waiting)
    case (.waiting, .stateOfKeys): .gives("nothing", next: .waiting)
    case (_, .grant), (.active, .stateOfKeys): .gives("nothing", next: .active)
    case (.waiting, _): .refuses(.noGrant, next: .waiting)  // R-13.1-5
    case (.active, .activity): .gives("Token, SealedBlob or RecordBatch", next: .active)
    case (.active, .activityExpired): .refuses(.stateExpired, next: .active)
    case (.active, .grantListed): .refuses(.revoked, next: .active)
    }
  }
}
