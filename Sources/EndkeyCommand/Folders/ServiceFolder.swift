internal import Endkey
internal import EndkeyWire
internal import Foundation

/// A folder that plays the service:
///
///     account/{password-wrap,private-keys,vault,state,rules}.ek
///     requests/<agent id>.ek
///     grants/<agent id>.ek
///     batches/<agent id>/<sequence, 8 digits>.ek
struct ServiceFolder {
  let path: String

  private var account: String { "\(path)/account" }
  /// Complete before `account` goes away.
  private var next: String { "\(path)/account.next" }
  private var previous: String { "\(path)/account.previous" }

  func request(of agentID: AgentID) -> String { "\(path)/requests/\(agentID).ek" }
  func grant(to agentID: AgentID) -> String { "\(path)/grants/\(agentID).ek" }
  func batches(of agentID: AgentID) -> String { "\(path)/batches/\(agentID)" }
  func batch(_ sequence: UInt64, of agentID: AgentID) -> String {
    let digits = String(sequence)
    let zeros = String(repeating: "0", count: max(0, 8 - digits.count))
    return "\(batches(of: agentID))/\(zeros)\(digits).ek"
  }
  var state: String { "\(account)/state.ek" }
  var passwordWrap: String { "\(account)/password-wrap.ek" }
}

// MARK: - The account's messages

extension ServiceFolder {
  var hasAccount: Bool { Folder.exists(account) || Folder.exists(next) }

  /// The messages of the account, after finishing a step that was interrupted.
  func storedMessages() throws -> StoredMessages {
    try recover()
    let rules = "\(account)/rules.ek"
    return StoredMessages(
      passwordWrap: try read(passwordWrap), privateKeys: try read("\(account)/private-keys.ek"),
      ownerVault: try read("\(account)/vault.ek"), accountState: try read(state),
      ruleSet: OutputFile.exists(rules) ? try read(rules) : nil)
  }

  /// Stores what a step of the owner's end gives.
  ///
  /// The messages of the account change as one: a whole new folder, in which unchanged ones are copied, stands beside the
  /// old one before two renamings put it in its place. A crash before the first changes nothing; after it the step is done,
  /// and `recover` does the second. Grants follow: a crash before them leaves members to be granted again.
  func store(_ publication: borrowing some Publication & ~Copyable) throws {
    try Folder.make(path)
    try recover()
    try Folder.remove(next)
    var new: [String: [UInt8]] = [:]
    var grants: [Grant] = []
    for message in publication.messages {
      switch message {
      case .passwordWrap: new["password-wrap.ek"] = message.serialized
      case .privateKeys: new["private-keys.ek"] = message.serialized
      case .accountState: new["state.ek"] = message.serialized
      case .ruleSet: new["rules.ek"] = message.serialized
      case .ownerVault: new["vault.ek"] = message.serialized
      case .grant(let grant): grants.append(grant)
      }
    }
    let folder = try NewFolder(next)
    for name in ["password-wrap.ek", "private-keys.ek", "vault.ek", "state.ek", "rules.ek"] {
      let old = "\(account)/\(name)"
      guard let bytes = try new[name] ?? (OutputFile.exists(old) ? read(old) : nil) else { continue }
      try OutputFile.write(bytes, to: "\(folder.temporary)/\(name)", .refused)
    }
    try folder.commit()
    try recover(finishing: true)
    for grant in grants {
      try Folder.make("\(path)/grants")
      try OutputFile.write(grant.serialized, to: self.grant(to: grant.recipient), .replaced)
    }
  }

  /// Without `finishing`, a step that has not taken the old folder away is dropped: it was told to nobody.
  private func recover(finishing: Bool = false) throws {
    guard Folder.exists(next) else { return try Folder.remove(previous) }
    if Folder.exists(account) {
      guard finishing else { return }
      try Folder.remove(previous)
      try Folder.rename(account, to: previous)
    }
    try Folder.rename(next, to: account)
    try Folder.remove(previous)
  }

  private func read(_ path: String) throws -> [UInt8] { try Descriptor(reading: path).rest(limit: 1 << 25) }
}

// MARK: - Requests and batches

extension ServiceFolder {
  /// The requests that stand there, with their places.
  func requests() throws -> [(place: String, bytes: [UInt8])] { try messages(in: "\(path)/requests") }

  /// The names of the folders of batches; honest ones are agent ids.
  func batchFolders() throws -> [String] {
    let folder = "\(path)/batches"
    return Folder.exists(folder)
      ? try Folder.names(in: folder).filter { Folder.exists("\(folder)/\($0)") } : []
  }

  /// The batches of a folder, in the order of their names.
  func batches(in folder: String) throws -> [(place: String, bytes: [UInt8])] {
    try messages(in: "\(path)/batches/\(folder)")
  }

  private func messages(in folder: String) throws -> [(place: String, bytes: [UInt8])] {
    guard Folder.exists(folder) else { return [] }
    return try Folder.names(in: folder).filter { !Folder.exists("\(folder)/\($0)") }
      .map { ("\(folder)/\($0)", try read("\(folder)/\($0)")) }
  }
}
