internal import EndkeyConformance
internal import EndkeyVectors

/// Results as JUnit XML, which CI systems read.
enum JUnit {
  static func document(_ results: [VectorResult]) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"endkey\">\n"
    for result in results {
      let failures = Dictionary(result.report.failures.map { ($0.id, $0) }) { first, _ in first }
      text += "  <testsuite name=\"\(Markup.escaped(result.report.op))\" tests=\"\(result.ids.count)\""
      text += " failures=\"\(failures.count)\">\n"
      for id in result.ids {
        text +=
          "    <testcase classname=\"\(Markup.escaped(result.report.op))\" name=\"\(Markup.escaped(id))\""
        guard let failure = failures[id] else {
          text += "/>\n"
          continue
        }
        var message = "expected \(failure.expected), got \(failure.got)"
        if let difference = failure.firstDifference { message += "; \(difference) differs first" }
        text += "><failure message=\"\(Markup.escaped(message))\"/></testcase>\n"
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }
}
