import Foundation
import Testing

@testable import EndkeyCommand

/// What a person sees and types at a terminal.
@Suite("Prompts") struct PromptTests {
  typealias World = AccountWorld

  @Test("prompts say what they ask for, show nothing of it, and tell of a new password that can be guessed")
  func named() throws {
    let world = try World()
    let terminal = try PseudoTerminal(in: world.folder)
    try terminal.type("endkey account password owner\n")
    for (question, answer) in [
      ("Password of l: ", "p"), ("New password of l: ", "abc"), ("New password of l, again: ", "abc"),
    ] {
      try terminal.expect(question)
      #expect(!terminal.isEchoing, "\(question)")
      try terminal.type("\(answer)\n")
    }
    let told = try terminal.expect("password changed")
    #expect(told.contains("can be guessed, since it is short") && !told.contains("abc"))
    try terminal.expect("$ ")

    try terminal.type("endkey account create other --service s --login ben --recovery-file r\n")
    try terminal.expect("New password of ben: ")
    try terminal.type("one\n")
    try terminal.expect("New password of ben, again: ")
    try terminal.type("two\n")
    try terminal.expect("the two are not the same")
    #expect(try !world.folder.names().contains("other"))
  }

  @Test("who mistypes a password is asked again, twice; what was copied with white space is taken")
  func again() throws {
    let world = try World()
    let terminal = try PseudoTerminal(in: world.folder)
    try terminal.type("endkey account code owner > code\n")
    for answer in ["P", "p ", "p"] {
      try terminal.expect("Password of l: ")
      try terminal.type("\(answer)\n")
      if answer != "p" { try terminal.expect("person_keys_open_failed") }
    }
    try terminal.expect("$ ")
    let code = String(decoding: try world.folder.read("code"), as: UTF8.self)
    try terminal.type("endkey agent request new --service service\n")
    try terminal.expect("Enrolment code: ")
    try terminal.type("  \(code.prefix(40)) \t\(code.dropFirst(40).dropLast())  \n")
    try terminal.expect("asks to be enrolled")
    try terminal.expect("$ ")
    try terminal.type("endkey agent request other --service service\n")
    try terminal.expect("Enrolment code: ")
    try terminal.type("nonsense\n")
    try terminal.expect("endkey: enrolment code: bad_prefix")
    try terminal.expect("$ ")

    try terminal.type("endkey account open owner; echo status $?\n")
    for _ in 0..<3 {
      try terminal.expect("Password of l: ")
      try terminal.type("wrong\n")
    }
    try terminal.expect("status 1")
  }

  @Test("Ctrl-Z and Ctrl-C leave a terminal that shows what is typed; who comes back is asked again, unseen")
  func stopped() throws {
    let world = try World()
    let terminal = try PseudoTerminal(in: world.folder)
    try terminal.type("endkey account open owner\n")
    for _ in 0..<2 {
      try terminal.expect("Password of l: ")
      #expect(!terminal.isEchoing)
      try terminal.type("half\u{1a}")
      try terminal.expect("$ ")
      #expect(terminal.isEchoing)
      try terminal.type("fg\n")
    }
    try terminal.expect("Password of l: ")
    #expect(!terminal.isEchoing)
    try terminal.type("p\n")
    try terminal.expect("account ")
    try terminal.expect("$ ")

    // In the background nothing is asked for.
    try terminal.type("endkey account open owner &\n")
    try terminal.expect("$ ")
    try terminal.type("jobs; fg\n")
    try terminal.expect("Password of l: ")
    #expect(!terminal.isEchoing)
    try terminal.type("p\n")
    try terminal.expect("account ")
    try terminal.expect("$ ")

    try terminal.type("endkey account open owner\n")
    try terminal.expect("Password of l: ")
    try terminal.type("\u{3}")
    try terminal.expect("$ ")
    #expect(terminal.isEchoing)
    try terminal.type("echo status $?\n")
    try terminal.expect("status 130")
  }

  @Test(
    "whatever signal comes at a prompt ends the process once, with its status, and what is typed is shown again"
  )
  func signals() throws {
    let world = try World()
    let terminal = try PseudoTerminal(in: world.folder)
    // The last is that of Ctrl-\, as typed.
    for signal in [SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGPROF, SIGXCPU, SIGIO, SIGQUIT, SIGINT, 0] {
      try terminal.type("endkey account open owner\n")
      try terminal.expect("Password of l: ")
      #expect(!terminal.isEchoing)
      if signal == 0 { try terminal.type("\u{1c}") }
      if signal != 0 {
        try world.folder.wait {
          let asking = world.folder.processes().filter { $0 != terminal.id }
          for id in asking { kill(id, signal) }
          return !asking.isEmpty
        }
      }
      let shown = try terminal.expect("$ ")
      #expect(
        terminal.isEchoing && !shown.contains("Password") && !shown.contains("crashed"), "\(signal): \(shown)"
      )
      try terminal.type("echo status $?\n")
      try terminal.expect("status \(128 + (signal == 0 ? SIGQUIT : signal))")
      try terminal.expect("$ ")
    }
  }

  @Test("a report that is read or written does not keep the password from being asked for")
  func redirected() throws {
    let world = try World()
    _ = try world.folder.write(Array("x\n".utf8), to: "report")
    let terminal = try PseudoTerminal(in: world.folder)
    try terminal.type("endkey scan owner < report > opened; echo done $?\n")
    try terminal.expect("Password of l: ")
    try terminal.type("p\n")
    try terminal.expect("done 0")
    #expect(try world.folder.read("opened") == Array("x\n".utf8))
  }

  @Test("tables and help fit a terminal of 80 columns, but for the names that people give")
  func columns() throws {
    let world = try World()
    try world.enrol("other", ["--label", "hall", "--approval", "manual", "--expires-in", "never"])
    for command in [["agents"], ["codes"]] {
      let shown = try world.run(["account"] + command + ["owner"] + world.password).output
      for line in shown.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }
}

