internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension Operation {
  /// Operations of both ends that need more than one message or key.
  static var protocolOperations: [Operation] {
    passwords + ownerOperations + publications + audits + agentOperations
  }

  private static let passwords: [Operation] = [
    Operation("password/login") { fields in
      let bytes = try fields.bytes("head")
      let pinned = try fields.nullable("pinned_head") { try PasswordHeader(parsing: $0.hex(count: 69)) }
      let isChanged = try fields.flag("password_changed")
      let credentials = try credentials(&fields)
      let head = try PasswordHeader(parsing: bytes)
      try HeadCheck(pinned: pinned).check(head, isChangeConfirmed: isChanged)
      var out = JSONObject()
      try appendLogin(try stretch(credentials, head), to: &out)
      return out
    },
    Operation("person-keys/make") { fields in
      let accountID = try fields.accountID()
      let counter = try Counter(fields.required("counter").integer(in: 1...Limit.counterMax))
      let iterations: UInt32 = try fields.required("iterations").integer()
      let credentials = try credentials(&fields)
      let head = PasswordHeader(
        accountID: accountID, counter: counter, iterations: iterations,
        accountSecret: credentials.accountSecretUse, salt: try fields.fixed("salt"))
      var salt = FixedRandom(try fields.bytes("seal_salt", count: 24))
      let identity = try identity(&fields)
      let stretched = try stretch(credentials, head)
      let keys = try PersonKeys.seal(identity, with: stretched, using: &salt)
      var out = JSONObject.of([
        "keys": .hex(keys.serialized), "person_id": .hex(identity.agentID.bytes),
      ])
      try appendLogin(stretched, to: &out)
      return out
    },
    Operation("person-keys/open") { fields in
      let head = try PasswordHeader(parsing: fields.bytes("head", count: 69))
      let bytes = try fields.bytes("keys")
      let credentials = try credentials(&fields)
      guard try PersonKeys(parsing: bytes).head == head else { throw ProtocolError(.pinMismatch, "9.5") }
      let (_, identity) = try PersonKeys.open(bytes, with: stretch(credentials, head))
      let contents = try identity.value.contents().disclosed
      return .of([
        "p": .hex(contents[..<128]), "q": .hex(contents[128..<256]), "seed": .hex(contents[256...]),
        "person_id": .hex(identity.value.agentID.bytes),
      ])
    },
    Operation("password/wrap") { fields in
      let head = try PasswordHeader(parsing: fields.bytes("head", count: 69))
      let epoch = try fields.epoch()
      let secret = try fields.secret("master_key", count: 32)
      let stretched = try stretch(credentials(&fields), head)
      let masterKey = MasterKey(secret: secret, accountID: head.accountID, epoch: epoch)
      return .of("wrap", try stretched.wrap(masterKey).serialized)
    },
    Operation("password/open") { fields in
      let head = try PasswordHeader(parsing: fields.bytes("head", count: 69))
      let bytes = try fields.bytes("wrap")
      let credentials = try credentials(&fields)
      let wrap = try PasswordWrap(parsing: bytes)
      guard wrap.accountID == head.accountID else { throw ProtocolError(.wrongAccount, "9.3") }
      return .of("master_key", try stretch(credentials, head).open(wrap).secret.disclosed)
    },
  ]

  static func credentials(_ fields: inout JSONFields) throws -> Credentials {
    let loginName = try fields.bytes("login_name")
    let password = try fields.secret("password")
    guard let bytes = try fields.nullable("account_secret", { try $0.hex(count: 16) }) else {
      return Credentials(loginName: loginName, password: password, accountSecret: nil)
    }
    return Credentials(
      loginName: loginName, password: password, accountSecret: SecretBytes(copying: bytes))
  }

  static func stretch(
    _ credentials: borrowing Credentials, _ head: PasswordHeader
  ) throws(ProtocolError) -> StretchedPassword {
    try StretchedPassword(credentials, head: head) { (password, salt) throws(PrimitiveError) in
      try StretchCache.stretch(password, salt: salt, iterations: head.iterations)
    }
  }

  private static func appendLogin(
    _ stretched: borrowing StretchedPassword, to out: inout JSONObject
  ) throws {
    let key = try stretched.loginKey()
    out.append("login_id", .hex(stretched.loginID.bytes))
    out.append("login_key", .hex(key.disclosed))
    out.append("login_verifier", .hex(StretchedPassword.loginVerifier(of: key).bytes))
  }

  private static let ownerOperations: [Operation] = [
    Operation("vault/make") { fields in
      let signingKey = try Ed25519.PrivateKey(seed: fields.secret("seed", count: 32))
      let masterKey = try masterKey(&fields)
      let counter = try fields.counter()
      var salt = FixedRandom(try fields.bytes("salt", count: 24))
      let vault = try Vault(contents: fields.secret("contents"), accountID: masterKey.accountID)
      let message = try vault.sealed(
        counter: counter, masterKey: masterKey, signingKey: signingKey, using: &salt)
      return .of("vault", message.serialized)
    },
    Operation("vault/open") { fields in
      let state = AcceptedState(try AccountState(parsing: fields.bytes("state")))
      let secret = try fields.secret("master_key", count: 32)
      let personID = try fields.agentID("person_id")
      let keys = try fields.bytes("person_keys", count: PersonKeys.byteCount)
      let masterKey = MasterKey(
        secret: secret, accountID: state.state.accountID, epoch: state.state.epoch)
      let check = VaultCheck(state: state, personID: personID, keysHash: Hash(sha256: keys))
      let (_, vault) = try check.open(fields.bytes("vault"), with: masterKey)
      return .of("contents", try vault.contents().disclosed)
    },
    Operation("person/open") { fields in
      let pins = try fields.nullable("pins") { try OwnerPins.remembering($0.hex()) }
      let isChanged = try fields.flag("password_changed")
      let credentials = try credentials(&fields)
      let (headBytes, whole) = try fields.required("messages").object { messages in
        (try messages.bytes("head"), try Whole(&messages))
      }
      let kept = try fields.list("kept") { cursor in try cursor.object { try Whole(&$0) } }
      let now = try fields.time("now")
      var owner = Owner.locked(pins: pins)
      let head = try PasswordHeader(parsing: headBytes)
      try HeadCheck(pinned: pins?.head).check(head, isChangeConfirmed: isChanged)
      try owner.open(whole, with: stretch(credentials, head), kept: KeptAccount(kept))
      return try report(of: &owner, now: now)
    },
    Operation("enrolment/verify") { fields in
      let accountID = try fields.accountID()
      let request = try fields.bytes("request")
      let codes = try fields.list("codes") { try liveCode($0) }.sorted { $0.id < $1.id }
      let members = try fields.list("members") { cursor in
        try cursor.object { (try $0.agentID(), try $0.named("status", as: MemberStatus.self)) }
      }
      let persons = try fields.list("persons") { cursor in
        try cursor.object { (try $0.agentID("person_id"), try $0.named("status", as: PersonStatus.self)) }
      }
      let gone = members.filter { $0.1 != .granted }.map(\.0) + persons.filter { $0.1 != .granted }.map(\.0)
      let check = EnrolmentCheck(
        accountID: accountID, codes: codes, revoked: Set(gone), persons: Set(persons.map(\.0)),
        members: Set(members.map(\.0)), hasRootKey: try fields.flag("root"))
      let now = try fields.time("now")
      let approved = try fields.flag("approved")
      let verified = try check.verify(request, now: now) { _ in approved }
      let code = codes[verified.codeIndex]
      return .of([
        "agent_id": .hex(verified.agentID.bytes), "code_id": .hex(code.id.bytes),
        "kind": .string(code.kind.name), "role": .string(code.role.name),
      ])
    },
    Operation("certificate/make") { fields in
      let rootKey = try Ed25519.PrivateKey(seed: fields.secret("root_seed", count: 32))
      let list = try Certificate.make(
        generation: fields.generation(), from: fields.time("certificate_from"),
        until: fields.time("certificate_until"), signers: signers(&fields), rootKey: rootKey)
      return .of([
        "account_id": .hex(AccountID(verifyKey: list.rootKey).bytes),
        "certificate": .hex(list.signature.bytes),
      ])
    },
    Operation("state/make") { fields in
      let signingKey = try Ed25519.PrivateKey(seed: fields.secret("seed", count: 32))
      let secret = try fields.secret("master_key", count: 32)
      let epoch = try fields.epoch()
      let counter = try fields.counter()
      let (made, validUntil) = (try fields.time("made"), try fields.time("valid_until"))
      let rootKey: VerifyKey = try fields.fixed("root_key")
      let list = Certificate(
        rootKey: rootKey, generation: try fields.generation(), from: try fields.time("certificate_from"),
        until: try fields.time("certificate_until"),
        signers: try BoundedList(signers(&fields).sorted { $0.verifyKey < $1.verifyKey }),
        signature: try fields.fixed("certificate"))
      let revoked = try fields.list("revoked") { try $0.fixed(as: AgentID.self) }
      let accountID = AccountID(verifyKey: rootKey)
      let state = try AccountState.make(
        counter: counter, made: made, validUntil: validUntil,
        masterKey: MasterKey(secret: secret, accountID: accountID, epoch: epoch), list: list,
        revoked: Set(revoked), signingKey: signingKey
      ).serialized
      // What no receiver would accept is not made.
      _ = try StateCheck(accountID: accountID, last: nil).accept(state)
      return .of("state", state)
    },
    Operation("grant/make") { fields in
      let signingKey = try Ed25519.PrivateKey(seed: fields.secret("seed", count: 32))
      let kind: GrantKind = try fields.named("kind")
      let recipient = try fields.agentID("recipient")
      let modulus: Modulus = try fields.fixed("modulus")
      let verifyKey: VerifyKey = try fields.fixed("verify_key")
      let masterKey = try masterKey(&fields)
      var seed = FixedRandom(try fields.bytes("oaep_seed", count: 20))
      _ = try primitive("11", or: .badKey) { () throws(PrimitiveError) in
        _ = try RSAPublicKey(modulus: modulus.bytes)
        return try Ed25519.PublicKey(verifyKey.bytes)
      }
      guard AgentID(modulus: modulus, verifyKey: verifyKey) == recipient else {
        throw ProtocolError(.wrongRecipient, "11")
      }
      let grant = try Grant.make(
        kind, to: recipient, modulus: modulus, masterKey: masterKey, signingKey: signingKey, using: &seed)
      return .of("grant", grant.serialized)
    },
    Operation("rules/make") { fields in
      let accountID = try fields.accountID()
      let epoch = try fields.epoch()
      let ring = try tokenKeys(&fields, accountID)
      let definitions = try fields.list("definitions") { try $0.object { try RuleInput(&$0) } }
      return .of("rule_set", try ruleSet(definitions, accountID, epoch, ring).serialized)
    },
    Operation("rules/open") { fields in
      let accountID = try fields.accountID()
      let epoch = try fields.epoch()
      let hash = try fields.hash("expected_hash")
      let bytes = try fields.nullable("rule_set") { try $0.hex() }
      guard hash != .zero else { return JSONObject() }
      guard let bytes else { throw ProtocolError(.chainBroken, "16.4") }
      _ = try RuleSet(verifying: bytes, accountID: accountID, epoch: epoch, hash: hash)
      return JSONObject()
    },
    Operation("owner/machine") { fields in
      let phase: OwnerMachine.Phase = try fields.required("phase").name()
      let event: OwnerMachine.Event = try fields.required("event").name()
      let step = OwnerMachine.step(phase, event)
      return .of(["next": .string(step.next.rawValue), "error": .code(step.error)])
    },
  ]

  static func signers(_ fields: inout JSONFields) throws -> [Signer] {
    try fields.list("signers") { cursor in
      try cursor.object {
        Signer(verifyKey: try $0.fixed("verify_key"), personID: try $0.agentID("person_id"))
      }
    }
  }

  private static func liveCode(_ cursor: JSONCursor) throws -> LiveCode {
    try cursor.object { fields in
      let id: Bytes<8> = try fields.fixed("id")
      let secret = try fields.secret("secret", count: 16)
      let role: Role = try fields.named("role")
      let kind: GrantKind = try fields.named("kind")
      let approval: Approval = try fields.named("approval")
      let usesLeft: UInt16 = try fields.required("uses_left").integer()
      let expires = try fields.time("expires")
      let nonces = try fields.list("nonces") { try $0.fixed(as: Hash.self) }
      guard role == .agent || (kind == .master && usesLeft <= 1) else {
        throw cursor.error("no code of a manager")
      }
      guard kind == .scoped || approval == .manual else {
        throw cursor.error("no code of the MasterKey")
      }
      return LiveCode(
        id: id, secret: secret, label: .empty, role: role, kind: kind, approval: approval,
        usesLeft: usesLeft, expires: expires == 0 ? nil : expires, nonces: nonces)
    }
  }

  private struct RuleInput {
    let field: TokenField
    let category: EndkeyWire.Category
    let value: [UInt8]
    let seen: Bool
    let past: [Epoch]

    init(_ fields: inout JSONFields) throws {
      field = try fields.named("field")
      category = try fields.named("category")
      value = try fields.bytes("value")
      seen = try fields.flag("seen")
      past = try fields.list("past") { try $0.epoch() }
    }
  }

  private static func ruleSet(
    _ inputs: [RuleInput], _ accountID: AccountID, _ epoch: Epoch, _ ring: KeyRing
  ) throws -> RuleSet {
    let inputs = inputs.filter(\.seen)
    guard !inputs.isEmpty else {
      return RuleSet(accountID: accountID, epoch: epoch, rules: try BoundedList([]))
    }
    let definitions = try inputs.map { input in
      try TokenValue.check(input.value.span)
      return RuleDefinition(
        field: input.field, category: input.category, seen: true, value: try BoundedBytes(input.value))
    }
    guard let key = try ring.tokenKeys(epoch: epoch, "16.4").first else {
      throw ProtocolError(.noEpochKey, "16.4")
    }
    var past: Set<Token> = []
    for input in inputs {
      for epoch in input.past {
        for key in try ring.tokenKeys(epoch: epoch, "16.4") {
          var sealer = try TokenSealer(key: key.value)
          past.insert(try sealer.seal(input.value, field: input.field))
        }
      }
    }
    var sealer = try TokenSealer(key: key.value)
    var opener = TokenOpener(ring: ring)
    return try RuleSet.make(definitions, sealer: &sealer, past: past, opener: &opener)
  }
}

