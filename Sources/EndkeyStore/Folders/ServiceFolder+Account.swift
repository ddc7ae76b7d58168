public import Endkey
public import EndkeyPrimitives
public import EndkeyWire

// The account's messages, which change as one.
//
//     account/vault.ek, state.ek, rules.ek, password-wrap.ek
//     account/keys-<person id>.ek
//     account/login-<login id>        the person's id in hexadecimal

extension ServiceFolder: OwnerService {
  private static var wrap: String { "password-wrap.ek" }
  private static func keys(of personID: String) -> String { "keys-\(personID).ek" }
  private static func login(_ id: Hash) -> String { "\(loginPrefix)\(id)" }
  private static var loginPrefix: String { "login-" }

  public func head(of loginID: Hash) throws(ServiceError) -> ReceivedMessage {
    try account(of: loginID) { (person) throws(StoreError) in
      let place = "\(account)/\(Self.keys(of: person))"
      let keys = try read(place, atMost: PersonKeys.byteCount)
      return ReceivedMessage(place: place, bytes: Array(keys.prefix(PasswordHeader.byteCount)))
    }
  }

  public func whole(of loginID: Hash, loginKey: borrowing SecretBytes) throws(ServiceError) -> Whole {
    try account(of: loginID) { (person) throws(StoreError) in
      Whole(
        personKeys: try read("\(account)/\(Self.keys(of: person))", atMost: PersonKeys.byteCount),
        passwordWrap: try optional("\(account)/\(Self.wrap)", atMost: PasswordWrap.byteCount),
        accountState: try read("\(account)/\(Self.state)", atMost: AccountState.byteCountMax),
        grant: try optional("\(path)/\(Self.grants)/\(person).ek", atMost: Grant.byteCount),
        ownerVault: try read("\(account)/\(Self.vault)", atMost: OwnerVault.byteCountMax),
        ruleSet: try optional("\(account)/\(Self.rules)", atMost: RuleSet.byteCountMax))
    }
  }

  /// What `body` reads for the person of a login. `noLogin` when the account has none.
  private func account<Value>(
    of loginID: Hash, _ body: (String) throws(StoreError) -> Value
  ) throws(ServiceError) -> Value {
    let value = try withAccount { () throws(StoreError) in
      try person(of: loginID).map { (person) throws(StoreError) in try body(person) }
    }
    guard let value else { throw .noLogin(place: path, isWaiting: try isWaiting(loginID)) }
    return value
  }

  /// Whether somebody has asked to join under a login.
  private func isWaiting(_ loginID: Hash) throws(ServiceError) -> Bool {
    try personRequests().contains { PersonRequest(reading: $0.bytes)?.loginID == loginID }
  }

  private func person(of loginID: Hash) throws(StoreError) -> String? {
    let bytes = try optional("\(account)/\(Self.login(loginID))", atMost: 2 * AgentID.byteCount)
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  private func optional(_ place: String, atMost count: Int) throws(StoreError) -> [UInt8]? {
    OutputFile.exists(place) ? try read(place, atMost: count) : nil
  }
}

// MARK: - Recovery

extension ServiceFolder {
  public func recoverySource(
    of accountID: AccountID, for recoveryKey: borrowing SecretBytes
  ) throws(ServiceError) -> RecoverySource {
    try withAccount { () throws(StoreError) in
      let state = try read("\(account)/\(Self.state)", atMost: AccountState.byteCountMax)
      let vault = try read("\(account)/\(Self.vault)", atMost: OwnerVault.byteCountMax)
      return RecoverySource(accountState: state, ownerVault: vault, head: try head(in: state))
    }
  }

