internal import EndkeyJSON

// What tokens mean: the service counts on it.

/// A value in a cell of the grid.
private struct Cell: Hashable {
  let account: Int
  let epoch: Int
  let field: String
  let value: String

  static let accounts = ["00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeefe"]
  static let fields = ["application_name", "window_title", "url"]
  /// Bytes in hex: empty; a; A; a and a space; "é" composed and decomposed; 16 bytes; 17 bytes.
  static let values = [
    "", "61", "41", "6120", "c3a9", "65cc81", "30313233343536373839616263646566",
    "3031323334353637383961626364656630",
  ]
  /// One key everywhere: the cells differ by what is bound to the token.
  static let key = String(repeating: "5a", count: 32) + String(repeating: "a5", count: 32)

  static var all: [Cell] {
    accounts.indices.flatMap { account in
      [1, 2].flatMap { epoch in
        fields.flatMap { field in
          values.map { Cell(account: account, epoch: epoch, field: field, value: $0) }
        }
      }
    }
  }

  var prompt: Prompt {
    Prompt(
      op: "token/seal",
      input: .of([
        "token_key": .string(Cell.key), "account_id": .string(Cell.accounts[account]),
        "epoch": .integer(epoch),
        "field": .string(field), "value": .string(value),
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
    let cells = Cell.all
    let first = try examination.outputs(cells.map(\.prompt))
    examination.client.restart()
    let second = try examination.outputs(cells.reversed().map(\.prompt)).reversed()
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
    let names = ["Ledger", "Firefox", "ledger", "Ledger ", "Tabellenkalkulation", "電卓"]
    let account = Cell.accounts[0]
    var rows: [(name: String, milliseconds: Int)] = []
    for agent in 0..<3 {
      for index in 0..<40 {
        rows.append((names[(index + agent) % names.count], 1000 * agent + 7 * index))
      }
    }
    let sealed = try examination.outputs(
      rows.map { row in
        Prompt(
          op: "token/seal",
          input: .of([
            "token_key": .string(Cell.key), "account_id": .string(account), "epoch": 1,
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
            "account_id": .string(account), "keys": [["epoch": 1, "token_key": .string(Cell.key)]],
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
