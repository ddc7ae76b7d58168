internal import EndkeyWire

/// A value that is made anew from its parts.
protocol Rebuildable: Equatable {
  /// The same value, by the initialiser that checks its parts.
  func rebuilt() throws(WireError) -> Self
}

extension Rebuildable {
  /// What was read can be made: the initialisers check what the parsers check, and no more.
  func checkRebuilt() throws(Violation) {
    let again: Self
    do throws(WireError) {
      again = try rebuilt()
    } catch {
      throw Violation("what was read cannot be made of its own parts: \(error)")
    }
    try require(again == self, "made of its own parts, what was read is another value")
  }
}

extension Header: Rebuildable {
  func rebuilt() throws(WireError) -> Header { try Header(type: type, accountID: accountID, epoch: epoch) }
}

extension PasswordHeader: Rebuildable {
  func rebuilt() throws(WireError) -> PasswordHeader {
    try PasswordHeader(
      header: header.rebuilt(), counter: counter, iterations: iterations, accountSecret: accountSecret,
      salt: salt)
  }
}

extension PasswordWrap: Rebuildable {
  func rebuilt() throws(WireError) -> PasswordWrap {
    try PasswordWrap(head: head.rebuilt(), commitment: commitment, wrapped: wrapped)
  }
}

extension OwnerVault: Rebuildable {
  func rebuilt() throws(WireError) -> OwnerVault {
    try OwnerVault(header: header.rebuilt(), counter: counter, sealed: sealed)
  }
}

extension EnrolmentRequest: Rebuildable {
  func rebuilt() throws(WireError) -> EnrolmentRequest {
    try EnrolmentRequest(header: header.rebuilt(), modulus: modulus, verifyKey: verifyKey, nonce: nonce)
      .authenticated(mac).signed(signature)
  }
}

extension Grant: Rebuildable {
  func rebuilt() throws(WireError) -> Grant {
    try Grant(header: header.rebuilt(), kind: kind, recipient: recipient, counter: counter)
      .encrypted(ciphertext).signed(signature)
  }
}

extension PrivateKeys: Rebuildable {
  func rebuilt() throws(WireError) -> PrivateKeys {
    try PrivateKeys(header: header.rebuilt(), sealed: sealed)
  }
}

extension AccountState: Rebuildable {
  func rebuilt() throws(WireError) -> AccountState {
    try AccountState(
      header: header.rebuilt(), counter: counter, verifyKey: verifyKey, modulus: modulus,
      commitment: commitment, ruleSet: ruleSet, previous: previous, revoked: revoked
    ).signed(signature)
  }
}

extension SealedBlob: Rebuildable {
  func rebuilt() throws(WireError) -> SealedBlob {
    try SealedBlob(
      context: Context(header: header.rebuilt(), field: field, agentID: agentID), sealed: sealed)
  }
}

extension BlobText: Rebuildable {
  func rebuilt() throws(WireError) -> BlobText { try BlobText(blob: blob.rebuilt()) }
}

extension BlobReference: Rebuildable {
  func rebuilt() throws(WireError) -> BlobReference {
    try BlobReference(field: field, length: length, digest: digest)
  }
}

extension Token: Rebuildable {
  func rebuilt() throws(WireError) -> Token {
    let c = serialized.span.extracting(Layout.headCount...).array
    return try Token(field: field, epoch: epoch, v: v, c: c)
  }
}

extension Record: Rebuildable {
  func rebuilt() throws(WireError) -> Record {
    var again: [Item] = []
    for item in items {
      switch item {
      case .token(let token): again.append(.token(try token.rebuilt()))
      case .blob(let blob): again.append(.blob(try blob.rebuilt()))
      }
    }
    return try Record(kind: kind, start: start, duration: duration, items: again)
  }
}

extension RecordBatch: Rebuildable {
  func rebuilt() throws(WireError) -> RecordBatch {
    var again: [Record] = []
    for record in records { again.append(try record.rebuilt()) }
    return try RecordBatch(
      header: header.rebuilt(), agentID: agentID, sequence: sequence, previous: previous,
      stateCounter: stateCounter, records: again
    ).signed(signature)
  }
}

