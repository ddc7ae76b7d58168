public import EndkeyJSON

/// What became of the tests of one file.
public struct WycheproofReport: Equatable, Sendable {
  /// A test whose statement does not hold here.
  public struct Failure: Equatable, Sendable {
    /// The file's `tcId`.
    public let id: Int
    /// The file's own words on the test.
    public let comment: String
    /// What happened instead.
    public let what: String
  }

  /// Tests that were not run, for one reason.
  public struct Skipped: Equatable, Sendable {
    public let reason: String
    public fileprivate(set) var count: Int
  }

  /// The name that the caller gave.
  public let name: String
  /// The algorithm that the file states.
  public let algorithm: String
  public private(set) var passed = 0
  /// In the order of the file.
  public private(set) var failures: [Failure] = []
  /// In the order of first appearance.
  public private(set) var skipped: [Skipped] = []

  init(name: String, algorithm: String) {
    self.name = name
    self.algorithm = algorithm
  }

  /// Tests that ran: passed or failed.
  public var ran: Int { passed + failures.count }
  /// All tests of the file.
  public var total: Int { ran + skipped.reduce(0) { $0 + $1.count } }
  /// Whether tests ran and none failed.
  public var isSuccess: Bool { ran > 0 && failures.isEmpty }

  /// The report for programs.
  public var json: JSONValue {
    [
      "file": .string(name),
      "algorithm": .string(algorithm),
      "passed": .integer(passed),
      "failed": .integer(failures.count),
      "skipped": .integer(total - ran),
      "failures": .array(
        failures.map { ["tcId": .integer($0.id), "comment": .string($0.comment), "what": .string($0.what)] }),
      "skippedBecause": .array(skipped.map { ["reason": .string($0.reason), "count": .integer($0.count)] }),
    ]
  }

  /// Runs one test and counts it. Throws only what the file is to blame for.
  mutating func add(_ test: WycheproofTest, _ body: (inout WycheproofTest) throws -> Void) throws {
    var test = test
    do {
      try body(&test)
      passed += 1
    } catch WycheproofStop.fail(let what) {
      failures.append(Failure(id: test.id, comment: test.comment, what: what))
    } catch WycheproofStop.skip(let reason) {
      if let index = skipped.firstIndex(where: { $0.reason == reason }) {
        skipped[index].count += 1
      } else {
        skipped.append(Skipped(reason: reason, count: 1))
      }
    }
  }
}
