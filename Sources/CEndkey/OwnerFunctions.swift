// The names are those of C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CEndkeyHeader
internal import Endkey
internal import EndkeyBulk

@c @implementation public func ek_owner_absent(
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe OwnerHandle(.absent()).give(to: try require(place)) }
}

@c @implementation public func ek_owner_locked(
  _ pins: ek_bytes, _ deviceKey: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let bytes = unsafe try array(pins)
    guard !bytes.isEmpty else { return unsafe OwnerHandle(.locked()).give(to: place) }
    let deviceKey = unsafe try SecretHandle.at(deviceKey)
    let pins = try OwnerPins(opening: bytes, deviceKey: deviceKey.bytes)
    unsafe OwnerHandle(.locked(pins: pins)).give(to: place)
  }
}

@c @implementation public func ek_owner_phase(_ owner: OpaquePointer!) -> Int32 {
  guard let end = unsafe OwnerHandle.ifAny(owner) else { return 0 }
  let phase =
    switch end.owner.phase {
    case .absent: EK_OWNER_PHASE_ABSENT
    case .locked: EK_OWNER_PHASE_LOCKED
    case .open: EK_OWNER_PHASE_OPEN
    case .rotationDue: EK_OWNER_PHASE_ROTATION_DUE
    }
  return Int32(phase)
}

@c @implementation public func ek_owner_account_id(
  _ owner: OpaquePointer!, _ id: UnsafeMutablePointer<ek_id>!
) -> ek_status {
  attempt(nil) { unsafe try write(try OwnerHandle.at(owner).owner.accountID, to: id) }
}

/// The credentials that C has; `secret`, if there is one, in the place of the account secret that C has none of.
private func credentials(
  _ given: UnsafePointer<ek_credentials>?, with secret: borrowing TypedSecret? = nil
) throws -> Credentials {
  let given = unsafe try value(given)
  let login = unsafe try array(given.login_name)
  guard let loginName = String(validating: login, as: UTF8.self) else { throw Misuse.badArgument }
  let password = unsafe try SecretHandle.at(given.password).bytes.copy()
  let text = unsafe SecretHandle.ifAny(given.account_secret)
  switch secret {
  case .some(let secret):
    guard text == nil else { throw Misuse.badArgument }
    return Credentials(loginName: loginName, password: password, accountSecret: secret)
  case .none:
    guard let text else { return Credentials(loginName: loginName, password: password) }
    let secret = try text.bytes.withBytes { try TypedSecret(text: $0, kind: .accountSecret) }
    return Credentials(loginName: loginName, password: password, accountSecret: secret)
  }
}

/// The iterations that C asks for: 0 is the least.
private func iterationCount(_ given: UInt32) -> UInt32 { given == 0 ? UInt32(Limit.iterationsMin) : given }

@c @implementation public func ek_owner_create(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_credentials>!, _ iterations: UInt32,
  _ accountSecret: UnsafeMutablePointer<OpaquePointer?>!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    var random = SystemRandom()
    let identity = try Identity.generate(using: &random)
    let secret: TypedSecret? =
      unsafe accountSecret == nil
      ? nil : try TypedSecret(kind: .accountSecret, accountID: identity.accountID, using: &random)
    let credentials = unsafe try credentials(given, with: secret)
    // Without a secret of the account's making there is none: its text names the account.
    guard unsafe accountSecret != nil || !credentials.hasAccountSecret else { throw Misuse.badArgument }
    let account = try end.owner.create(
      identity: identity, credentials: credentials, iterations: iterationCount(iterations), using: &random)
    unsafe MessagesHandle(account).give(to: place)
    if let accountSecret = unsafe accountSecret, let text = secret?.text() {
      unsafe SecretHandle(text).give(to: accountSecret)
    }
  }
}

