/// JUnit XML, which CI systems read.
extension Report {
  public var junit: [UInt8] {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"endkey conform: "
    text += "\(Markup.escaped(client.name))\" tests=\"\(planned + problems.count)\" failures=\"\(failed)\">\n"
    for (op, cases) in Dictionary(grouping: results, by: \.op).sorted(by: { $0.key < $1.key }) {
      let failed = cases.count(where: \.isFailure)
      let skipped = cases.count { !$0.isFailure && $0.verdict != .pass }
      text += "  <testsuite name=\"\(Markup.escaped(op))\" tests=\"\(cases.count)\" failures=\"\(failed)\""
      text += " skipped=\"\(skipped)\">\n"
      for one in cases { text += "    \(one.junit)\n" }
      text += "  </testsuite>\n"
    }
    if !problems.isEmpty {
      text += "  <testsuite name=\"run\" tests=\"\(problems.count)\" failures=\"\(problems.count)\">\n"
      for (index, problem) in problems.enumerated() {
        text += "    <testcase classname=\"run\" name=\"problem-\(index + 1)\">"
        text += "<failure message=\"\(Markup.escaped(problem))\"/></testcase>\n"
      }
      text += "  </testsuite>\n"
    }
    return Array((text + "</testsuites>\n").utf8)
  }
}

extension CaseResult {
  fileprivate var junit: String {
    let head = "<testcase classname=\"\(Markup.escaped(op))\" name=\"\(Markup.escaped(id))\""
    let message = Markup.escaped("\(verdict.rawValue): \(reason)")
    if isFailure {
      return "\(head)><failure type=\"\(verdict.rawValue)\" message=\"\(message)\"/></testcase>"
    }
    return verdict == .pass ? "\(head)/>" : "\(head)><skipped message=\"\(message)\"/></testcase>"
  }
}