/// A password that is asked for once.
@Suite("Sessions") struct SessionTests {
  typealias World = AccountWorld

  @Test("what is unlocked needs no password until it is locked, or its time is up")
  func session() throws {
    let world = try World()
    let open = ["account", "open", "owner"]
    try world.run(open, status: 64)
    let unlocked = try world.run(["account", "unlock", "owner", "--for", "1h"] + world.password)
    #expect(unlocked.output.contains("open until"))
    #expect(try world.run(open).output.contains("epoch   1\n"))
    try world.run(["account", "rotate", "owner"])
    // A password that is given counts, and what gives everything away asks for it again.
    _ = try world.folder.write(Array("wrong\n".utf8), to: "wrong")
    try world.run(open + ["--password-file", "wrong"], status: 1)
    try world.run(["account", "recovery", "owner"], status: 64)
    let mode = try FileManager.default.attributesOfItem(atPath: world.folder.path("owner/unlocked"))
    #expect(mode[.posixPermissions] as? Int == 0o600)
    #expect(try world.run(["account", "lock", "owner"]).output == "owner: locked\n")
    try world.run(open, status: 64)
    #expect(try world.run(["account", "lock", "owner"]).output == "owner: was locked\n")

    try world.run(["account", "unlock", "owner", "--for", "1s"] + world.password)
    try world.folder.wait("the session does not end") {
      try !world.folder.names("owner").contains("unlocked")
    }
    try world.run(open, status: 64)
  }

  @Test(
    "a new password ends what was unlocked with the old one; a process that was killed leaves nothing in the way"
  )
  func stale() throws {
    let world = try World()
    try world.run(["account", "unlock", "owner"] + world.password)
    _ = try world.folder.write(Array("new\n".utf8), to: "new")
    try world.run(["account", "password", "owner", "--new-password-file", "new"] + world.password)
    try world.run(["account", "open", "owner"], status: 64)
    for id in world.folder.processes() { kill(id, SIGKILL) }
    try world.run(["account", "unlock", "owner", "--password-file", "new"])
    try world.run(["account", "open", "owner"])
    try world.run(["account", "lock", "owner"])
  }

  @Test("a session whose process is stopped keeps no command waiting, and keeps nothing open of who began it")
  func stopped() throws {
    let world = try World()
    try world.run(["account", "unlock", "owner"] + world.password)
    let ids = world.folder.processes()
    #expect(ids.count == 1)
    for id in ids {
      let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/fd/\($0)")
      }
      #expect(!open.contains { $0.hasSuffix("/lock") })
      kill(id, SIGSTOP)
    }
    #expect(try world.run(["account", "agents", "owner"] + world.password).output != "")
    let locked = try world.run(["account", "lock", "owner"], status: 2)
    #expect(locked.error.contains("does not answer"))
    for id in ids { kill(id, SIGKILL) }
    try world.run(["account", "unlock", "owner"] + world.password)
    try world.run(["account", "lock", "owner"])
  }

  @Test("ENDKEY_PASSWORD_FILE names the password for all commands; one that is given goes first")
  func environment() throws {
    let world = try World()
    _ = try world.folder.write(Array("wrong\n".utf8), to: "wrong")
    func open(_ file: String, _ options: [String] = []) throws -> Int32 {
      var running = try Binary.Running(
        [Binary.path, "account", "open", "owner"] + options, in: world.folder,
        environment: ["ENDKEY_PASSWORD_FILE": file])
      return try running.result().status
    }
    #expect(try open("password") == 0)
    #expect(try open("wrong") == 1)
    #expect(try open("wrong", world.password) == 0)
    #expect(try open("") == 64)
    // A line of standard input.
    let given = try world.run(["account", "open", "owner", "--password-file", "-"], input: "p\nmore")
    #expect(given.output.contains("epoch   1\n"))
  }
}

/// Passwords that are guessed, and one that is not.
@Suite("Passphrases") struct PassphraseTests {
  @Test(
    "what guessers try first is told",
    arguments: [
      ("abc", PasswordWeakness.short), ("Passw0rdPassw0rd", .common),
      ("correct horse battery staple", .common),
      ("aaaaaaaaaaaaaaaa", .repetitive), ("123456789012345", .repetitive), ("qwertyuiopasdfgh", .repetitive),
      ("abcabcabcabcabcabc", .repetitive), ("ana.miller2026", .login), ("tr0ub4dor-and-a-zebra", nil),
    ])
  func weak(_ password: String, _ weakness: PasswordWeakness?) throws {
    let folder = try Scratch()
    let file = try folder.write(Array(password.utf8), to: "p")
    let secret = try SecretInput.file(file).read()
    #expect(PasswordWeakness(of: secret, login: "Ana.Miller@example.com") == weakness)
  }

  @Test("a passphrase that is made is another each time, and is none of these")
  func made() throws {
    let folder = try Scratch()
    var seen: Set<String> = []
    for _ in 0..<3 {
      let made = try Binary.run(["account", "passphrase"], in: folder).output
      #expect(made.wholeMatch(of: #/([a-z]{5}-){4}[a-z]{5}\n/#) != nil)
      seen.insert(made)
    }
    #expect(seen.count == 3)
    let kept = try Binary.run(["account", "passphrase", "--words", "8", "--out", "p"], in: folder)
    #expect(kept.output.isEmpty)
    let secret = try SecretInput.file(folder.path("p")).read()
    #expect(PasswordWeakness(of: secret, login: "ana") == nil)
    #expect(try Binary.run(["account", "passphrase", "--out", "p"], in: folder).status == 2)
  }
}
