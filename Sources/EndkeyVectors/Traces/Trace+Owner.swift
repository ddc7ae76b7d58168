internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Trace {
  static let ownersEnd: [String: Steps] = [
    "password/wrap": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      var made = try JSONCursor(.object(out)).fields()
      let head = [UInt8](try made.bytes("wrap")[..<69])
      let prk = try stretch(&fields, head, &trace)
      let kek = try trace.expand("kek", prk, "password-wrap", head)
      try trace.keyWrap(fields.bytes("master_key"), kek: kek)
      try trace.expand("commitment", prk, "password-commitment", head)
      try trace.expand("login_key", prk, "login", head)
    },
    "password/login": { fields, outcome, trace in
      guard !outcome.isRejection else { return }
      let head = try fields.bytes("head")
      try trace.expand("login_key", stretch(&fields, head, &trace), "login", head)
    },
    "password/open": { fields, outcome, trace in
      guard !outcome.isRejection || outcome.code == .passwordOpenFailed else { return }
      let wrap = try fields.bytes("wrap")
      let head = [UInt8](wrap[..<69])
      let prk = try stretch(&fields, head, &trace)
      let commitment = try trace.expand("commitment", prk, "password-commitment", head)
      guard commitment == [UInt8](wrap[69..<101]) else { return }
      let kek = try trace.expand("kek", prk, "password-wrap", head)
      trace.keyUnwrap([UInt8](wrap[101...]), kek: kek)
    },
    "private-keys/open": { fields, outcome, trace in
      guard outcome.isPast([.wrongAccount, .epochMismatch]) else { return }
      let message = try fields.bytes("message")
      let key = try sealingKey("private_keys_key", "private-keys", &fields, &trace)
      try trace.chunks(
        key: key, context: trace.note("context", [UInt8](message[..<24])), sealed: [UInt8](message[24...]))
    },
    "vault/open": { fields, outcome, trace in
      let message = try fields.bytes("message")
      let pinned = be(try fields.counter("pinned_counter").value, 8)
      guard outcome.isPast([.wrongAccount, .epochMismatch]) else { return }
      guard !message[24..<32].lexicographicallyPrecedes(pinned) else { return }
      let key = try sealingKey("vault_key", "vault", &fields, &trace)
      try trace.chunks(
        key: key, context: trace.note("context", [UInt8](message[..<32])), sealed: [UInt8](message[35...]))
    },
    "enrolment/verify": { fields, outcome, trace in
      guard outcome.isPast([.wrongAccount]) else { return }
      let request = try fields.bytes("request")
      let input = trace.note("mac_input", [UInt8](request[..<344]))
      for (index, code) in try fields.list("codes", { try $0.fields() }).prefix(Trace.listMax).enumerated() {
        var code = code
        let prk = try trace.extract("prk_\(index)", code.bytes("secret"))
        let key = try trace.expand(
          "mac_key_\(index)", prk, "enrolment-mac", fields.bytes("account_id"), count: 32)
        trace.note("mac_\(index)", try Trace.hmac(key, input))
      }
      if outcome.isPast([.macInvalid, .codeExpired, .nonceReused, .badKey]) { trace.signed(request) }
    },
    "grant/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      var made = try JSONCursor(.object(out)).fields()
      let grant = try made.bytes("grant")
      let kind: GrantKind = try fields.named("kind")
      let context = [UInt8](grant[4..<24])
      var contents = trace.note("header_hash", SHA256.hash([UInt8](grant[..<49])))
      let masterKey = try fields.bytes("master_key")
      switch kind {
      case .master: contents += masterKey
      case .scoped:
        let prk = try trace.extract("prk", masterKey)
        contents += try trace.expand("token_key", prk, "token", context, count: 64)
        contents += try trace.expand("agent_key", prk, "agent", context + fields.bytes("recipient"))
      }
      try trace.oaepEncode(trace.note("contents", contents), seed: fields.bytes("oaep_seed"))
      trace.signed(grant)
    },
    "state/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      var made = try JSONCursor(.object(out)).fields()
      let state = try made.bytes("state")
      try trace.expand(
        "commitment", trace.extract("prk", fields.bytes("master_key")), "commitment", [UInt8](state[4..<24]))
      trace.signed(state)
      trace.note("state_sha256", SHA256.hash(state))
    },
    "batch/audit": { fields, _, trace in
      for (index, batch) in try fields.list("batches", { try $0.hex() }).prefix(Trace.listMax).enumerated() {
        trace.note("batch_sha256_\(index)", SHA256.hash(batch))
      }
    },
    "rules/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      var made = try JSONCursor(.object(out)).fields()
      let rules = try made.bytes("rule_set")
      trace.signed(rules)
      trace.note("rule_set_sha256", SHA256.hash(rules))
    },
    "rules/verify": { fields, outcome, trace in
      guard outcome.isPast([.wrongAccount]) else { return }
      let rules = try fields.bytes("rule_set")
      trace.signed(rules)
      guard outcome.isPast([.signatureInvalid, .counterRollback]) else { return }
      trace.note("rule_set_sha256", SHA256.hash(rules))
    },
  ]

  /// Everything up to the PRK of the keys that come from a password. §9.2
  private static func stretch(
    _ fields: inout JSONFields, _ head: [UInt8], _ trace: inout Trace
  ) throws -> [UInt8] {
    let password = try fields.secret("password")
    let normal = try password.withBytes { utf8 throws(NormalizationError) in try NormalForm.password(utf8) }
    trace.note("normal_password", normal.disclosed)
    let typed = try fields.bytes("login_name")
    let name = trace.note("normal_login_name", try NormalForm.loginName(typed.span))
    let salt = trace.note("pbkdf2_salt", Fixture.hash("password-salt", name + head[37...]))
    let iterations = head[32..<36].reduce(0) { $0 << 8 | UInt32($1) }
    let s = trace.note(
      "s", try StretchCache.stretch(normal, salt: Hash(salt), iterations: iterations).disclosed)
    let secret = try fields.nullable("account_secret") { try $0.hex() }
    return try trace.extract("prk", trace.note("stretched", s + (secret ?? [])))
  }

  /// A key of the MasterKey that seals for the owner's end. §7
  private static func sealingKey(
    _ name: String, _ label: String, _ fields: inout JSONFields, _ trace: inout Trace
  ) throws -> [UInt8] {
    let context = try fields.bytes("account_id") + be(fields.epoch(), 4)
    return try trace.expand(name, trace.extract("prk", fields.bytes("master_key")), label, context)
  }
}
