import Foundation

/// What a run found, a JSON object a line on standard output: `run` makes tables and curves of it.
struct Report {
  /// Whether only to prove that everything runs and that fast paths equal plain ones.
  let isQuick: Bool
  private(set) var checks = 0

  init(quick: Bool) { isQuick = quick }

  /// Stops the run unless `isTrue`.
  mutating func check(_ what: String, _ isTrue: Bool) {
    guard isTrue else {
      FileHandle.standardError.write(Data("failed: \(what)\n".utf8))
      exit(1)
    }
    checks += 1
    emit(["kind": "check", "what": what])
  }

  /// A ratio, or a rate in `unit`, and what it should be at least or at most; a row without a target informs.
  func row(
    _ group: String, _ what: String, _ value: Double, _ unit: String, atLeast: Double? = nil,
    atMost: Double? = nil
  ) {
    var row: [String: Any] = ["kind": "row", "group": group, "what": what, "value": value, "unit": unit]
    row["at_least"] = atLeast
    row["at_most"] = atMost
    emit(row)
  }

  /// A row that cannot be measured here.
  func missing(_ group: String, _ what: String, _ why: String) {
    emit(["kind": "missing", "group": group, "what": what, "why": why])
  }

  /// A point of a curve of growth.
  func point(_ curve: String, _ x: Int, _ seconds: Double) {
    emit(["kind": "point", "curve": curve, "x": x, "seconds": seconds])
  }

  private func emit(_ object: [String: Any]) {
    guard let line = try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys) else {
      fatalError("no JSON: \(object)")
    }
    FileHandle.standardOutput.write(line + Data("\n".utf8))
  }
}
