internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountAgentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agents", abstract: "List the computers of the account, and those that ask to be let in.",
    discussion: "`endkey grant` lets in who waits; `account label` gives a name.")

  @OptionGroup var account: AccountOptions

  func run() async throws {
    let owner = try await account.open()
    let members = await owner.status.vault?.members ?? []
    let codes = await owner.status.vault?.codes ?? []
    let asking = try await owner.asking(in: try await owner.waitingRequests())
    guard !account.output.json else {
      return try Console.print([
        "agents": .array(members.map(Console.json)),
        "waiting": .array(asking.compactMap(\.id).map { .string("\($0)") }),
        "requests": .array(asking.map(\.json)),
      ])
    }
    if members.isEmpty { try Console.print("no computer was let in yet") }
    for member in members {
      let code =
        codes.first { $0.id == member.codeID }.map { ", code \(Console.quoted($0.label.bytes))" } ?? ""
      let kind = member.kind == .master ? ", with the MasterKey" : ""
      try Console.print(
        "\(member.agentID)  \(member.status.name)  \(Console.quoted(member.label.bytes))\(kind)\(code)")
    }
    for request in asking where request.id != nil { try Console.print(request.line) }
    let ready = asking.count { $0.obstacle == nil }
    if ready > 0 {
      try Console.note("\(counted(ready, "computer waits", "computers wait")): `endkey grant` lets them in")
    }
    try Console.noteDisguises(in: await owner.status.vault)
    try Console.noteDead(asking)
    let unread = asking.count { $0.id == nil }
    if unread > 0 {
      try Console.note("\(counted(unread, "request")) cannot be read: `endkey grant` says why")
    }
  }
}

/// A request that waits for a person's end, and what stands in its way.
struct AskingRequest {
  /// Nil for one that cannot be read.
  let id: AgentID?
  let place: String
  /// Why it is not let in as it is.
  let obstacle: ProtocolError?

  /// Whether it can be read, and nobody can let it in any more.
  var isDead: Bool {
    guard id != nil, let obstacle else { return false }
    return obstacle.code != .approvalRequired && obstacle.code != .rootRequired
  }

  var line: String {
    let reason =
      switch obstacle?.code {
      case nil: "waits"
      case .approvalRequired: "waits for a person who compares its id"
      case .rootRequired: "waits for the owner"
      case let code?: "cannot be let in: \(code.meaning)"
      }
    return "\(id?.description ?? place)  \(reason)"
  }

  var json: JSONValue {
    [
      "agent": id.map { .string("\($0)") } ?? .null, "place": .string(place),
      "obstacle": obstacle.map { .string($0.code.rawValue) } ?? .null, "dead": .bool(isDead),
    ]
  }
}

extension OwnerEnd {
  /// The requests that wait, and what stands in the way of each.
  func asking(in waiting: [ReceivedMessage]) throws(EndError) -> [AskingRequest] {
    try waiting.map { (message) throws(EndError) in
      let id =
        PersonRequest(reading: message.bytes)?.request.agentID
        ?? EnrolmentRequest(reading: message.bytes)?.agentID
      return AskingRequest(id: id, place: message.place, obstacle: try obstacle(to: message))
    }
  }
}

extension Console {
  /// What there is to do about requests that nobody can let in any more.
  static func noteDead(_ asking: [AskingRequest]) throws {
    let dead = asking.count(where: \.isDead)
    guard dead > 0 else { return }
    try note(
      "\(counted(dead, "request")) cannot be let in any more: `endkey account refuse --dead` forgets "
        + (dead == 1 ? "it" : "them"))
  }
}

