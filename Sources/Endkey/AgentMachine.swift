public import EndkeyWire

/// The agent's state machine as the table of §10.3, pure data. R-10.3-1
public enum AgentMachine {
  /// An input that passed its checks.
  public enum Event: String, CaseIterable, Sendable {
    /// A person gives an enrolment code.
    case code
    /// An AccountState that does not list this agent, of an epoch for which it holds no keys.
    case state
    /// The same, of an epoch for which it holds keys.
    case stateOfKeys = "state_of_keys"
    /// An AccountState that lists this agent as revoked.
    case stateRevokes = "state_revokes"
    /// A Grant for this agent, of the epoch of its state.
    case grant
    /// A value, a content or a batch is to be tokenised, sealed or signed.
    case activity
    /// The service says that encryption is off, or anything else that is not a message.
    case serviceOff = "service_off"
    /// The agent starts, and its state is missing, damaged or does not open.
    case stateLost = "state_lost"
  }

  /// What an event does in a phase. §10.3
  public static func step(_ phase: AgentPhase, _ event: Event) -> MachineStep<AgentPhase> {
    switch (phase, event) {
    case (.unpinned, .code): .gives("EnrolmentRequest", next: .pinned)
    case (.unpinned, .stateLost): .gives("nothing", next: .unpinned)
    case (.unpinned, _): .refuses(.notPinned, next: .unpinned)

    case (.stopped, _): .refuses(.stopped, next: .stopped)
    case (_, .stateLost): .gives("nothing", next: .stopped)
    case (_, .code): .refuses(.alreadyPinned, next: phase)
    case (_, .serviceOff): .refuses(.latched, next: phase)  // R-13.1-3

    case (.revoked, _): .refuses(.revoked, next: .revoked)
    case (_, .stateRevokes): .gives("nothing", next: .revoked)

    case (.pinned, .state), (.pinned, .stateOfKeys): .gives("nothing", next: .waiting)
    case (.pinned, .grant), (.pinned, .activity): .refuses(.noState, next: .pinned)

    case (_, .state): .gives("nothing", next: .waiting)
    case (_, .stateOfKeys), (_, .grant): .gives("nothing", next: .active)
    case (.waiting, .activity): .refuses(.noGrant, next: .waiting)  // R-13.1-5
    case (.active, .activity): .gives("Token, SealedBlob or RecordBatch", next: .active)
    }
  }
}
