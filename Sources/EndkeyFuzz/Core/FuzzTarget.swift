internal import EndkeyJSON

/// Something that is fuzzed: a reader of outside bytes and the properties that it must have.
///
/// The fuzzer (`fuzz/run`), the replay of the corpus by `swift test`, and the planted bugs that prove the
/// properties worth running all call the same `run`.
public struct FuzzTarget: Sendable {
  /// What a run made of its input. A corpus that is only refused, or only accepted, tests little.
  public enum Outcome: Sendable {
    case accepted, refused
  }

  /// Where inputs to start from are taken.
  public enum Seed: Equatable, Sendable {
    /// The bytes of the member `field`, in hex, of every vector of the file of `op`.
    case vectors(_ op: String, _ field: String)
    /// What the function of this name in `tools/endkey_tools/fuzz/seeds.py` makes of the vectors.
    case made(_ name: String)
    /// Nothing that exists already: the fuzzer starts from random bytes.
    case none
  }

  public let name: String
  /// What is read, and what must hold, in one line.
  public let about: String
  /// Longer inputs find nothing more, and take time.
  public let maxLength: Int
  public let seeds: [Seed]
  private let body: @Sendable (Span<UInt8>, Effort) throws(Violation) -> Outcome

  public init(
    _ name: String, _ about: String, maxLength: Int = 4096, seeds: [Seed],
    _ body: @escaping @Sendable (Span<UInt8>, Effort) throws(Violation) -> Outcome
  ) {
    self.name = name
    self.about = about
    self.maxLength = maxLength
    self.seeds = seeds
    self.body = body
  }

  /// Throws when a property does not hold for `input`. Whatever else `input` causes (a trap, an endless loop)
  /// is a bug just as well.
  public func run(_ input: Span<UInt8>, _ effort: Effort) throws(Violation) -> Outcome {
    try body(input, effort)
  }
}

extension FuzzTarget {
  /// The target as a line of JSON, for `fuzz/run`.
  public var listing: String {
    let seeds = seeds.map { seed -> JSONValue in
      switch seed {
      case .vectors(let op, let field): [.string(op), .string(field)]
      case .made(let name): .string(name)
      case .none: "none"
      }
    }
    let value: JSONValue = [
      "name": .string(name), "about": .string(about), "maxLength": .integer(maxLength),
      "seeds": .array(seeds),
    ]
    return String(decoding: value.serialized(.compact).dropLast(), as: UTF8.self)
  }
}
