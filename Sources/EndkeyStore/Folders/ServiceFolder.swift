public import Endkey
public import EndkeyWire

/// A folder that plays the service:
///
///     account/{password-wrap,private-keys,vault,state,rules}.ek
///     requests/<agent id>.ek
///     grants/<agent id>.ek
///     batches/<agent id>/<sequence, 8 digits>.ek
///
/// Several ends of one computer may work on it at once. The lock is one of the folder itself (`flock`), which a network
/// file system may keep on each computer for itself, as NFS does for folders.
public struct ServiceFolder: AgentService, OwnerService {
  /// The folder's path from the root.
  public let path: String
  /// How long this process waits for another one that changes the account.
  public let patience: Duration
  /// What to do when this process waits for another one.
  public var onWait: WaitNotice?

  /// The folder at `path`. Nothing is read or made before something is asked for.
  public init(path: String, patience: Duration = .seconds(60)) {
    self.path = Folder.absolute(path)
    self.patience = patience
  }

  public var name: String { path }

  private var account: String { "\(path)/account" }
  /// Complete before `account` goes away.
  private var next: String { "\(path)/account.next" }
  private var previous: String { "\(path)/account.previous" }

  /// Within the folder of the account as it will be.
  private func file(of message: PublishedMessage) -> String {
    switch message {
    case .grant(let grant): "\(Self.grants)/\(grant.recipient).ek"
    case .passwordWrap: "password-wrap.ek"
    case .privateKeys: "private-keys.ek"
    case .ownerVault: Self.vault
    case .accountState: Self.state
    case .ruleSet: Self.rules
    }
  }

  private static var vault: String { "vault.ek" }
  private static var state: String { "state.ek" }
  private static var rules: String { "rules.ek" }
  private static var grants: String { "grants" }
}

// MARK: - The account's messages

extension ServiceFolder {
  /// Whether an account stands here.
  public var hasAccount: Bool { Folder.exists(account) || Folder.exists(next) }

  public func storedMessages() throws(ServiceError) -> StoredMessages {
    let messages = try unchanged { () throws(StoreError) in
      try withAccount { () throws(StoreError) in
        let rules = "\(account)/\(Self.rules)"
        return StoredMessages(
          passwordWrap: try read("\(account)/password-wrap.ek"),
          privateKeys: try read("\(account)/private-keys.ek"),
          ownerVault: try read("\(account)/\(Self.vault)"),
          accountState: try read("\(account)/\(Self.state)"),
          ruleSet: OutputFile.exists(rules) ? try read(rules) : nil)
      }
    }
    guard let messages else { throw .noAccount(place: path) }
    return messages
  }

  public func accountState() throws(ServiceError) -> ReceivedMessage {
    let place = "\(account)/\(Self.state)"
    let state = try unchanged { () throws(StoreError) in
      try withAccount { () throws(StoreError) in ReceivedMessage(place: place, bytes: try read(place)) }
    }
    guard let state else { throw .noAccount(place: path) }
    return state
  }

  /// The messages of the account change as one: a whole new folder, in which unchanged ones are copied, stands beside
  /// the old one before two renamings put it in its place. A crash before the first changes nothing; after it the step
  /// is done, and `recover` does the second. The new folder has the grants of the step as well, and `recover` moves
  /// them to where they are read: whoever comes next does it, also when another device goes on with the account.
  public func publish(
    _ messages: [PublishedMessage], expecting expected: Hash?
  ) throws(ServiceError) {
    // A folder that is away, such as a network's, is not made anew in its place: what goes there would be lost.
    if expected != nil { try requireAccount() }
    let lock = try unchanged { () throws(StoreError) in
      try Folder.make(path)
      return try FolderLock.wait(path, atMost: patience, onWait)
    }
    switch try unchanged({ () throws(StoreError) in try prepare(messages, expecting: expected) }) {
    case .other: throw .superseded(place: path)
    case .same: break
    case .ready: try halfway { () throws(StoreError) in try recover(finishing: true) }
    }
    lock.end()
  }

  private enum Preparation {
    /// The account has this vault already.
    case same
    /// The account has another vault than was expected.
    case other
    /// The account as it will be stands beside the one that is.
    case ready
  }

  private func prepare(
    _ messages: [PublishedMessage], expecting expected: Hash?
  ) throws(StoreError) -> Preparation {
    try recover()
    let old = Folder.exists(account) ? Hash(sha256: try read("\(account)/\(Self.vault)")) : nil
    let new = messages.vaultHash
    if old == new { return .same }
    guard old == expected else { return .other }
    try Folder.remove(next)
    let folder = try NewFolder(next)
    var written: Set<String> = []
    for message in messages {
      let name = file(of: message)
      if case .grant = message { try Folder.make("\(folder.temporary)/\(Self.grants)") }
      try OutputFile.write(message.serialized, to: "\(folder.temporary)/\(name)", .refused)
      written.insert(name)
    }
    if old != nil {
      for name in try Folder.names(in: account) where !written.contains(name) {
        try OutputFile.write(try read("\(account)/\(name)"), to: "\(folder.temporary)/\(name)", .refused)
      }
    }
    try folder.commit()
    return .ready
  }