@c @implementation public func ek_owner_open(
  _ owner: OpaquePointer!, _ stored: UnsafePointer<ek_stored>!, _ given: UnsafePointer<ek_credentials>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let end = unsafe try OwnerHandle.at(owner)
    let stored = unsafe try value(stored)
    let rules = unsafe try array(stored.rule_set)
    let messages = unsafe StoredMessages(
      passwordWrap: try array(stored.password_wrap), privateKeys: try array(stored.private_keys),
      ownerVault: try array(stored.owner_vault), accountState: try array(stored.account_state),
      ruleSet: rules.isEmpty ? nil : rules)
    let credentials = unsafe try credentials(given)
    try end.step { owner in try owner.open(messages, with: credentials) }
  }
}

@c @implementation public func ek_owner_lock(
  _ owner: OpaquePointer!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) { unsafe try OwnerHandle.at(owner).step { owner in try owner.lock() } }
}

@c @implementation public func ek_owner_save_pins(
  _ owner: OpaquePointer!, _ deviceKey: OpaquePointer!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let deviceKey = unsafe try SecretHandle.at(deviceKey)
    var random = SystemRandom()
    let pins = try end.owner.savePins(deviceKey: deviceKey.bytes, using: &random)
    unsafe MessagesHandle(.ownerState, pins.serialized).give(to: place)
  }
}

@c @implementation public func ek_owner_make_code(
  _ owner: OpaquePointer!, _ role: UInt8, _ approval: UInt8, _ uses: UInt16, _ expires: UInt64, _ now: UInt64,
  _ code: UnsafeMutablePointer<OpaquePointer?>!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let code = unsafe try require(code)
    let role = try member(role, of: Role.self)
    let approval = try member(approval, of: Approval.self)
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    var random = SystemRandom()
    let made = try end.owner.makeCode(
      role: role, approval: approval, uses: uses, expires: expires == 0 ? nil : Time(milliseconds: expires),
      now: Time(milliseconds: now), using: &random)
    unsafe SecretHandle(made.code.text()).give(to: code)
    unsafe MessagesHandle(made).give(to: place)
  }
}

@c @implementation public func ek_request_agent_id(
  _ request: ek_bytes, _ id: UnsafeMutablePointer<ek_id>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let request = try EnrolmentRequest(parsing: unsafe try array(request))
    unsafe try write(request.agentID, to: id)
  }
}

/// Makes a step of an owner's end whose messages go to the service.
private func publish(
  _ owner: OpaquePointer?, _ place: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<ek_error>?,
  _ body: (inout Owner, inout SystemRandom) throws -> MessagesHandle
) -> ek_status {
  unsafe attempt(error) {
    let place = unsafe try require(place)
    var random = SystemRandom()
    let messages = unsafe try OwnerHandle.at(owner).step { owner in try body(&owner, &random) }
    unsafe messages.give(to: place)
  }
}

@c @implementation public func ek_owner_approve(
  _ owner: OpaquePointer!, _ request: ek_bytes, _ approved: UnsafePointer<ek_id>!, _ kind: UInt8,
  _ now: UInt64,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe publish(owner, place, error) { owner, random in
    let agentID = unsafe approved == nil ? nil : try AgentID(of: try value(approved).bytes)
    let kind = kind == 0 ? nil : try member(kind, of: GrantKind.self)
    return MessagesHandle(
      try owner.approve(
        unsafe try array(request), approved: agentID, kind: kind, now: Time(milliseconds: now),
        using: &random))
  }
}

@c @implementation public func ek_owner_grant(
  _ owner: OpaquePointer!, _ id: UnsafePointer<ek_id>!, _ kind: UInt8,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe publish(owner, place, error) { owner, random in
    let agentID = try AgentID(of: unsafe try value(id).bytes)
    return MessagesHandle(try owner.grant(agentID, kind: try member(kind), using: &random))
  }
}

