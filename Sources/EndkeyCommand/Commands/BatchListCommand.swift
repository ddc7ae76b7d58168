internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct BatchListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Write batches as CSV, one row for each item of a record. Needs no key.",
    discussion: """
      Columns: agent, kind, start and duration in milliseconds, field, v (what the service groups by) and token. A \
      blob has its digest as v; a record without items has one row without field. A file that is no batch is named, \
      and keeps no other from being listed.
      """)

  @Argument(help: "Batches; - is standard input.", completion: .file(), transform: Path.file)
  var files: [String]
  @OptionGroup var output: OutputOptions

  func run() throws {
    if !output.json { try Descriptor.output.write(BatchRow.csv(BatchRow.columns)) }
    var status: ExitStatus?
    for file in files {
      try output.attempt(file, &status) {
        let batch = try RecordBatch(parsing: try Console.input(file).rest(limit: 1 << 25))
        var text: [UInt8] = []
        for row in batch.records.flatMap({ BatchRow.rows(of: $0, by: batch.agentID) }) {
          text += output.json ? row.json.serialized(.compact) : row.csv
        }
        try Descriptor.output.write(text)
      }
    }
    if let status { throw status }
  }
}

/// One item of a record.
struct BatchRow {
  let agentID: AgentID
  let record: Record
  let field: String
  let v: String
  let token: String

  static func rows(of record: Record, by agentID: AgentID) -> [BatchRow] {
    guard !record.items.isEmpty else {
      return [BatchRow(agentID: agentID, record: record, field: "", v: "", token: "")]
    }
    return record.items.map { item in
      switch item {
      case .token(let token):
        BatchRow(
          agentID: agentID, record: record, field: token.field.name, v: "\(token.v)", token: token.text)
      case .blob(let blob):
        BatchRow(agentID: agentID, record: record, field: blob.field.name, v: "\(blob.digest)", token: "")
      }
    }
  }

  static let columns = ["agent", "kind", "start", "duration", "field", "v", "token"]

  var csv: [UInt8] {
    Self.csv([
      "\(agentID)", record.kind.name, "\(record.start)", "\(record.duration)", field, v, token,
    ])
  }

  /// A line of fields, each in quotes. R-18.2-4
  static func csv(_ fields: [String]) -> [UInt8] {
    Array(fields.map { Escaping.field($0.utf8) }.joined(separator: [UInt8(ascii: ",")]))
      + [UInt8(ascii: "\n")]
  }

  var json: JSONValue {
    [
      "agent": .string("\(agentID)"), "kind": .string(record.kind.name),
      "start": .integer(record.start.milliseconds),
      "duration": .integer(record.duration), "field": .string(field), "v": .string(v),
      "token": .string(token),
    ]
  }
}
