internal import EndkeyVectors

/// Results as JUnit XML, which CI systems read.
enum JUnit {
  static func document(_ results: [VectorResult]) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"endkey\">\n"
    for result in results {
      let failures = Dictionary(result.report.failures.map { ($0.id, $0) }) { first, _ in first }
      text += "  <testsuite name=\"\(escaped(result.report.op))\" tests=\"\(result.ids.count)\""
      text += " failures=\"\(failures.count)\">\n"
      for id in result.ids {
        text += "    <testcase classname=\"\(escaped(result.report.op))\" name=\"\(escaped(id))\""
        guard let failure = failures[id] else {
          text += "/>\n"
          continue
        }
        var message = "expected \(failure.expected), got \(failure.got)"
        if let difference = failure.firstDifference { message += "; \(difference) differs first" }
        text += "><failure message=\"\(escaped(message))\"/></testcase>\n"
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  /// For an attribute. Characters that XML cannot hold become `?`.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": escaped += "?"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
