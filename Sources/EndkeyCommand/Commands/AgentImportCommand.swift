internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore

struct AgentImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn another tracker's export into the lines that `agent record` reads.",
    discussion: """
      Reads what ActivityWatch exports, all buckets or one:

        endkey agent import export.json | endkey agent record DIR

      Windows become applications, tabs websites, editors' files documents, and times away idle. Where events of one \
      bucket overlap, the later one has the time; where nobody was there, none has it, as in ActivityWatch's own \
      reports. Buckets of other types are named and left out. A bucket or an event that is none is named, and the \
      status is 2; all others are here.
      """)

  @Argument(
    help: "The export; - is standard input. (default: -)", completion: .file(extensions: ["json"]),
    transform: Path.file)
  var file = "-"
  @OptionGroup var output: OutputOptions

  func run() throws {
    let bytes = TextDecoder.decode(try Console.input(file).rest())
    let export: BucketExport
    do {
      export = try BucketExport(JSONValue(repairing: bytes, limits: JSONLimits(byteCount: bytes.count)))
    } catch {
      throw CommandError(.badInput, file, "\(error); this reads the JSON that ActivityWatch exports")
    }
    for line in export.lines { try Console.print(line, .compact) }
    for note in export.notes { try Console.note("\(file): \(note)") }
    for fault in export.faults.prefix(20) { try Console.tell(CommandError(.badInput, file, fault)) }
    guard export.faults.isEmpty else {
      try Console.note("\(file): \(counted(export.faults.count, "fault")); what is without one is here")
      throw ExitStatus.badInput
    }
  }
}
