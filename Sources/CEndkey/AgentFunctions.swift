// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CEndkeyHeader
internal import Endkey
internal import EndkeyBulk

@c @implementation public func ek_agent_create(
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    var random = SystemRandom()
    unsafe AgentHandle(Agent(identity: try .generate(using: &random))).give(to: place)
  }
}

@c @implementation public func ek_agent_restore(
  _ state: ek_bytes, _ deviceKey: OpaquePointer!, _ isMarked: Bool,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let deviceKey = unsafe try SecretHandle.at(deviceKey)
    let bytes = unsafe try array(state)
    var random = SystemRandom()
    let agent = try Agent(
      restoring: bytes.isEmpty ? nil : bytes, deviceKey: deviceKey.bytes, isMarked: isMarked, using: &random)
    unsafe AgentHandle(agent).give(to: place)
  }
}

@c @implementation public func ek_agent_phase(_ agent: OpaquePointer!) -> Int32 {
  unsafe AgentHandle.ifAny(agent).map { Int32($0.agent.phase.rawValue) } ?? 0
}

@c @implementation public func ek_agent_needs_mark(_ agent: OpaquePointer!) -> Bool {
  unsafe AgentHandle.ifAny(agent)?.agent.needsMark ?? false
}

@c @implementation public func ek_agent_sequence(_ agent: OpaquePointer!) -> UInt64 {
  unsafe AgentHandle.ifAny(agent)?.agent.sequence.value ?? 0
}

@c @implementation public func ek_agent_id(
  _ agent: OpaquePointer!, _ id: UnsafeMutablePointer<ek_id>!
) -> ek_status {
  attempt(nil) { unsafe try write(try AgentHandle.at(agent).agent.agentID, to: id) }
}

@c @implementation public func ek_agent_account_id(
  _ agent: OpaquePointer!, _ id: UnsafeMutablePointer<ek_id>!
) -> ek_status {
  attempt(nil) { unsafe try write(try AgentHandle.at(agent).agent.accountID, to: id) }
}

@c @implementation public func ek_agent_run(
  _ agent: OpaquePointer!, _ milliseconds: UInt64, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe try AgentHandle.at(agent).agent.run(milliseconds: milliseconds) }
}

@c @implementation public func ek_agent_is_expired(_ agent: OpaquePointer!, _ now: UInt64) -> Bool {
  guard let end = unsafe AgentHandle.ifAny(agent) else { return false }
  do {
    return end.agent.isExpired(at: try Time(milliseconds: now))
  } catch {
    // No time that there is is later.
    return end.agent.isExpired(at: .max)
  }
}

@c @implementation public func ek_agent_enrol(
  _ agent: OpaquePointer!, _ code: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try AgentHandle.at(agent)
    let code = unsafe try SecretHandle.at(code)
    var random = SystemRandom()
    let request = try end.agent.enrol(code: code.bytes, using: &random)
    unsafe MessagesHandle(.enrolmentRequest, request.serialized).give(to: place)
  }
}

@c @implementation public func ek_agent_request(
  _ agent: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    guard let request = unsafe try AgentHandle.at(agent).agent.request else { throw Misuse.nothing }
    unsafe MessagesHandle(.enrolmentRequest, request.serialized).give(to: place)
  }
}

@c @implementation public func ek_code_admission(
  _ code: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let code = unsafe try EnrolmentCode(text: try SecretHandle.at(code).bytes)
    unsafe SecretHandle(try code.admission()).give(to: place)
  }
}

@c @implementation public func ek_agent_upload_key(
  _ agent: OpaquePointer!, _ deviceKey: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try AgentHandle.at(agent)
    let deviceKey = unsafe try SecretHandle.at(deviceKey)
    unsafe SecretHandle(try end.agent.uploadKey(deviceKey: deviceKey.bytes)).give(to: place)
  }
}

@c @implementation public func ek_agent_accept_state(
  _ agent: OpaquePointer!, _ state: ek_bytes, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe try AgentHandle.at(agent).accept(state: try array(state)) }
}

@c @implementation public func ek_agent_accept_grant(
  _ agent: OpaquePointer!, _ grant: ek_bytes, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe try AgentHandle.at(agent).accept(grant: try array(grant)) }
}

@c @implementation public func ek_agent_save(
  _ agent: OpaquePointer!, _ deviceKey: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try AgentHandle.at(agent)
    let deviceKey = unsafe try SecretHandle.at(deviceKey)
    var random = SystemRandom()
    let state = try end.agent.save(deviceKey: deviceKey.bytes, using: &random)
    unsafe MessagesHandle(.agentState, state.serialized).give(to: place)
  }
}

@c @implementation public func ek_agent_seal_token(
  _ agent: OpaquePointer!, _ field: UInt8, _ value: ek_bytes, _ now: UInt64,
  _ token: UnsafeMutablePointer<ek_buffer>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let sealed = unsafe try seal(value, field, now, AgentHandle.at(agent))
    unsafe try write(sealed.serialized.span, to: token)
  }
}

