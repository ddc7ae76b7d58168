internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Trace {
  static let ownersEnd: [String: Steps] = [
    "password/login": { fields, outcome, trace in
      guard !outcome.isRejection else { return }
      let head = try fields.bytes("head")
      try trace.expand("login_key", stretch(&fields, head, &trace), "login", head)
    },
    "person-keys/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      let keys = try made(out, "keys")
      let head = [UInt8](keys[..<69])
      let prk = try stretch(&fields, head, &trace)
      let key = try trace.expand("person_keys_key", prk, "person-keys", head)
      try trace.chunks(key: key, context: head, sealed: [UInt8](keys[69...]))
      try trace.expand("login_key", prk, "login", head)
    },
    "person-keys/open": { fields, outcome, trace in
      guard !outcome.isRejection || outcome.code == .personKeysOpenFailed else { return }
      let keys = try fields.bytes("keys")
      let head = [UInt8](keys[..<69])
      let key = try trace.expand("person_keys_key", stretch(&fields, head, &trace), "person-keys", head)
      try trace.chunks(key: key, context: head, sealed: [UInt8](keys[69...]))
    },
    "password/wrap": { fields, outcome, trace in
      guard !outcome.isRejection else { return }
      let head = try fields.bytes("head")
      let context = try head + be(fields.epoch().value, 4)
      let prk = try stretch(&fields, head, &trace)
      let kek = try trace.expand("kek", prk, "password-wrap", context)
      try trace.keyWrap(fields.bytes("master_key"), kek: kek)
      try trace.expand("commitment", prk, "password-commitment", context)
    },
    "password/open": { fields, outcome, trace in
      guard !outcome.isRejection || outcome.code == .passwordOpenFailed else { return }
      let head = try fields.bytes("head")
      let wrap = try fields.bytes("wrap")
      let context = head + wrap[20..<24]
      let prk = try stretch(&fields, head, &trace)
      let commitment = try trace.expand("commitment", prk, "password-commitment", context)
      guard commitment == [UInt8](wrap[24..<56]) else { return }
      let kek = try trace.expand("kek", prk, "password-wrap", context)
      trace.keyUnwrap([UInt8](wrap[56...]), kek: kek)
    },
    "vault/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      try openVault(made(out, "vault"), fields.bytes("master_key"), &trace)
    },
    "vault/open": { fields, outcome, trace in
      guard outcome.isPast([.wrongAccount, .epochMismatch, .signatureInvalid]) else { return }
      try openVault(fields.bytes("vault"), fields.bytes("master_key"), &trace)
    },
    "person/open": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      var messages = try fields.required("messages").fields()
      trace.note("state_sha256", SHA256.hash(try messages.bytes("account_state")))
      trace.note("vault_sha256", SHA256.hash(try messages.bytes("owner_vault")))
      trace.note("person_keys_sha256", SHA256.hash(try messages.bytes("person_keys")))
      if let ruleSet = try messages.nullable("rule_set", { try $0.hex() }) {
        trace.note("rule_set_sha256", SHA256.hash(ruleSet))
      }
      let state = try messages.bytes("account_state")
      let prk = try Trace.hmac(.zeros(32), made(out, "master_key"))
      let info = Fixture.labelled("commitment", [UInt8](state[4..<24]))
      trace.note("commitment", try Trace.hmac(prk, info + [1]))
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
    "certificate/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      var list: [([UInt8], [UInt8])] = []
      for cursor in try fields.required("signers").array() {
        list.append(try cursor.object { (try $0.bytes("verify_key"), try $0.bytes("person_id")) })
      }
      list.sort { $0.0.lexicographicallyPrecedes($1.0) }
      var input = try made(out, "account_id") + be(fields.generation().value, 4)
      input += be(try fields.time("certificate_from").milliseconds, 8)
      input += be(try fields.time("certificate_until").milliseconds, 8)
      input += be(48 * list.count, 2) + list.flatMap { $0.0 + $0.1 }
      trace.note("certificate_input", Fixture.labelled("certificate", input))
    },
    "state/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      let state = try made(out, "state")
      try trace.expand(
        "commitment", trace.extract("prk", fields.bytes("master_key")), "commitment", [UInt8](state[4..<24]))
      trace.signed(state)
      trace.note("state_sha256", SHA256.hash(state))
    },
    "grant/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      let grant = try made(out, "grant")
      let kind: GrantKind = try fields.named("kind")
      let context = [UInt8](grant[4..<24])
      var contents = trace.note("head_hash", SHA256.hash([UInt8](grant[..<105])))
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
    "publication/make": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      let before = try fields.bytes("state")
      if let state = out["state"], state != .null {
        let state = try JSONCursor(state).hex()
        let lists = [state, before].map { [UInt8]($0[112..<134 + (Int($0[132]) << 8 | Int($0[133]))]) }
        if lists[0] != lists[1] { trace.certificate(state) }
        trace.note("state_sha256", SHA256.hash(state))
      }
      trace.note("vault_sha256", SHA256.hash(try made(out, "vault")))
    },
    "account/create": founding, "account/recover": founding,
    "batch/audit": { fields, _, trace in
      for (index, batch) in try fields.list("batches", { try $0.hex() }).prefix(Trace.listMax).enumerated() {
        trace.note("batch_sha256_\(index)", SHA256.hash(batch))
      }
    },
    "rules/make": { _, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      trace.note("rule_set_sha256", SHA256.hash(try made(out, "rule_set")))
    },
    "rules/open": { fields, _, trace in
      guard try fields.bytes("expected_hash") != .zeros(32),
        let rules = try fields.nullable("rule_set", { try $0.hex() })
      else { return }
      trace.note("rule_set_sha256", SHA256.hash(rules))
    },
  ]

  private static let founding: Steps = { _, outcome, trace in
    guard case .ok(let out) = outcome else { return }
    let state = try made(out, "account_state")
    trace.certificate(state)
    trace.note("state_sha256", SHA256.hash(state))
    trace.note("vault_sha256", SHA256.hash(try made(out, "owner_vault")))
  }

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

  /// The seal of a whole vault. §12.5
  private static func openVault(
    _ vault: [UInt8], _ masterKey: [UInt8], _ trace: inout Trace
  ) throws {
    let key = try trace.expand("vault_key", trace.extract("prk", masterKey), "vault", [UInt8](vault[4..<24]))
    let end = vault.count - 96
    try trace.chunks(
      key: key, context: trace.note("context", [UInt8](vault[..<32])), sealed: [UInt8](vault[35..<end]))
    trace.signed(vault)
  }
}
