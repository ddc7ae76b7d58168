internal import EndkeySuite

/// The whole suite: one file an operation, and the scenarios.
public enum Suite {
  /// The operations that have a file, in the order in which they are generated.
  public static var ops: [String] { families.map(\.op) }

  /// Makes every file, in order, with the stamps of `records`. `progress` is told of each file before it is made.
  public static func generate(
    records: SuiteRecords? = nil,
    progress: (_ op: String, _ index: Int, _ count: Int) -> Void = { _, _, _ in }
  ) throws -> [(name: String, bytes: [UInt8])] {
    var ids: [String: String] = [:]
    var files: [VectorFile] = []
    var faults: [String] = []
    for (index, family) in families.enumerated() {
      progress(family.op, index, families.count)
      let file: VectorFile
      do {
        file = try family.file()
      } catch let error as SuiteError {
        faults.append(error.description)
        continue
      }
      for vector in file.tests {
        if let other = ids.updateValue(file.op, forKey: vector.id) {
          throw SuiteError("id \(vector.id) stands in \(other) and \(file.op)")
        }
      }
      files.append(file)
    }
    guard faults.isEmpty else { throw SuiteError(faults.joined(separator: "\n")) }
    try records?.check(against: files)
    let named = try files.map { file in
      // Through the strict reader: what it refuses is not generated.
      let bytes = try (records?.stamping(file) ?? file).serialized
      _ = try VectorFile(parsing: bytes)
      return (name: VectorFile.name(of: file.op), bytes: bytes)
    }
    return named + [(ScenarioFile.name, try ScenarioFile.made(vectors: Set(ids.keys)).serialized)]
  }
}
