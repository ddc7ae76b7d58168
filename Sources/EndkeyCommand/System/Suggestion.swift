internal import EndkeyJSON
internal import EndkeyWire

/// What somebody may have meant who mistyped a name.
enum Suggestion {
  /// The one of `names` that `name` becomes by the fewest insertions, removals, replacements and swaps of neighbours;
  /// nil when that is more than a third of it.
  static func nearest(to name: String, among names: [String]) -> String? {
    let typed = Array(name.lowercased())
    let scored = names.map { ($0, distance(typed, Array($0.lowercased()))) }
    guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(1, typed.count / 3) else { return nil }
    return best.0
  }

  /// Says that there is no `name`, and which there are.
  static func unknown(_ what: String, _ name: String, among names: [String]) -> String {
    let meant = nearest(to: name, among: names).map { ": did you mean \"\($0)\"?" }
    return "no \(what) \"\(name)\"\(meant ?? "; one of \(names.joined(separator: ", "))")"
  }

  /// The optimal string alignment distance. A long name is no mistyped one, and not compared.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    guard left.count <= 64 else { return left.count }
    var (before, last) = ([Int](), Array(0...right.count))
    for (row, a) in left.enumerated() {
      var line = [row + 1]
      for (column, b) in right.enumerated() {
        var least = min(line[column] + 1, last[column + 1] + 1, last[column] + (a == b ? 0 : 1))
        if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
          least = min(least, before[column - 1] + 1)
        }
        line.append(least)
      }
      (before, last) = (last, line)
    }
    return last[right.count]
  }
}

/// A number with its noun.
func counted(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}

extension JSONCursor {
  /// One of the values of an enumeration, by its name in the registry.
  func named<Value: WireEnum>(_ what: String) throws(JSONShapeError) -> Value {
    let name = try string()
    guard let value = Value(name: name) else {
      throw error(Suggestion.unknown(what, name, among: Value.allCases.map(\.name)))
    }
    return value
  }
}
