import Foundation
import Testing

@testable import EndkeyCommand

/// A person's folder, through the program. Each test makes what it needs, since a run changes it.
@Suite("Account") struct AccountTests {
  typealias World = AccountWorld

  @Test("An account is made and shown; the recovery text is in a file that only its user can read")
  func create() throws {
    let world = try World()
    let shown = try world.run(["account", "open", "owner"] + world.password)
    #expect(shown.output.contains("epoch   1\n") && shown.output.contains("\"room\"") && shown.error.isEmpty)
    let text = String(decoding: try world.folder.read("paper"), as: UTF8.self)
    #expect(text.hasPrefix("ekr1") && text.count == 64)
    let mode = try FileManager.default.attributesOfItem(atPath: world.folder.path("paper"))[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(try world.run(["inspect", "paper"]).output.contains("(not shown)"))
  }

  @Test("A fresh device makes its folder, and signs nothing before --newest")
  func fresh() throws {
    let world = try World()
    let fresh = try world.run(
      ["account", "open", "other", "--service", "service", "--login", "l"] + world.password)
    #expect(fresh.error.contains("--newest"))
    let rotate = ["account", "rotate", "other"] + world.password
    #expect(try world.run(rotate, status: 1).error.contains("approval_required"))
    #expect(try world.run(rotate + ["--newest"]).output.hasPrefix("epoch 2,"))
    #expect(try world.run(rotate).output.hasPrefix("epoch 3,"))
    try world.run(["agent", "accept", "agent"])
    // Where the pins are gone, it is told.
    try FileManager.default.removeItem(atPath: world.folder.path("other/pins.ek"))
    #expect(
      try world.run(["account", "open", "other"] + world.password).error.contains("remembered is lost"))
  }

  @Test("A person joins under a code, is added by its id, signs, and is removed")
  func persons() throws {
    let world = try World()
    let id = try world.join("ben")
    let ben = ["--password-file", "ben.password"]
    #expect(try world.run(["account", "open", "ben"] + ben, status: 2).error.contains("no account"))
    let other = String(repeating: "0", count: 32)
    let add = ["account", "person", "add", "owner", "--label", "Ben"] + world.password
    #expect(try world.run(add + ["--approve", other], status: 1).error.contains("unknown_agent"))
    try world.run(add + ["--approve", id])
    #expect(
      try world.run(["account", "open", "ben", "--newest"] + ben).output.contains("manager \(id) granted"))
    #expect(try world.run(["account", "rotate", "ben"] + ben).output.hasPrefix("epoch 2,"))
    #expect(try world.run(["account", "renew", "ben"] + ben, status: 1).error.contains("root_required"))
    try world.run(["agent", "accept", "agent"])

    // Every member is asked about.
    let remove = ["account", "person", "remove", "owner", "--person", id] + world.password
    let asked = try world.run(remove, status: 1)
    #expect(asked.error.contains("asked about: agent \(try world.id(of: "agent"))"))
    #expect(try world.run(remove + ["--keep-others"]).output.hasPrefix("epoch 3,"))
    #expect(try world.run(["account", "open", "ben"] + ben, status: 1).error.contains("no_master_key"))
    try world.run(["agent", "accept", "agent"])
  }

  @Test("Removing asks about members of the same code and those without a label; a retired one is listed")
  func removing() throws {
    let world = try World()
    let code = try world.run(["account", "code", "owner", "--uses", "2"] + world.password).output
    _ = try world.folder.write(Array(code.utf8), to: "two.code")
    for name in ["a", "b"] {
      try world.run(["agent", "request", name, "--service", "service", "--code-file", "two.code"])
    }
    try world.run(["grant", "owner"] + world.password)
    let (a, b) = (try world.id(of: "a"), try world.id(of: "b"))
    let remove = ["account", "remove", "owner", "--agent", a] + world.password
    let asked = try world.run(remove, status: 1)
    #expect(asked.error.contains("asked about: agent \(b)") && asked.error.contains("approval_required"))
    #expect(asked.error.components(separatedBy: "asked about").count == 2)
    try world.run(remove + ["--remove", b])
    for name in ["a", "b"] {
      #expect(try world.run(["agent", "accept", name], status: 1).error.contains("revoked"))
    }
    let agent = try world.id(of: "agent")
    try world.run(["account", "label", "owner", "--agent", agent, "kitchen"] + world.password)
    try world.run(["account", "retire", "owner", "--agent", agent] + world.password)
    let shown = try world.run(["account", "open", "owner"] + world.password).output
    #expect(shown.contains("agent \(agent) retired, \"kitchen\""))
    #expect(try world.run(["agent", "accept", "agent"], status: 1).error.contains("revoked"))
  }

  @Test("A code that asks for approval waits for a person who names the agent")
  func approval() throws {
    let world = try World()
    try world.enrol("other", ["--approval", "manual"])
    #expect(
      try world.run(["grant", "owner"] + world.password, status: 1).error.contains("approval_required"))
    try world.run(["grant", "owner", "--agent", world.id(of: "other"), "--approve"] + world.password)
    try world.run(["agent", "accept", "other"])
  }

  @Test("A new password opens, the old one does not; an older account is refused before a password is used")
  func password() throws {
    let world = try World()
    _ = try world.folder.write(Array("new\n".utf8), to: "new")
    let old = world.folder.path("old")
    try FileManager.default.copyItem(atPath: world.folder.path("service/account"), toPath: old)
    try world.run(["account", "password", "owner", "--new-password-file", "new"] + world.password)
    #expect(
      try world.run(["account", "open", "owner"] + world.password, status: 1).error.contains(
        "person_keys_open_failed"))
    try world.run(["account", "open", "owner", "--password-file", "new"])
    try FileManager.default.removeItem(atPath: world.folder.path("service/account"))
    try FileManager.default.copyItem(atPath: old, toPath: world.folder.path("service/account"))
    #expect(try world.run(["account", "open", "owner"], status: 1).error.contains("counter_rollback"))
  }

  @Test("An account with an account secret opens with it only")
  func accountSecret() throws {
    let folder = try Scratch()
    func run(_ arguments: [String], status: Int32 = 0) throws -> Binary.Result {
      let result = try Binary.run(arguments + ["--password-file", "password"], in: folder)
      try #require(result.status == status, "\(arguments): \(result.error)")
      return result
    }
    _ = try folder.write(Array("p\n".utf8), to: "password")
    for name in ["a", "b"] {
      _ = try run([
        "account", "create", name, "--service", "service-\(name)", "--login", "l",
        "--new-account-secret-file", "\(name).secret", "--recovery-file", "\(name).paper",
      ])
    }
    _ = try run(["account", "open", "a", "--account-secret-file", "a.secret"])
    #expect(try run(["account", "open", "a"], status: 2).error.contains("account_secret_mismatch"))
    let other = try run(["account", "open", "a", "--account-secret-file", "b.secret"], status: 1)
    #expect(other.error.contains("person_keys_open_failed"))
  }

  @Test("Repairing begins a list and an epoch, and asks about every member")
  func repair() throws {
    let world = try World()
    let repair = ["account", "repair", "owner"] + world.password
    #expect(try world.run(repair, status: 1).error.contains("asked about"))
    try world.run(repair + ["--keep-others"])
    try world.run(["agent", "accept", "agent"])
    let id = try world.id(of: "agent")
    try world.run(repair + ["--remove", id])
    #expect(try world.run(["agent", "accept", "agent"], status: 1).error.contains("revoked"))
    try world.run(["account", "renew", "owner"] + world.password)
  }
}