@c @implementation public func ek_owner_revoke(
  _ owner: OpaquePointer!, _ id: UnsafePointer<ek_id>!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe publish(owner, place, error) { owner, random in
    MessagesHandle(try owner.revoke(try AgentID(of: unsafe try value(id).bytes), using: &random))
  }
}

@c @implementation public func ek_owner_rotate(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_credentials>!, _ iterations: UInt32,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe publish(owner, place, error) { owner, random in
    let credentials = unsafe try credentials(given)
    return MessagesHandle(
      try owner.rotate(with: credentials, iterations: iterationCount(iterations), using: &random))
  }
}

@c @implementation public func ek_owner_change_password(
  _ owner: OpaquePointer!, _ given: UnsafePointer<ek_credentials>!, _ iterations: UInt32,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe publish(owner, place, error) { owner, random in
    let credentials = unsafe try credentials(given)
    return MessagesHandle(
      try owner.changePassword(to: credentials, iterations: iterationCount(iterations), using: &random))
  }
}

@c @implementation public func ek_owner_set_rules(
  _ owner: OpaquePointer!, _ rules: UnsafePointer<ek_rule>!, _ count: Int,
  _ place: UnsafeMutablePointer<OpaquePointer?>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe publish(owner, place, error) { owner, random in
    let rules = unsafe try map(rules, count) { (rule: ek_rule) in
      unsafe RuleDefinition(
        field: try member(rule.field), category: try member(rule.category), seen: false,
        value: try BoundedBytes(try array(rule.value)))
    }
    return MessagesHandle(try owner.setRules(rules, using: &random))
  }
}

@c @implementation public func ek_owner_open_token(
  _ owner: OpaquePointer!, _ token: ek_bytes, _ buffer: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let bytes = unsafe try array(token)
    let opened = unsafe try OwnerHandle.at(owner).open { (opener) throws(ProtocolError) in
      try opener.open(parsing: bytes)
    }
    unsafe try write(opened.span, to: buffer)
  }
}

@c @implementation public func ek_owner_open_token_text(
  _ owner: OpaquePointer!, _ text: ek_bytes, _ buffer: UnsafeMutablePointer<ek_buffer>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let token = try Token(text: unsafe try array(text))
    let opened = unsafe try OwnerHandle.at(owner).open { (opener) throws(ProtocolError) in
      try opener.open(token)
    }
    unsafe try write(opened.span, to: buffer)
  }
}

@c @implementation public func ek_owner_open_tokens(
  _ owner: OpaquePointer!, _ tokens: UnsafePointer<ek_bytes>!, _ count: Int,
  _ values: UnsafeMutablePointer<ek_buffer>!, _ ends: UnsafeMutablePointer<Int>!,
  _ statuses: UnsafeMutablePointer<ek_status>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe openMany(owner, tokens, count, values, ends, statuses, error) { opener, tokens in
    try opener.open(tokens)
  }
}

@c @implementation public func ek_owner_open_token_texts(
  _ owner: OpaquePointer!, _ texts: UnsafePointer<ek_bytes>!, _ count: Int,
  _ values: UnsafeMutablePointer<ek_buffer>!, _ ends: UnsafeMutablePointer<Int>!,
  _ statuses: UnsafeMutablePointer<ek_status>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe openMany(owner, texts, count, values, ends, statuses, error) { opener, texts in
    try opener.open(texts: texts)
  }
}

/// Opens many tokens, of which each has a status of its own.
private func openMany(
  _ owner: OpaquePointer?, _ tokens: UnsafePointer<ek_bytes>?, _ count: Int,
  _ values: UnsafeMutablePointer<ek_buffer>?, _ ends: UnsafeMutablePointer<Int>?,
  _ statuses: UnsafeMutablePointer<ek_status>?, _ error: UnsafeMutablePointer<ek_error>?,
  _ body: (inout BulkTokenOpener, FlatBytes) throws -> OpenedTokens
) -> ek_status {
  unsafe attempt(error) {
    let (ends, statuses) = unsafe (try require(ends), try require(statuses))
    let tokens = unsafe try flat(tokens, count)
    var opener = BulkTokenOpener(ring: unsafe try OwnerHandle.at(owner).owner.keyRing())
    let opened = try body(&opener, tokens)
    unsafe try write(opened.values, to: values, ends: ends)
    for index in 0..<tokens.count { unsafe statuses[index] = ek_status(EK_OK) }
    for failure in opened.failures { unsafe statuses[failure.index] = ek_status(failure.error.code.status) }
  }
}

