internal import EndkeyJSON
internal import EndkeySuite

/// One page without any other file: the matrix by section, and all that is known of each failure.
extension Report {
  public func html(repeating invocation: Invocation) -> [UInt8] {
    let title = Markup.escaped("\(client.name) \(client.version)")
    var page = """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Endkey conformance: \(title)</title>
      <style>\(Self.style)</style>
      <h1>\(title)</h1>
      <p class="\(isPass ? "pass" : "fail")">\(Markup.escaped(headline))</p>
      <p>Suite \(SuiteVersion.suite), specification \(SuiteVersion.spec), profile \(profile.rawValue), seed \(seed), \
      \(processes) process\(processes == 1 ? "" : "es"), \(seconds.shortText) s.
      Planned \(planned) = executed \(executed) + unsupported \(count(.unsupported)) + skipped \(count(.skipped)).</p>

      """
    for problem in problems { page += "<p class=fail>\(Markup.escaped(problem))</p>\n" }
    page += matrix
    if !groups.isEmpty {
      page += "<h2>Failures</h2>\n<p>Repair first what stands first: what follows rests on it.</p>\n"
      for group in groups {
        page += "<h3>\(Markup.escaped(group.op)) <small>\(group.tier.title)</small></h3>\n"
        for failure in group.failures { page += article(failure, invocation) }
      }
    }
    page += rest
    return Array((page + "</html>\n").utf8)
  }

  private var headline: String {
    if isComplete { return "Conforms to profile \(profile.rawValue): \(passed) passed." }
    if isEmpty { return "Nothing was executed." }
    return "\(passed) passed, \(failed) failed, \(known) known, \(count(.unsupported)) unsupported."
  }

  private var matrix: String {
    var table =
      "<h2>By section</h2>\n<table><tr><th>Section<th>Passed<th>Failed<th>Known<th>Unsupported<th>Skipped\n"
    for row in rows {
      let name = row.chapter.isEmpty ? row.title : "\(row.chapter) \(row.title)"
      let kind = row.failed + row.skipped > 0 ? "fail" : row.unsupported + row.known > 0 ? "part" : "pass"
      table += "<tr class=\(kind)><td>\(Markup.escaped(name))"
      for number in [row.passed, row.failed, row.known, row.unsupported, row.skipped] {
        table += "<td>\(number == 0 ? "" : "\(number)")"
      }
      table += "\n"
    }
    return table + "</table>\n"
  }

  private func article(_ failure: CaseResult, _ invocation: Invocation) -> String {
    var text = "<details id=\"\(Markup.escaped(failure.id))\"><summary><b>\(failure.verdict.rawValue)</b> "
    text += "\(Markup.escaped(failure.id)): \(Markup.escaped(failure.reason.shown))</summary>\n"
    if !failure.about.isEmpty { text += "<p>\(Markup.escaped(failure.about))</p>\n" }
    for id in failure.req {
      let words = requirements[id].map { Markup.escaped($0.text) } ?? ""
      text += "<blockquote><b>\(Markup.escaped(id))</b> \(words)</blockquote>\n"
    }
    if let cause = failure.cause { text += "<p class=cause>Likely cause: \(Markup.escaped(cause))</p>\n" }
    if let difference = failure.difference {
      text += "<p>First intermediate value that differs: <b>\(Markup.escaped(difference.name))</b></p>\n"
      text +=
        Self.block("expected", difference.expected) + (difference.got.map { Self.block("got", $0) } ?? "")
    }
    if let request = failure.request { text += Self.block("request", .object(request)) }
    if let expected = failure.expected { text += Self.block("expected", expected) }
    if let got = failure.got { text += Self.block("got", got) }
    if let advice = failure.advice { text += "<p class=cause>What to do: \(Markup.escaped(advice))</p>\n" }
    let again = invocation.again(failure, seed: seed)
    text += "<p>\(Markup.escaped(again.says)): <code>\(Markup.escaped(again.command))</code></p>\n"
    return text + "</details>\n"
  }

  /// JSON, at most 16 KiB of it.
  private static func block(_ name: String, _ value: JSONValue) -> String {
    let bytes = value.serialized(.pretty)
    let text = String(decoding: bytes.prefix(16 << 10), as: UTF8.self)
    let more = bytes.count > 16 << 10 ? "\n… of \(bytes.count) bytes; report.json has more" : ""
    let lines = (text + more).split(separator: "\n", omittingEmptySubsequences: false).map {
      Markup.escaped(String($0))
    }
    return "<p>\(name)</p><pre>\(lines.joined(separator: "\n"))</pre>\n"
  }

  private var rest: String {
    var text = ""
    let excused = results.filter { $0.known != nil }
    if !excused.isEmpty {
      text += "<h2>Known failures</h2>\n<ul>\n"
      for one in excused {
        guard let known = one.known else { continue }
        text += "<li>\(Markup.escaped(one.id)) (\(one.verdict.rawValue)): \(Markup.escaped(known.reason)), "
        text += "until \(Markup.escaped(known.expiry)): \(Markup.escaped(known.link))\n"
      }
      text += "</ul>\n"
    }
    if !unsupportedOps.isEmpty {
      text +=
        "<h2>Unsupported</h2>\n<p>\(unsupportedOps.map { Markup.escaped($0) }.joined(separator: ", "))</p>\n"
    }
    return text
  }

  private static let style = """
    :root{color-scheme:light dark}
    body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
    table{border-collapse:collapse}th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #8884}
    th:first-child,td:first-child{text-align:left}tr.pass td:first-child::before{content:"✓ ";color:#2a7f3f}
    tr.fail td:first-child::before{content:"✗ ";color:#b3261e}tr.part td:first-child::before{content:"– "}
    p.pass{color:#2a7f3f;font-weight:600}p.fail,p.cause{color:#b3261e;font-weight:600}h3 small{font-weight:400}
    details{margin:.5rem 0;padding:.3rem .6rem;border:1px solid #8884;border-radius:4px}summary{cursor:pointer}
    pre{max-height:20rem;overflow:auto;padding:.5rem;background:#8881;white-space:pre-wrap;overflow-wrap:anywhere}
    blockquote{margin:.3rem 0;padding-left:.8rem;border-left:3px solid #8888}code{overflow-wrap:anywhere}
    """
}
