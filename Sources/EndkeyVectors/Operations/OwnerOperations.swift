internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

extension Operation {
  /// Operations of owner and agent that need more than one message or key.
  static var protocolOperations: [Operation] { passwords + ownerOperations + agentOperations }

  private static let passwords: [Operation] = [
    Operation("password/wrap") { fields in
      let accountID = try fields.accountID()
      let epoch = try fields.epoch()
      let counter = try fields.counter()
      let iterations: UInt32 = try fields.required("iterations").integer()
      let salt: Bytes<32> = try fields.fixed("salt")
      let credentials = try credentials(&fields)
      let secret = try fields.secret("master_key", count: 32)
      let head = PasswordHeader(
        accountID: accountID, epoch: epoch, counter: counter, iterations: iterations,
        accountSecret: credentials.hasAccountSecret ? .required : .none, salt: salt)
      let stretched = try stretch(credentials, head, pin: nil)
      let masterKey = MasterKey(secret: secret, accountID: accountID, epoch: epoch)
      var out = JSONObject.of("wrap", try stretched.wrap(masterKey).serialized)
      try appendLogin(stretched, to: &out)
      return out
    },
    Operation("password/login") { fields in
      let bytes = try fields.bytes("head")
      let credentials = try credentials(&fields)
      let pin = try wrapPin(&fields)
      let stretched = try stretch(credentials, PasswordHeader(parsing: bytes), pin: pin)
      var out = JSONObject()
      try appendLogin(stretched, to: &out)
      return out
    },
    Operation("password/open") { fields in
      let bytes = try fields.bytes("wrap")
      let credentials = try credentials(&fields)
      let pin = try wrapPin(&fields)
      let wrap = try PasswordWrap(parsing: bytes)
      let stretched = try stretch(credentials, wrap.head, pin: pin)
      return .of("master_key", try stretched.open(wrap).secret.disclosed)
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

  private static func wrapPin(_ fields: inout JSONFields) throws -> WrapPin? {
    try fields.nullable("pin") { cursor in
      try cursor.object { pin in
        WrapPin(
          accountID: try pin.accountID(), epoch: try pin.epoch(), counter: try pin.counter(),
          salt: try pin.fixed("salt"))
      }
    }
  }

  private static func stretch(
    _ credentials: borrowing Credentials, _ head: PasswordHeader, pin: WrapPin?
  ) throws -> StretchedPassword {
    try StretchedPassword(credentials, head: head, pin: pin) { (password, salt) throws(PrimitiveError) in
      try StretchCache.stretch(password, salt: salt, iterations: head.iterations)
    }
  }

  private static func appendLogin(
    _ stretched: borrowing StretchedPassword, to out: inout JSONObject
  ) throws {
    let loginKey = try stretched.loginKey()
    out.append("login_key", .hex(loginKey.disclosed))
    out.append("login_verifier", .hex(StretchedPassword.loginVerifier(of: loginKey).bytes))
  }
}

extension Operation {
  private static let ownerOperations: [Operation] = [
    Operation("private-keys/open") { fields in
      let masterKey = try masterKey(&fields)
      let message = try fields.bytes("message")
      let state = try fields.nullable("state") { try AccountState(parsing: $0.hex()) }
      let identity = try PrivateKeys.open(message, masterKey: masterKey, state: state)
      let contents = try identity.contents().disclosed
      return .of([
        "p": .hex(contents[..<128]), "q": .hex(contents[128..<256]), "seed": .hex(contents[256...]),
      ])
    },
    Operation("vault/open") { fields in
      let masterKey = try masterKey(&fields)
      let bytes = try fields.bytes("message")
      let pinnedCounter = try fields.counter("pinned_counter")
      let state = try fields.nullable("state") { StateMark(try AccountState(parsing: $0.hex())) }
      let wrap = try fields.nullable("wrap") { try PasswordWrap(parsing: $0.hex()).head.counter }
      _ = try Vault(
        opening: bytes, masterKey: masterKey, pinnedCounter: pinnedCounter, state: state, wrapCounter: wrap)
      // What was checked, once more as bytes.
      let message = try OwnerVault(parsing: bytes)
      let key = try masterKey.vaultKey()
      return .of(
        "contents", try ChunkedEncryption.open(message.sealed.bytes, key: key, context: message.context))
    },
    Operation("enrolment/verify") { fields in
      let accountID = try fields.accountID()
      let request = try fields.bytes("request")
      let codes = try fields.list("codes") { try $0.object { try liveCode(&$0) } }
      let revoked = try fields.list("revoked") { try AgentID($0.hex(count: 16)) }
      let check = EnrolmentCheck(
        accountID: accountID, codes: codes, revoked: Set(revoked),
        isRotationDue: try fields.flag("rotation_due"))
      let now = try fields.time("now")
      let approved = try fields.flag("approved")
      let verified = try check.verify(request, now: now) { _ in approved }
      return .of(["agent_id": .hex(verified.agentID.bytes), "code": .integer(verified.codeIndex)])
    },
    Operation("grant/make") { fields in
      let seed = try fields.secret("account_seed", count: 32)
      let accountID = try fields.accountID()
      let epoch = try fields.epoch()
      let counter = try fields.counter()
      let kind: GrantKind = try fields.named("kind")
      let recipient = try fields.agentID("recipient")
      let modulus: Modulus = try fields.fixed("modulus")
      let secret = try fields.secret("master_key", count: 32)
      var random = FixedRandom(try fields.bytes("oaep_seed", count: 20))
      let masterKey = MasterKey(secret: secret, accountID: accountID, epoch: epoch)
      let signingKey = try Ed25519.PrivateKey(seed: seed)
      let grant = try Grant.make(
        kind, to: recipient, modulus: modulus, counter: counter, masterKey: masterKey,
        signingKey: signingKey, using: &random)
      return .of("grant", grant.serialized)
    },
    Operation("state/make") { fields in
      let seed = try fields.secret("account_seed", count: 32)
      let modulus: Modulus = try fields.fixed("modulus")
      let epoch = try fields.epoch()
      let counter = try fields.counter()
      let secret = try fields.secret("master_key", count: 32)
      let ruleSet = try fields.hash("rule_set")
      let previous = try fields.hash("previous")
      let revoked = try fields.list("revoked") { try AgentID($0.hex(count: 16)) }
      let signingKey = try Ed25519.PrivateKey(seed: seed)
      let accountID = AccountID(verifyKey: VerifyKey(unchecked: signingKey.publicKey.bytes))
      let state = try AccountState.make(
        counter: counter, masterKey: MasterKey(secret: secret, accountID: accountID, epoch: epoch),
        modulus: modulus, ruleSet: ruleSet, previous: previous, revoked: Set(revoked),
        signingKey: signingKey)
      return .of("state", state.serialized)
    },
    Operation("batch/audit") { fields in
      let accountID = try fields.accountID()
      let members = try fields.list("members") { cursor in
        try cursor.object { (try $0.agentID(), try $0.fixed("verify_key") as VerifyKey) }
      }
      let agentID = try fields.agentID()
      let stateCounter = try fields.counter("state_counter")
      let start = try fields.required("start").object { try checkpoint(&$0) }
      var audit = Audit(
        accountID: accountID, agentID: agentID,
        members: Dictionary(members) { first, _ in first }, stateCounter: stateCounter, from: start)
      for batch in try fields.list("batches", { try $0.hex() }) { audit.take(batch) }
      return report(of: audit)
    },
    Operation("rules/make") { fields in
      let seed = try fields.secret("account_seed", count: 32)
      let accountID = try fields.accountID()
      let epoch = try fields.epoch()
      let counter = try fields.counter()
      let secret = try fields.secret("token_key", count: 64)
      let definitions = try fields.list("definitions") { try $0.object { try definition(&$0) } }
      var sealer = try TokenSealer(key: TokenKey(secret: secret, accountID: accountID, epoch: epoch))
      let signingKey = try Ed25519.PrivateKey(seed: seed)
      let rules = try RuleSet(definitions, counter: counter, sealer: &sealer, signingKey: signingKey)
      return .of("rule_set", rules.serialized)
    },
    Operation("rules/verify") { fields in
      let accountID = try fields.accountID()
      let verifyKey: VerifyKey = try fields.fixed("verify_key")
      let epoch = try fields.epoch()
      let lastCounter = try fields.counter("last_counter")
      let hash = try fields.hash("expected_hash")
      _ = try RuleSet(
        verifying: fields.bytes("rule_set"), accountID: accountID, verifyKey: verifyKey, epoch: epoch,
        hash: hash, lastCounter: lastCounter)
      return JSONObject()
    },
    Operation("owner/machine") { fields in
      let phase: OwnerMachine.Phase = try fields.required("phase").name()
      let event: OwnerMachine.Event = try fields.required("event").name()
      let step = OwnerMachine.step(phase, event)
      return .of(["next": .string(step.next.rawValue), "error": .code(step.error)])
    },
  ]

  /// `master_key`, `account_id` and `epoch`.
  private static func masterKey(_ fields: inout JSONFields) throws -> MasterKey {
    let secret = try fields.secret("master_key", count: 32)
    let accountID = try fields.accountID()
    return MasterKey(secret: secret, accountID: accountID, epoch: try fields.epoch())
  }

  private static func liveCode(_ fields: inout JSONFields) throws -> LiveCode {
    let secret = try fields.secret("secret", count: 16)
    let role: Role = try fields.named("role")
    let approval: Approval = try fields.named("approval")
    let usesLeft: UInt16 = try fields.required("uses_left").integer()
    let expires = try fields.time("expires")
    let nonces = try fields.list("nonces") { try Hash($0.hex(count: 32)) }
    return LiveCode(
      secret: secret, role: role, approval: approval, usesLeft: usesLeft,
      expires: expires == 0 ? nil : expires, nonces: nonces)
  }

  private static func checkpoint(_ fields: inout JSONFields) throws -> Audit.Checkpoint {
    Audit.Checkpoint(
      sequence: try fields.counter("sequence"), hash: try fields.hash("hash"),
      stateCounter: try fields.counter("state_counter"))
  }

  private static func definition(_ fields: inout JSONFields) throws -> RuleDefinition {
    let field: TokenField = try fields.named("field")
    let category: EndkeyWire.Category = try fields.named("category")
    let seen = try fields.flag("seen")
    return RuleDefinition(
      field: field, category: category, seen: seen, value: try BoundedBytes(fields.bytes("value")))
  }

  private static func report(of audit: Audit) -> JSONObject {
    let totals = audit.totals.byGroup.sorted { left, right in
      (left.key.field.rawValue, left.key.v, left.key.epoch)
        < (right.key.field.rawValue, right.key.v, right.key.epoch)
    }
    return .of([
      "findings": .array(
        audit.findings.map { ["batch": .integer($0.index), "code": .code($0.error.code)] }),
      "totals": .array(
        totals.map { group, sum in
          ["field": .string(group.field.name), "v": .hex(group.v.bytes), "milliseconds": .integer(sum)]
        }),
      "end": [
        "sequence": .integer(audit.checkpoint.sequence.value), "hash": .hex(audit.checkpoint.hash.bytes),
        "state_counter": .integer(audit.checkpoint.stateCounter.value),
      ],
    ])
  }
}

extension JSONValue {
  /// The name of an error, or null.
  static func code(_ code: ErrorCode?) -> JSONValue {
    code.map { .string($0.rawValue) } ?? .null
  }
}
