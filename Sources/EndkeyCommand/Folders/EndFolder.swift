internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import Foundation

/// The folder of one end: `config.json`, the device key in a file that only its user can read, and what else the end
/// keeps. Only one process at a time works in it.
struct EndFolder: ~Copyable {
  enum Role: String {
    case owner, agent
  }

  let path: String
  let role: Role
  let service: ServiceFolder
  /// What the owner types at a login; empty for an agent.
  let login: String
  let deviceKey: SecretBytes
  private let lock: FolderLock

  /// Opens a folder that exists.
  init(_ path: String, as expected: Role? = nil) throws {
    guard Folder.exists(path) else { throw CommandError(.badInput, path, "no such folder") }
    let lock = try FolderLock(path)
    let configPath = "\(path)/config.json"
    let bytes = try Descriptor(reading: configPath).rest(limit: 1 << 16)
    let (role, service, login): (Role, ServiceFolder, String)
    do {
      (role, service, login) = try JSONCursor(JSONValue(parsing: bytes)).object { fields in
        let service = ServiceFolder(path: try fields.required("service").string())
        return (try fields.required("role").name(), service, try fields.required("login").string())
      }
    } catch {
      throw CommandError(.badInput, configPath, "\(error)")
    }
    if let expected, role != expected {
      throw CommandError(.badInput, path, "the folder of \(role == .owner ? "an owner" : "an agent")")
    }
    let keyPath = "\(path)/device.key"
    let file = try Descriptor(reading: keyPath)
    try SecretInput.checkMode(of: file)
    deviceKey = try file.key()
    self.path = path
    self.role = role
    self.service = service
    self.login = login
    self.lock = lock
  }

  /// Makes the folder whole, for its user alone: what `fill` makes is in it from the start.
  static func create(
    _ path: String, as role: Role, service: String, login: String = "",
    _ fill: (_ folder: String, _ deviceKey: borrowing SecretBytes) throws -> Void
  ) throws {
    guard !OutputFile.exists(path) else { throw CommandError(.badInput, path, "exists already") }
    let folder = try NewFolder(path, mode: 0o700)
    let config: JSONValue = [
      "role": .string(role.rawValue), "service": .string(Folder.absolute(service)), "login": .string(login),
    ]
    try OutputFile.write(
      config.serialized(.pretty), to: "\(folder.temporary)/config.json", .refused, mode: 0o600)
    var random = SystemRandom()
    let deviceKey = try random.secret(32)
    try OutputFile.write(secret: deviceKey, to: "\(folder.temporary)/device.key")
    try fill(folder.temporary, deviceKey)
    try folder.commit()
  }
}

extension Descriptor {
  /// A device key: 32 bytes, raw.
  fileprivate func key() throws -> SecretBytes {
    var count = 0
    let bytes = try SecretBytes(count: 33) { bytes in count = try read(into: &bytes) }
    guard count == 32 else { throw CommandError(.badInput, name, "a device key has 32 bytes") }
    return try bytes.slice(0..<32)
  }
}