  /// The head of the PersonKeys of the owner that a state lists; nil where there is none.
  private func head(in state: [UInt8]) throws(StoreError) -> PasswordHeader? {
    do {
      let state = try AccountState(parsing: state)
      guard let owner = state.signers.first(where: { $0.verifyKey == state.rootKey }) else { return nil }
      let keys = try optional(
        "\(account)/\(Self.keys(of: "\(owner.personID)"))", atMost: PersonKeys.byteCount)
      return try keys.map { (bytes) throws(WireError) in try PersonKeys(parsing: bytes).head }
    } catch let error as StoreError {
      throw error
    } catch {
      return nil
    }
  }
}

// MARK: - Publishing

extension ServiceFolder {
  /// The messages of the account change as one: a whole new folder, in which unchanged ones are copied, stands beside
  /// the old one before two renamings put it in its place. A crash before the first changes nothing; after it the step
  /// is done, and `recover` does the second. The new folder has the grants of the step as well, and `recover` moves
  /// them to where they are read: whoever comes next does it, also when another device goes on with the account.
  public func publish(_ publication: Publication, by personID: AgentID) throws(ServiceError) {
    // A folder that is away, such as a network's, is not made anew in its place: what goes there would be lost.
    if publication.expected != nil { try requireAccount() }
    let lock = try unchanged { () throws(StoreError) in
      try Folder.make(path)
      return try locked()
    }
    switch try unchanged({ () throws(StoreError) in try prepare(publication, by: personID) }) {
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
    _ publication: Publication, by personID: AgentID
  ) throws(StoreError) -> Preparation {
    let old =
      Folder.exists(account)
      ? Hash(sha256: try read("\(account)/\(Self.vault)", atMost: OwnerVault.byteCountMax)) : nil
    if old == publication.vaultHash { return .same }
    guard old == publication.expected else { return .other }
    try Folder.remove(next)
    let folder = try newFolder(next)
    let files = try files(of: publication, by: personID)
    if !publication.grants.isEmpty { try Folder.make("\(folder.temporary)/\(Self.grants)") }
    for (name, bytes) in files { try OutputFile.write(bytes, to: "\(folder.temporary)/\(name)", .refused) }
    if old != nil {
      for name in try Folder.names(in: account) where files[name] == nil && Self.isAccountFile(name) {
        // No message that stands here is longer.
        let bytes = try read("\(account)/\(name)", atMost: OwnerVault.byteCountMax)
        // A person has one login name.
        let isReplaced =
          publication.login != nil && name.hasPrefix(Self.loginPrefix)
          && bytes == Array("\(personID)".utf8)
        if isReplaced { continue }
        try OutputFile.write(bytes, to: "\(folder.temporary)/\(name)", .refused)
      }
    }
    try folder.commit()
    return .ready
  }

  /// The files that change, by their names within the account's folder.
  private func files(
    of publication: Publication, by personID: AgentID
  ) throws(StoreError) -> [String: [UInt8]] {
    var files = [Self.vault: publication.ownerVault.serialized]
    files[Self.state] = publication.accountState?.serialized
    files[Self.rules] = publication.ruleSet?.serialized
    files[Self.wrap] = publication.passwordWrap?.serialized
    if let keys = publication.personKeys, let login = publication.login {
      files[Self.keys(of: "\(personID)")] = keys.serialized
      try files[claim(login.id, for: personID, under: publication.accountState)] = Array("\(personID)".utf8)
    }
    for grant in publication.grants {
      files["\(Self.grants)/\(grant.recipient).ek"] = grant.serialized
      guard let request = try waiting(grant.recipient) else { continue }
      files[Self.keys(of: "\(grant.recipient)")] = request.keys.serialized
      try files[claim(request.loginID, for: grant.recipient, under: publication.accountState)] =
        Array("\(grant.recipient)".utf8)
    }
    return files
  }

  /// Whether a file of this name belongs to an account: nothing else is carried on.
  private static func isAccountFile(_ name: String) -> Bool {
    func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
      text.utf8.count == 2 * count && text.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
    if name.hasPrefix(loginPrefix) { return isHexadecimal(name.dropFirst(loginPrefix.count), Hash.byteCount) }
    if name.hasPrefix("keys-"), name.hasSuffix(".ek") {
      return isHexadecimal(name.dropFirst(5).dropLast(3), AgentID.byteCount)
    }
    return [vault, state, rules, wrap].contains(name)
  }

  /// The file of a login that becomes a person's. Throws `damaged` for that of another person whom the newest state
  /// lists, `state` where that is new: that one could not log in any more. The owner who comes back with a recovery
  /// text is another person than before, under the same login if that is wanted.
  private func claim(
    _ login: Hash, for personID: AgentID, under state: AccountState?
  ) throws(StoreError) -> String {
    let place = "\(account)/\(Self.login(login))"
    if let holder = try person(of: login), holder != "\(personID)", try isListed(holder, in: state) {
      throw .damaged(
        place: place, reason: "another person of the account has this login name: take another one")
    }
    return Self.login(login)
  }

  /// Whether a state lists a person, `state` or the newest one; one that cannot be read lists everybody.
  private func isListed(_ personID: String, in state: AccountState?) throws(StoreError) -> Bool {
    let newest = try optional("\(account)/\(Self.state)", atMost: AccountState.byteCountMax)
    guard let bytes = state?.serialized ?? newest else { return false }
    do {
      return try AccountState(parsing: bytes).signers.contains { "\($0.personID)" == personID }
    } catch {
      return true
    }
  }

  /// The request of a person who has no login yet.
  private func waiting(_ personID: AgentID) throws(StoreError) -> PersonRequest? {
    guard !OutputFile.exists("\(account)/\(Self.keys(of: "\(personID)"))"),
      let bytes = try optional(
        "\(path)/person-requests/\(personID).ek", atMost: PersonRequest.byteCount)
    else { return nil }
    do {
      return try PersonRequest(parsing: bytes)
    } catch {
      return nil
    }
  }
}

// MARK: - Grants, wraps and requests

extension ServiceFolder {
  public func recipients(of epoch: Epoch, _ commitment: Bytes<32>) throws(ServiceError) -> Set<AgentID> {
    let folder = "\(path)/\(Self.grants)"
    guard Folder.exists(folder) else { return [] }
    return try unchanged { () throws(StoreError) in
      var recipients: Set<AgentID> = []
      for name in try Folder.names(in: folder) {
        let bytes = try read("\(folder)/\(name)", atMost: Grant.byteCount)
        do {
          let grant = try Grant(parsing: bytes)
          if grant.epoch == epoch, grant.commitment == commitment { recipients.insert(grant.recipient) }
        } catch {
          continue
        }
      }
      return recipients
    }
  }