@c @implementation public func ek_owner_open_blob(
  _ owner: OpaquePointer!, _ blob: ek_bytes, _ reference: UnsafePointer<ek_blob_reference>!,
  _ buffer: UnsafeMutablePointer<ek_buffer>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let blob = unsafe try array(blob)
    let reference = unsafe reference == nil ? nil : try BlobReference(try value(reference))
    var opener = unsafe try OwnerHandle.at(owner).owner.blobOpener(reference: reference)
    var content: [UInt8] = []
    try opener.update(blob.span, into: &content)
    try opener.finish(into: &content)
    unsafe try write(content.span, to: buffer)
  }
}

@c @implementation public func ek_owner_audit(
  _ owner: OpaquePointer!, _ id: UnsafePointer<ek_id>!, _ batches: UnsafePointer<ek_bytes>!, _ count: Int,
  _ audit: UnsafeMutablePointer<OpaquePointer?>!, _ place: UnsafeMutablePointer<OpaquePointer?>!,
  _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let audit = unsafe try require(audit)
    let place = unsafe try require(place)
    let end = unsafe try OwnerHandle.at(owner)
    let agentID = try AgentID(of: unsafe try value(id).bytes)
    let batches = unsafe try map(batches, count, array)
    var random = SystemRandom()
    let report = try end.owner.audit(agentID, batches: batches, using: &random)
    unsafe AuditHandle(report).give(to: audit)
    unsafe MessagesHandle(report).give(to: place)
  }
}

@c @implementation public func ek_audit_finding_count(_ audit: OpaquePointer!) -> Int {
  unsafe AuditHandle.ifAny(audit)?.findings.count ?? 0
}

@c @implementation public func ek_audit_finding(
  _ audit: OpaquePointer!, _ index: Int, _ batch: UnsafeMutablePointer<Int>!,
  _ finding: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  attempt(nil) {
    let batch = unsafe try require(batch)
    let finding = unsafe try require(finding)
    let findings = unsafe try AuditHandle.at(audit).findings
    guard findings.indices.contains(index) else { throw Misuse.nothing }
    var told = ek_error()
    fill(&told, findings[index].error)
    unsafe batch.pointee = findings[index].index
    unsafe finding.pointee = told
  }
}

@c @implementation public func ek_audit_total_count(_ audit: OpaquePointer!) -> Int {
  unsafe AuditHandle.ifAny(audit)?.totals.count ?? 0
}

@c @implementation public func ek_audit_total(
  _ audit: OpaquePointer!, _ index: Int, _ token: UnsafeMutablePointer<ek_buffer>!,
  _ milliseconds: UnsafeMutablePointer<UInt64>!, _ error: UnsafeMutablePointer<ek_error>!
) -> ek_status {
  unsafe attempt(error) {
    let milliseconds = unsafe try require(milliseconds)
    let totals = unsafe try AuditHandle.at(audit).totals
    guard totals.indices.contains(index) else { throw Misuse.nothing }
    let total = totals[index]
    unsafe try write(total.token.span, to: token)
    unsafe milliseconds.pointee = total.milliseconds
  }
}

@c @implementation public func ek_audit_free(_ audit: OpaquePointer!) { unsafe AuditHandle.free(audit) }

@c @implementation public func ek_owner_free(_ owner: OpaquePointer!) { unsafe OwnerHandle.free(owner) }
