import EndkeyPrimitives
import EndkeyStore
import EndkeyWire
import Foundation
import Testing

@testable import Endkey

/// An account of an owner, a manager and two computers, in folders of their own, and a service whose folder the
/// attacker edits between the commands.
struct AttackWorld {
  let folder: Scratch
  let password = ["--password-file", "password"]
  let benPassword = ["--password-file", "ben.password"]

  /// Made once, since keys and passwords take time; the ends, and all files by their paths.
  private static let made = Result { try made(in: Scratch()) }
  private static let ends = ["owner", "ben", "agent", "laptop"]

  init() throws {
    self.init(in: try Scratch())
    for (path, bytes) in try Self.made.get() {
      let folder = folder.url.appending(path: path).deletingLastPathComponent()
      // An end's folder is its user's alone.
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      _ = try self.folder.write(bytes, to: path)
    }
    for end in Self.ends { try serve(end, from: "service") }
  }

  /// A folder without an account.
  init(in folder: Scratch) { self.folder = folder }

  private static func made(in folder: Scratch) throws -> [String: [UInt8]] {
    let world = AttackWorld(in: folder)
    _ = try folder.write(Array("p\n".utf8), to: "password")
    _ = try folder.write(Array("b\n".utf8), to: "ben.password")
    try world.owner(
      "account", "create", "owner", "--service", "service", "--login", "l", "--recovery-file", "paper")
    for (name, label) in [("agent", "room"), ("laptop", "bag")] {
      let code = try world.owner("account", "code", "owner", "--label", label).output
      _ = try folder.write(Array(code.utf8), to: "\(name).code")
      try world.request(name, "\(name).code")
    }
    try world.owner("grant", "owner")
    for name in ["agent", "laptop"] { try world.run(["agent", "accept", name]) }
    let code = try world.owner("account", "code", "owner", "--role", "manager").output
    _ = try folder.write(Array(code.utf8), to: "ben.code")
    let asked = try world.ben(
      "account", "person", "join", "ben", "--service", "service", "--login", "ben", "--code-file", "ben.code"
    ).output
    let id = try #require(asked.split(separator: " ").dropFirst().first)
    _ = try folder.write(Array(id.utf8), to: "ben.id")
    try world.owner("account", "person", "add", "owner", "--approve", String(id))
    try world.ben("account", "open", "ben", "--newest")
    for name in ["agent", "laptop"] { try world.run(["agent", "accept", name]) }
    return try world.tree(".")
  }
}

// MARK: - Commands

extension AttackWorld {
  @discardableResult func run(
    _ arguments: [String], input: String = "", status: Int32 = 0
  ) throws -> Binary.Result {
    let result = try Binary.run(arguments, in: folder, input: Array(input.utf8))
    try #require(result.status == status, "\(arguments): \(result.output)\(result.error)")
    return result
  }

  /// A command of the owner's, which is done.
  @discardableResult func owner(_ arguments: String...) throws -> Binary.Result {
    try run(arguments + password)
  }

  /// A command of the manager's, which is done.
  @discardableResult func ben(_ arguments: String...) throws -> Binary.Result {
    try run(arguments + benPassword)
  }

  /// An audit, which has findings unless `status` says otherwise.
  @discardableResult func audit(_ end: String, status: Int32 = 1) throws -> Binary.Result {
    try run(["batch", "audit", end] + password, status: status)
  }

  func request(_ name: String, _ codeFile: String) throws {
    try run(["agent", "request", name, "--service", "service", "--code-file", codeFile])
  }

  /// A person asks to join as a manager, under a password that is the first letter of its name; the id.
  func join(_ name: String) throws -> String {
    let code = try owner("account", "code", "owner", "--role", "manager").output
    _ = try folder.write(Array(code.utf8), to: "\(name).code")
    _ = try folder.write(Array("\(name.prefix(1))\n".utf8), to: "\(name).password")
    let asked = try run([
      "account", "person", "join", name, "--service", "service", "--login", name,
      "--code-file", "\(name).code", "--password-file", "\(name).password",
    ])
    let id = String(try #require(asked.output.split(separator: " ").dropFirst().first))
    _ = try folder.write(Array(id.utf8), to: "\(name).id")
    return id
  }

  /// Something of so many milliseconds is captured and sent.
  func record(_ agent: String, _ duration: Int) throws {
    let line =
      "{\"kind\":\"application\",\"start\":1,\"duration\":\(duration),\"application_name\":\"<a>\"}\n"
    try run(["agent", "record", agent], input: line)
  }

  func id(of agent: String) throws -> String {
    try run(["agent", "id", agent]).output.trimmingCharacters(in: .newlines)
  }

  var benID: String {
    get throws { String(decoding: try folder.read("ben.id"), as: UTF8.self) }
  }
}

// MARK: - What the attacker does to folders

extension AttackWorld {
  /// All files in a folder, by their paths.
  func tree(_ name: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path(name)) {
      var isFolder: ObjCBool = false
      _ = unsafe FileManager.default.fileExists(
        atPath: folder.path("\(name)/\(path)"), isDirectory: &isFolder)
      if !isFolder.boolValue { files[path] = try folder.read("\(name)/\(path)") }
    }
    return files
  }

  /// A file or folder in the place of another.
  func copy(_ name: String, to copy: String) throws {
    if FileManager.default.fileExists(atPath: folder.path(copy)) { try remove(copy) }
    let parent = folder.url.appending(path: copy).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: folder.path(name), toPath: folder.path(copy))
  }

  func move(_ name: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path(other))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder.path(name)) }

  /// What an end is shown from now on is what stands in another folder.
  func serve(_ end: String, from service: String) throws {
    let name = "\(end)/config.json"
    let config = try JSONSerialization.jsonObject(with: Data(folder.read(name)))
    var object = try #require(config as? [String: String])
    object["service"] = folder.path(service)
    _ = try folder.write(Array(JSONSerialization.data(withJSONObject: object)), to: name)
  }

  /// From now on these ends are shown a line of their own.
  func fork(_ service: String, for ends: [String]) throws {
    try copy("service", to: service)
    for end in ends { try serve(end, from: service) }
  }
}

