import Foundation
import Testing

@testable import EndkeyCommand

/// Several people on one computer: an end each, which nobody else can read. §13.4
@Suite("Users") struct UserTests {
  typealias World = AccountWorld

  /// Runs a command line of the shell, whose mask takes nothing away.
  @discardableResult private func shell(
    _ line: String, in world: World, input: String = "", status: Int32 = 0
  ) throws -> Binary.Result {
    let result = try Binary.run(
      "/bin/sh", ["-c", "umask 0; \(line)"], in: world.folder, input: Array(input.utf8))
    try #require(result.status == status, "\(line): \(result.error)")
    return result
  }

  /// What others than its user may do with something in the folder.
  private func exposed(_ folder: String, in world: World) throws -> [String] {
    let inner = try FileManager.default.subpathsOfDirectory(atPath: world.folder.path(folder))
    return try ([folder] + inner.map { "\(folder)/\($0)" }).filter { name in
      let found = try FileManager.default.attributesOfItem(atPath: world.folder.path(name))
      return try #require(found[.posixPermissions] as? Int) & 0o077 != 0
    }
  }

  @Test("what an end keeps is its user's alone, whatever the mask: files, sockets, secrets that are written")
  func modes() throws {
    let world = try World()
    let create = "endkey account create mine --service other --login l --password-file password"
    try shell("\(create) --recovery-file paper2 --new-account-secret-file secret", in: world)
    let open = "--password-file password --account-secret-file secret"
    try shell("endkey account code mine \(open) > pc.code; chmod 600 pc.code", in: world)
    try shell("endkey agent request pc --service other --code-file pc.code", in: world)
    try shell("endkey grant mine \(open); endkey agent accept pc", in: world)
    try shell("endkey account unlock mine \(open); endkey account passphrase --out words", in: world)
    let line = World.activity(1)
    try shell("endkey agent capture pc --key k", in: world, input: line)
    try shell("mv other away; endkey agent record pc; mv away other", in: world, input: line)
    var running = try Binary.Running(
      ["/bin/sh", "-c", "umask 0; exec endkey agent run pc --socket pc/socket < /dev/null"], in: world.folder)
    try world.folder.wait { try world.folder.names("pc").contains("socket") }
    #expect(try exposed("pc", in: world) == [])
    #expect(try exposed("mine", in: world) == [])
    running.send(SIGTERM)
    #expect(try running.result().status == 0)
    for name in ["paper2", "secret", "words"] { #expect(try exposed(name, in: world) == [], "\(name)") }
    try shell("endkey account lock mine", in: world)
  }

  @Test(
    "each user has an end at one service, and can do nothing with another's", .enabled(if: geteuid() == 0))
  func users() throws {
    let world = try World()
    try shell("mkdir home; endkey account code owner --password-file password > home/code", in: world)
    try shell("chmod 600 home/code; chown -R 2:2 home; chmod a+x .; chmod -R a+rwX service", in: world)
    let user = "setpriv --reuid 2 --regid 2 --clear-groups"
    for refused in ["agent id agent", "agent capture agent", "account open owner", "scan agent"] {
      let result = try shell("\(user) endkey \(refused)", in: world, input: World.activity(1), status: 2)
      #expect(result.error.contains("belongs to another user"), "\(refused): \(result.error)")
    }
    try shell("\(user) endkey agent request home/pc --service service --code-file home/code", in: world)
    try shell("endkey grant owner --password-file password", in: world)
    for name in ["home/pc", "agent"] {
      let runs = name == "agent" ? "" : user
      try shell("\(runs) endkey agent accept \(name)", in: world)
      try shell("\(runs) endkey agent record \(name)", in: world, input: World.activity(1))
    }
    #expect(try shell("endkey agent send home/pc", in: world, status: 2).error.contains("another user"))
    let audit = try world.run(["batch", "audit", "owner"] + world.password)
    #expect(audit.output.contains("2 batches counted"))
  }
}
