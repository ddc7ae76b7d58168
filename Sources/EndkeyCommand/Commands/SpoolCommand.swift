internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct SpoolCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spool", abstract: "Keep messages on an agent's disk, and recover them after a crash.",
    subcommands: [SpoolKeepCommand.self, SpoolRecoverCommand.self])
}

struct SpoolKeepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keep", abstract: "Seal each line of standard input as a frame of a new segment.",
    discussion: "A frame's index is printed once the frame is on the disk, and not before.")

  @OptionGroup var folder: FolderArgument
  @Argument(help: "The new segment.")
  var segment: String
  @Option(
    help: ArgumentHelp(
      "The segment's number, which no other of this agent has. Milliseconds since 1970 when not given.",
      valueName: "n"))
  var number: UInt64?
  @OptionGroup var output: OutputOptions

  func run() throws {
    var random = SystemRandom()
    var writer = try FolderAgent.open(folder.dir).spoolWriter(
      segment: try Counter(number ?? now().milliseconds))
    let file = try SegmentFile(segment, writer.header)
    var lines = LineReader(.input)
    while let line = try lines.next() {
      let index = writer.nextIndex
      try file.append(try naming("line \(lines.number)") { try writer.append(line, using: &random) })
      if output.json {
        try Console.print(["index": .integer(index)], .compact)
      } else {
        try Console.print("\(index)")
      }
    }
  }
}

struct SpoolRecoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Print the payload of every frame that is whole, whatever else is wrong.",
    discussion: """
      A torn end, which a crash leaves, is told on standard error. Any other damage is told with offset and length, \
      the segment is renamed to SEGMENT.quarantined, and the status is 1. --json prints one object a frame, with the \
      payload in hex.
      """)

  @OptionGroup var folder: FolderArgument
  @Argument(help: "The segment.")
  var segment: String
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let ring = try await ReadingEnd.keyRing(folder.dir, password)
    let bytes = try Descriptor(reading: segment).rest()
    let recovery = try naming(segment) { try SpoolRecovery(segment: bytes.span, ring: ring) }
    for frame in recovery.frames { try show(frame) }
    for frame in recovery.frames where frame.breaksChain { try tell(.chainBroken, at: frame.offset) }
    if let torn = recovery.tornOffset {
      try Console.note("\(segment): torn at \(torn): \(bytes.count - torn) bytes dropped")
    }
    for damage in recovery.damage { try tell(damage.code, at: damage.offset, length: damage.length) }
    guard recovery.isQuarantined else { return }
    try quarantine()
    if let refusal = recovery.refusal { throw CommandError(refusal, in: segment) }
    throw ExitStatus.checkFailed
  }

  private func show(_ frame: SpoolRecovery.Frame) throws {
    guard output.json else { return try Descriptor.output.write(frame.payload + [UInt8(ascii: "\n")]) }
    let object: JSONValue = [
      "offset": .integer(frame.offset), "index": .integer(frame.index), "payload": .hex(frame.payload),
    ]
    try Console.print(object, .compact)
  }

  private func tell(_ code: ErrorCode, at offset: Int, length: Int? = nil) throws {
    var error = CommandError(code, "17", in: segment)
    error.offset = offset
    if let length { error.meaning += ", \(length) bytes" }
    try Descriptor.error.write(line: error.description)
  }

  private func quarantine() throws {
    guard segment != "-", !segment.hasSuffix(".quarantined") else { return }
    let aside = "\(segment).quarantined"
    guard !OutputFile.exists(aside) else { throw CommandError(.badInput, aside, "exists already") }
    try Folder.rename(segment, to: aside)
  }
}
