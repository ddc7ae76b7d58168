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
  _ agent: OpaquePointer!, _ field: UInt8, _ value: ek_bytes, _ token: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let sealed = unsafe try seal(value, field, AgentHandle.at(agent))
    unsafe try write(sealed.serialized.span, to: token)
  }
}

@c @implementation public func ek_agent_seal_token_text(
  _ agent: OpaquePointer!, _ field: UInt8, _ value: ek_bytes, _ text: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let sealed = unsafe try seal(value, field, AgentHandle.at(agent))
    unsafe try write([UInt8](sealed.text.utf8).span, to: text)
  }
}

private func seal(_ value: ek_bytes, _ field: UInt8, _ end: AgentHandle) throws -> Token {
  let field = try member(field, of: TokenField.self)
  let value = unsafe try array(value)
  return try end.withSealer { (sealer) throws(ProtocolError) in try sealer.seal(value, field: field) }
}

@c @implementation public func ek_agent_seal_tokens(
  _ agent: OpaquePointer!, _ field: UInt8, _ values: UnsafePointer<ek_bytes>!, _ count: Int,
  _ tokens: UnsafeMutablePointer<ek_buffer>!, _ ends: UnsafeMutablePointer<Int>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let end = unsafe try AgentHandle.at(agent)
    let field = try member(field, of: TokenField.self)
    let ends = unsafe try require(ends)
    let values = unsafe try flat(values, count)
    var sealer = try BulkTokenSealer(key: end.agent.tokenKey())
    unsafe try write(try sealer.seal(values, field: field), to: tokens, ends: ends)
  }
}

@c @implementation public func ek_agent_seal_blob(
  _ agent: OpaquePointer!, _ field: UInt8, _ content: ek_bytes,
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
    let made = try end.agent.sealBlob(content.span, field: field, using: &random)
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

@c @implementation public func ek_agent_sign_batch(
  _ agent: OpaquePointer!, _ records: UnsafePointer<ek_record>!, _ count: Int,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try AgentHandle.at(agent)
    let records = unsafe try map(records, count) { (record: ek_record) in
      let tokens = unsafe try map(record.tokens, record.token_count) { (bytes: ek_bytes) in
        Item.token(try Token(parsing: unsafe try array(bytes)))
      }
      let blobs = unsafe try map(record.blobs, record.blob_count) { reference in
        Item.blob(try BlobReference(reference))
      }
      return unsafe Record(
        kind: try member(record.kind), start: try Time(milliseconds: record.start),
        duration: record.duration, items: try BoundedList(tokens + blobs))
    }
    let batch = try end.agent.signBatch(records)
    unsafe MessagesHandle(.recordBatch, batch.serialized).give(to: place)
  }
}

@c @implementation public func ek_agent_free(_ agent: OpaquePointer!) { unsafe AgentHandle.free(agent) }