// MARK: - What a person's end remembers

extension OwnerPins {
  private static let deviceKey = [UInt8](repeating: 7, count: 32)

  /// What a device remembers that wrote `contents`, which are OwnerContents.
  static func remembering(_ contents: [UInt8]) throws -> OwnerPins {
    let read = try OwnerContents(parsing: contents)
    var salt = FixedRandom(.zeros(24))
    let state = try LocalState.seal(
      SecretBytes(copying: contents), type: .ownerState, accountID: read.head.accountID,
      epoch: read.state?.epoch, writes: 1, deviceKey: SecretBytes(copying: deviceKey), using: &salt)
    return try OwnerPins(opening: state.serialized, deviceKey: SecretBytes(copying: deviceKey))
  }

  /// The same as `OwnerContents`.
  func contents() throws -> [UInt8] {
    var pins = self
    var salt = FixedRandom(.zeros(24))
    let key = SecretBytes(copying: Self.deviceKey)
    return try pins.save(deviceKey: key, using: &salt).open(deviceKey: key).disclosed
  }
}

extension Whole {
  /// The members of `messages` behind `head`.
  init(_ fields: inout JSONFields) throws {
    self.init(
      personKeys: try fields.bytes("person_keys"),
      passwordWrap: try fields.nullable("password_wrap") { try $0.hex() },
      accountState: try fields.bytes("account_state"), grant: try fields.nullable("grant") { try $0.hex() },
      ownerVault: try fields.bytes("owner_vault"), ruleSet: try fields.nullable("rule_set") { try $0.hex() })
  }
}

