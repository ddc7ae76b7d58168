public import EndkeyPrimitives
public import EndkeyWire

// The agent's state on its disk. §13.4, R-13.1-4

extension Agent {
  /// What the caller writes, whole or not at all, before the output of the last step leaves the process.
  ///
  /// `stopped` when the agent has: what is on the disk stays for whoever looks into it.
  public mutating func save(
    deviceKey: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(ProtocolError) -> LocalState {
    guard let memory else { throw ProtocolError(.stopped, "13.4") }
    guard let writes = writes.next else { throw ProtocolError(.limitReached, "13.4") }
    let state = try LocalState.seal(
      try memory.contents(phase: phase), type: .agentState, accountID: accountID ?? .zero,
      epoch: memory.state?.state.epoch, writes: writes, deviceKey: deviceKey, using: &random)
    self.writes = writes
    return state
  }

  /// The agent starts: `bytes` is what stands on its disk, nil if nothing; `isMarked` is whether the mark
  /// stands that it was pinned.
  ///
  /// A marked agent whose state is missing, damaged, does not open, or is from before it was pinned has
  /// stopped. Without the mark there is nothing to lose: then this is a new agent, with a new identity.
  public init(
    restoring bytes: [UInt8]?, deviceKey: borrowing SecretBytes, isMarked: Bool,
    using random: inout some RandomSource
  ) throws(ProtocolError) {
    do throws(ProtocolError) {
      let agent = try Agent(opening: bytes ?? [], deviceKey: deviceKey)
      guard agent.needsMark || !isMarked else { throw ProtocolError(.stopped, "13.1") }
      self = agent
    } catch {
      // The event `state_lost`. §10.3
      switch AgentMachine.step(isMarked ? .pinned : .unpinned, .stateLost).next {
      case .unpinned: self.init(identity: try .generate(using: &random))
      default: self.init(phase: .stopped, writes: 0, memory: nil)
      }
    }
  }

  /// Reads and opens a state: a fault of format, else `localStateOpenFailed`. R-13.4-1
  public init(opening bytes: [UInt8], deviceKey: borrowing SecretBytes) throws(ProtocolError) {
    let state = try LocalState(received: bytes, type: .agentState)
    let secrets = try state.open(deviceKey: deviceKey)
    let contents = try wire("13.4", or: .localStateOpenFailed) { () throws(WireError) in
      try secrets.withBytes { (bytes) throws(WireError) in try AgentContents(parsing: bytes) }
    }
    self.init(
      phase: contents.phase, writes: state.writes,
      memory: try AgentMemory(contents, secrets, header: state.header))
  }
}
