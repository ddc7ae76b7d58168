internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

/// Activity as lines of standard input give it. A line is taken whole or not at all, and none keeps another from being
/// taken.
struct CaptureLines {
  /// A line that is no activity.
  struct Rejected {
    let number: Int
    let bytes: [UInt8]
    let error: CommandError
  }

  static let help = """
    Each line is an object with "kind", "start" (milliseconds since 1970) and "duration" (milliseconds), and any of \
    the values \(TokenField.allCases.map(\.name).joined(separator: ", ")). A key such as screenshot or keystrokes \
    names a file with the content. Kinds are \(RecordKind.allCases.map(\.name).joined(separator: ", ")).

    What is ill-formed in a value is replaced, what is too long is cut or becomes several records. A line that is no \
    activity is told with its number and its field, all others are taken, and the status is 2. A line with a "key" is \
    kept once, however often it comes; another under the same key is no activity.
    """

  /// What was read, split where it is more than a record holds: of the lines that have no name of their own, and of
  /// each that has one.
  private var unnamed: [CapturedActivity] = []
  private var named: [(number: Int, bytes: [UInt8], input: CaptureInput)] = []
  /// The lines that were not taken.
  private(set) var rejected: [Rejected] = []
  /// The number of lines that were taken.
  private(set) var count = 0

  /// Reads to the end.
  init(reading input: consuming Descriptor) throws {
    var lines = LineReader(input, isText: true)
    while true {
      let line: [UInt8]
      do {
        guard let next = try lines.next() else { return }
        line = next
      } catch let error as CommandError {
        rejected.append(Rejected(number: lines.number, bytes: [], error: error))
        continue
      }
      take(line, number: lines.number)
    }
  }

  private mutating func take(_ line: [UInt8], number: Int) {
    if CaptureReader.isBlank(line) { return }
    do throws(CommandError) {
      let input = try CaptureReader.input(line, number: number)
      if input.isNamed { named.append((number, line, input)) } else { unnamed += input.activities }
      count += 1
    } catch {
      rejected.append(Rejected(number: number, bytes: line, error: error))
    }
  }

  /// What was read, where `key` names all that has no name of its own.
  func inputs(key: String?) -> [CaptureInput] {
    named.map(\.input) + (unnamed.isEmpty ? [] : [CaptureInput(unnamed, key: key)])
  }

  /// Of these inputs nothing was kept: other content was, under their name.
  mutating func reject(_ inputs: [Int]) {
    rejected += inputs.filter(named.indices.contains).map { index in
      let line = named[index]
      return Rejected(number: line.number, bytes: line.bytes, error: CaptureReader.otherContent(line.number))
    }
    rejected.sort { $0.number < $1.number }
    count -= inputs.count
  }

  /// Whether no line was taken.
  var isEmpty: Bool { unnamed.isEmpty && named.isEmpty }
}

/// Reads one line.
enum CaptureReader {
  static func isBlank(_ line: [UInt8]) -> Bool {
    line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
  }

  /// A key stands for one content.
  static func otherContent(_ number: Int) -> CommandError {
    CommandError(
      .badInput, "line \(number): key", "other content was kept under this key",
      next: "give this another key, if it is to be kept, too")
  }

  /// What a line gives, under the name that its "key" is.
  static func input(_ line: [UInt8], number: Int) throws(CommandError) -> CaptureInput {
    let place = "line \(number)"
    do {
      var fields = try JSONCursor(JSONValue(repairing: line)).fields()
      let key = try fields.optional("key").map { value in
        let key = try value.string()
        guard !key.isEmpty else { throw value.error("is empty, and names nothing") }
        return key
      }
      let kind: RecordKind = try fields.required("kind").named("kind")
      let start = try Time(milliseconds: try fields.required("start").milliseconds())
      let length = try fields.required("duration")
      let duration = try length.milliseconds()
      guard duration <= CapturedActivity.durationMax else {
        throw length.error("expected at most \(CapturedActivity.durationMax) milliseconds, which is 13 years")
      }
      let items = try fields.rest().filter { $0.value.value != .null }.map { try item($0.key, $0.value) }
      let activities = try CapturedActivity.fitting(kind, start: start, duration: duration, items: items)
      return key.map { CaptureInput(activities, standingFor: $0) } ?? CaptureInput(activities)
    } catch let error as JSONSyntaxError {
      throw CommandError(.badInput, place, "column \(error.column): \(error.reason.rawValue)")
    } catch let error as StoreError {
      throw CommandError(.badInput, "\(place): \(error.place)", error.meaning)
    } catch let error as ProtocolError {
      throw CommandError(error, in: place)
    } catch let error as WireError {
      throw CommandError(ProtocolError(error), in: place)
    } catch {
      throw CommandError(.badInput, place, "\(error)")
    }
  }