extension KeptAccount {
  /// What an end keeps: the last whole that it opened, and behind it those that are kept for their MasterKeys; nil
  /// where it keeps none.
  fileprivate init?(_ wholes: [Whole]) {
    guard let last = wholes.first else { return nil }
    self.init(
      opened: last, by: .zero, login: nil, ended: Array(wholes.dropFirst()), after: nil)
  }
}

extension JSONValue {
  /// MasterKeys with their epochs.
  fileprivate static func pastKeys(_ keys: [Shared<MasterKey>]) -> JSONValue {
    .array(
      keys.map {
        ["epoch": .integer($0.value.epoch.value), "master_key": .hex($0.value.secret.disclosed)]
      })
  }
}

extension JSONFields {
  /// The same, of an account.
  mutating func pastKeys(_ accountID: AccountID) throws -> [Shared<MasterKey>] {
    try list("keys") { cursor in
      try cursor.object {
        let epoch = try $0.epoch()
        let secret = try $0.secret("master_key", count: 32)
        return Shared(MasterKey(secret: secret, accountID: accountID, epoch: epoch))
      }
    }
  }
}

extension Aside {
  fileprivate var value: JSONValue {
    [
      "vault_hash": .hex(vaultHash.bytes), "counter": .integer(vaultCounter?.value ?? 0),
      "state": .hexOrNull(state?.state.serialized), "keys": .pastKeys(keys),
    ]
  }

