/// The whole suite: one file an operation, and the scenarios.
public enum Suite {
  /// The operations that have a file, in the order in which they are generated.
  public static var ops: [String] { families.map(\.op) }

  /// Makes every file, in order. `progress` is told of each file before it is made.
  public static func generate(
    progress: (_ op: String, _ index: Int, _ count: Int) -> Void = { _, _, _ in }
  ) throws -> [(name: String, bytes: [UInt8])] {
    var ids: [String: String] = [:]
    var files: [(name: String, bytes: [UInt8])] = []
    for (index, family) in families.enumerated() {
      progress(family.op, index, families.count)
      let file = try family.file()
      for vector in file.tests {
        if let other = ids.updateValue(file.op, forKey: vector.id) {
          throw SuiteError("id \(vector.id) stands in \(other) and \(file.op)")
        }
      }
      files.append((VectorFile.name(of: family.op), file.serialized))
    }
    files.append((ScenarioFile.name, try ScenarioFile.made(vectors: Set(ids.keys))))
    return files
  }
}