  private static func item(_ key: String, _ value: JSONCursor) throws -> CapturedItem {
    if let field = TokenField(name: key) {
      return try CapturedItem(field, try value.string())
    }
    guard let field = BlobField(name: key) else {
      let names = TokenField.allCases.map(\.name) + BlobField.allCases.map(\.name)
      throw value.error(Suggestion.unknown("field", key, among: names))
    }
    let file = try value.string()
    guard file != "-" else { throw value.error("names a file, not standard input") }
    let content = try Descriptor.kept(file).rest(limit: Limit.captureMax)
    return try CapturedItem(field, content)
  }
}

extension JSONCursor {
  /// A number of milliseconds, without what is finer.
  fileprivate func milliseconds() throws(JSONShapeError) -> UInt64 {
    guard case .number(let number) = value, let double = number.double, double >= 0,
      double <= Double(Limit.counterMax)
    else { throw error("expected milliseconds from 0 to \(Limit.counterMax)") }
    return number.integer(as: UInt64.self) ?? UInt64(double)
  }
}

/// Where captured activity comes from, and what becomes of lines that are none.
struct CaptureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A name of this input: a line that was kept under it before is not kept again, and one that was mended is.",
      valueName: "id"))
  var key: String?
  @Option(
    help: ArgumentHelp(
      "Write the lines that were not taken to this new file, to be mended and given alone.", valueName: "file"
    ),
    completion: .file(), transform: Path.file)
  var rejected: String?

  /// Reads standard input to its end. Nothing is locked meanwhile.
  func read() throws -> CaptureLines {
    let lines = try CaptureLines(reading: Console.input())
    guard !lines.isEmpty || !lines.rejected.isEmpty else {
      throw CommandError(.badInput, "standard input", "no activity", next: "give one JSON object a line")
    }
    return lines
  }

  func validate() throws {
    guard key?.isEmpty != true else {
      throw ValidationError("--key is empty: give the input a name, or leave it out")
    }
    guard rejected.map({ $0.isEmpty || $0 == "-" }) != true else {
      throw ValidationError("--rejected names a new file: standard output is what was done")
    }
  }

  /// Keeps all that was read. Gives how much was kept now, and how much was kept before.
  func capture(
    _ lines: inout CaptureLines, by agent: FolderAgent
  ) async throws -> (kept: KeptCaptures, repeated: Int) {
    let inputs = lines.inputs(key: key)
    let kept = try await agent.capture(inputs: inputs)
    lines.reject(kept.refused)
    let refused = kept.refused.reduce(0) { $0 + inputs[$1].activities.count }
    return (kept, inputs.reduce(0) { $0 + $1.activities.count } - kept.count - refused)
  }

  /// Where the lines go that are not taken; nil when nothing was said. It is opened before anything is done.
  func rejectedFile() throws -> RejectedFile? {
    guard let rejected else { return nil }
    return RejectedFile(path: rejected, output: try NamedOutput(rejected, mode: 0o600))
  }

  struct RejectedFile: ~Copyable {
    let path: String
    var output: NamedOutput
  }

  /// Tells of the lines that were not taken.
  func tell(_ lines: CaptureLines, in file: consuming RejectedFile?, _ output: OutputOptions) throws {
    guard !lines.rejected.isEmpty else { return }
    var place = "keep them, or say --rejected FILE"
    switch consume file {
    case .some(var file):
      for line in lines.rejected { try file.output.write(line.bytes + [UInt8(ascii: "\n")]) }
      place = "they are in \(file.path)"
      try file.output.commit()
    case .none: break
    }
    for line in lines.rejected.prefix(Self.toldMax) { try Console.tell(line.error) }
    let count = lines.rejected.count
    let more = count > Self.toldMax ? ", \(count - Self.toldMax) more than are named here" : ""
    try Console.note(
      "\(counted(count, "line")) not taken\(more), \(lines.count) taken: mend and give those alone; \(place)")
  }

  /// So many lines are named each.
  private static var toldMax: Int { 20 }
}

extension CaptureLines {
  /// The status of a command that was given lines which are no activity.
  func requireWhole() throws {
    guard rejected.isEmpty else { throw ExitStatus.badInput }
  }
}
