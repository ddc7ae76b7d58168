import Foundation
import Testing

@testable import EndkeyCommand

/// Requests to be let in that nobody lets in.
@Suite("Requests") struct RequestTests {
  typealias World = AccountWorld

  @Test(
    "a request under a code that is used up, cancelled or unknown is no error for ever, and can be forgotten")
  func dead() throws {
    let world = try World()
    let grant = ["grant", "owner"] + world.password
    let agents = ["account", "agents", "owner"] + world.password
    // Two computers under a code for one, one under a code that is cancelled.
    try world.enrol("first")
    try world.run(["agent", "request", "second", "--service", "service", "--code-file", "first.code"])
    try world.enrol("third", ["--label", "hall"])
    let listed = try world.run(["account", "codes", "owner"] + world.password).output.split(separator: "\n")
    let code = try #require(listed.first { $0.contains("\"hall\"") }?.prefix(16))
    try world.run(["account", "codes", "owner", "--cancel", "\(code)"] + world.password)
    try world.enrol("asking", ["--approval", "manual"])

    #expect(try world.run(agents).error.contains("2 computers wait: `endkey grant` lets them in"))
    let granted = try world.run(grant, status: 1)
    #expect(granted.error.contains("approval_required") && granted.error.contains("code_expired"))
    #expect(granted.error.contains("2 requests cannot be let in any more: `endkey account refuse --dead`"))
    let (first, second) = (try world.id(of: "first"), try world.id(of: "second"))
    let dead = granted.output.contains(first) ? second : first

    let shown = try world.run(agents)
    #expect(shown.output.contains("\(dead)  cannot be let in: the code is used up"))
    #expect(shown.output.contains("\(try world.id(of: "asking"))  waits for a person who compares its id\n"))
    #expect(!shown.error.contains("lets them in") && shown.error.contains("2 requests cannot be let in"))
    let named = try world.run(grant + ["--agent", dead], status: 1)
    #expect(named.error.contains("code_expired"))

    let refuse = ["account", "refuse", "owner"] + world.password
    try world.run(refuse, status: 64)
    #expect(
      try world.run(refuse + ["--id", String(repeating: "0", count: 32)], status: 1).error.contains("unknown")
    )
    try world.run(refuse + ["--id", try world.id(of: "asking")])
    #expect(try world.run(grant).error.contains("2 requests"))
    let forgotten = try world.run(refuse + ["--dead"])
    #expect(forgotten.output == "2 requests are forgotten\n" && forgotten.error.isEmpty)
    let none = try world.run(grant)
    #expect(none.output == "no request waits\n" && none.error.isEmpty)
    // Whoever has a code that lives asks again.
    let again = try world.run(["account", "code", "owner"] + world.password).output
    _ = try world.folder.write(Array(again.utf8), to: "again.code")
    try world.run(["agent", "request", "third", "--code-file", "again.code"])
    #expect(try world.run(grant).output == "granted to agent \(try world.id(of: "third"))\n")
  }

  @Test("persons who ask to join are listed with what they wait for, and forgotten")
  func persons() throws {
    let world = try World()
    let id = try world.join("mia")
    let list = ["account", "person", "list", "owner"] + world.password
    #expect(try world.run(list).output.contains("\(id)  waits for a person who compares its id\n"))
    for code in try world.run(["account", "codes", "owner"] + world.password).output.split(separator: "\n")
    where code.contains("manager") {
      try world.run(["account", "codes", "owner", "--cancel", "\(code.prefix(16))"] + world.password)
    }
    let told = try world.run(list)
    #expect(told.output.contains("\(id)  cannot be let in") && told.error.contains("account refuse --dead"))
    #expect(
      try world.run(["account", "refuse", "owner", "--dead"] + world.password).output
        == "1 request is forgotten\n")
    #expect(try !world.run(list).output.contains(id))
  }
}