  /// `aside` of an operation's input.
  init(_ fields: inout JSONFields, of accountID: AccountID) throws {
    let hash = try fields.hash("vault_hash")
    let counter = try fields.counter()
    let state = try fields.nullable("state") { AcceptedState(try AccountState(parsing: $0.hex())) }
    self.init(
      vaultHash: hash, vaultCounter: counter.value == 0 ? nil : counter, state: state,
      keys: try fields.pastKeys(accountID))
  }
}

extension Operation {
  /// `out` of `person/open`.
  private static func report(of owner: inout Owner, now: Time) throws -> JSONObject {
    guard let personID = owner.personID, let vault = owner.vault, let state = owner.state,
      let person = vault[person: personID], let pins = owner.pins
    else { throw ProtocolError(.internalError, "12.7") }
    return .of([
      "person_id": .hex(personID.bytes), "role": .string(person.role.name),
      "master_key": .hex(try owner.masterKey().secret.disclosed),
      "contents": .hex(try vault.contents().disclosed),
      "findings": .array(owner.findings.map { .code($0) }), "expired": .bool(now >= state.validUntil),
      "pins": .hex(try pins.contents()),
      "aside": owner.session?.aside.map(\.value) ?? .null,
      "missing": .array((owner.session?.ended ?? []).map { ["keys": .pastKeys($0.keys)] }),
    ])
  }
}
