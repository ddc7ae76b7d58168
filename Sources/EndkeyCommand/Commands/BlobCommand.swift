internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct BlobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blob", abstract: "Seal and open recordings and long texts, in constant memory.",
    subcommands: [BlobSealCommand.self, BlobOpenCommand.self])
}

struct BlobSealCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "seal", abstract: "Seal a file.")

  @OptionGroup var folder: FolderArgument
  @Option(help: "What the file is.")
  var field: BlobField
  @Argument(help: "The file; - is standard input.")
  var input: String
  @Option(help: ArgumentHelp("Where the sealed blob goes.", valueName: "file"))
  var out: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    var sealer = try FolderAgent.open(folder.dir).blobSealer(field)
    let content = try Descriptor(reading: input)
    let file = try OutputFile(out, .refused)
    var sealed: [UInt8] = []
    try content.pieces { piece in
      sealed.removeAll(keepingCapacity: true)
      try sealer.update(piece, into: &sealed)
      try file.write(sealed)
    }
    sealed.removeAll(keepingCapacity: true)
    let reference = try sealer.finish(into: &sealed)
    try file.write(sealed)
    try file.commit()
    if output.json {
      try Console.print([
        "field": .string(field.name), "length": .integer(reference.length.value),
        "digest": .string("\(reference.digest)"),
      ])
    } else {
      try Console.print("\(out): \(reference.length) bytes, SHA-256 \(reference.digest)")
    }
  }
}

struct BlobOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open a sealed blob.",
    discussion: "The folder is the owner's or an agent's. Nothing is written unless the whole blob is right.")

  @OptionGroup var folder: FolderArgument
  @Argument(help: "The sealed blob; - is standard input.")
  var input: String
  @Option(help: ArgumentHelp("Where the content goes.", valueName: "file"))
  var out: String
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    var opener = BlobOpener(ring: try await ReadingEnd.keyRing(folder.dir, password))
    let blob = try Descriptor(reading: input)
    // What was sealed is for its reader alone.
    let file = try OutputFile(out, .refused, mode: 0o600)
    var length = 0
    try naming(input) {
      var content: [UInt8] = []
      try blob.pieces { piece in
        content.removeAll(keepingCapacity: true)
        try opener.update(piece, into: &content)
        length += content.count
        try file.write(content)
      }
    }
    var content: [UInt8] = []
    do {
      try opener.finish(into: &content)
    } catch {
      throw CommandError(error, in: input)
    }
    length += content.count
    try file.write(content)
    try file.commit()
    if output.json {
      try Console.print(["file": .string(out), "length": .integer(length)])
    } else {
      try Console.print("\(out): \(length) bytes")
    }
  }
}

extension Descriptor {
  /// Reads to the end in one buffer, and shows how far it is.
  fileprivate func pieces(_ body: (Span<UInt8>) throws -> Void) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var progress = Progress()
    defer { progress.clear() }
    var done = 0
    while true {
      var span = buffer.mutableSpan
      let count = try read(into: &span)
      if count == 0 { return }
      try body(buffer.span.extracting(0..<count))
      done += count
      progress.show("\(name): \(done >> 20) MiB")
    }
  }
}