  public func put(_ grants: [Grant]) throws(ServiceError) {
    try requireAccount()
    try unchanged { () throws(StoreError) in
      try withLock { () throws(StoreError) in
        for grant in grants {
          try write(grant.serialized, to: "\(path)/\(Self.grants)/\(grant.recipient).ek")
        }
      }
    }
  }

  public func put(_ wrap: PasswordWrap, madeWith keys: Hash) throws(ServiceError) {
    try requireAccount()
    try withAccount { () throws(StoreError) in try write(wrap.serialized, to: "\(account)/\(Self.wrap)") }
  }

  public func put(_ joining: borrowing JoinRequest) throws(ServiceError) {
    let request = joining.request
    try requireAccount()
    try unchanged { () throws(StoreError) in
      try withLock { () throws(StoreError) in
        _ = try claim(request.loginID, for: request.request.agentID, under: nil)
        try write(request.serialized, to: "\(path)/person-requests/\(request.request.agentID).ek")
      }
    }
  }

  public func refuse(requestOf id: AgentID) throws(ServiceError) {
    try unchanged { () throws(StoreError) in
      try withLock { () throws(StoreError) in
        for folder in ["requests", "person-requests"] { try OutputFile.remove("\(path)/\(folder)/\(id).ek") }
      }
    }
  }

  public func personRequests() throws(ServiceError) -> [ReceivedMessage] {
    try unchanged { () throws(StoreError) in
      try messages(in: "\(path)/person-requests", atMost: PersonRequest.byteCount)
    }
  }
}
