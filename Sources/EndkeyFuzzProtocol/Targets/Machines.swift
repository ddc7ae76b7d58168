internal import EndkeyFuzz

extension FuzzTarget {
  /// An agent, the persons of an account, and the audit, each taken through a list of events that the input chooses.
  static let machines: [FuzzTarget] = [
    FuzzTarget(
      "agent",
      "an agent under any events: the latch never opens, neither states nor clock go back, no plaintext leaves",
      maxLength: 256, seeds: [.none]
    ) { (input, _) throws(Violation) in
      var run = try AgentRun()
      return try run.take(Script(input))
    },
    FuzzTarget(
      "owner",
      "an owner's and a manager's end, and a service that loses and lies: pins never go back, each act settles, "
        + "whoever was removed gets no new key",
      maxLength: 128, seeds: [.none]
    ) { (input, _) throws(Violation) in
      var run = try OwnerRun()
      return try run.take(Script(input))
    },
    FuzzTarget(
      "audit", "batches in any order, some changed: each counted once, in order, and only as signed",
      maxLength: 128, seeds: [.none]
    ) { (input, _) throws(Violation) in try AuditProperties.check(Script(input)) },
  ]
}
