internal import EndkeyFuzz

extension FuzzTarget {
  /// The two ends, and the audit, each taken through a list of events that the input chooses.
  static let machines: [FuzzTarget] = [
    FuzzTarget(
      "agent", "an agent under any events: the latch never opens, nothing goes back, no plaintext leaves",
      maxLength: 256, seeds: [.none]
    ) { (input, _) throws(Violation) in
      var run = try AgentRun()
      return try run.take(Script(input))
    },
    FuzzTarget(
      "owner",
      "an owner's end under any events: counters go up, a refusal changes nothing, no key for the revoked",
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
