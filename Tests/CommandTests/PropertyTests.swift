import Endkey
import EndkeyPrimitives
import EndkeyStore
import EndkeyWire
import Foundation
import Testing

/// The document's properties P1 and P6, of the program and its files; the others hold by the attacks' tests.
@Suite("Properties") struct PropertyTests {
  @Test("property 1: the service's folder holds no key and no text")
  func secrets() throws {
    let world = try AccountWorld()
    let password = "correct horse battery staple"
    _ = try world.folder.write(Array("\(password)\n".utf8), to: "new")
    try world.run(["account", "password", "owner", "--new-password-file", "new"] + world.password)
    _ = try world.folder.write(Array("a picture of a ledger".utf8), to: "shot")
    let activity = """
      {"kind":"application","start":1,"duration":5,"window_title":"The secret ledger","screenshot":"shot"}\n
      """
    try world.run(["agent", "capture", "agent"], input: activity)
    try world.run(["agent", "send", "agent"])
    try world.run(["account", "rotate", "owner", "--password-file", "new"])

    var secrets = [password, "The secret ledger", "a picture of a ledger"].map { Array($0.utf8) }
    for name in ["agent.code", "paper"] { secrets.append(try world.folder.read(name).filter { $0 > 32 }) }
    for name in ["owner", "agent"] { secrets.append(try world.folder.read("\(name)/device.key")) }
    // R-7.1-1, R-9.4-2: of the keys that the service checks it has hashes.
    let agent = AgentEnd(
      store: try EndFolder(world.folder.path("agent"), as: .agent),
      service: ServiceFolder(path: world.folder.path("service")))
    secrets.append(try agent.uploadKey().disclosed())
    let keys = try #require(try world.folder.names("service/account").first { $0.hasPrefix("keys-") })
    let head = try PersonKeys(parsing: try world.folder.read("service/account/\(keys)")).head
    let credentials = Credentials(loginName: "l", password: SecretBytes(copying: Array(password.utf8)))
    secrets.append(try StretchedPassword(credentials, head: head).loginKey().disclosed())

    let served = try world.folder.files("service")
    #expect(served.keys.contains { $0.hasPrefix("service/blobs/") })
    for secret in secrets {
      for form in [secret, Array(Data(secret).hexadecimal.utf8), Array(Data(secret).base64.utf8)] {
        #expect(served.filter { Data($0.value).firstRange(of: Data(form)) != nil }.isEmpty)
      }
    }
    // What is looked for is found where it is.
    #expect(
      try world.folder.files(".").filter { Data($0.value).firstRange(of: Data(secrets[0])) != nil }.count == 1
    )
  }

  @Test("property 6: what was made for one purpose is refused for another")
  func purposes() throws {
    let world = try AccountWorld()
    // A code of the other role. R-10.1-4
    let manager = try world.run(["account", "code", "owner", "--role", "manager"] + world.password).output
    _ = try world.folder.write(Array(manager.utf8), to: "manager.code")
    let request = ["agent", "request", "other", "--service", "service", "--code-file", "manager.code"]
    #expect(try world.run(request, status: 1).error.contains("wrong_recipient"))
    let join = ["account", "person", "join", "ben", "--service", "service", "--login", "ben"]
    #expect(
      try world.run(join + ["--code-file", "agent.code"] + world.password, status: 1).error.contains(
        "wrong_recipient"))
    // A message of another type. R-8.1-1
    let state = try world.folder.read("service/account/state.ek")
    _ = try world.folder.write(
      try world.folder.read("service/account/vault.ek"), to: "service/account/state.ek")
    #expect(try world.run(["agent", "accept", "agent"], status: 2).error.contains("unexpected_type"))
    // A person's device shows the last that opened here, and says so.
    #expect(
      try world.run(["account", "open", "owner"] + world.password, status: 1).error.contains(
        "unexpected_type"))
    _ = try world.folder.write(state, to: "service/account/state.ek")
    try world.run(["agent", "accept", "agent"])
    // A token of another field, and a text of another form. R-2.3-1, R-14.3-1
    let seal = ["token", "seal", "agent", "--field", "window_title"]
    var token = try world.run(seal, input: "a title\n").output
    let field = token.index(token.startIndex, offsetBy: 7)
    token.replaceSubrange(field...field, with: "E")
    let open = ["token", "open", "owner"] + world.password
    #expect(try world.run(open, input: token, status: 1).error.contains("token_open_failed"))
    let code = try String(decoding: world.folder.read("agent.code"), as: UTF8.self)
    #expect(try world.run(open, input: code, status: 2).error.contains("bad_prefix"))
  }
}

extension Scratch {
  /// What all files below a folder hold, by their paths.
  func files(_ folder: String) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path(folder)) {
      var isFolder: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: path("\(folder)/\(name)"), isDirectory: &isFolder)
      else {
        continue
      }
      if !isFolder.boolValue { found["\(folder)/\(name)"] = try read("\(folder)/\(name)") }
    }
    return found
  }
}

extension SecretBytes {
  fileprivate borrowing func disclosed() -> [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }
}

extension Data {
  fileprivate var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
  /// Base64url, without what its last character takes from the bytes behind.
  fileprivate var base64: String {
    base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
