/// One row of a state machine's table.
public enum MachineStep<Phase: Sendable>: Sendable {
  /// The event happens; `output` names what comes of it.
  case gives(_ output: String, next: Phase)
  /// The event is refused.
  case refuses(ErrorCode, next: Phase)

  /// The phase behind the event.
  public var next: Phase {
    switch self {
    case .gives(_, let next), .refuses(_, let next): next
    }
  }

  /// The names of what comes of the event; nil when it is refused.
  public var output: String? {
    switch self {
    case .gives(let output, _): output
    case .refuses: nil
    }
  }

  /// The code of the refusal; nil when the event happens.
  public var error: ErrorCode? {
    switch self {
    case .gives: nil
    case .refuses(let code, _): code
    }
  }

  /// The next phase, or the error as one of `section`.
  package func get(_ section: String) throws(ProtocolError) -> Phase {
    switch self {
    case .gives(_, let next): return next
    case .refuses(let code, _): throw ProtocolError(code, section)
    }
  }
}
