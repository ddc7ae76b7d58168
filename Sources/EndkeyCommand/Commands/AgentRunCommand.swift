internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire
internal import Foundation

struct AgentRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run for as long as the computer does: keep what is captured, and deliver it.",
    discussion: """
      Takes the lines of `agent capture` from standard input and, with --socket, from every program that connects \
      there. A program gets an answer to each line, {"kept":true} once it is on the disk, or what is wrong with it. A \
      line with "key" is kept once, however often it comes.

      What was captured is delivered by itself. While the service is away, the state has ended, or no keys were \
      granted yet, it is kept and tried again, at most 15 minutes apart. Ends when standard input does, unless there \
      is a socket, and when it is told to (SIGTERM, or SIGHUP as its terminal goes): 0 when all was delivered, 1 when \
      a file of its folder was damaged or the agent was removed, 2 when a line was no activity, 4 when something waits.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(
    help: ArgumentHelp(
      "Take captures from programs of this user that connect to a Unix socket at this path.",
      valueName: "file"), completion: .file(), transform: Path.file)
  var socket: String?
  @Option(
    in: 0...UInt32.max,
    help: ArgumentHelp("How long a capture waits for others before they are delivered.", valueName: "seconds")
  )
  var every: UInt32 = 60
  @Flag(help: "Say how the agent does that runs in the folder; exits with 1 when it does not do well.")
  var status = false
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard socket.map({ $0.isEmpty || $0 == "-" }) != true else {
      throw ValidationError("--socket is the path of a new socket, such as \(folder.dir)/socket")
    }
  }

  func run() async throws {
    let store = try folder.store(as: .agent)
    guard !status else { return try AgentHealth.show(of: store, asJSON: output.json) }
    guard !Descriptor.input.isFolder else {
      throw CommandError(
        .badInput, Descriptor.input.name, "is a folder, and has no lines",
        next: "give a file, a pipe or /dev/null")
    }
    let lock = try await RunLock.take(store.path)
    let runner = try RunningAgent(
      try FolderAgent.of(store), pace: AgentPace(delivery: UInt64(every) * 1_000))
    let intake = try CaptureIntake(listeningAt: socket)
    let desk = CaptureDesk(runner, output)
    try await desk.work(intake)
    let health = await runner.health
    lock.end()
    if await desk.refusedCount > 0 { throw ExitStatus.badInput }
    if health.status.phase == .revoked || !health.damaged.isEmpty { throw ExitStatus.checkFailed }
    guard health.status.isWaiting else { return }
    try health.status.tellKept(nil, at: folder.dir, asJSON: output.json)
    throw ExitStatus.kept
  }
}

/// Held while an agent runs in a folder, so that there is only one.
struct RunLock: ~Copyable {
  private let file: Descriptor

  private init(_ file: consuming Descriptor) { self.file = file }

  static func take(_ folder: String) async throws -> RunLock {
    let path = Self.path(folder)
    let file = try Descriptor(opening: path, O_RDWR | O_CREAT, mode: 0o600, .lock)
    for _ in 0..<500 {
      if flock(file.number, LOCK_EX | LOCK_NB) == 0 { return RunLock(file) }
      // Who asks whether an agent runs here shares the lock for that moment: no agent does.
      guard flock(file.number, LOCK_SH | LOCK_NB) == 0 else { break }
      flock(file.number, LOCK_UN)
      try await Task.sleep(for: .milliseconds(10))
    }
    let process = LockHolder.current(of: path).map { "process \($0.processID)" } ?? "another process"
    throw CommandError(
      .badInput, folder, "an agent runs here already: \(process)",
      next: "give that one the lines, at its --socket, or end it first")
  }

  consuming func end() {}

  private static func path(_ folder: String) -> String { "\(folder)/run.lock" }

  /// Whether an agent runs in a folder, and its process where the system tells.
  static func runner(in folder: String) throws -> (isThere: Bool, processID: Int32?) {
    let path = path(folder)
    guard OutputFile.exists(path) else { return (false, nil) }
    let file = try Descriptor(opening: path, O_RDONLY, .lock)
    guard flock(file.number, LOCK_SH | LOCK_NB) != 0 else { return (false, nil) }
    return (true, LockHolder.current(of: path)?.processID)
  }
}

/// Keeps the lines that come in, and lets the agent do what is due.
private actor CaptureDesk {
  private let runner: RunningAgent<EndFolder, ServicePlace>
  private let output: OutputOptions
  private var refused = 0
  private var failure: (any Error)?
  private var written: (bytes: [UInt8], at: ContinuousClock.Instant)?
  private var isAtWork = false
  /// How many damaged files were told.
  private var toldCount = 0

  init(_ runner: RunningAgent<EndFolder, ServicePlace>, _ output: OutputOptions) {
    self.runner = runner
    self.output = output
  }

  /// How many lines were no activity.
  var refusedCount: Int { refused }

  /// Works until nothing more comes in, then delivers what waits.
  func work(_ intake: CaptureIntake) async throws {
    for await event in intake.events {
      if case .lines(let lines) = event { intake.answer(await keep(lines)) }
      if let failure { throw failure }
      // A service that does not answer keeps nobody from capturing.
      if !isAtWork { Task { await turn() } }
    }
    while isAtWork { try await Task.sleep(for: .milliseconds(10)) }
    try await runner.send()
    await tellDamage()
    try await writeHealth(isLast: true)
    if let error = await runner.health.error {
      try Console.tell(CommandError(error, in: nil))
    }
  }

  private func turn() async {
    isAtWork = true
    defer { isAtWork = false }
    do {
      try await runner.turn()
      await tellDamage()
      try await writeHealth(isLast: false)
    } catch {
      // What cannot be written now is tried with the next turn; an agent that has stopped goes on with nothing.
      if case EndError.stopped = error { failure = error }
    }
  }

  private func tellDamage() async {
    let damaged = await runner.health.damaged
    let new = damaged.dropFirst(toldCount)
    toldCount = damaged.count
    // Where standard error is closed, `--status` tells.
    do { try AgentDamage.tell(Array(new)) } catch {}
  }

  /// Not at each turn: a disk may be slow.
  private func writeHealth(isLast: Bool) async throws {
    let health = await runner.health.json(refused: refused)
    let bytes = JSONValue.object(health).serialized(.compact)
    let now = ContinuousClock.now
    if let written, !isLast {
      guard now - written.at >= (bytes == written.bytes ? .seconds(60) : .seconds(5)) else { return }
    }
    var dated = health
    dated.append("written", .integer(SystemClocks().wall().milliseconds))
    try await runner.write(health: JSONValue.object(dated).serialized(.pretty))
    written = (bytes, now)
  }

  // MARK: Keeping

  /// Keeps lines, and gives the answer to each.
  private func keep(_ lines: [CaptureIntake.Line]) async -> [[UInt8]] {
    var errors = [CommandError?](repeating: nil, count: lines.count)
    var inputs: [(index: Int, input: CaptureInput)] = []
    for (index, line) in lines.enumerated() {
      do {
        if let input = try CaptureReader.input(line) { inputs.append((index, input)) }
      } catch {
        errors[index] = error
      }
    }
    do {
      for index in try await runner.keep(inputs.map(\.input)).refused {
        let place = inputs[index].index
        errors[place] = CaptureReader.otherContent(lines[place].number)
      }
    } catch {
      // One that cannot be kept keeps no other from being kept.
      for (index, input) in inputs {
        errors[index] = await keep(input, lines[index])
      }
    }
    for (line, error) in zip(lines, errors) where line.isInput {
      // Where standard error is closed, the count says it.
      if let error { do { try Console.tell(error) } catch {} }
    }
    refused += errors.count { $0 != nil }
    // A blank line has nothing to keep.
    let full = Set(inputs.map(\.index))
    return errors.enumerated().map { index, error in
      (error?.json ?? ["kept": .bool(full.contains(index))]).serialized(.compact)
    }
  }

  /// What came on standard input nobody can send again: where the disk does not take it, it waits.
  private func keep(_ input: CaptureInput, _ line: CaptureIntake.Line) async -> CommandError? {
    while true {
      do {
        return try await runner.keep([input]).refused.isEmpty ? nil : CaptureReader.otherContent(line.number)
      } catch {
        guard line.isInput, case .store = error, !StopSignals.came else {
          return CommandError(error, in: nil)
        }
        do { try await Task.sleep(for: .seconds(1)) } catch { return nil }
      }
    }
  }
}

extension CaptureReader {
  /// What a line gives; nil for a blank one.
  fileprivate static func input(_ line: CaptureIntake.Line) throws(CommandError) -> CaptureInput? {
    guard let bytes = line.bytes else {
      throw CommandError(
        .badInput, "line \(line.number)", "longer than \(CaptureIntake.lineMax) bytes",
        next: "give it in parts")
    }
    if isBlank(bytes) { return nil }
    return try input(bytes, number: line.number)
  }
}

// MARK: - How it does

extension AgentHealth {
  fileprivate func json(refused: Int) -> JSONObject {
    var object = JSONObject()
    object.append("started", .integer(started.milliseconds))
    object.append("agent", status.json)
    object.append("kept", .integer(kept))
    object.append("refused", .integer(refused))
    object.append("delivered", .integer(delivered))
    object.append("damaged", .array(damaged.map { .string($0) }))
    object.append("set_aside", .array(self.refused.map { .string($0) }))
    if let lastContact { object.append("last_contact", .integer(lastContact.milliseconds)) }
    object.append("failures", .integer(failures))
    object.append("next_attempt_s", .integer(secondsToAttempt))
    if let error { object.append("error", CommandError(error, in: nil).json) }
    return object
  }

  /// Prints how the agent of a folder does; the status is 1 when it does not run, or could not deliver.
  fileprivate static func show(of store: EndFolder, asJSON: Bool) throws {
    let runner = try RunLock.runner(in: store.path)
    guard let bytes = try store.read(.health) else {
      guard !runner.isThere else {
        throw CommandError(
          .checkFailed, store.path, "an agent runs here, and has not written how it does",
          next: "ask again in a minute; if it stays so, see whether there is room on the disk")
      }
      throw CommandError(.checkFailed, store.path, "no agent has run here: `endkey agent run` starts one")
    }
    let health: JSONObject
    do {
      health = try JSONCursor(JSONValue(parsing: bytes)).plainObject()
    } catch {
      throw StoreError.damaged(place: store.place(of: .health), reason: "\(error)")
    }
    let failures = try JSONCursor(health["failures"] ?? .null).integer(as: Int.self)
    let status = try FolderAgent.of(store).status()
    let damaged = try health["damaged"].map { try JSONCursor($0).array().map { try $0.string() } } ?? []
    let age = try age(of: health)
    let doesWell =
      runner.isThere && failures == 0 && status.phase == .active && !status.isExpired
      && damaged.isEmpty && age <= Self.ageMax
    if asJSON {
      var object = JSONObject()
      object.append("running", .bool(runner.isThere))
      if let processID = runner.processID { object.append("process", .integer(processID)) }
      object.append("well", .bool(doesWell))
      for member in health.members {
        object.append(member.key, member.key == "agent" ? status.json : member.value)
      }
      try Console.print(.object(object))
    } else {
      try tell(health, status, runner)
      for place in damaged { try Console.print(Console.shown("\(place): \(AgentDamage.meaning(place))")) }
      if runner.isThere, age > Self.ageMax {
        try Console.print(
          "it has not written this for \(age) s: it is stopped, its disk is full, or the clock was set")
      }
    }
    guard doesWell else { throw ExitStatus.checkFailed }
  }

  /// It is written each minute.
  private static let ageMax: UInt64 = 180

  /// How many seconds ago it was written; a time to come is as long ago.
  private static func age(of health: JSONObject) throws -> UInt64 {
    let written = try health["written"].map { try JSONCursor($0).integer(as: UInt64.self) } ?? 0
    let now = SystemClocks().wall().milliseconds
    return (max(now, written) - min(now, written)) / 1_000
  }

  private static func tell(
    _ health: JSONObject, _ status: AgentStatus, _ runner: (isThere: Bool, processID: Int32?)
  ) throws {
    func number(_ key: String) throws -> UInt64? {
      try health[key].map { try JSONCursor($0).integer(as: UInt64.self) }
    }
    let process = runner.processID.map { ", process \($0)" } ?? ""
    let started = try number("started").map { try Time(milliseconds: $0).text } ?? ""
    try Console.print(runner.isThere ? "running since \(started)\(process)" : "not running")
    try status.tell()
    let counts = try ["kept", "refused", "delivered"].map { try number($0) ?? 0 }
    try Console.print(
      "\(counted(counts[0], "capture")) kept, \(counts[1]) refused, "
        + "\(counted(counts[2], "batch", "batches")) delivered")
    if let contact = try number("last_contact") {
      try Console.print("last contact \(try Time(milliseconds: contact).text)")
    }
    guard let failures = try number("failures"), failures > 0 else { return }
    let attempts = counted(failures, "attempt has failed", "attempts have failed")
    try Console.print("\(attempts), the next in \(try number("next_attempt_s") ?? 0) s")
    if let error = health["error"] {
      var fields = try JSONCursor(error).fields()
      var told = try fields.required("error").fields()
      let place = try told.optional("place").map { "\(try $0.string()): " } ?? ""
      try Console.print("last error: \(Console.shown(place + (try told.required("meaning").string())))")
    }
  }
}
