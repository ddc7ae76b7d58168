internal import EndkeySuite

/// How the runner was called, for commands that repeat a case.
public struct Invocation: Sendable {
  /// Those that any repetition needs, such as where the vectors are.
  let options: [String]
  /// Those that fix what is asked before a case, but for the seed.
  let scope: [String]
  let client: [String]

  public init(options: [String] = [], scope: [String] = [], client: [String]) {
    self.options = options
    self.scope = scope
    self.client = client
  }

  /// The command that shows a failure again: by itself, or with all that was asked before it if it needs that. A check
  /// draws what it asks from the seed.
  func again(_ failure: CaseResult, seed: UInt64) -> (says: String, command: String) {
    if failure.failsAlone == false {
      return (
        "passes by itself: it fails by what came before, or by chance; again, with all of it",
        command(scope + ["--seed", "\(seed)", "--until", failure.id])
      )
    }
    let drawn = failure.kind == .check ? ["--seed", "\(seed)"] : []
    return ("again", command(drawn + ["--repeat", failure.id]))
  }

  private func command(_ more: [String]) -> String {
    (["endkey", "conform"] + options + more + ["--"] + client).map(\.quoted).joined(separator: " ")
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
    for problem in problems { lines.append(problem.shown) }
    lines += [
      "",
      "planned \(planned) = executed \(executed) + unsupported \(count(.unsupported)) + skipped \(count(.skipped))",
    ]
    if isComplete { lines.append("conforms to profile \(profile.rawValue)") }
    lines.append("\(passed) passed, \(failed) failed")
    return lines
  }

  private func fixes(_ invocation: Invocation) -> [String] {
    var lines = ["Repair first what stands first: what follows rests on it."]
    // What to do is said once.
    var advised: Set<String> = []
    for group in groups {
      lines.append("")
      lines.append("\(group.op): \(group.failures.count) of \(group.tier.title)")
      let shown = group.alike.prefix(5)
      for alike in shown {
        lines += show(alike.first, &advised)
        if alike.count > 1 { lines.append("    and \(alike.count - 1) more of this kind") }
      }
      let rest = group.alike.dropFirst(5).reduce(0) { $0 + $1.count }
      if rest > 0 { lines.append("  and \(rest) more of other kinds") }
      for alike in shown.prefix(1) {
        let again = invocation.again(alike.first, seed: seed)
        lines.append("  \(again.says): \(again.command)")
      }
    }
    return lines
  }

  private func show(_ failure: CaseResult, _ advised: inout Set<String>) -> [String] {
    var lines = ["  \(failure.verdict.rawValue)  \(failure.id)", "    \(failure.reason.shown)"]
    if let advice = failure.advice {
      lines.append(
        advised.insert(advice).inserted ? "    what to do: \(advice.shown)" : "    what to do: as above")
    }
    if let expected = failure.expected { lines.append("    expected \(expected.short)") }
    if let got = failure.got { lines.append("    got      \(got.short)") }
    if let difference = failure.difference {
      lines.append("    first value that differs: \(difference.name), expected \(difference.expected.short)")
    }
    if let cause = failure.cause { lines.append("    likely cause: \(cause)") }
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

extension CaseResult {
  fileprivate var likeness: String {
    if behind != nil { return "behind" }
    let words = reason.prefix { $0 != ":" && $0 != ";" }.split(separator: " ")
    return advice
      ?? "\(verdict.rawValue) \(words.filter { !$0.contains(where: \.isNumber) }.joined(separator: " "))"
  }
}

extension Report.Group {
  /// Failures of one kind: what to do is the same, or they stand behind one twin, or the reason is the same up to the
  /// names and values in it. The first of each kind, and how many there are.
  fileprivate var alike: [(first: CaseResult, count: Int)] {
    var places: [String: Int] = [:]
    var kinds: [(first: CaseResult, count: Int)] = []
    for failure in failures {
      let kind = failure.likeness
      if let place = places[kind] {
        kinds[place].count += 1
      } else {
        places[kind] = kinds.count
        kinds.append((failure, 1))
      }
    }
    return kinds
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