@c @implementation public func ek_agent_seal_token_text(
  _ agent: OpaquePointer!, _ field: UInt8, _ value: ek_bytes, _ now: UInt64,
  _ text: UnsafeMutablePointer<ek_buffer>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let sealed = unsafe try seal(value, field, now, AgentHandle.at(agent))
    unsafe try write([UInt8](sealed.text.utf8).span, to: text)
  }
}

private func seal(_ value: ek_bytes, _ field: UInt8, _ now: UInt64, _ end: AgentHandle) throws -> Token {
  let field = try member(field, of: TokenField.self)
  let value = unsafe try array(value)
  return try end.withSealer(at: try Time(milliseconds: now)) { (sealer) throws(ProtocolError) in
    try sealer.seal(value, field: field)
  }
}

@c @implementation public func ek_agent_seal_tokens(
  _ agent: OpaquePointer!, _ field: UInt8, _ values: UnsafePointer<ek_bytes>!, _ count: Int, _ now: UInt64,
  _ tokens: UnsafeMutablePointer<ek_buffer>!, _ ends: UnsafeMutablePointer<Int>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let end = unsafe try AgentHandle.at(agent)
    let field = try member(field, of: TokenField.self)
    let ends = unsafe try require(ends)
    let values = unsafe try flat(values, count)
    var sealer = try BulkTokenSealer(key: end.agent.tokenKey(at: Time(milliseconds: now)))
    unsafe try write(try sealer.seal(values, field: field), to: tokens, ends: ends)
  }
}

@c @implementation public func ek_agent_seal_blob(
  _ agent: OpaquePointer!, _ field: UInt8, _ content: ek_bytes, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ reference: UnsafeMutablePointer<ek_blob_reference>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let reference = unsafe try require(reference)
    let end = unsafe try AgentHandle.at(agent)
    let field = try member(field, of: BlobField.self)
    let content = unsafe try array(content)
    var random = SystemRandom()
    let made = try end.agent.sealBlob(
      content.span, field: field, at: Time(milliseconds: now), using: &random)
    unsafe write(made.reference, to: reference)
    unsafe MessagesHandle(.sealedBlob, made.blob.serialized).give(to: place)
  }
}

extension BlobReference {
  /// What C says of a blob.
  init(_ reference: ek_blob_reference) throws {
    self.init(
      field: try member(reference.field), length: try Counter(reference.length),
      digest: try Hash(of: reference.digest))
  }
}

// MARK: - Batches

@c @implementation public func ek_agent_start_records(
  _ agent: OpaquePointer!, _ now: UInt64, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let sealer = unsafe try AgentHandle.at(agent).agent.captureSealer(at: Time(milliseconds: now))
    unsafe RecordsHandle(sealer).give(to: place)
  }
}

@c @implementation public func ek_records_seal(
  _ records: OpaquePointer!, _ capture: ek_bytes, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let handle = unsafe try RecordsHandle.at(records)
    let blobs = try handle.seal(try Capture(parsing: unsafe try array(capture)))
    unsafe MessagesHandle(blobs.map { MessagesHandle.Message(type: .sealedBlob, bytes: $0.serialized) })
      .give(to: place)
  }
}

@c @implementation public func ek_records_add(
  _ records: OpaquePointer!, _ record: UnsafePointer<ek_record>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let handle = unsafe try RecordsHandle.at(records)
    let record = unsafe try value(record)
    let tokens = unsafe try map(record.tokens, record.token_count) { (bytes: ek_bytes) in
      Item.token(try Token(parsing: unsafe try array(bytes)))
    }
    let blobs = unsafe try map(record.blobs, record.blob_count) { reference in
      Item.blob(try BlobReference(reference))
    }
    unsafe handle.add(
      Record(
        kind: try member(record.kind), start: try Time(milliseconds: record.start), duration: record.duration,
        items: try BoundedList(tokens + blobs)))
  }
}

@c @implementation public func ek_records_count(_ records: OpaquePointer!) -> Int {
  unsafe RecordsHandle.ifAny(records)?.records.count ?? 0
}

@c @implementation public func ek_records_free(_ records: OpaquePointer!) {
  unsafe RecordsHandle.free(records)
}

@c @implementation public func ek_agent_sign_batch(
  _ agent: OpaquePointer!, _ records: OpaquePointer!, _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try AgentHandle.at(agent)
    let records = unsafe try RecordsHandle.at(records).records
    let batch = try end.agent.signBatch(records, at: Time(milliseconds: now))
    unsafe MessagesHandle(.recordBatch, batch.serialized).give(to: place)
  }
}

@c @implementation public func ek_agent_free(_ agent: OpaquePointer!) { unsafe AgentHandle.free(agent) }