  /// What `body` reads of the account, which nobody changes meanwhile; nil when there is none.
  private func withAccount<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value? {
    guard Folder.exists(path) else { return nil }
    let lock = try FolderLock.wait(path, atMost: patience, onWait)
    try recover()
    let value = Folder.exists(account) ? try body() : nil
    lock.end()
    return value
  }

  /// Without `finishing`, a step that has not taken the old folder away is dropped: whoever made it asks again.
  private func recover(finishing: Bool = false) throws(StoreError) {
    if Folder.exists(next) {
      if Folder.exists(account) {
        guard finishing else { return }
        try Folder.remove(previous)
        try Folder.rename(account, to: previous)
      }
      try Folder.rename(next, to: account)
    }
    try Folder.remove(previous)
    let grants = "\(account)/\(Self.grants)"
    guard Folder.exists(grants) else { return }
    try Folder.make("\(path)/\(Self.grants)")
    for name in try Folder.names(in: grants) {
      try Folder.rename("\(grants)/\(name)", to: "\(path)/\(Self.grants)/\(name)")
    }
    try Folder.remove(grants)
  }
}

// MARK: - Grants, requests and batches

extension ServiceFolder {
  public func grant(to agentID: AgentID) throws(ServiceError) -> ReceivedMessage? {
    let place = place(ofGrantTo: agentID)
    guard OutputFile.exists(place) else { return nil }
    return try unchanged { () throws(StoreError) in ReceivedMessage(place: place, bytes: try read(place)) }
  }

  @discardableResult
  public func put(_ request: EnrolmentRequest) throws(ServiceError) -> String {
    try requireAccount()
    let place = "\(path)/requests/\(request.agentID).ek"
    try unchanged { () throws(StoreError) in
      try Folder.make("\(path)/requests")
      try OutputFile.write(request.serialized, to: place, .replaced)
    }
    return place
  }

  @discardableResult
  public func put(_ batch: OutgoingBatch) throws(ServiceError) -> String {
    try requireAccount()
    let digits = String(batch.sequence.value)
    let zeros = String(repeating: "0", count: max(0, 8 - digits.count))
    let folder = "\(path)/batches/\(batch.agentID)"
    let place = "\(folder)/\(zeros)\(digits).ek"
    do {
      try Folder.make(folder)
      guard OutputFile.exists(place) else {
        try OutputFile.write(batch.bytes, to: place, .refused)
        return place
      }
    } catch {
      guard case .exists = error else { throw Self.unavailable(error) }
    }
    guard try unchanged({ () throws(StoreError) in try read(place) }) == batch.bytes else {
      throw .occupied(place: place)
    }
    return place
  }

  public func requests() throws(ServiceError) -> [ReceivedMessage] {
    try unchanged { () throws(StoreError) in try messages(in: "\(path)/requests") }
  }

  public func batchAuthors() throws(ServiceError) -> [String] {
    let folder = "\(path)/batches"
    guard Folder.exists(folder) else { return [] }
    return try unchanged { () throws(StoreError) in
      try Folder.names(in: folder).filter { Folder.exists("\(folder)/\($0)") }
    }
  }

  public func batches(of author: String) throws(ServiceError) -> [ReceivedMessage] {
    try unchanged { () throws(StoreError) in try messages(in: "\(path)/batches/\(author)") }
  }

  private func messages(in folder: String) throws(StoreError) -> [ReceivedMessage] {
    guard Folder.exists(folder) else { return [] }
    var messages: [ReceivedMessage] = []
    for name in try Folder.names(in: folder) where !Folder.exists("\(folder)/\(name)") {
      messages.append(
        ReceivedMessage(place: "\(folder)/\(name)", bytes: try read("\(folder)/\(name)")))
    }
    return messages
  }

  private func requireAccount() throws(ServiceError) {
    guard hasAccount else { throw .noAccount(place: path) }
  }

  private func place(ofGrantTo agentID: AgentID) -> String { "\(path)/\(Self.grants)/\(agentID).ek" }

  private func read(_ path: String) throws(StoreError) -> [UInt8] {
    try Descriptor.kept(path).rest(limit: 1 << 25)
  }

  /// Runs `body`, after whose failure the service is as it was.
  private func unchanged<Value: ~Copyable>(
    _ body: () throws(StoreError) -> Value
  ) throws(ServiceError) -> Value {
    do {
      return try body()
    } catch {
      throw Self.unavailable(error)
    }
  }

  /// Runs `body`, after whose failure a publication is stored in part.
  private func halfway(_ body: () throws(StoreError) -> Void) throws(ServiceError) {
    do {
      try body()
    } catch {
      throw .uncertain(place: error.place, reason: error.meaning)
    }
  }

  private static func unavailable(_ error: StoreError) -> ServiceError {
    .unavailable(place: error.place, reason: error.meaning)
  }
}
