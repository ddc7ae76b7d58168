internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Trace {
  static let primitives: [String: Steps] = [
    "hash": { fields, _, trace in
      trace.note("input", Fixture.labelled(try fields.text("label"), try fields.bytes("data")))
    },
    "derive": { fields, _, trace in
      try trace.extract("prk", fields.bytes("key"))
      trace.note("info", Fixture.labelled(try fields.text("label"), try fields.bytes("context")))
    },
    "pbkdf2": { fields, _, trace in
      let password = try fields.bytes("password")
      let first = trace.note("u_1", try Trace.hmac(password, fields.bytes("salt") + [0, 0, 0, 1]))
      if try fields.required("iterations").integer(as: UInt32.self) > 1 {
        trace.note("u_2", try Trace.hmac(password, first))
      }
    },
    "hmac": { fields, _, trace in
      var key = try fields.bytes("key")
      if key.count > 64 { key = SHA256.hash(key) }
      let block = trace.note("key_block", key + .zeros(64 - key.count))
      trace.note("inner", SHA256.hash(block.map { $0 ^ 0x36 } + (try fields.bytes("data"))))
    },
    "kw/wrap": { fields, _, trace in
      try trace.keyWrap(fields.bytes("key"), kek: fields.bytes("kek"))
    },
    "kw/unwrap": { fields, _, trace in
      let wrapped = try fields.bytes("wrapped")
      guard wrapped.count == 40 else { return }
      try trace.keyUnwrap(wrapped, kek: fields.bytes("kek"))
    },
    "oaep/encrypt": { fields, outcome, trace in
      guard !outcome.isRejection else { return }
      try trace.oaepEncode(fields.bytes("message"), seed: fields.bytes("seed"))
    },
    "oaep/decrypt": { fields, outcome, trace in
      guard outcome.code != .badKey else { return }
      try trace.oaepDecode(fields.bytes("ciphertext"), p: fields.bytes("p"), q: fields.bytes("q"))
    },
    "siv/seal": { fields, _, trace in
      try trace.sivSeal(
        key: fields.bytes("key"), ad: fields.bytes("ad"), plaintext: fields.bytes("plaintext"))
    },
    "siv/open": { fields, _, trace in
      let v = try fields.bytes("v")
      guard v.count == 16 else { return }
      try trace.sivOpen(key: fields.bytes("key"), ad: fields.bytes("ad"), v: v, c: fields.bytes("c"))
    },
    "sealed/seal": { fields, _, trace in
      try trace.chunks(
        key: fields.bytes("key"), context: fields.bytes("context"), salt: fields.bytes("salt"),
        plaintextCount: fields.bytes("plaintext").count)
    },
    "sealed/open": { fields, _, trace in
      let sealed = try fields.bytes("sealed")
      guard sealed.count >= 72 else { return }
      try trace.chunks(key: fields.bytes("key"), context: fields.bytes("context"), sealed: sealed)
    },
    "keys": { fields, _, trace in
      let epoch = try fields.bytes("account_id") + be(fields.epoch().value, 4)
      let agent = try epoch + fields.bytes("agent_id")
      let prk = try trace.extract("prk", fields.bytes("master_key"))
      try trace.expand("token_key", prk, "token", epoch, count: 64)
      let agentKey = try trace.expand("agent_key", prk, "agent", agent)
      try trace.expand("vault_key", prk, "vault", epoch)
      try trace.expand("commitment", prk, "commitment", epoch)
      let agentPRK = try trace.extract("agent_prk", agentKey)
      try trace.expand("blob_key", agentPRK, "blob", agent)
    },
    "account-id": { fields, _, trace in
      trace.note("hash", Fixture.hash("account-id", try fields.bytes("root_key")))
    },
    "agent-id": { fields, _, trace in
      trace.note("hash", Fixture.hash("agent-id", try fields.bytes("modulus") + fields.bytes("verify_key")))
    },
    "token/seal": { fields, outcome, trace in
      guard !outcome.isRejection else { return }
      let plaintext = trace.note("padded", padded(try fields.bytes("value")))
      let field: TokenField = try fields.named("field")
      let ad = try fields.bytes("account_id") + be(fields.epoch().value, 4) + [field.rawValue]
      try trace.sivSeal(
        key: fields.bytes("token_key"), ad: trace.note("ad", Fixture.labelled("token-ad", ad)),
        plaintext: plaintext)
    },
    "token/open": { fields, outcome, trace in
      guard outcome.isPast([.noEpochKey]) else { return }
      let token = try Token(parsing: fields.bytes("token"))
      let keys = try fields.list("keys") { try $0.object { (try $0.epoch(), try $0.bytes("token_key")) } }
        .filter { $0.0 == token.epoch }
      // Of several keys of the epoch, only who knows which opens can say what arises.
      guard let key = keys.first, keys.count == 1 else { return }
      let ad = try fields.bytes("account_id") + be(token.epoch.value, 4) + [token.field.rawValue]
      trace.sivOpen(
        key: key.1, ad: trace.note("ad", Fixture.labelled("token-ad", ad)), v: token.v.bytes, c: token.c)
    },
    "blob/seal": { fields, _, trace in
      let head = try blobHead(&fields)
      let field: BlobField = try fields.named("field")
      let key = try blobKey(fields.bytes("agent_key"), head, &trace)
      let context = trace.note(
        "context", [0x45, 0x4b, 1, 7] + head[..<20] + [field.rawValue] + head[20...])
      try trace.chunks(
        key: key, context: context, salt: fields.bytes("salt"), plaintextCount: fields.bytes("content").count)
    },
    "blob/open": { fields, outcome, trace in
      guard outcome.isPast([.blobMissing, .wrongAccount, .noEpochKey]) else { return }
      let blob = try fields.bytes("blob")
      let keys = try fields.list("keys") { cursor in
        try cursor.object { (try blobID(&$0), try $0.bytes("agent_key")) }
      }.filter { $0.0 == [UInt8](blob[20..<24] + blob[25..<41]) }
      guard let key = keys.first, keys.count == 1 else { return }
      let derived = try blobKey(key.1, [UInt8](blob[4..<24] + blob[25..<41]), &trace)
      try trace.chunks(
        key: derived, context: trace.note("context", [UInt8](blob[..<41])), sealed: [UInt8](blob[41...]))
    },
  ]

  /// `account_id`, `epoch` and `agent_id`: the context of the key.
  private static func blobHead(_ fields: inout JSONFields) throws -> [UInt8] {
    try fields.bytes("account_id") + blobID(&fields)
  }

  private static func blobID(_ fields: inout JSONFields) throws -> [UInt8] {
    try be(fields.epoch().value, 4) + fields.bytes("agent_id")
  }

  private static func blobKey(
    _ agentKey: [UInt8], _ context: [UInt8], _ trace: inout Trace
  ) throws -> [UInt8] {
    try trace.expand("blob_key", trace.extract("prk", agentKey), "blob", context)
  }
}

extension Outcome {
  /// Whether the run came past the grammar and the checks of these codes.
  func isPast(_ codes: Set<ErrorCode>) -> Bool {
    guard let code else { return true }
    return code.layer != .format && !codes.contains(code)
  }
}

extension JSONFields {
  mutating func text(_ key: String) throws -> String { try required(key).string() }
}