struct AccountRefuseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refuse", abstract: "Forget requests to be let in, of computers and of persons.",
    discussion: """
      A request says that somebody had a code, and nothing else. Whoever has one that lives can ask again; \
      `account codes --cancel` ends it.
      """)

  @Option(
    help: ArgumentHelp(
      "The computer or person whose request goes, as `account agents` and `account person list` show it; may be "
        + "repeated.", valueName: "id"))
  var id: [AgentID] = []
  @Flag(help: "All go that nobody can let in any more, such as those under codes that have ended.")
  var dead = false
  @OptionGroup var account: AccountOptions

  func validate() throws {
    guard dead || !id.isEmpty else { throw ValidationError("give --id or --dead") }
  }

  func run() async throws {
    let owner = try await account.open()
    let waiting = try await owner.waitingRequests() + owner.waitingPersons()
    let asking = try await owner.asking(in: waiting)
    for id in id where !asking.contains(where: { $0.id == id }) {
      throw CommandError(.unknownAgent, "10.2", in: "\(id)")
    }
    let going = asking.filter { $0.id.map(id.contains) ?? false || dead && $0.isDead }
    let ids = Set(going.compactMap(\.id)).sorted()
    for id in ids { try await owner.refuse(requestOf: id) }
    if account.output.json {
      try Console.print(["forgotten": .array(ids.map { .string("\($0)") })])
    } else {
      try Console.print("\(counted(ids.count, "request is", "requests are")) forgotten")
    }
  }
}

struct AccountCodesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codes", abstract: "List the enrolment codes that live, or cancel some.",
    discussion: "Who knows a code that was cancelled cannot enrol any more. Who came by it before stays.")

  @Option(help: ArgumentHelp("Cancel the code with this id; may be repeated.", valueName: "id"))
  var cancel: [CodeID] = []
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let owner = try await account.open()
    for code in cancel {
      guard await owner.status.vault?.codes.contains(where: { $0.id == code.bytes }) == true else {
        throw CommandError(
          .checkFailed, "code \(code.bytes)", "no such code lives",
          next: "`endkey account codes` lists those that do")
      }
      try await account.act(on: owner, at: "code \(code.bytes)") {
        (owner, consent, now, random) throws(ProtocolError) in
        try owner.dropCode(code.bytes, consent: consent, now: now, using: &random)
      }
    }
    let codes = await owner.status.vault?.codes ?? []
    let now = now()
    guard !account.output.json else {
      return try Console.print(["codes": .array(codes.map { Self.json($0, at: now) })])
    }
    if codes.isEmpty { try Console.print("no code lives: `endkey account code` makes one") }
    for code in codes {
      let ends = code.expires.map { "\($0 > now ? "until" : "ended") \($0.text)" }
      let terms = [
        code.role.name, code.usesLeft == 0 ? "used up" : counted(code.usesLeft, "use"), ends ?? "for ever",
        code.approval == .manual ? "asks a person" : nil,
        code.kind == .master ? "with the MasterKey" : nil,
      ]
      try Console.print(
        "\(code.id)  \(Console.quoted(code.label.bytes)): \(terms.compactMap { $0 }.joined(separator: ", "))")
    }
  }

  private static func json(_ code: LiveCode, at now: Time) -> JSONValue {
    [
      "code": .string("\(code.id)"), "label": .string(String(decoding: code.label.bytes, as: UTF8.self)),
      "role": .string(code.role.name), "kind": .string(code.kind.name),
      "approval": .string(code.approval.name),
      "usesLeft": .integer(code.usesLeft), "expires": .integer(code.expires?.milliseconds ?? 0),
      "usable": .bool(!code.isDead(at: now)),
    ]
  }
}

/// The id of an enrolment code, as `account codes` lists it.
struct CodeID: WordArgument {
  let bytes: Bytes<8>

  static func fault(_ word: String) -> String {
    "the id of a code has 16 hexadecimal digits, as `endkey account codes` prints it"
  }

  /// Those that live, where `account unlock` holds the account open: they are sealed.
  static var defaultCompletionKind: CompletionKind {
    .known { store in try keptVault(in: store)?.codes.map(\.id) ?? [] }
  }

  init?(argument: String) {
    guard let bytes = Bytes<8>(hexadecimal: argument.lowercased()) else { return nil }
    self.bytes = bytes
  }
}
