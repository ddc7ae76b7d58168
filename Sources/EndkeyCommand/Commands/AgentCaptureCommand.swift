internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AgentCaptureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Keep activity on standard input, sealed on this disk, until it is sent.",
    discussion: CaptureReader.help)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var input: CaptureOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let agent = try folder.agent()
    let (kept, repeated) = try await input.capture(by: agent)
    if output.json {
      try Console.print(["captured": .integer(kept), "repeated": .integer(repeated)])
    } else {
      let before = repeated == 0 ? "" : ", \(repeated) before"
      try Console.print("\(folder.dir): \(kept) captured\(before)")
    }
  }
}

/// What is captured comes on standard input.
struct CaptureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A name of this input: what was kept of it before, under the same name, is not kept again.",
      valueName: "id"))
  var key: String?

  /// Keeps all of it. Gives how many were kept now, and how many were kept before. Nothing is locked while it is read.
  func capture(by agent: FolderAgent) async throws -> (kept: Int, repeated: Int) {
    let activities = try CaptureReader.activities()
    let kept = try await agent.capture(inputs: [CaptureInput(activities, key: key)])
    return (kept, activities.count - kept)
  }
}

/// Reads activity from lines of standard input.
enum CaptureReader {
  static let help = """
    Each line is an object with "kind", "start" (milliseconds since 1970) and "duration" (milliseconds), and any of \
    the values \(TokenField.allCases.map(\.name).joined(separator: ", ")). A key such as screenshot or keystrokes \
    names a file with the content.
    """

  static func activities() throws -> [CapturedActivity] {
    var lines = LineReader(.input)
    var activities: [CapturedActivity] = []
    while let line = try lines.next() {
      if isBlank(line) { continue }
      activities.append(try activity(line, number: lines.number))
    }
    guard !activities.isEmpty else { throw CommandError(.badInput, "standard input", "no activity") }
    return activities
  }

  static func isBlank(_ line: [UInt8]) -> Bool {
    line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
  }

  static func activity(_ line: [UInt8], number: Int) throws -> CapturedActivity {
    let input = try input(line, number: number)
    return input.activities[0]
  }

  /// What a line gives, under the name that its "key" is.
  static func input(_ line: [UInt8], number: Int) throws(CommandError) -> CaptureInput {
    let place = "line \(number)"
    do {
      var fields = try JSONCursor(JSONValue(parsing: line)).fields()
      let key = try fields.optional("key").map { try $0.string() }
      let kind = try fields.required("kind")
      guard let recordKind = RecordKind(name: try kind.string()) else { throw kind.error("unknown kind") }
      let start = try Time(milliseconds: try fields.required("start").integer())
      let duration: UInt32 = try fields.required("duration").integer()
      let items = try fields.rest().map { try item($0.0, $0.1) }
      return CaptureInput(
        [CapturedActivity(kind: recordKind, start: start, duration: duration, items: items)], key: key)
    } catch let error as JSONSyntaxError {
      throw CommandError(.badInput, place, "\(error)")
    } catch let error as JSONShapeError {
      throw CommandError(.badInput, place, "\(error)")
    } catch let error as ProtocolError {
      throw CommandError(error, in: place)
    } catch let error as WireError {
      throw CommandError(ProtocolError(error), in: place)
    } catch let error as StoreError {
      throw CommandError(error)
    } catch {
      throw CommandError(.badInput, place, "\(error)")
    }
  }

  private static func item(_ key: String, _ value: JSONCursor) throws -> CapturedItem {
    if let field = TokenField(name: key) {
      return try CapturedItem(field, try value.string())
    }
    guard let field = BlobField(name: key) else { throw value.error("unknown field") }
    let content = try Descriptor(reading: try value.string()).rest(limit: Limit.captureMax)
    return try CapturedItem(field, content)
  }
}