// MARK: - What the attacker makes with stolen keys

extension AttackWorld {
  /// A computer, with its keys.
  func agent(_ name: String) throws -> Agent {
    try Agent(
      opening: folder.read("\(name)/state.ek"),
      deviceKey: SecretBytes(copying: folder.read("\(name)/device.key")))
  }

  /// A batch of a computer's under a state, with this token, the first or the one after another; where it stands.
  @discardableResult func batch(
    of name: String, after previous: String? = nil, under state: AcceptedState, epoch: Epoch, _ token: Token
  ) throws -> String {
    let memory = try agent(name).memory
    guard let memory else { throw Missing() }
    let record = Record(kind: .website, start: 1, duration: 60_000, items: try BoundedList([.token(token)]))
    let hash = try previous.map { Hash(sha256: try folder.read($0)) }
    let batch = RecordBatch(
      accountID: state.state.accountID, epoch: epoch, agentID: memory.agentID,
      sequence: hash == nil ? 1 : 2, previous: hash ?? .zero, made: state.state.made,
      stateGeneration: state.state.generation, stateCounter: state.state.counter,
      state: state.hash, records: try BoundedList([record])
    ).signed(by: memory.identity.value.signing).serialized
    let place = "service/batches/\(memory.agentID)"
    try FileManager.default.createDirectory(
      atPath: folder.path(place), withIntermediateDirectories: true)
    _ = try folder.write(batch, to: "\(place)/\(Hash(sha256: batch)).ek")
    return "\(place)/\(Hash(sha256: batch)).ek"
  }

  /// All that a manager holds: the account, opened with its password, which is the first letter of its name.
  func session(of end: String) throws -> OwnerSession {
    let id = String(decoding: try folder.read("\(end).id"), as: UTF8.self)
    let account = "service/account"
    let keys = try folder.read("\(account)/keys-\(id).ek")
    let credentials = Credentials(loginName: end, password: SecretBytes(copying: Array(end.utf8.prefix(1))))
    let stretched = try StretchedPassword(credentials, head: PersonKeys(parsing: keys).head)
    var owner = Owner.locked()
    try owner.open(
      Whole(
        personKeys: keys, passwordWrap: nil, accountState: folder.read("\(account)/state.ek"),
        grant: folder.read("service/grants/\(id).ek"), ownerVault: folder.read("\(account)/vault.ek"),
        ruleSet: nil), with: stretched)
    guard let session = owner.session else { throw Missing() }
    return session
  }

  /// The manager writes what it likes into the vault, under the state of now, or one of its own.
  func write(
    as end: String, state forged: ForgedState = .none, _ edit: (inout Vault) throws -> Void
  ) throws {
    let session = try session(of: end)
    var random = SystemRandom()
    let signing = session.identity
    var (vault, masterKey) = (session.vault, session.masterKey)
    if forged != .none {
      let last = session.state.state
      let epoch = forged == .renewed || forged == .sameEpoch ? last.epoch : try #require(last.epoch.next)
      if forged != .renewed {
        if forged == .rotated { try vault.keep(masterKey) }
        masterKey = Shared(try MasterKey(accountID: session.accountID, epoch: epoch, using: &random))
      }
      let state = try AccountState.make(
        counter: try #require(last.counter.next), made: last.made, validUntil: last.validUntil,
        masterKey: masterKey.value, list: last.list, revoked: [], signingKey: signing.value.signing)
      vault.note(AcceptedState(state).note)
      _ = try folder.write(state.serialized, to: "service/account/state.ek")
      if forged == .ownMasterKey {
        for person in vault.persons {
          try put(
            Grant.make(
              .master, to: person.personID, modulus: person.modulus, masterKey: masterKey.value,
              signingKey: signing.value.signing, using: &random))
        }
      }
    }
    try edit(&vault)
    vault.madeBy = session.personID
    vault.follow(session.vaultHash)
    let sealed = try vault.sealed(
      counter: try #require(session.vaultCounter.next), masterKey: masterKey.value,
      signingKey: signing.value.signing, using: &random)
    _ = try folder.write(sealed.serialized, to: "service/account/vault.ek")
  }

  /// A state that whoever may sign makes beside a vault.
  enum ForgedState: Sendable {
    case none, renewed
    /// Of the next epoch, with no Grant for anybody.
    case rotated
    /// Of the same epoch, with another MasterKey.
    case sameEpoch
    /// Of the next epoch, with Grants of a MasterKey, and without the one before.
    case ownMasterKey
  }

  /// The answer to an act is lost: there is no folder where the Grants go. The service says that it has stored nothing.
  func lose(_ arguments: [String]) throws {
    try copy("service", to: "before")
    try remove("service/grants")
    _ = try folder.write([], to: "service/grants")
    #expect(try run(arguments, status: 2).error.contains("kept on this device"))
    try copy("before", to: "service")
  }

  func put(_ grant: Grant) throws {
    _ = try folder.write(grant.serialized, to: "service/grants/\(grant.recipient).ek")
  }
}

/// An end has not what is asked of it.
struct Missing: Error {}

/// Clocks of a computer on which somebody holds the time of day back, some days after its state was made.
struct HeldClocks: AgentClocks {
  let held: Time
  let days: UInt64

  func wall() -> Time { held }

  func uptime() -> Uptime { Uptime(start: Hash(sha256: [1]), milliseconds: days * 86_400_000) }
}
