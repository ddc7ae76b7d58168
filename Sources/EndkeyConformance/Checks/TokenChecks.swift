internal import EndkeyJSON

// What tokens mean: the service counts on it.

/// A value in a cell of the grid.
private struct Cell: Hashable {
  let account: String
  let epoch: Int
  let field: String
  let value: [UInt8]

  /// Drawn, and alike but for one thing: accounts but for one bit, epochs neighbours, values that differ in case, in a
  /// space at the end, in composition, or by a byte that needs another block. One key for all: the cells differ by what
  /// is bound to the token.
  static func grid(_ drawing: inout Drawing) -> [Cell] {
    let account = drawing.bytes(16)
    let epoch = drawing.number(1...Int(UInt32.max) - 1)
    let word = Array("a".utf8) + drawing.text(14...14).map { $0 == 0x20 ? 0x2e : $0 }
    let values: [[UInt8]] = [
      [], word, Array("A".utf8) + word.dropFirst(), word + [0x20], word + "\u{e9}".utf8,
      word + "e\u{301}".utf8,
      Array("b".utf8) + word.dropFirst() + word, Array(word.dropLast()),
    ]
    return [account, drawing.flipped(account)].flatMap { account in
      [epoch, epoch + 1].flatMap { epoch in
        RoundTrip.names("token/seal", "field").prefix(4).flatMap { field in
          values.map { Cell(account: Hex.encode(account), epoch: epoch, field: field, value: $0) }
        }
      }
    }
  }

  func prompt(_ key: [UInt8]) -> Prompt {
    Prompt(
      op: "token/seal",
      input: .of([
        "token_key": .hex(key), "account_id": .string(account), "epoch": .integer(epoch),
        "field": .string(field), "value": .hex(value),
      ]))
  }
}

/// Where V stands in a Token (section 8.4 of the specification): after version, field and epoch.
private let synthetic = 6..<22

private func v(of token: [UInt8]) throws(Check.Stop) -> [UInt8] {
  guard token.count > synthetic.upperBound else {
    throw .fault(.fail, "token/seal: a token of \(token.count) bytes")
  }
  return Array(token[synthetic])
}

extension Check {
  static let tokenEquality = Check(
    "check-token-equality", ops: ["token/seal"], req: ["R-14.1-1"],
    "Two tokens are equal if, and only if, account, epoch, field and value are equal."
  ) { (examination) throws(Stop) in
    // Each cell twice, the second time in another order and in another process.
    var drawing = examination.drawing("check-token-equality")
    let cells = drawing.shuffled(Cell.grid(&drawing))
    let key = drawing.bytes(64)
    let first = try examination.outputs(cells.map { $0.prompt(key) })
    examination.client.restart()
    let second = try examination.outputs(cells.reversed().map { $0.prompt(key) }).reversed()
    var seen: [[UInt8]: Cell] = [:]
    for (cell, (one, two)) in zip(cells, zip(first, second)) {
      let token = try one.bytes("token", of: "token/seal")
      guard try two.bytes("token", of: "token/seal") == token else {
        throw .fault(.fail, "two tokens for one value: \(cell)")
      }
      if let other = seen.updateValue(cell, forKey: try v(of: token)) {
        throw .fault(.fail, "one V for two: \(cell) and \(other)")
      }
    }
  }

  static let groupBySum = Check(
    "check-group-by-sum", ops: ["token/seal", "token/open"], req: ["R-14.1-1"],
    "Three agents make tokens, the service sums by V, the owner opens the groups: the totals are those of the values."
  ) { (examination) throws(Stop) in
    var drawing = examination.drawing("check-group-by-sum")
    let word = String(decoding: drawing.text(3...9), as: UTF8.self)
    let names = ["L\(word)", "F\(word)", "l\(word)", "L\(word) ", "Tabellenkalkulation \(word)", "電卓\(word)"]
    let (account, key, epoch) = (drawing.bytes(16), drawing.bytes(64), drawing.edge(1...Int(UInt32.max)))
    var rows: [(name: String, milliseconds: Int)] = []
    for agent in 0..<3 {
      for index in 0..<40 {
        rows.append((names[(index + agent) % names.count], drawing.number(0...100_000)))
      }
    }
    rows = drawing.shuffled(rows)
    let sealed = try examination.outputs(
      rows.map { row in
        Prompt(
          op: "token/seal",
          input: .of([
            "token_key": .hex(key), "account_id": .hex(account), "epoch": .integer(epoch),
            "field": "application_name", "value": .hex(Array(row.name.utf8)),
          ]))
      })
    // The service: knows tokens and durations, nothing else.
    var totals: [[UInt8]: (token: [UInt8], sum: Int)] = [:]
    for (row, out) in zip(rows, sealed) {
      let token = try out.bytes("token", of: "token/seal")
      totals[try v(of: token), default: (token, 0)].sum += row.milliseconds
    }
    // The owner.
    let groups = Array(totals.values)
    let opened = try examination.outputs(
      groups.map { group in
        Prompt(
          op: "token/open",
          input: .of([
            "account_id": .hex(account), "keys": [["epoch": .integer(epoch), "token_key": .hex(key)]],
            "token": .hex(group.token),
          ]))
      })
    var read: [[UInt8]: Int] = [:]
    for (group, out) in zip(groups, opened) {
      read[try out.bytes("value", of: "token/open"), default: 0] += group.sum
    }
    var truth: [[UInt8]: Int] = [:]
    for row in rows { truth[Array(row.name.utf8), default: 0] += row.milliseconds }
    guard read == truth, groups.count == names.count else {
      throw .fault(.fail, "\(groups.count) groups for \(names.count) values, or other totals")
    }
  }
}
