internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct AgentRecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Turn activity on standard input into one signed batch.",
    discussion: """
      Each line is an object with "kind", "start" (milliseconds since 1970) and "duration" (milliseconds), and any of \
      the values \(TokenField.allCases.map(\.name).joined(separator: ", ")). A key such as screenshot or \
      keystrokes names a file that `blob seal` made.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let agent = try FolderAgent.open(folder.dir)
    var reader = RecordReader(sealer: try agent.tokenSealer())
    var lines = LineReader(.input)
    var records: [Record] = []
    while let line = try lines.next() {
      if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
      records.append(try reader.record(line, number: lines.number))
    }
    guard !records.isEmpty else { throw CommandError(.badInput, "standard input", "no activity") }
    let recorded = try await agent.record(records)
    if let error = recorded.undelivered {
      let batch = "batch \(recorded.batch.sequence)"
      try Console.note(
        "\(folder.dir): \(batch) is kept here, and delivered with the next: do not record it again")
      throw error
    }
    let (batch, place) = (recorded.batch, recorded.place ?? folder.dir)
    if output.json {
      try Console.print([
        "batch": .string(place), "sequence": .integer(batch.sequence.value),
        "records": .integer(records.count),
      ])
    } else {
      try Console.print("\(place): \(records.count) records")
    }
  }
}

/// Reads activity, and makes tokens of it at once.
struct RecordReader: ~Copyable {
  private var sealer: TokenSealer

  init(sealer: consuming TokenSealer) { self.sealer = sealer }

  mutating func record(_ line: [UInt8], number: Int) throws -> Record {
    let place = "line \(number)"
    do {
      var fields = try JSONCursor(JSONValue(parsing: line)).fields()
      let kind = try fields.required("kind")
      guard let recordKind = RecordKind(name: try kind.string()) else { throw kind.error("unknown kind") }
      let start = try Time(milliseconds: try fields.required("start").integer())
      let duration: UInt32 = try fields.required("duration").integer()
      var items: [Item] = []
      for (key, value) in fields.rest() { items.append(try item(key, value)) }
      items.sort { $0.fieldNumber < $1.fieldNumber }
      return Record(kind: recordKind, start: start, duration: duration, items: try BoundedList(items))
    } catch let error as JSONSyntaxError {
      throw CommandError(.badInput, place, "\(error)")
    } catch let error as JSONShapeError {
      throw CommandError(.badInput, place, "\(error)")
    } catch let error as ProtocolError {
      throw CommandError(error, in: place)
    } catch let error as WireError {
      throw CommandError(ProtocolError(error), in: place)
    }
  }

  private mutating func item(_ key: String, _ value: JSONCursor) throws -> Item {
    if let field = TokenField(name: key) { return .token(try sealer.seal(try value.string(), field: field)) }
    guard let field = BlobField(name: key) else { throw value.error("unknown field") }
    let file = try value.string()
    let reference = try naming(file) { try BlobFile.reference(file) }
    guard reference.field == field else { throw value.error("a blob of the field \(reference.field.name)") }
    return .blob(reference)
  }
}
