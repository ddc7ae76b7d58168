internal import EndkeySuite

/// How the runner was called, for commands that repeat a case.
public struct Invocation: Sendable {
  let options: [String]
  let client: [String]

  /// `options` are those that a repetition needs too.
  public init(options: [String] = [], client: [String]) {
    self.options = options
    self.client = client
  }

  /// A check draws what it asks from the seed.
  func again(_ id: String, seed: UInt64) -> String {
    let seed = id.hasPrefix("check-") ? ["--seed", "\(seed)"] : []
    return (["endkey", "conform"] + options + seed + ["--repeat", id, "--"] + client).map(\.quoted)
      .joined(separator: " ")
  }
}

/// The report for a terminal.
extension Report {
  /// Lines, without their ends. The last one is for other programs too.
  public func summary(repeating invocation: Invocation) -> [String] {
    var lines = [
      "client \(client.name.shown) \(client.version.shown), profile \(profile.rawValue), seed \(seed), "
        + "\(processes) process\(processes == 1 ? "" : "es"), \(seconds.shortText) s", "",
    ]
    lines.append(Self.columns("", "pass", "fail", "known", "unsup.", "skip"))
    for row in rows {
      lines.append(
        Self.columns(
          row.chapter.isEmpty ? row.title : "\(row.chapter) \(row.title)", row.passed, row.failed, row.known,
          row.unsupported, row.skipped))
    }
    if !failures.isEmpty { lines += [""] + fixes(invocation) }
    for problem in problems { lines.append("known failures: \(problem)") }
    let given = results.filter { $0.verdict == .skipped }
    if let first = given.first { lines.append("skipped: \(first.reason)") }
    lines += [
      "",
      "planned \(planned) = executed \(executed) + unsupported \(count(.unsupported)) + skipped \(count(.skipped))",
    ]
    if isEmpty { lines.append("nothing was executed") }
    if isComplete { lines.append("conforms to profile \(profile.rawValue)") }
    lines.append(
      "\(passed) passed, \(failures.count + problems.count + count(.skipped) + (isEmpty ? 1 : 0)) failed"
    )
    return lines
  }

  private func fixes(_ invocation: Invocation) -> [String] {
    var lines = ["Repair first what stands first: what follows rests on it."]
    for group in groups {
      lines.append("")
      lines.append("\(group.op): \(group.failures.count) of \(group.tier.title)")
      for failure in group.failures.prefix(5) {
        lines.append("  \(failure.verdict.rawValue)  \(failure.id)")
        lines.append("    \(failure.reason.shown)")
        if let expected = failure.expected { lines.append("    expected \(expected.short)") }
        if let got = failure.got { lines.append("    got      \(got.short)") }
        if let difference = failure.difference {
          lines.append(
            "    first value that differs: \(difference.name), expected \(difference.expected.short)")
        }
        if let cause = failure.cause { lines.append("    likely cause: \(cause)") }
      }
      if group.failures.count > 5 { lines.append("  and \(group.failures.count - 5) more") }
      if let first = group.failures.first {
        lines.append("  again: \(invocation.again(first.id, seed: seed))")
      }
    }
    return lines
  }

  private static func columns(_ title: String, _ numbers: Any...) -> String {
    let name = title.count > 46 ? title.prefix(45) + "…" : Substring(title)
    return numbers.reduce(name + String(repeating: " ", count: 46 - name.count)) { line, number in
      let text = "\(number)"
      return line + String(repeating: " ", count: max(1, 7 - text.count)) + text
    }
  }
}

extension String {
  /// Without what could steer a terminal.
  var shown: String { Array(utf8).excerpt(1 << 10) }

  /// For a shell.
  fileprivate var quoted: String {
    let plain = utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: ":"):
        true
      default: false
      }
    }
    if plain, !isEmpty { return self }
    return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
