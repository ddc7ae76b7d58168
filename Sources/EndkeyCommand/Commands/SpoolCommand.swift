internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct SpoolCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spool", abstract: "Look into what an agent has captured and not sent.",
    subcommands: [SpoolRecoverCommand.self])
}

struct SpoolRecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Print what every whole frame of a segment holds, whatever else is wrong.",
    discussion: """
      One object a capture, contents in hex. A torn end, which a crash leaves, is told on standard error. Any other \
      damage is told with offset and length, and the status is 1. Nothing is changed.
      """)

  @OptionGroup var folder: FolderArgument
  @Argument(
    help: "The segment, such as DIR/spool/1.ek; - is standard input.", completion: .file(),
    transform: Path.file)
  var segment: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let key = try folder.agent().spoolKey()
    let bytes = try Console.input(segment).rest()
    let recovery = try naming(segment) { try SpoolRecovery(segment: bytes.span, key: key) }
    for frame in recovery.frames { try Console.print(frame.json, .compact) }
    for frame in recovery.frames where frame.breaksChain { try tell(.chainBroken, at: frame.offset) }
    if let torn = recovery.tornOffset {
      try Console.note("\(segment): torn at \(torn): \(counted(bytes.count - torn, "byte")) dropped")
    }
    for damage in recovery.damage { try tell(damage.code, at: damage.offset, length: damage.length) }
    if let refusal = recovery.refusal { throw CommandError(refusal, in: segment) }
    guard !recovery.isQuarantined else { throw ExitStatus.checkFailed }
  }

  private func tell(_ code: ErrorCode, at offset: Int, length: Int? = nil) throws {
    var error = CommandError(code, "17", in: segment)
    error.offset = offset
    if let length { error.meaning += ", \(counted(length, "byte"))" }
    try Console.tell(error)
  }
}

extension SpoolRecovery.Frame {
  fileprivate var json: JSONValue {
    var items = JSONObject()
    for item in capture.items {
      switch item.field {
      case .token(let field): items.append(field.name, .hex(item.content.bytes))
      case .blob(let field): items.append(field.name, .hex(item.content.bytes))
      }
    }
    return [
      "offset": .integer(offset), "index": .integer(index), "kind": .string(capture.kind.name),
      "start": .integer(capture.start.milliseconds), "duration": .integer(capture.duration),
      "items": .object(items),
    ]
  }
}
