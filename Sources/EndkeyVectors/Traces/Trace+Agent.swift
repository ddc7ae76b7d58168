internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Trace {
  static let agentsEnd: [String: Steps] = [
    "enrolment/request": { fields, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      let code = try EnrolmentCode(text: Operation.text(&fields, "code"))
      let accountID = trace.note("account_id", code.accountID.bytes)
      let prk = try trace.extract("prk", trace.note("secret", code.secret.disclosed))
      let key = try trace.expand("mac_key", prk, "enrolment-mac", accountID)
      let request = try made(out, "request")
      trace.note("mac", try Trace.hmac(key, trace.note("mac_input", [UInt8](request[..<344]))))
      trace.signed(request)
    },
    "state/accept": { fields, outcome, trace in
      guard outcome.isPast([]) else { return }
      let state = try fields.bytes("message")
      guard try fields.bytes("account_id") == [UInt8](state[4..<20]) else { return }
      trace.note("account_id", [UInt8](Fixture.hash("account-id", [UInt8](state[80..<112]))[..<16]))
      guard outcome.isPast([.wrongAccount, .badKey]) else { return }
      trace.certificate(state)
      guard outcome.isPast([.certificateInvalid]) else { return }
      trace.signed(state)
      guard outcome.isPast([.signatureInvalid, .badValidity]) else { return }
      trace.note("state_sha256", SHA256.hash(state))
      if let last = try fields.nullable("last", { try $0.hex() }) {
        trace.note("last_sha256", SHA256.hash(last))
      }
    },
    "grant/open": { fields, outcome, trace in
      guard outcome.isPast([.wrongAccount, .noState, .epochRollback, .epochMismatch, .epochFork]) else {
        return
      }
      let grant = try fields.bytes("grant")
      trace.signed(grant)
      guard outcome.isPast([.signatureInvalid, .wrongRecipient]) else { return }
      if case .ok(let out) = outcome, out["kind"] == .string("unchanged") { return }
      try trace.oaepDecode([UInt8](grant[105..<361]), p: fields.bytes("p"), q: fields.bytes("q"))
      trace.note("head_hash", SHA256.hash([UInt8](grant[..<105])))
      guard case .ok(let out) = outcome, let masterKey = out["master_key"] else { return }
      let prk = try trace.extract("prk", JSONCursor(masterKey).hex())
      try trace.expand("commitment", prk, "commitment", [UInt8](grant[4..<24]))
    },
    "capture/seal": { _, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      var fields = try JSONCursor(.object(out)).fields()
      for (index, record) in try fields.list("records", { try $0.hex() }).prefix(Trace.listMax).enumerated() {
        trace.note("record_\(index)", record)
      }
    },
    "batch/sign": { _, outcome, trace in
      guard case .ok(let out) = outcome else { return }
      let batch = try made(out, "batch")
      trace.signed(batch)
      trace.note("batch_sha256", SHA256.hash(batch))
    },
    "spool/recover": { fields, outcome, trace in
      guard case .ok(let out) = outcome, out["error"] == .null else { return }
      let segment = try fields.bytes("segment")
      let id = try fields.bytes("account_id") + fields.bytes("agent_id")
      try trace.expand("spool_key", trace.extract("prk", fields.bytes("device_key")), "spool", id)
      trace.note("header_sha256", SHA256.hash([UInt8](segment[..<48])))
      guard segment.count >= 92 else { return }
      trace.note("check_0", [UInt8](Fixture.hash("frame-check", [UInt8](segment[48..<92]))[..<8]))
    },
    "local-state/open": { fields, outcome, trace in
      guard outcome.isPast([]) else { return }
      let message = try fields.bytes("message")
      let prk = try trace.extract("prk", fields.bytes("device_key"))
      let key = try trace.expand(
        "local_state_key", prk, "local-state", [UInt8](message[4..<20]) + [message[3]])
      try trace.chunks(
        key: key, context: trace.note("context", [UInt8](message[..<32])), sealed: [UInt8](message[35...]))
    },
  ]

  /// A byte string of `out`.
  static func made(_ out: JSONObject, _ key: String) throws -> [UInt8] {
    var fields = try JSONCursor(.object(out)).fields()
    return try fields.bytes(key)
  }
}

extension Trace {
  /// What the certificate of a whole state is made over. §12.1
  mutating func certificate(_ state: [UInt8]) {
    let end = 134 + (Int(state[132]) << 8 | Int(state[133]))
    note(
      "certificate_input",
      Fixture.labelled("certificate", [UInt8](state[4..<20] + state[112..<end])))
  }
}
