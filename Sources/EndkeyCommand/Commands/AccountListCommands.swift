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
    let waiting = try await owner.waitingRequests()
    let asking = waiting.compactMap { EnrolmentRequest(reading: $0.bytes)?.agentID }
    guard !account.output.json else {
      return try Console.print([
        "agents": .array(members.map(Console.json)), "waiting": .array(asking.map { .string("\($0)") }),
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
    for agentID in asking { try Console.print("\(agentID)  waits") }
    if !asking.isEmpty {
      try Console.note(
        "\(counted(asking.count, "computer waits", "computers wait")): `endkey grant` lets them in")
    }
    let unread = waiting.count - asking.count
    if unread > 0 {
      try Console.note("\(counted(unread, "request")) cannot be read: `endkey grant` says why")
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
struct CodeID: ExpressibleByArgument, Sendable {
  let bytes: Bytes<8>

  init?(argument: String) {
    guard let bytes = Bytes<8>(hexadecimal: argument.lowercased()) else { return nil }
    self.bytes = bytes
  }
}