extension RuleSet: Rebuildable {
  func rebuilt() throws(WireError) -> RuleSet {
    let again = rules.map { Rule(v: $0.v, field: $0.field, category: $0.category) }
    return try RuleSet(header: header.rebuilt(), counter: counter, rules: again).signed(signature)
  }
}

extension LocalState: Rebuildable {
  func rebuilt() throws(WireError) -> LocalState {
    try LocalState(header: header.rebuilt(), generation: generation, sealed: sealed)
  }
}

extension SpoolHeader: Rebuildable {
  func rebuilt() throws(WireError) -> SpoolHeader {
    try SpoolHeader(header: header.rebuilt(), agentID: agentID, segment: segment)
  }
}

extension SpoolFrameHead: Rebuildable {
  func rebuilt() throws(WireError) -> SpoolFrameHead {
    try SpoolFrameHead(index: index, length: length, previous: previous).checked(check)
  }
}

// MARK: - Contents

extension OwnerContents: Rebuildable {
  func rebuilt() throws(WireError) -> OwnerContents {
    try OwnerContents(
      salt: salt, wrapCounter: wrapCounter, vaultCounter: vaultCounter, stateCounter: stateCounter,
      stateHash: stateHash)
  }
}

extension AccountKeys: Rebuildable {
  func rebuilt() throws(WireError) -> AccountKeys { try AccountKeys(p: p, q: q, seed: seed) }
}

extension AgentContents: Rebuildable {
  func rebuilt() throws(WireError) -> AgentContents {
    var again: [EpochKeys] = []
    for keys in epochs {
      again.append(
        try EpochKeys(
          epoch: keys.epoch, tokenKey: keys.tokenKey, agentKey: keys.agentKey, masterKey: keys.masterKey))
    }
    return try AgentContents(
      phase: phase, keys: keys.rebuilt(), request: request, accountKey: accountKey,
      stateCounter: stateCounter, stateHash: stateHash, commitment: commitment, grantCounter: grantCounter,
      grantHash: grantHash, sequence: sequence, batchHash: batchHash, epochs: again)
  }
}

extension GrantContents: Rebuildable {
  func rebuilt() throws(WireError) -> GrantContents {
    switch keys {
    case .master(let key): try GrantContents(headerHash: headerHash, keys: .master(key))
    case .scoped(let keys):
      try GrantContents(
        headerHash: headerHash,
        keys: .scoped(ScopedKeys(tokenKey: keys.tokenKey, agentKey: keys.agentKey)))
    }
  }
}

extension Member: Rebuildable {
  func rebuilt() throws(WireError) -> Member {
    try Member(
      agentID: agentID, modulus: modulus, verifyKey: verifyKey, role: role, status: status, kind: kind,
      epoch: epoch, grantCounter: grantCounter, auditedSequence: auditedSequence, auditedHash: auditedHash)
  }
}

extension RuleDefinition: Rebuildable {
  func rebuilt() throws(WireError) -> RuleDefinition {
    try RuleDefinition(field: field, category: category, seen: seen, value: value)
  }
}

extension VaultContents {
  /// The same contents, whose secrets are in `bytes`.
  func rebuilt(epoch: UInt32, secrets bytes: Span<UInt8>) throws(WireError) -> VaultContents {
    var (pastKeys, codes, members, rules): ([PastKey], [Code], [Member], [RuleDefinition]) = ([], [], [], [])
    for key in self.pastKeys { pastKeys.append(try PastKey(epoch: key.epoch, masterKey: key.masterKey)) }
    for code in self.codes {
      codes.append(
        try Code(
          secret: code.secret, role: code.role, approval: code.approval, usesLeft: code.usesLeft,
          expires: code.expires, nonces: code.nonces))
    }
    for member in self.members { members.append(try member.rebuilt()) }
    for rule in self.rules { rules.append(try rule.rebuilt()) }
    return try VaultContents(
      epoch: epoch, secrets: bytes, stateCounter: stateCounter, stateHash: stateHash,
      wrapCounter: wrapCounter, grantCounter: grantCounter, ruleSetCounter: ruleSetCounter,
      pastKeys: pastKeys, codes: codes, members: members, rules: rules)
  }
}
