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
  @Argument(help: "The file; - is standard input.", completion: .file(), transform: Path.file)
  var input: String
  @Option(
    help: ArgumentHelp("Where the sealed blob goes; - is standard output.", valueName: "file"),
    completion: .file(), transform: Path.file)
  var out: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    var sealer = try folder.agent().blobSealer(field)
    let content = try Console.input(input)
    var file = try NamedOutput(out)
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
    try output.report(
      "\(out): \(counted(reference.length.value, "byte")), SHA-256 \(reference.digest)",
      [
        "field": .string(field.name), "length": .integer(reference.length.value),
        "digest": .string("\(reference.digest)"),
      ], besides: out)
  }
}

struct BlobOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open a sealed blob.",
    discussion: """
      The folder is a person's or an agent's. Nothing is written unless the whole blob is right. With --named-by the \
      blob is what a counted batch of that agent names, so that the service can neither swap nor hide it.
      """)

  @OptionGroup var folder: FolderArgument
  @Argument(
    help: "The sealed blob, or - for standard input; with --named-by its digest, as `batch list` has it.",
    completion: .file(), transform: Path.file)
  var input: String
  @Option(help: ArgumentHelp("The agent whose batch names the blob.", valueName: "id"))
  var namedBy: AgentID?
  @Option(
    help: ArgumentHelp(
      "Where the content goes; - is standard output, once all of it is right.", valueName: "file"),
    completion: .file(), transform: Path.file)
  var out: String
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    // What was sealed is for its reader alone.
    let file = try NamedOutput(out, mode: 0o600)
    if let namedBy { return try await open(by: namedBy, into: file) }
    let ring = try await ReadingEnd.keyRing(try folder.store(), password)
    let blob = try Console.input(input)
    try write(BlobOpener(ring: ring), into: file) { try blob.pieces($0) }
  }

  /// Opens what the service has under the digest, and holds it against what the batch says. §15
  private func open(by agentID: AgentID, into file: consuming NamedOutput) async throws {
    let store = try folder.store(as: .owner)
    let owner = try await FolderOwner.open(store, password)
    guard let digest = Hash(hexadecimal: input[...]),
      let reference = try await owner.audit().blob(digest, of: agentID)
    else {
      throw CommandError(
        .badInput, input, "no counted batch of the agent names this blob",
        next: "`endkey batch audit` says what counts, `endkey batch list` which blobs a batch names")
    }
    guard let blob = try await owner.blob(reference, of: agentID) else {
      throw CommandError(.blobMissing, "15", in: input)
    }
    let opener = BlobOpener(ring: try await owner.keyRing(), reference: reference, of: agentID)
    try write(opener, into: file) { try $0(blob.bytes.span) }
  }

  /// Writes what `opener` opens of the pieces that `pieces` gives.
  private func write(
    _ opener: consuming BlobOpener, into file: consuming NamedOutput,
    _ pieces: ((Span<UInt8>) throws -> Void) throws -> Void
  ) throws {
    var opener = opener
    var file = file
    var length = 0
    var content: [UInt8] = []
    try naming(input) {
      try pieces { piece in
        content.removeAll(keepingCapacity: true)
        try opener.update(piece, into: &content)
        length += content.count
        try file.write(content)
      }
    }
    content.removeAll(keepingCapacity: true)
    do {
      try opener.finish(into: &content)
    } catch {
      throw CommandError(error, in: input)
    }
    length += content.count
    try file.write(content)
    try file.commit()
    try output.report(
      "\(out): \(counted(length, "byte"))", ["file": .string(out), "length": .integer(length)], besides: out)
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
