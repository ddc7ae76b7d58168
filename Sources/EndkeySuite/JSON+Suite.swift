internal import EndkeyJSON

extension JSONFields {
  /// The head of every file of a suite: schema, and the versions that this code knows.
  mutating func requireHead(schema: String) throws(JSONShapeError) {
    for (key, expected) in [("schema", schema), ("suite", SuiteVersion.suite), ("spec", SuiteVersion.spec)] {
      let cursor = try required(key)
      guard try cursor.string() == expected else { throw cursor.error("expected \"\(expected)\"") }
    }
  }
}
